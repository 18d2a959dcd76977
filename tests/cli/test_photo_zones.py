"""`mesoplan zones PHOTO`: areas with their errors, the overlay, and each exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mesoplan import __version__
from mesoplan.imaging.face_template import MODEL_SHA256
from mesoplan.imaging.face_zones import face_zone_ids
from mesoplan.imaging.picture_reading import jpeg_of, png_of, read_picture
from tests.cli.conftest import EXAMPLES, Run, load_once
from tests.imaging.rendered_faces import case_photo, face_mm, portrait, rendered

ZONE = {
    "zone", "title", "takes_injection", "area_cm2", "error_cm2", "relative_error", "seen_share", "not_assessable",
    "outlines_px",
}  # fmt: skip


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("photo") / "front.jpg"
    file.write_bytes(jpeg_of(portrait()))
    return file


@pytest.fixture(scope="module")
def landscape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("photo") / "nobody.png"
    file.write_bytes(png_of(np.full((300, 400, 3), 90, np.uint8)))
    return file


def test_zones_are_printed_with_their_error_and_the_source_of_the_scale(photo: Path, run: Run) -> None:
    answer = run("zones", photo, "--ipd", "61 mm")
    assert (answer.code, answer.err) == (0, "")
    assert "Scale: measured distance of the pupils, 61 mm." in answer.out
    chin = next(line for line in answer.out.splitlines() if line.startswith("Chin"))
    assert " ± " in chin
    assert chin.endswith("cm²")
    for zone in face_zone_ids():
        assert load_once().zones[zone].title in answer.out
    assert "not assessable: turned away from the camera" in answer.out
    assert "not on people" in " ".join(answer.out.split())


def test_without_a_measure_the_iris_is_the_scale(photo: Path, run: Run) -> None:
    assert "Scale: iris, 11.7 mm in the mean of adults." in run("zones", photo).out


def test_json_has_everything_that_was_measured(photo: Path, run: Run) -> None:
    answer = run("zones", photo, "--ipd", "6.1 cm", "--json")
    assert answer.code == 0
    found = json.loads(answer.out)
    assert found["engine"] == f"mesoplan {__version__}"
    assert found["model_sha256"] == MODEL_SHA256
    assert found["photo"] == {"sha256": read_picture(photo.read_bytes()).sha256, "width_px": 1500, "height_px": 1400}
    assert set(found["knowledge"]) == {"release", "sha256"}
    assert found["scale"]["source"] == "interpupillary-distance"
    assert found["scale"]["known_mm"] == pytest.approx(61.0)
    assert [zone["zone"] for zone in found["zones"]] == list(face_zone_ids())
    for zone in found["zones"]:
        assert set(zone) == ZONE
        assert (zone["area_cm2"] is None) == (zone["error_cm2"] is None) == (zone["not_assessable"] is not None)
        assert all(0 <= x <= 1500 and 0 <= y <= 1400 for loop in zone["outlines_px"] for x, y in loop)
    assert sum(zone["area_cm2"] is not None for zone in found["zones"]) >= 8


def test_the_photo_may_come_on_standard_input(photo: Path, run: Run) -> None:
    answer = run("zones", "-", "--json", stdin=photo.read_bytes())
    assert json.loads(answer.out)["zones"] == json.loads(run("zones", photo, "--json").out)["zones"]


def test_the_overlay_is_a_picture_of_the_photos_size(photo: Path, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "zones.png"
    assert run("zones", photo, "--overlay", file).code == 0
    assert read_picture(file.read_bytes()).rgb.shape == (1400, 1500, 3)


def test_from_the_side_it_says_what_to_do(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "side.jpg"
    file.write_bytes(jpeg_of(case_photo("yaw 45").rgb))
    assert "put a sticker of known size on the face" in run("zones", file, "--ipd", "63 mm").out


def test_no_face_is_a_refusal_with_its_json(landscape: Path, run: Run, tmp_path: Path) -> None:
    overlay = tmp_path / "zones.png"
    answer = run("zones", landscape, "--json", "--overlay", overlay)
    assert answer.code == 3
    found = json.loads(answer.out)
    assert (found["refused"]["code"], found["zones"]) == ("no-face", [])
    assert answer.err.startswith(f"{landscape}: no face was found")
    assert not overlay.exists()


def test_a_sticker_that_is_not_there_is_a_refusal(photo: Path, run: Run) -> None:
    answer = run("zones", photo, "--sticker", "15 mm")
    assert (answer.code, answer.out) == (3, "")
    assert "no sticker was found" in answer.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--ipd", "61"], "“61” has no unit (allowed units: mm"),
        (["--ipd", "61 kg"], "unit “kg” is not one of"),
        (["--ipd", "610 mm"], "interpupillary distance: 610 mm is not between 40 and 85 mm"),
        (["--sticker", "1 mm"], "sticker: 1 mm is not between 5 and 60 mm"),
        (["--overlay", "/no/such/folder/zones.png"], "cannot be written"),
    ],
)
def test_bad_options(photo: Path, options: list[str], said: str, run: Run) -> None:
    answer = run("zones", photo, *options)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


def test_the_photo_is_never_overwritten(photo: Path, run: Run) -> None:
    before = photo.read_bytes()
    answer = run("zones", photo, "--overlay", photo)
    assert answer.code == 2
    assert "is the photo itself" in answer.err
    assert photo.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "said"),
    [("case.yaml", "is no picture; allowed: JPEG, PNG or WebP"), ("absent.jpg", "cannot be read: No such file")],
)
def test_what_is_no_photo(name: str, said: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_bytes((EXAMPLES / "melasma.yaml").read_bytes())
    answer = run("zones", tmp_path / name)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == f"{tmp_path / name}: {said}" + (" or directory\n" if "such" in said else "\n")


def test_other_commands_start_without_the_libraries_of_pictures() -> None:
    source = (
        "import sys; from mesoplan.cli.main import main; "
        f"main(['propose', {str(EXAMPLES / 'melasma.yaml')!r}, '--json']); "
        "sys.exit(bool({'cv2', 'PIL'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", source], capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The same rendered face from the front, the right and the left."""
    folder = tmp_path_factory.mktemp("sides")
    files = []
    for name, yaw in (("front", 0.0), ("right", 38.0), ("left", -38.0)):
        files.append(folder / f"{name}.jpg")
        files[-1].write_bytes(jpeg_of(rendered(face_mm(), yaw_deg=yaw)))
    return files


