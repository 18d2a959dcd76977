"""The private folder and the log: nobody else reads the one, and no address of a photo stands in the other."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as clinic_settings
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.clinic.photos import keeping
from mesoplan.clinic.photos.logs import WithoutAddresses
from mesoplan.clinic.photos.models import new_address
from mesoplan.workflow import WrongState
from tests.clinic.photo_files import files_left


@pytest.fixture(autouse=True)
def _photos_in(settings: Any, tmp_path: Path) -> None:
    settings.PHOTOS = tmp_path / "photos"


def test_a_file_is_read_as_it_was_written() -> None:
    kept = keeping.keep(b"as it came")
    assert keeping.read(kept.name, kept.sha256) == b"as it came"
    assert kept.size == 10


@pytest.mark.skipif(os.name == "nt", reason="rights of files are told otherwise there")
def test_only_the_clinic_s_own_account_reads_it_and_nobody_writes_to_it() -> None:
    keeping.keep(b"as it came")
    (path,) = files_left()
    assert path.stat().st_mode & 0o777 == 0o400
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert keeping.folder().stat().st_mode & 0o777 == 0o700


def test_names_do_not_follow_from_each_other() -> None:
    names = {keeping.keep(b"alike").name for _ in range(50)}
    assert len(names) == 50
    assert {len(name) for name in names} == {48}
    assert len({new_address() for _ in range(50)}) == 50


def test_nothing_is_there_under_its_name_before_it_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(handle: int) -> None:
        raise OSError("no power")

    monkeypatch.setattr(os, "fsync", breaks)
    with pytest.raises(OSError, match="no power"):
        keeping.keep(b"half")
    assert [path.suffix for path in files_left()] == [".coming"]


@pytest.mark.parametrize("change", [lambda path: path.unlink(), lambda path: path.write_bytes(b"other")])
def test_what_was_lost_or_changed_is_not_given_out(change: Callable[[Path], object]) -> None:
    kept = keeping.keep(b"as it came")
    (path,) = files_left()
    path.chmod(0o600)
    change(path)
    with pytest.raises(WrongState, match="no longer what was kept"):
        keeping.read(kept.name, kept.sha256)


def test_what_is_removed_is_gone_and_twice_is_no_matter() -> None:
    kept = keeping.keep(b"as it came")
    keeping.remove([kept.name])
    keeping.remove([kept.name])
    assert files_left() == []


def test_photos_lie_outside_of_what_is_served() -> None:
    from django.contrib.staticfiles.finders import get_finders

    assert not hasattr(clinic_settings, "MEDIA_ROOT") or clinic_settings.MEDIA_ROOT == ""
    served = [
        Path(storage.location) for finder in get_finders() for storage in getattr(finder, "storages", {}).values()
    ]
    assert not [place for place in served if Path(clinic_settings.DATA).is_relative_to(place)]


def told(record: logging.LogRecord) -> str:
    WithoutAddresses().filter(record)
    return logging.Formatter("%(message)s").format(record)


@given(st.text(alphabet="0123456789abcdef", min_size=40, max_size=40))
def test_no_address_stands_in_the_log(address: str) -> None:
    said = f"Not Found: /photos/{address}/kept"
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "Not Found: %s", (said[11:],), None)
    assert told(record) == "Not Found: /photos/…/kept"


def test_nor_in_what_is_told_of_a_bug() -> None:
    address = new_address()
    try:
        raise PermissionError(13, "Permission denied", f"/photos/{address}")
    except PermissionError as error:
        found = (type(error), error, error.__traceback__)
        record = logging.LogRecord("mesoplan.clinic", logging.ERROR, "", 1, "Reference %s", ("7F3A",), found)
    assert address not in told(record)
    assert "Permission denied" in told(record)


def test_every_line_of_the_clinic_s_log_passes_there() -> None:
    console = [one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler]
    assert console
    assert all(any(isinstance(each, WithoutAddresses) for each in one.filters) for one in console)
