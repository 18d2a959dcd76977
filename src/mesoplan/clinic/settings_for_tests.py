"""The clinic's settings with an SQLite of the tests' own and a cheap password hash: for tests only."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("MESOPLAN_SECRET_KEY", "for tests only")
os.environ.setdefault("MESOPLAN_DATA", os.path.join(tempfile.gettempdir(), "mesoplan-tests"))

from mesoplan.clinic.settings import *  # noqa: F403
from mesoplan.clinic.settings import DATABASES

EMPTY_FOLDER = tempfile.TemporaryDirectory(prefix="mesoplan-tests-")  # taken away when the process ends
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, since a database in memory is one connection for all threads: two answers of the live server at a time
    # would be inside one another's transactions. Nothing of it need outlive a power cut.
    DATABASES["default"]["NAME"] = str(Path(EMPTY_FOLDER.name) / "clinic.sqlite3")
    DATABASES["default"]["TEST"] = {"NAME": DATABASES["default"]["NAME"]}
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous = OFF;"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
WHITENOISE_AUTOREFRESH = True
KERNELS = Path(tempfile.gettempdir()) / "mesoplan-tests" / "kernels"
WARM_KERNELS = False
PHOTOS_GO_BY_THEMSELVES = False