def test_photos_of_one_face_make_a_face_that_a_case_is_planned_on(sides: list[Path], run: Run, tmp_path: Path) -> None:
    front, right, left = sides
    target = tmp_path / "face.json"
    answer = run("zones", front, "--ipd", "63 mm", "--also", right, "--also", left, "--face", target)
    assert (answer.code, answer.err) == (0, "")
    assert "Area on the face of all photos" in answer.out
    assert "from the right oblique" in answer.out
    face = json.loads(target.read_text())
    assert len(face["vertices_mm"]) == 468
    # A case is YAML, and JSON is YAML: the face is put in as it was written.
    text = (EXAMPLES / "melasma.yaml").read_text()
    file = tmp_path / "case.yaml"
    file.write_text(text.replace("patient:\n", f"patient:\n  face: {target.read_text().strip()}\n", 1))
    answer = run("propose", file, "--json")
    assert answer.err == ""
    proposed = json.loads(answer.out)
    placement = proposed["proposals"][0]["plan"]["placements"][0]
    assert placement["area_source"] == "own-face"
    assert placement["area_error"]["value"] > 0


def test_photos_that_make_no_face_are_refused_and_nothing_is_written(
    sides: list[Path], run: Run, tmp_path: Path
) -> None:
    front, right, _ = sides
    target = tmp_path / "face.json"
    answer = run("zones", front, "--ipd", "63 mm", "--also", front, "--face", target)
    assert answer.code == 3
    assert "front" in answer.err
    answer = run("zones", right, "--ipd", "63 mm", "--face", target)
    assert answer.code == 3
    assert not target.exists()
