"""The private folder: files under names that nobody guesses, written whole or not at all, verified when read."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_noop

from mesoplan.workflow import WrongState

CHANGED = gettext_noop(
    "This photo is not shown: its file is missing or is no longer what was kept. Tell whoever looks after the backups."
)
# A file without a row is one whose row was never written; what is being written right now is younger.
FORGOTTEN_AFTER_S = 60 * 60
_COMING = ".coming"


@dataclass(frozen=True)
class Kept:
    """A file as it was written."""

    name: str
    size: int
    sha256: str


def folder() -> Path:
    """Only the account that runs the clinic can look into it."""
    path = Path(settings.PHOTOS)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def keep(content: bytes) -> Kept:
    """Write a new file. It is there whole, also after a loss of power, or not at all."""
    name = secrets.token_hex(24)
    room = folder() / name[:2]
    room.mkdir(mode=0o700, exist_ok=True)
    coming = room / f"{name}{_COMING}"
    with open(os.open(coming, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    coming.rename(room / name)
    _settle(room)
    return Kept(name, len(content), hashlib.sha256(content).hexdigest())


def read(name: str, sha256: str) -> bytes:
    """Read a file.

    Raises
    ------
    WrongState
        If it is missing or another than was written.
    """
    try:
        content = _place(name).read_bytes()
    except FileNotFoundError:
        raise WrongState(CHANGED) from None
    if not secrets.compare_digest(hashlib.sha256(content).hexdigest(), sha256):
        raise WrongState(CHANGED)
    return content


def remove(names: Iterable[str]) -> None:
    """Take files away for good; one that is gone already is no matter."""
    for name in names:
        _place(name).unlink(missing_ok=True)


def forgotten(known: set[str], now: float | None = None) -> list[Path]:
    """Files that no photo knows of, an hour after they were written: of an upload that the machine did not outlive."""
    before = (time.time() if now is None else now) - FORGOTTEN_AFTER_S
    found = [path for path in folder().glob("*/*") if path.name.removesuffix(_COMING) not in known]
    return [path for path in found if path.stat().st_mtime < before]


def _place(name: str) -> Path:
    return folder() / name[:2] / name


def _settle(room: Path) -> None:
    """The name too is on the disk; where a folder cannot be opened (Windows) the system sees to it."""
    if os.name == "nt":
        return
    handle = os.open(room, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
