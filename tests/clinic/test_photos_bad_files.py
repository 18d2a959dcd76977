"""Files that are no photos: refused beside their place with what to do, nothing stored, no file left behind."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import UploadedFile
from django.test import Client
from django.utils.html import escape
from django.utils.translation import override

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos import keeping
from mesoplan.clinic.photos.models import Photo, PhotoFile, PhotoSet, View
from mesoplan.clinic.photos.uploads import BoundedUpload
from mesoplan.clinic.photos.words import not_measured, not_read
from mesoplan.imaging.photo_face import FaceRefusal
from mesoplan.imaging.picture_reading import MOST_BYTES, PictureRefused, read_picture
from tests.clinic.photo_files import agreed, face_jpeg, files_left, form, kept, upload, with_exif
from tests.imaging.test_picture_reading import REFUSED

Browser = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _photos_in(settings: Any, tmp_path: Path) -> None:
    settings.PHOTOS = tmp_path


def sent(browser: Client, patient: Patient, content: bytes) -> Any:
    return browser.post(f"/patients/{patient.ref}/photos/add", form({View.FRONT: content}))


@pytest.mark.parametrize("name", [name for name in REFUSED if name != "empty"])
def test_refused_with_a_reason_and_nothing_left(
    browser_of: Browser, patient: Patient, dermatologist: User, name: str
) -> None:
    agreed(patient, dermatologist)
    content = REFUSED[name][0]
    answer = sent(browser_of("nurse"), patient, content)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Nothing was kept" in page
    assert escape(not_read(str(_refusal(content)))) in page
    assert not PhotoSet.objects.exists()
    assert files_left() == []


def test_an_empty_file_is_told(browser_of: Browser, patient: Patient, dermatologist: User) -> None:
    agreed(patient, dermatologist)
    answer = sent(browser_of("nurse"), patient, b"")
    assert answer.status_code == 422
    assert files_left() == []


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("language", ["fr", "it", "es"])
def test_each_reason_is_told_in_each_language(name: str, language: str) -> None:
    refusal = str(_refusal(REFUSED[name][0]))
    with override("en"):
        english = not_read(refusal)
    with override(language):
        assert not_read(refusal) not in (english, refusal)
        assert "%(" not in not_read(refusal)


@pytest.mark.parametrize("code", FaceRefusal)
@pytest.mark.parametrize("language", ["fr", "it", "es"])
def test_each_face_that_is_not_measured_is_told_in_each_language(code: FaceRefusal, language: str) -> None:
    with override("en"):
        english = not_measured(code, 31)
    with override(language):
        assert not_measured(code, 31) != english
        assert "%(" not in not_measured(code, 31)


def _refusal(content: bytes) -> PictureRefused:
    with pytest.raises(PictureRefused) as refused:
        read_picture(content)
    return refused.value


@pytest.mark.parametrize(
    "behind", [b"PK\x03\x04 an archive", b"<script>alert(1)</script>", b"%PDF-1.7"], ids=["zip", "page", "pdf"]
)
def test_what_hides_behind_a_photo_is_not_kept(
    browser_of: Browser, patient: Patient, dermatologist: User, behind: bytes
) -> None:
    agreed(patient, dermatologist)
    sent(browser_of("nurse"), patient, face_jpeg() + behind)
    rows = list(PhotoFile.objects.all())
    assert len(rows) == 3
    assert not any(behind in keeping.read(row.name, row.sha256) for row in rows)


def test_a_script_in_the_metadata_or_the_name_goes_nowhere(
    browser_of: Browser, patient: Patient, dermatologist: User
) -> None:
    agreed(patient, dermatologist)
    script = "<script>alert(1)</script>"
    files = form({View.FRONT: with_exif(face_jpeg(), software=script)})
    files["front"].name = f"{script}.jpg"  # type: ignore[attr-defined]
    browser = browser_of("nurse")
    answer = browser.post(f"/patients/{patient.ref}/photos/add", files, follow=True)
    assert script not in answer.content.decode()
    photo = Photo.objects.get()
    for role in ("thumbnail", "shown", "kept"):
        file = browser.get(f"/photos/{photo.address}/{role}")
        assert script.encode() not in file.content
        assert script not in file["Content-Disposition"]


def test_an_upload_that_is_too_large_stays_out_of_memory_and_off_the_disk(
    browser_of: Browser, patient: Patient, dermatologist: User
) -> None:
    agreed(patient, dermatologist)
    content = b"\xff\xd8\xff" + b"\0" * (2 * MOST_BYTES)
    answer = sent(browser_of("nurse"), patient, content)
    assert "larger than 40 MB" in answer.content.decode()
    assert files_left() == []


def test_an_upload_goes_to_a_file_without_a_name(tmp_path: Path) -> None:
    handler, piece = BoundedUpload(), b"\0" * 64_000
    handler.new_file("front", "x.jpg", "image/jpeg", None)
    tracemalloc.start()
    for number in range(0, MOST_BYTES + 10 * len(piece), len(piece)):
        handler.receive_data_chunk(piece, number)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    done = handler.file_complete(MOST_BYTES + 10 * len(piece))
    assert isinstance(done, UploadedFile)
    assert (done.size, len(done.read())) == (MOST_BYTES + 1, MOST_BYTES + 1)
    assert peak < 2_000_000
    assert list(tmp_path.rglob("*")) == []
    done.close()


def test_a_fourth_file_is_refused(browser_of: Browser, patient: Patient, dermatologist: User) -> None:
    agreed(patient, dermatologist)
    files = form({View.FRONT: b"x", View.LEFT_OBLIQUE: b"x", View.RIGHT_OBLIQUE: b"x"})
    answer = browser_of("nurse").post(f"/patients/{patient.ref}/photos/add", files | {"more": upload(b"x")})
    assert answer.status_code == 400
    assert files_left() == []


def test_a_write_that_breaks_half_way_leaves_nothing(
    patient: Patient, dermatologist: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed(patient, dermatologist)
    write, written = keeping.keep, list[keeping.Kept]()

    def breaks(content: bytes) -> keeping.Kept:
        if len(written) == 2:
            raise OSError("no space left on device")
        written.append(write(content))
        return written[-1]

    monkeypatch.setattr(keeping, "keep", breaks)
    with pytest.raises(OSError, match="no space"):
        kept(patient, dermatologist, grey=True)
    assert len(written) == 2
    assert files_left() == []
    assert not PhotoSet.objects.exists()
