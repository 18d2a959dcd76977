"""What if a course went on otherwise: computed at each change beside the plan's own, never kept; bad input refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.courses.models import Assessment, Plan
from tests.clinic.case_documents import melasma_case
from tests.clinic.plans import started
from tests.clinic.scoring import forecast_page, masi_record, plain, signed_weeks_ago

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BrowserOf = Callable[[str], Client]
WEEKS = 5


@pytest.fixture
def case() -> dict[str, Any]:
    before = timezone.localdate() - timedelta(weeks=WEEKS + 1)
    return melasma_case(scores=[masi_record(before, area=4, darkness=3, homogeneity=2)])


@pytest.fixture
def plan(browser_of: BrowserOf, assessment: Assessment, dermatologist: User) -> Plan:
    """Fortnightly sessions, three of them given."""
    draft = started(browser_of("dermatologist"), assessment, "melasma-tranexamic-acid-fortnightly")
    return signed_weeks_ago(draft, WEEKS, dermatologist)


def part(browser: Client, plan: Plan, **asked: str) -> Any:
    return browser.get(f"/courses/{plan.course_id}/forecast", asked, headers={"HX-Request": "true"})


def chances(page: str, kind: str) -> list[str]:
    """The chances of one column, from the first session on."""
    return re.findall(rf'class="chance {kind}">.*?<b>([^<]+)</b>', page, re.S)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"interval": "28"}, "As asked"),
        ({"further": "1"}, "As asked"),
        ({"stop": "1"}, "No session is ahead."),
    ],
)
def test_another_way_to_go_on_stands_beside_the_plan(
    browser_of: BrowserOf, plan: Plan, asked: dict[str, str], says: str
) -> None:
    browser = browser_of("nurse")
    own = chances(forecast_page(browser, plan.course), "own")
    page = part(browser, plan, **asked).content.decode()
    assert chances(page, "own") == own  # the plan's own figures stay as they are
    assert chances(page, "asked") != own
    assert says in plain(page)
    assert page.count('class="forecast-chart"') == 2
    assert "<html" not in page  # a part, to be put in place


def test_more_sessions_never_lower_the_chance_by_a_session_that_stays(browser_of: BrowserOf, plan: Plan) -> None:
    browser = browser_of("nurse")
    few = chances(part(browser, plan, further="2").content.decode(), "asked")
    many = chances(part(browser, plan, further="5").content.decode(), "asked")
    assert many[: len(few)] == few
    assert len(many) == len(few) + 3


def test_another_goal_changes_the_plans_own_chances(browser_of: BrowserOf, plan: Plan) -> None:
    browser = browser_of("nurse")
    page = part(browser, plan, goal="25").content.decode()
    assert "goal: mMASI of 9.0 or less" in plain(page)
    assert "Of 10 people like you, 9 get to this goal by session" in plain(page)
    assert chances(page, "own") != chances(forecast_page(browser, plan.course), "own")


BAD_INPUT = {
    # field           typed     what is said
    "no number": ("interval", "soon", "Between sessions must be a whole number. You wrote soon."),
    "no count": ("further", "two", "Sessions still to come must be a whole number. You wrote two."),
    "too short": ("interval", "3", "Between sessions must be within 7–90 days. You wrote 3."),
    "half a day": ("interval", "10.5", "Between sessions must be a whole number. You wrote 10.5."),
    "too many": ("further", "25", "Sessions still to come must be within 0–24. You wrote 25."),
    "more than all": ("goal", "100", "Goal: a fall by must be within 5–95 %. You wrote 100."),
}


@pytest.mark.parametrize(("field", "typed", "said"), BAD_INPUT.values(), ids=list(BAD_INPUT))
def test_bad_input_is_told_and_stays_as_it_was_typed(
    browser_of: BrowserOf, plan: Plan, field: str, typed: str, said: str
) -> None:
    browser = browser_of("nurse")
    answer = part(browser, plan, **{field: typed})
    assert answer.status_code == 422
    told = plain(answer.content.decode())
    assert said.replace("\u00a0", " ") in told.replace("\u202f", " ")
    assert "The plan’s own figure stands for it." in told
    whole = browser.get(f"/courses/{plan.course_id}/forecast", {field: typed})
    assert whole.status_code == 422
    assert re.search(rf'name="{field}" value="{re.escape(typed)}"[^>]*aria-invalid="true"', whole.content.decode())


def test_nothing_of_it_is_kept(browser_of: BrowserOf, plan: Plan) -> None:
    browser = browser_of("dermatologist")
    forecast_page(browser, plan.course)
    before = AuditEntry.objects.count()
    part(browser, plan, interval="14", further="5")
    assert AuditEntry.objects.count() == before
    stored = Plan.objects.get(pk=plan.pk)
    assert (stored.version, stored.plan) == (plan.version, plan.plan)


# -- In a browser -----------------------------------------------------------------------------------------------------


@pytest.fixture
def page(browser: Browser, live_server: Any, browser_of: BrowserOf) -> Iterator[Page]:
    """The nurse's; any error of a script fails the test."""
    said: list[str] = []
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900})
    cookie = browser_of("nurse").cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert said == []


@pytest.mark.django_db(transaction=True)
def test_another_interval_by_keyboard_changes_the_figures(page: Page, plan: Plan) -> None:
    page.goto(f"/courses/{plan.course_id}/forecast")
    own = page.locator(".chance.own b").all_inner_texts()
    assert page.locator(".chance.asked").count() == 0
    field = page.get_by_label("Between sessions", exact=True)
    field.focus()
    page.keyboard.press("ArrowUp")  # a week more
    page.wait_for_selector(".chance.asked")
    assert field.input_value() == "21"
    assert page.evaluate("document.activeElement.name") == "interval"  # focus stays
    asked = page.locator(".chance.asked b").all_inner_texts()
    assert asked != own
    assert page.locator(".chance.own b").all_inner_texts() == own
    assert "interval=21" in page.url
    page.keyboard.press("ArrowDown")
    page.wait_for_selector(".chance.asked", state="detached")
    assert page.locator(".chance.own b").all_inner_texts() == own


@pytest.mark.django_db(transaction=True)
def test_a_score_by_keyboard_alone(page: Page, plan: Plan) -> None:
    page.goto(f"/courses/{plan.course_id}/scores/new")
    page.locator("#assess fieldset.item input").first.focus()
    for _region in range(2):  # forehead, right malar; the left side is copied
        page.keyboard.type("321")
    page.keyboard.press("r")
    page.locator('[id="id_score.masi.chin.a.3"]').focus()
    page.keyboard.type("321")
    page.locator("#lines-masi .score b", has_text=re.compile("^9$")).wait_for()
    page.get_by_role("button", name="Record the score").press("Enter")
    page.wait_for_url(f"**/courses/{plan.course_id}/forecast")
    page.get_by_text("is recorded.").wait_for()
    assert page.locator("table.scores tbody tr").count() == 2
