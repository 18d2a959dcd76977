"""The clinic's settings with an SQLite in memory and a cheap password hash: for tests only."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("MESOPLAN_SECRET_KEY", "for tests only")
os.environ.setdefault("MESOPLAN_DATA", os.path.join(tempfile.gettempdir(), "mesoplan-tests"))

from mesoplan.clinic.settings import *  # noqa: F403
from mesoplan.clinic.settings import DATABASES

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["NAME"] = ":memory:"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
WHITENOISE_AUTOREFRESH = True
KERNELS = Path(tempfile.gettempdir()) / "mesoplan-tests" / "kernels"
WARM_KERNELS = False
PHOTOS_GO_BY_THEMSELVES = False
