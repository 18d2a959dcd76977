"""Write the lock files: exact versions with the hashes of every file, for each system and Python from 3.11.

No address of a package index is written, so whoever installs takes the files from where their pip looks.
Versions that are locked and still allowed stay; --upgrade chooses the newest of each.
"""

import argparse
import subprocess
import tempfile
import venv
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
COMPILER = "uv>=0.5"
HEADER = "# Written by make lock. Do not edit.\n"
MAIN = "requirements/main.txt"
# What main.txt chose binds dev.txt, so that the tests run on what is served.
LOCKS = {
    MAIN: ["--group", "build"],
    "requirements/dev.txt": ["--group", "dev", "--constraints", MAIN],
    # Fits are run by hand now and then; their compiler of arrays and their cluster are kept out of the other two.
    "requirements/fit.txt": ["--extra", "fit", "--extra", "dask", "--constraints", MAIN],
}
OPTIONS = [
    "--extra=postgres",
    "--universal",
    "--python-version=3.11",
    "--fork-strategy=fewest",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-header",
    "--quiet",
]


def write_locks(compiler: Path, upgrade: bool) -> None:
    for path, groups in LOCKS.items():
        command = [str(compiler), "pip", "compile", "pyproject.toml", "--output-file", path, *OPTIONS]
        subprocess.run([*command, *groups, *(["--upgrade"] if upgrade else [])], cwd=PROJECT, check=True)
        lock = PROJECT / path
        text = lock.read_text(encoding="utf-8").removeprefix(HEADER)
        lock.write_text(HEADER + text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the lock files.")
    parser.add_argument("--upgrade", action="store_true", help="choose the newest allowed version of each")
    upgrade = parser.parse_args().upgrade
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin/python"
        subprocess.run([str(python), "-m", "pip", "--quiet", "install", COMPILER], check=True)
        write_locks(python.with_name("uv"), upgrade)


if __name__ == "__main__":
    main()
