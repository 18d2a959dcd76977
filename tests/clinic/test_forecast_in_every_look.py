"""The forecast in every state it can be in: nothing for axe to find, nothing beyond the edge, on a narrow phone too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses import actions as courses
from mesoplan.clinic.courses.models import Course
from mesoplan.clinic.forecasts.models import Score
from mesoplan.clinic.patients.models import Patient
from tests.clinic.case_documents import MALAR, melasma_case
from tests.clinic.plans import started
from tests.clinic.scoring import fields_of_score, masi_record, sent_score, signed_weeks_ago
from tests.clinic.test_every_page_with_axe import looked_at

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.django_db(transaction=True)
BrowserOf = Callable[[str], Client]
WEEKS = 9
GONE = {f"score.masi.{region}.{item}": "1" for region in ("forehead", "chin") for item in "adh"}
GONE |= {f"score.masi.malar_{side}.{item}": "1" for side in ("left", "right") for item in "adh"}


@pytest.fixture
def course(browser_of: BrowserOf, patient: Patient, dermatologist: User) -> Course:
    """Signed nine weeks ago; scores unlike those of the trials, one of them void."""
    today = timezone.localdate()
    before = masi_record(today - timedelta(weeks=WEEKS + 1), area=4, darkness=3, homogeneity=2)
    assessment = courses.start_assessment(patient=patient, case=melasma_case(scores=[before]), by=dermatologist)
    plan = signed_weeks_ago(started(browser_of("dermatologist"), assessment), WEEKS, dermatologist)
    nurse = browser_of("nurse")
    for week in (1, 2, 3, 8):
        sent_score(nurse, plan.course, fields_of_score(today - timedelta(weeks=WEEKS - week), **GONE))
    nurse.post(f"/scores/{Score.objects.latest('pk').pk}/void", {"reason": "another person’s sheet"})
    return plan.course


@pytest.fixture
def without_forecast(browser_of: BrowserOf, patient: Patient, dermatologist: User) -> Course:
    case = melasma_case(goals=[{"aim": "hydration", "zones": list(MALAR)}])
    assessment = courses.start_assessment(patient=patient, case=case, by=dermatologist)
    return started(browser_of("dermatologist"), assessment, "hydration-hyaluronic-acid").course


@pytest.fixture
def page(browser: Browser, live_server: Any, browser_of: BrowserOf) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server.url, reduced_motion="reduce")
    cookie = browser_of("dermatologist").cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    yield context.new_page()
    context.close()


def test_nothing_for_axe_and_nothing_beyond_the_edge(page: Page, course: Course, without_forecast: Course) -> None:
    states = {
        "both views": f"/courses/{course.pk}/forecast",
        "as asked": f"/courses/{course.pk}/forecast?interval=14&further=3&goal=75",
        "refused": f"/courses/{course.pk}/forecast?interval=1",
        "no forecast": f"/courses/{without_forecast.pk}/forecast",
        "a change of state, scored": f"/courses/{without_forecast.pk}/scores/new",
    }
    wrong = [line for state, address in states.items() for line in looked_at(page, state, address)]
    assert wrong == [], "\n".join(wrong)


def test_on_the_narrowest_phone_nothing_is_beyond_the_edge(page: Page, course: Course) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    for address in (f"/courses/{course.pk}/forecast?interval=14", f"/courses/{course.pk}/scores/new"):
        page.goto(address)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, address
