"""`mesoplan zones PHOTO --card`: colours with their error where a ColorChecker is seen, and why not where none is."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from mesoplan.imaging.colour_space import pixels_of
from mesoplan.imaging.face_zones import face_zone_ids
from mesoplan.imaging.picture_reading import jpeg_of
from mesoplan.imaging.skin_colour import WITHOUT_CARD, Measured, zone_colours
from tests.cli.conftest import Run
from tests.imaging.rendered_faces import photo_of, portrait
from tests.imaging.synthetic_camera import CAMERAS, plain_measured, scene, shot
from tests.imaging.test_skin_colour import untouched


@pytest.fixture(scope="module")
def with_card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("photo") / "card.jpg"
    seen = shot(scene("tan"), CAMERAS["noise, JPEG"]).rgb
    file.write_bytes(jpeg_of(np.asarray(cv2.resize(seen, None, fx=1.5, fy=1.5), np.uint8)))
    return file


@pytest.fixture(scope="module")
def without_card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("photo") / "front.jpg"
    file.write_bytes(jpeg_of(portrait()))
    return file


def test_with_a_card_each_zone_has_its_colour_and_error(with_card: Path, run: Run) -> None:
    answer = run("zones", with_card, "--ipd", "63 mm", "--card")
    assert (answer.code, answer.err) == (0, "")
    assert "Colour of the skin by ColorChecker: 2" in answer.out
    assert "Typology angle" in answer.out
    rows = [line for line in answer.out.splitlines() if line.startswith("Chin")]
    assert len(rows) == 2
    assert rows[1].count(" ± ") == 3
    assert "not those of a reflectance meter" in " ".join(answer.out.split())


def test_json_has_the_card_and_the_colours(with_card: Path, run: Run) -> None:
    found = json.loads(run("zones", with_card, "--ipd", "63 mm", "--card", "--json").out)["colour"]
    assert found["card"]["kind"] == "colorchecker-24"
    assert found["card"]["residual"] < 1.5
    assert [zone["zone"] for zone in found["zones"]] == list(face_zone_ids())
    cheek = next(zone for zone in found["zones"] if zone["zone"] == "malar-left")
    truth = zone_colours(photo_of(pixels_of(scene("tan"))), plain_measured(), untouched())
    angle = next(zone.ita_deg for zone in truth if zone.zone_id == "malar-left")
    assert isinstance(angle, Measured)
    assert cheek["ita_deg"]["value"] == pytest.approx(angle.value, abs=cheek["ita_deg"]["error"])
    assert 0 < cheek["ita_deg"]["error"] < 8
    assert set(cheek["lab"]) == {"l", "a", "b"}


@pytest.mark.parametrize(
    ("options", "why"), [([], "--card looks for a ColorChecker"), (["--card"], "No ColorChecker was found")]
)
def test_without_a_card_there_is_no_number(without_card: Path, run: Run, options: list[str], why: str) -> None:
    answer = run("zones", without_card, "--ipd", "61 mm", *options)
    assert answer.code == 0
    words = " ".join(answer.out.split())
    assert f"Colour of the skin: {WITHOUT_CARD}." in words
    assert why in words
    assert "Typology angle" not in words
    found = json.loads(run("zones", without_card, "--ipd", "61 mm", *options, "--json").out)["colour"]
    assert found["card"] is None
    assert found["why"]
    for zone in found["zones"]:
        assert zone["ita_deg"] == zone["melanin_index"] == {"not_measurable": WITHOUT_CARD}
        assert zone["lab"] is None
