"""The exposure of a plan as pages: panel, page of its own, comparison; in every language, for those who may see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses.models import Assessment, Plan
from mesoplan.clinic.exposure import kernels
from tests.clinic.case_documents import melasma_case
from tests.clinic.plans import posted, started

BrowserOf = Callable[[str], Client]
AS_HTMX = {"HX-Request": "true"}
INTERVAL = re.compile(r'<span class="value">(\d+) %</span></bdi> <bdi class="range">')


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case()


@pytest.fixture
def alma(browser_of: BrowserOf) -> Client:
    return browser_of("dermatologist")


@pytest.fixture
def plan(alma: Client, assessment: Assessment) -> Plan:
    return started(alma, assessment)


def panel(browser: Client, plan: Plan) -> str:
    return browser.get(f"/plans/{plan.pk}/exposure", headers=AS_HTMX).content.decode()


def test_the_panel_has_a_coverage_with_its_interval_for_each_zone(alma: Client, plan: Plan) -> None:
    told = panel(alma, plan)
    assert len(INTERVAL.findall(told)) == 2
    assert "predicts no effect" in told
    assert "no toxic level was found in a source" in told
    assert "Part of the layer that gets at least so much of the mean:" in told
    assert 'id="map-front-coverage" hx-swap-oob="innerHTML"' in told
    assert "NaN" not in told
    assert "nan" not in re.sub(r"base64,[^\"]+", "", told)


def test_the_page_of_its_own_draws_the_face_with_the_colours(alma: Client, plan: Plan) -> None:
    page = alma.get(f"/plans/{plan.pk}/exposure").content.decode()
    assert page.count("data-covered=") >= 4
    assert "half of the mean" in page


def test_a_plan_whose_tip_is_too_deep_says_why_and_draws_nothing(alma: Client, plan: Plan) -> None:
    for zone in ("malar-right", "malar-left"):
        posted(alma, plan, **{f"angle_{zone}": "0"})
    told = panel(alma, plan)
    assert "a tip at 0 mm is not in the skin" in told
    assert "data-covered" not in told


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "ne prédit aucun effet"), ("it", "non predice alcun effetto"), ("es", "no predice ningún efecto")],
)
def test_in_the_language_of_the_reader(alma: Client, plan: Plan, language: str, words: str) -> None:
    User.objects.update(language=language)
    page = alma.get(f"/plans/{plan.pk}/exposure").content.decode()
    assert f'lang="{language}"' in page
    assert words in page
    assert "predicts no effect" not in page


def test_the_page_of_the_plan_computes_nothing_until_somebody_looks(alma: Client, plan: Plan) -> None:
    page = alma.get(f"/plans/{plan.pk}").content.decode()
    assert "hides-coverage" in page
    assert 'id="exposure"' in page
    assert "data-covered" not in page


def test_who_may_not_see_the_plan_does_not_see_its_exposure(browser_of: BrowserOf, plan: Plan) -> None:
    assert browser_of("front_desk").get(f"/plans/{plan.pk}/exposure").status_code == 403


def test_two_plans_are_told_apart_at_the_same_draws(alma: Client, plan: Plan) -> None:
    posted(alma, plan, **{"volume_per_point_malar-right": "0.01"})
    address = f"/courses/{plan.course_id}/coverage?before=proposal-{plan.pk}&after=draft-{plan.pk}"
    told = alma.get(address, headers=AS_HTMX).content.decode()
    right, left = (part.split("</tr>")[0] for part in told.split('<tr><th scope="row">')[1:])
    assert "Malar, right" in right
    assert "cannot be told apart" not in right
    assert "cannot be told apart" in left
    assert "Coverage of two plans" in alma.get(address).content.decode()
    assert alma.get(f"/courses/{plan.course_id}/coverage?before=proposal-99&after=x").status_code == 404


def test_without_a_folder_kernels_live_in_memory(settings: Any, tmp_path: Path, alma: Client, plan: Plan) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    settings.KERNELS = tmp_path / "taken" / "kernels"
    assert kernels.folder() is None


def test_the_oldest_kernels_go_when_there_are_too_many(tmp_path: Path) -> None:
    for number in range(9):
        (tmp_path / f"{number}.npy").write_bytes(b"")
    kernels.forget_the_oldest(tmp_path, most=10)
    assert len(list(tmp_path.glob("*.npy"))) == 9
    kernels.forget_the_oldest(tmp_path, most=6)
    assert len(list(tmp_path.glob("*.npy"))) == 3


def test_what_coverage_needs_is_made_ready_beside_the_answer(settings: Any, tmp_path: Path) -> None:
    settings.KERNELS = tmp_path
    kernels.warm_up()
    settings.WARM_KERNELS = False
    kernels.begin_to_warm()
