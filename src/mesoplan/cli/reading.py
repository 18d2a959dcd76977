"""Files that the commands read and write: one size limit, one way to say what is wrong, nothing half written."""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mesoplan.domain.case import Case
from mesoplan.domain.errors import InputError, Problem
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.case_reading import read_case

if TYPE_CHECKING:
    from mesoplan.imaging.picture_reading import Picture

STANDARD_INPUT = "-"
MOST_BYTES = 8_000_000
_NO_TEXT = "is not a text file: it holds a zero byte; allowed: YAML or JSON in UTF-8"


def text_of(name: str) -> str:
    """Return the text of a file, or of standard input for "-".

    Raises
    ------
    InputError
        If it cannot be read, is too large, or is not UTF-8 text.
    """
    raw = _bytes_of(name, MOST_BYTES)
    if len(raw) > MOST_BYTES:
        raise InputError(name, [Problem("", f"is larger than allowed; the most is {MOST_BYTES // 1_000_000} MB")])
    if b"\0" in raw:
        raise InputError(name, [Problem("", _NO_TEXT)])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = f"is not UTF-8 text ({error.reason} at byte {error.start}); allowed: YAML or JSON in UTF-8"
        raise InputError(name, [Problem("", text)]) from error


def picture_of(name: str) -> Picture:
    """Return the photo in a file, or on standard input for "-".

    Raises
    ------
    InputError
        If it cannot be read or is not a photo.
    """
    from mesoplan.imaging import picture_reading

    try:
        return picture_reading.read_picture(_bytes_of(name, picture_reading.MOST_BYTES))
    except picture_reading.PictureRefused as error:
        raise InputError(name, [Problem("", str(error))]) from error


def _bytes_of(name: str, most: int) -> bytes:
    """Return what a file holds, or one byte more than the most where it holds more."""
    try:
        if name == STANDARD_INPUT:
            return sys.stdin.buffer.read(most + 1)
        with Path(name).open("rb") as file:
            return file.read(most + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(name, [Problem("", f"cannot be read: {reason}")]) from error


def case_of(name: str, knowledge: Knowledge) -> Case:
    """Return the case in a file; an assessment dated after today is refused."""
    return read_case(text_of(name), name, knowledge, today=today())


def today() -> date:
    """Return today where this machine stands; the core is told it and never asks."""
    return datetime.now().astimezone().date()


def write_whole(name: str, content: bytes) -> None:
    """Write a file at once or not at all.

    Raises
    ------
    InputError
        If it cannot be written there.
    """
    target = Path(name)
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
            file.write(content)
        try:
            os.chmod(file.name, 0o666 & ~_umask())
            os.replace(file.name, target)
        except OSError:
            os.unlink(file.name)
            raise
    except OSError as error:
        raise InputError(name, [Problem("", f"cannot be written: {error.strerror or error}")]) from error


def _umask() -> int:
    """Return the mask of new files; it can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
