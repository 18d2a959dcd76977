"""What pip installs is what the checkout holds."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from build_hooks import face_model
from mesoplan import __version__
from tests.tooling.tree import PACKAGE, PROJECT, tracked_files


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel that pip makes of the files that git keeps and the face model."""
    checkout, folder = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("wheel")
    # The model lies there already, so that no test downloads.
    for path in (*tracked_files(), PROJECT / face_model.PLACE):
        if not path.is_relative_to(PROJECT / "tests"):
            copy = checkout / path.relative_to(PROJECT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(checkout)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    (path,) = folder.iterdir()
    return zipfile.ZipFile(path)


def test_every_file_of_the_package_is_installed(wheel: zipfile.ZipFile) -> None:
    kept = {path.relative_to(PACKAGE.parent).as_posix() for path in tracked_files() if path.is_relative_to(PACKAGE)}
    assert kept - set(wheel.namelist()) == set()


def test_the_face_model_is_installed(wheel: zipfile.ZipFile) -> None:
    content = wheel.read(face_model.PLACE.relative_to(Path("src")).as_posix())
    assert len(content) == 3_758_596


def test_the_languages_are_compiled(wheel: zipfile.ZipFile) -> None:
    written = {path for path in tracked_files() if path.suffix == ".po"}
    compiled = {path.relative_to(PACKAGE.parent).with_suffix(".mo").as_posix() for path in written}
    assert compiled
    assert compiled - set(wheel.namelist()) == set()


def test_nothing_but_the_package_is_installed(wheel: zipfile.ZipFile) -> None:
    assert {name.split("/")[0] for name in wheel.namelist()} == {
        "mesoplan",
        f"mesoplan-{__version__}.dist-info",
    }


def test_the_licence_and_the_notice_go_along(wheel: zipfile.ZipFile) -> None:
    licences = {name.rpartition("/")[2] for name in wheel.namelist() if ".dist-info/licenses/" in name}
    assert licences == {"LICENSE", "NOTICE"}
