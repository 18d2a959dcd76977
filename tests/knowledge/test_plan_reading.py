"""Bad plans: what was changed in a good one, the field that is named, and the words that say what is allowed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mesoplan.domain.errors import InputError
from mesoplan.domain.plan import TRIANGLES_OF_THE_FACE, Plan
from mesoplan.imaging.forehead import load_skin_template
from mesoplan.knowledge.plan_reading import read_plan
from tests.planning.hand_made import melasma_case, melasma_plan, shipped

MESH = "placements.1.points.1.at.mesh"
OVERRIDE = {"rule": "mix-pair-unknown", "reason": "Compounded by a pharmacy."}
ON_PATCH = {"x_mm": 1, "y_mm": 1}

CHANGES: list[tuple[str, object, str, str]] = [
    # where, what stands there, field named (= the same), words
    ("case", "cellulite", "=", "the plan is for case “cellulite”, this is case “melasma”"),
    ("goal", "melasmaa", "=", "“melasmaa” is not one of the aims; allowed: "),
    ("goal", "cellulite", "protocol", "is for the aim “melasma”, the plan's goal is “cellulite”"),
    ("protocol", "melasma-monthly", "=", "nearest: melasma-tranexamic-acid-monthly"),
    # volumes
    ("preparations.1.draws.1.volume", "-0.16 mL", "=", "between 0.001 and 500 mL (given: -0.16 mL)"),
    ("preparations.1.draws.1.volume", "0 mL", "=", "between 0.001 and 500 mL (given: 0 mL)"),
    ("preparations.1.draws.1.volume", "16 mg", "=", "unit “mg” is not one of: mL, ml, uL"),
    ("preparations.1.draws.1.volume", 0.16, "=", "needs a number with a unit"),
    ("preparations.1.draws.1.presentation", "tranexamic-100", "=", "nearest: tranexamic-acid-100"),
    ("preparations.1.draws", [], "=", "must have 1 or more entries"),
    ("preparations.1.syringe", "0.1 mL", "=", "between 0.3 and 60 mL (given: 0.1 mL)"),
    ("preparations.1.syringes", 0, "=", "must be 1 or more (given: 0)"),
    ("preparations.1.syringes", 61, "=", "must be 60 or less (given: 61)"),
    ("placements.1.volume_per_point", "-0.05 mL", "=", "between 0.001 and 5 mL (given: -0.05 mL)"),
    # needle
    ("placements.1.needle", "30g", "=", "“30g” is not one of the needles; allowed: 26g-4"),
    ("placements.1.technique", "nappage", "=", "“nappage” is not one of the techniques; allowed: deep-hypodermic"),
    ("placements.1.inserted", "0 mm", "=", "between 0.1 and 40 mm (given: 0 mm)"),
    ("placements.1.angle", "91 deg", "=", "between 0 and 90 deg (given: 91 deg)"),
    ("placements.1.angle", "-1 deg", "=", "between 0 and 90 deg (given: -1 deg)"),
    # zones and points
    ("placements.1.zone", "malar", "=", "“malar” is not one of the zones; nearest: malar-left, malar-right"),
    ("placements.1.zone", "malar-left", "", "zone named twice for one preparation: malar-left"),
    ("placements.1.preparation", "b", "", "uses preparation “b”; allowed: tranexamic-acid-4"),
    ("placements.1.area", "0 cm2", "=", "between 0.5 and 4000 cm2 (given: 0 cm2)"),
    ("placements.1.spacing", "0 mm", "=", "between 1 and 100 mm (given: 0 mm)"),
    ("placements.1.edge_margin", "-3 mm", "=", "between 0 and 50 mm (given: -3 mm)"),
    ("placements.1.points.1.at", ON_PATCH, "=", "takes a triangle and weights on the face mesh"),
    ("placements.1.points.1.at.triangle", 964, f"{MESH}.triangle", "must be less than 964 (given: 964)"),
    ("placements.1.points.1.at.triangle", -1, f"{MESH}.triangle", "must be 0 or more (given: -1)"),
    ("placements.1.points.1.at.weights", [1, 1, 1], MESH, "weights are 0 to 1 and sum to 1"),
    ("placements.1.points.1.id", "2", "placements.1", "point id used twice: 2"),
    ("placements", [], "=", "must have 1 or more entries"),
    # dates
    ("schedule.sessions", ["2026-12-01", "2026-12-01"], "schedule", "session dates must be in order and differ"),
    ("schedule.sessions", ["2026-12-29", "2026-12-01"], "schedule", "session dates must be in order and differ"),
    ("schedule.sessions", ["9999-12-30", "9999-12-31"], "schedule.sessions.1", "lies more than 3653 days from"),
    ("schedule.first_judged_on", "0001-01-01", "=", "lies more than 3653 days from the assessment"),
    ("schedule.sessions", ["1 Dec 2026"], "schedule.sessions.1", "must be a date such as 2026-11-30"),
    # overrides
    ("overrides", [{**OVERRIDE, "rule": "mix-pair"}], "overrides.1.rule", "is not one of the rules; nearest: mix-pair"),
    ("overrides", [{**OVERRIDE, "reason": "x"}], "overrides.1.reason", "must have 20 or more characters"),
    ("titel", "x", "=", "unknown key “titel”; nearest: title"),
]  # fmt: skip


def good() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(melasma_plan().model_dump_json())
    return data


def with_change(where: str, what: object) -> str:
    data = good()
    *path, last = where.split(".")
    inner: Any = data
    for one in path:
        inner = inner[int(one) - 1] if one.isdigit() else inner[one]
    inner[last] = what
    return json.dumps(data)


def refused(text: str) -> dict[str, str]:
    with pytest.raises(InputError) as found:
        read_plan(text, "plan.json", melasma_case(), shipped())
    assert found.value.file == "plan.json"
    return {problem.field: problem.text for problem in found.value.problems}


@pytest.mark.parametrize(("where", "what", "field", "words"), CHANGES)
def test_a_bad_plan_names_the_field_and_what_is_allowed(where: str, what: object, field: str, words: str) -> None:
    problems = refused(with_change(where, what))
    assert words in problems[where if field == "=" else field]


def test_a_point_of_the_face_on_a_patch_is_refused() -> None:
    data = good()
    data["placements"][0]["zone"] = "abdomen"
    assert "takes x_mm and y_mm on the flat patch" in refused(json.dumps(data))["placements.1.points.1.at"]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_short_says_so(share: float) -> None:
    text = melasma_plan().model_dump_json()
    (said,) = refused(text[: int(len(text) * share)]).values()
    assert "is the file complete?" in said


def test_the_number_of_triangles_is_that_of_the_face() -> None:
    assert len(load_skin_template().triangles) == TRIANGLES_OF_THE_FACE


def test_a_good_plan_is_read_as_it_was_written() -> None:
    found = read_plan(melasma_plan().model_dump_json(), "plan.json", melasma_case(), shipped())
    assert found == melasma_plan()
    assert Plan.model_validate_json(found.model_dump_json()) == found
