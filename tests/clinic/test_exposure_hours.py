"""Concentrations at chosen hours on the pages of a plan's exposure: asked for, refused, printed, in every language."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses.models import Assessment, Plan
from mesoplan.clinic.exposure.hours import asked_hours
from tests.clinic.case_documents import melasma_case
from tests.clinic.plans import started

BrowserOf = Callable[[str], Client]
HOURS_PART = {"HX-Request": "true", "HX-Target": "exposure-hours"}
ROW = re.compile(r'<tr><th scope="row">([^<]+)</th>')
MEAN = re.compile(r'<span class="value">([\d.]+) mg/mL</span></bdi> <bdi class="range">')


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case()


@pytest.fixture
def alma(browser_of: BrowserOf) -> Client:
    return browser_of("dermatologist")


@pytest.fixture
def plan(alma: Client, assessment: Assessment) -> Plan:
    return started(alma, assessment)


def address(plan: Plan, hours: str | None = None) -> str:
    return f"/plans/{plan.pk}/exposure" + ("" if hours is None else f"?hours={hours.replace(' ', '+')}")


def test_the_part_alone_answers_with_a_row_for_each_hour_of_each_zone(alma: Client, plan: Plan) -> None:
    here = f"http://testserver/plans/{plan.pk}?tab=recipe"
    answer = alma.get(address(plan, "8 0.5"), headers=HOURS_PART | {"HX-Current-URL": here})
    told = answer.content.decode()
    assert [row.replace("\xa0", " ") for row in ROW.findall(told)] == ["0.5 h", "8 h"] * 2
    assert len(MEAN.findall(told.replace("\xa0", " "))) == 4
    assert "For the middle of the ranges only" in told
    assert 'id="exposure-hours-asked" name="hours" value="0.5 8"' in told
    assert "data-covered" not in told
    assert answer["HX-Replace-Url"] == f"/plans/{plan.pk}?tab=recipe&hours=0.5+8"
    assert "HX-Target" in answer["Vary"]


def test_nothing_of_it_is_worked_out_until_it_is_asked_for(alma: Client, plan: Plan) -> None:
    with patch("mesoplan.planning.plan_exposure.figures_at_hours", side_effect=AssertionError):
        panel = alma.get(address(plan), headers={"HX-Request": "true"}).content.decode()
        assert alma.get(f"/plans/{plan.pk}").status_code == 200
    assert 'value="0.5 2 8 24"' in panel
    assert ROW.findall(panel) == []
    assert "exposure-hours-asked" not in panel


def test_the_panel_keeps_the_hours_that_were_asked_for(alma: Client, plan: Plan) -> None:
    panel = alma.get(address(plan, "2"), headers={"HX-Request": "true"}).content.decode()
    assert len(ROW.findall(panel)) == 2
    assert 'id="map-front-coverage"' in panel


def test_without_script_the_page_of_its_own_has_the_table(alma: Client, plan: Plan) -> None:
    page = alma.get(address(plan, "0.5 24")).content.decode()
    assert len(ROW.findall(page)) == 4
    assert f'href="/plans/{plan.pk}/exposure.pdf?hours=0.5%2024"' in page
    assert f'action="/plans/{plan.pk}/exposure"' in page


@pytest.mark.parametrize("typed", ["0", "-1", "nan", "inf", "soon", "", "1e9", "1 2 3 4 5 6 7", "<script>", "8 " * 60])
def test_bad_hours_are_refused_at_their_field(alma: Client, plan: Plan, typed: str) -> None:
    for headers in (HOURS_PART, {}):
        answer = alma.get(f"/plans/{plan.pk}/exposure", {"hours": typed}, headers=headers)
        told = answer.content.decode()
        assert answer.status_code == 422
        assert "Hours must be 1 to 6 numbers from 0.05 to 168" in told
        assert 'aria-invalid="true"' in told
        assert ROW.findall(told) == []
        assert "wrote <script>" not in told


TYPED = [
    ("0.5 2 8 24", (0.5, 2, 8, 24)),
    ("0,5 2 8", (0.5, 2, 8)),
    ("0.5,2,8", (0.5, 2, 8)),
    ("8, 2, 0,5", (0.5, 2, 8)),
    ("2;8", (2, 8)),
    ("2 h 8h", (2, 8)),
    ("1,5", (1.5,)),
    (" 24\t24 ", (24,)),
]


@pytest.mark.parametrize(("typed", "hours"), TYPED, ids=[one[0] for one in TYPED])
def test_hours_are_read_as_people_type_them(typed: str, hours: tuple[float, ...]) -> None:
    assert asked_hours(typed).hours == hours


def test_what_cannot_be_computed_asks_for_no_hours(alma: Client, plan: Plan) -> None:
    from tests.clinic.plans import posted

    for zone in ("malar-right", "malar-left"):
        posted(alma, plan, **{f"angle_{zone}": "0"})
    assert "exposure-hours" not in alma.get(address(plan, "2")).content.decode()
    told = alma.get(address(plan, "2"), headers=HOURS_PART).content.decode()
    assert "No zone has a concentration that can be computed." in told


def test_the_sheet_prints_the_hours(alma: Client, plan: Plan) -> None:
    from tests.documents.test_plan_sheet import pages_of, squeezed

    printed = alma.get(f"/plans/{plan.pk}/exposure.pdf", {"hours": "0.5 8"})
    assert squeezed("At chosen hours") in "".join(pages_of(printed.content))
    refused = alma.get(f"/plans/{plan.pk}/exposure.pdf", {"hours": "soon"})
    assert refused.status_code == 422
    assert "Hours must be" in refused.content.decode()


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "À des heures choisies"), ("it", "A ore scelte"), ("es", "A horas elegidas")]
)
def test_in_the_language_of_the_reader(alma: Client, plan: Plan, language: str, words: str) -> None:
    User.objects.update(language=language)
    told = alma.get(address(plan, "0,5 8"), headers=HOURS_PART).content.decode()
    assert words in told
    assert 'value="0,5 8"' in told
    for english in ("At chosen hours", "Still in the skin", "Highest place", "Work out"):
        assert english not in told


def test_who_may_not_see_the_plan_sees_no_concentration(browser_of: BrowserOf, plan: Plan) -> None:
    assert browser_of("front_desk").get(address(plan, "2"), headers=HOURS_PART).status_code == 403
