"""Places kept clear and the pattern of a lattice on a plan's page: sent, shown, listed, told beside the proposal."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses.models import Assessment, Plan
from mesoplan.domain.edits import KEPT_CLEAR_MM
from tests.clinic.case_documents import melasma_case
from tests.clinic.comparing import sign
from tests.clinic.editing import points_of, sent
from tests.clinic.plans import plan_address, posted, started

KEEP = {"op": "keep-clear", "points": ["5"]}


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case()


@pytest.fixture
def alma(browser_of: Callable[[str], Client]) -> Client:
    return browser_of("dermatologist")


@pytest.fixture
def plan(alma: Client, assessment: Assessment) -> Plan:
    return started(alma, assessment)


def text_of(client: Client, plan: Plan) -> str:
    return client.get(plan_address(plan)).content.decode()


def test_a_place_is_drawn_listed_and_told_beside_the_proposal(alma: Client, plan: Plan) -> None:
    told = sent(alma, plan, KEEP).json()
    assert "5" not in points_of(plan)
    assert "Kept clear, 5.0" in told["kept"]["front"]
    page = text_of(alma, plan)
    assert page.count("Kept clear, 5.0") >= 1
    assert "Malar, right: kept clear" in page
    assert "1 place, 5.0" in page
    assert "Open again" in page
    assert "set-inner" in told["fragments"]


def test_a_move_says_nothing_of_places_that_stayed(alma: Client, plan: Plan) -> None:
    sent(alma, plan, KEEP)
    move = {"op": "shift", "points": ["8"], "right_mm": 0.5, "up_mm": 0.0, "along": "front"}
    assert "kept" not in sent(alma, plan, move, seq=2).json()
    assert "kept" in sent(alma, plan, {"op": "open-again", "places": ["k1"]}, seq=3).json()


def test_without_any_the_list_is_not_there(alma: Client, plan: Plan) -> None:
    assert "Open again" not in text_of(alma, plan)


def test_a_nurse_sees_the_places_and_no_button(browser_of: Callable[[str], Client], alma: Client, plan: Plan) -> None:
    sent(alma, plan, KEEP)
    page = text_of(browser_of("nurse"), plan)
    assert 'id="kept-clear"' in page
    assert "Open again" not in page


def test_a_signed_plan_shows_them(alma: Client, plan: Plan, dermatologist: User) -> None:
    sent(alma, plan, KEEP)
    plan.refresh_from_db()
    page = text_of(alma, sign(plan, dermatologist))
    assert "Kept clear, 5.0" in page
    assert 'id="kept-clear"' in page
    assert "Open again" not in page


def test_places_are_named_in_a_view_as_those_of_new_points_are(alma: Client, plan: Plan) -> None:
    state = alma.get(reverse("editor:operations", args=[plan.pk])).json()
    x, y = next(one["views"]["front"][:2] for one in state["points"] if one["id"] == "5")
    answer = sent(alma, plan, {"op": "keep-clear", "view": "front", "at": [{"x": x, "y": y}], "radius": "3 mm"})
    assert answer.status_code == 200
    assert "5" not in points_of(plan)
    assert plan.plan["kept_clear"][0]["radius"]["value"] == 3
    beside = sent(alma, plan, {"op": "keep-clear", "view": "front", "at": [{"x": 500, "y": 0}]}, seq=2)
    assert (beside.status_code, len(plan.plan["kept_clear"])) == (422, 1)


def test_the_buttons_of_the_list_send_what_they_say(alma: Client, plan: Plan) -> None:
    sent(alma, plan, KEEP)
    (wider,) = json.loads(ops_of(text_of(alma, plan), "wider"))
    assert wider == {"op": "keep-clear", "places": ["k1"], "radius": f"{KEPT_CLEAR_MM + 1:g} mm"}
    sent(alma, plan, wider, seq=2)
    plan.refresh_from_db()
    assert plan.plan["kept_clear"][0]["radius"]["value"] == KEPT_CLEAR_MM + 1
    sent(alma, plan, {"op": "open-again", "places": ["k1"]}, seq=3)
    plan.refresh_from_db()
    assert plan.plan["kept_clear"] == []


def ops_of(page: str, label: str) -> str:
    """Return the operations of the button that has a label."""
    button = next(one for one in page.split("<button") if f"1 mm {label}:" in one)
    return button.split('data-ops="')[1].split('"')[0].replace("&quot;", '"')


class TestOnAFlatPatch:
    @pytest.fixture
    def case(self) -> dict[str, Any]:
        thighs = ["thigh-outer-right", "thigh-outer-left"]
        areas = {"thigh-outer-right": "60 cm2", "thigh-outer-left": "50 cm2"}
        return melasma_case(goals=[{"aim": "cellulite", "zones": thighs}], areas=areas)

    @pytest.fixture
    def plan(self, alma: Client, assessment: Assessment) -> Plan:
        return started(alma, assessment, "cellulite-caffeine")

    def test_it_is_drawn_there_and_a_zone_that_is_left_without_points_too(self, alma: Client, plan: Plan) -> None:
        mark = {"op": "keep-clear", "zone": "thigh-outer-right", "at": [{"x_mm": 0, "y_mm": 0}], "radius": "12 mm"}
        told = sent(alma, plan, mark).json()
        assert "Kept clear, 12.0" in told["kept"]["thigh-outer-right"]
        assert told["kept"]["front"] == ""
        answer = sent(alma, plan, {**mark, "places": ["k1"], "at": [], "radius": "50 mm"}, seq=2)
        assert answer.status_code == 200
        assert points_of(plan, "thigh-outer-right") == {}
        page = text_of(alma, plan)
        assert "Kept clear, 50.0" in page
        assert " · 0 · 60" in page


class TestPattern:
    def test_the_ghost_of_parallel_lines_comes_with_its_counts(self, alma: Client, plan: Plan) -> None:
        address = reverse("editor:renewal", args=[plan.pk])
        told = alma.get(address, {"zone": "malar-right", "pattern": "lines"}).json()
        assert told["text"].startswith("12 → ")
        assert "&quot;pattern&quot;: &quot;lines&quot;" in told["panel"]
        assert alma.get(address, {"zone": "malar-right", "pattern": "stars"}).status_code == 422

    def test_the_page_without_script_sets_it_too_and_tells_it(self, alma: Client, plan: Plan) -> None:
        posted(alma, plan, **{"pattern_malar-right": "lines"})
        plan.refresh_from_db()
        assert [one["pattern"] for one in plan.plan["placements"]] == ["lines", "hexagonal"]
        page = text_of(alma, plan)
        assert "Malar, right: pattern" in page
        assert "Parallel lines" in page

    def test_a_pattern_that_is_none_is_refused_beside_its_field(self, alma: Client, plan: Plan) -> None:
        answer = posted(alma, plan, **{"pattern_malar-right": "stars"})
        assert "Choose a pattern of the list." in answer.content.decode()
