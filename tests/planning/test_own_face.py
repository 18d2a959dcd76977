"""A plan on the patient's own face: its areas with their errors, zones no photo shows, dangers at its landmarks."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from mesoplan.domain.case import Case
from mesoplan.domain.face import FaceSource, FaceView, MeasuredZone, OwnFace, ScaleBasis
from mesoplan.domain.quantities import Area
from mesoplan.imaging.face_template import load_face_template
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.evaluate import evaluate
from mesoplan.planning.placement import (
    area_of,
    face_of,
    face_text,
    place_in_zone,
    positions_mm,
    structures_under_points,
)
from mesoplan.planning.propose import propose
from tests.planning.hand_made import melasma_case

FACTOR = 138 / 153.28
SEEN = ("malar-right", "malar-left", "chin", "forehead", "glabella")


def own_case(stretch: tuple[float, float, float] = (1.0, 1.0, 1.0), zones: tuple[str, ...] = SEEN) -> Case:
    """The melasma case with a face that is the template, stretched sideways, upwards and forwards."""
    rows = np.round(load_face_template().vertices_mm * FACTOR * np.array(stretch), 2)
    face = OwnFace(
        on=date(2026, 11, 23), source=FaceSource.PHOTOS, scale=ScaleBasis.STICKER, scale_error=0.03,
        vertices_mm=tuple((float(x), float(y), float(z)) for x, y, z in rows),
        zones={zone: MeasuredZone(view=FaceView.FRONT, error=0.2) for zone in zones},
    )  # fmt: skip
    case = melasma_case()
    return case.model_copy(update={"patient": case.patient.model_copy(update={"face": face})})


def test_an_area_is_that_of_the_own_face_and_says_what_it_may_be_off_by(knowledge: Knowledge) -> None:
    narrow, wide = (area_of("malar-right", own_case((x, 1.0, 1.0)), knowledge) for x in (0.9, 1.1))
    assert narrow
    assert wide
    assert narrow.error
    assert narrow.area < wide.area
    assert narrow.error.value == pytest.approx(0.2 * narrow.area.value, abs=0.01)
    assert narrow.source == "own-face"


def test_a_zone_that_no_photo_shows_has_no_area_until_it_is_typed(knowledge: Knowledge) -> None:
    case = own_case(zones=("chin",))
    assert area_of("malar-right", case, knowledge) is None
    with pytest.raises(ValueError, match="area of zone malar-right is not known"):
        place_in_zone("malar-right", case, knowledge, spacing_mm=10.0, edge_margin_mm=3.0)
    typed = case.model_copy(update={"areas": {"malar-right": Area(12.0)}})
    found = area_of("malar-right", typed, knowledge)
    assert found
    assert (found.area, found.source, found.error) == (Area(12.0), "measured", None)
    assert place_in_zone("malar-right", typed, knowledge, spacing_mm=10.0, edge_margin_mm=3.0).points


def test_without_the_zones_no_plan_is_proposed_and_the_reason_names_what_to_do(knowledge: Knowledge) -> None:
    found = propose(own_case(zones=("chin",)), knowledge)
    assert found.proposals == ()
    texts = " ".join(finding.text for one in found.declined for finding in one.findings)
    assert "Malar, right cannot be measured from the photos" in texts


def test_plans_are_proposed_on_the_own_face_and_hold_up_when_evaluated(knowledge: Knowledge) -> None:
    case = own_case((1.05, 0.97, 1.1))
    plan = propose(case, knowledge).proposals[0].plan
    assert {one.area_source for one in plan.placements} == {"own-face"}
    assert all(one.area_error for one in plan.placements)
    right, left = (one for one in plan.placements if one.zone.startswith("malar"))
    assert len(right.points) == pytest.approx(len(left.points), abs=1)
    found = evaluate(case, plan, knowledge)
    assert not [one for one in found.findings if one.severity == "block"]


def test_spacing_holds_on_a_face_that_is_not_the_template(knowledge: Knowledge) -> None:
    case = own_case((1.15, 0.9, 1.2))
    placed = place_in_zone("malar-right", case, knowledge, spacing_mm=10.0, edge_margin_mm=3.0)
    at = positions_mm(placed.points, case)
    apart = np.linalg.norm(at[:, None] - at, axis=2) + np.eye(len(at)) * 99
    assert apart.min() > 8.5
    assert apart.min(axis=1).max() < 11.0


def test_danger_structures_lie_at_the_landmarks_of_the_own_face(knowledge: Knowledge) -> None:
    for stretch in ((1.0, 1.0, 1.0), (1.2, 1.0, 1.0)):
        case = own_case(stretch)
        placed = place_in_zone("malar-right", case, knowledge, spacing_mm=4.0, edge_margin_mm=3.0)
        under = structures_under_points(placed.points, case, knowledge)
        at = positions_mm(placed.points, case)
        pupil_x = -31.5 * FACTOR * stretch[0]
        over = [at[index][0] for index, one in enumerate(placed.points) if one.id in under["infraorbital-foramen"]]
        assert np.mean(over) == pytest.approx(pupil_x, abs=6.0)


def test_the_words_say_what_the_millimetres_rest_on() -> None:
    assert face_text(own_case()) == "own face by photos of 23 Nov 2026, scale by a sticker of known size ± 3 %"
    for basis in ScaleBasis:
        patient = own_case().patient
        assert patient.face is not None
        other = patient.model_copy(update={"face": patient.face.model_copy(update={"scale": basis})})
        assert "scale by" in face_text(own_case().model_copy(update={"patient": other}))
    assert face_text(melasma_case()) == "template, width 138 mm"
    assert face_of(own_case()).is_own
