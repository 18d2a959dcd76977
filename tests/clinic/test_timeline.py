"""Where a course stands: what must happen next and who must do it, the line of days, the same as a table; and the
dates alone for those who read nothing clinical."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses import actions
from mesoplan.clinic.courses.documents import basis
from mesoplan.clinic.courses.models import Assessment, Plan
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.patients.timeline import Event
from mesoplan.clinic.patients.timeline_drawing import drawing_of
from mesoplan.domain.writing import date_text
from tests.clinic.axe import found_by_axe
from tests.clinic.case_documents import melasma_case
from tests.clinic.plans import started

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BrowserOf = Callable[[str], Client]
REGIONS = ("forehead", "malar_right", "malar_left", "chin")


@pytest.fixture
def case() -> dict[str, Any]:
    items = {region: {"a": 3, "d": 2, "h": 1} for region in REGIONS}
    scored = {"scale": "masi", "on": timezone.localdate().isoformat(), "rater": "Dr Weiss", "mode": "live"}
    return melasma_case(scores=[{**scored, "items": items}])


@pytest.fixture
def plan(browser_of: BrowserOf, assessment: Assessment) -> Plan:
    return started(browser_of("dermatologist"), assessment)


@pytest.fixture
def in_force(plan: Plan, dermatologist: User) -> Plan:
    found = {**(plan.evaluation or {}), "findings": []}
    actions.save_draft(plan=plan, version=plan.version, content=plan.plan, evaluation=found, by=dermatologist)
    plan.refresh_from_db()
    actions.sign_plan(
        plan=plan,
        version=plan.version,
        basis=basis(),
        printed_name="Dr Alma Weiss",
        meaning="I order this course.",
        by=dermatologist,
    )
    plan.refresh_from_db()
    return plan


def shown(browser: Client, patient: Patient) -> str:
    return browser.get(f"/patients/{patient.ref}").content.decode()


def next_lines(page: str) -> list[str]:
    """The lines of what must happen next, without marks."""
    part = page[page.index('aria-label="What must happen next"') :]
    part = part[part.index(">") + 1 : part.index("</ul>")]
    return [" ".join(re.sub(r"<[^>]+>", "", line).split()) for line in re.findall(r"<li>(.*?)</li>", part, re.S)]


def labels(page: str) -> list[str]:
    return re.findall(r'aria-label="(\d+ \w{3} \d{4}: [^"]+)"', page)


def day(text: str) -> str:
    return date_text(date.fromisoformat(text))


def test_nothing_yet_asks_for_an_assessment(browser_of: BrowserOf, patient: Patient) -> None:
    page = shown(browser_of("nurse"), patient)
    assert next_lines(page) == ["Assess: dermatologist or nurse"]
    assert "<svg viewBox" not in page.replace("16 16", "")


def test_an_assessment_asks_for_proposals(browser_of: BrowserOf, patient: Patient, assessment: Assessment) -> None:
    assert next_lines(shown(browser_of("nurse"), patient)) == ["Propose plans from the assessment: dermatologist"]


def test_a_draft_asks_for_a_signature(browser_of: BrowserOf, patient: Patient, plan: Plan) -> None:
    page = shown(browser_of("nurse"), patient)
    assert next_lines(page) == [f"Sign the plan: dermatologist Draft · {plan.course.goal}"]
    assert "days of the draft, not signed" in page
    assert any(label.endswith("Session 1 of 3, planned, in the draft") for label in labels(page)), labels(page)


def test_a_plan_in_force_names_the_next_days(browser_of: BrowserOf, patient: Patient, in_force: Plan) -> None:
    schedule = in_force.plan["schedule"]
    assert next_lines(shown(browser_of("dermatologist"), patient)) == [
        f"First session on {day(schedule['sessions'][0])}",
        f"Score on {day(schedule['score_on'][0])}: dermatologist or nurse",
        f"Review the course on {day(schedule['review_on'])}: dermatologist",
    ]


def test_a_changed_history_asks_to_sign_again(
    browser_of: BrowserOf, patient: Patient, in_force: Plan, dermatologist: User
) -> None:
    row = in_force.assessment
    changed = {**row.case, "note": "A clot in 2019, told today"}
    actions.save_assessment(assessment=row, version=row.version, case=changed, by=dermatologist)
    first = next_lines(shown(browser_of("dermatologist"), patient))[0]
    assert first.startswith("Sign again: dermatologist The assessment changed on")


def test_a_score_that_was_due_and_is_missing_is_told(
    browser_of: BrowserOf, patient: Patient, in_force: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = date.fromisoformat(in_force.plan["schedule"]["score_on"][0])
    monkeypatch.setattr(timezone, "localdate", lambda *_: first + timedelta(days=3))
    lines = next_lines(shown(browser_of("dermatologist"), patient))
    assert f"Score was due on {date_text(first)}: dermatologist or nurse" in lines


def test_the_line_and_the_table_say_the_same(browser_of: BrowserOf, patient: Patient, in_force: Plan) -> None:
    page = shown(browser_of("dermatologist"), patient)
    schedule, today = in_force.plan["schedule"], date_text(timezone.localdate())
    told = labels(page)
    assert f"{today}: MASI 9 of 48" in told
    assert f"{today}: mMASI 6 of 24" in told
    assert f"{today}: Revision 1 signed, Dr Alma Weiss" in told
    assert sum("Session" in label for label in told) == len(schedule["sessions"])
    assert f"{day(schedule['first_judged_on'])}: First judged" in told
    assert f"{day(schedule['review_on'])}: Review day" in told
    assert len(told) == 1 + 2 + 1 + len(schedule["sessions"]) + len(schedule["score_on"]) + 2
    table = page[page.index('aria-label="Timeline as a table"') :]
    rows = re.findall(r'<td class="nowrap">([^<]+)</td><td><a [^>]+>([^<]+)</a>', table)
    assert sorted(f"{when}: {what}" for when, what in rows) == sorted(told)
    assert f"<b>{today}</b></td><td><b>Today</b>" in table


def test_masi_and_mmasi_never_share_a_lane(browser_of: BrowserOf, patient: Patient, assessment: Assessment) -> None:
    lanes = re.findall(r'<text class="lane"[^>]+>([^<]+)</text>', shown(browser_of("nurse"), patient))
    assert lanes == ["Assessments", "MASI", "mMASI"]


def test_a_score_is_there_once_although_an_amendment_carries_it(
    browser_of: BrowserOf, patient: Patient, assessment: Assessment, dermatologist: User
) -> None:
    actions.sign_assessment(assessment=assessment, version=assessment.version, by=dermatologist)
    assessment.refresh_from_db()
    actions.amend_assessment(assessment=assessment, reason="The pill was forgotten", by=dermatologist)
    told = [label.partition(": ")[2] for label in labels(shown(browser_of("nurse"), patient))]
    assert sorted(told) == ["Assessment, amended later", "Assessment, open", "MASI 9 of 48", "mMASI 6 of 24"]


@pytest.mark.parametrize(
    "record",
    [
        {"scale": "masi", "on": "", "items": {}},
        {"scale": "masi", "items": {"forehead": {"a": 3}}, "on": "2026-11-20"},
        {"scale": "masi", "items": {"elbow": {"a": 3}}, "on": "2026-11-20"},
        {"scale": "nothing", "items": {}, "on": "2026-11-20"},
    ],
)
def test_a_score_that_is_not_whole_is_no_event(
    browser_of: BrowserOf, patient: Patient, nurse: User, record: dict[str, Any]
) -> None:
    actions.start_assessment(patient=patient, case={"scores": [record]}, by=nurse)
    assert [label.partition(": ")[2] for label in labels(shown(browser_of("nurse"), patient))] == ["Assessment, open"]


@pytest.mark.parametrize("role", ["front_desk", "manager", "auditor"])
def test_those_who_read_nothing_clinical_see_dates_alone(
    browser_of: BrowserOf, patient: Patient, in_force: Plan, role: str
) -> None:
    page, schedule = shown(browser_of(role), patient), in_force.plan["schedule"]
    part = page[page.index('id="dates-head"') : page.index('id="contact"')]
    count = len(schedule["sessions"])
    assert f"Next: <b>Session 1 of {count}, {day(schedule['sessions'][0])}</b>" in part
    assert day(schedule["review_on"]) in part
    words = set(re.findall(r'<td class="nowrap">[^<]+</td><td>([^<]+)</td>', part))
    assert words == {"Visit", *(f"Session {number} of {count}" for number in range(1, count + 1))}
    for clinical in ("elasma", "MASI", "anexamic", "core", "udged", "Review", "Revision", "data-timeline"):
        assert clinical not in page, clinical


def test_a_draft_gives_the_front_desk_no_date(browser_of: BrowserOf, patient: Patient, plan: Plan) -> None:
    page = shown(browser_of("front_desk"), patient)
    assert "No date is fixed." in page
    assert day(plan.plan["schedule"]["sessions"][0]) not in page


def test_words_that_have_no_room_are_left_to_the_table() -> None:
    start = date(2026, 12, 4)
    days = [start + timedelta(days=step) for step in (0, 1, 150)]
    drawn = drawing_of([Event(each, "MASI", "score", "MASI 12.8 of 48", "/", "12.8") for each in days], start)
    assert drawn is not None
    assert [mark.label for mark in drawn.marks] == ["12.8", "", "12.8"]
    assert [tick.label for tick in drawn.ticks] == ["Dec 2026", "Jan 2027", "Feb", "Mar", "Apr", "May"]


def test_nothing_is_drawn_of_nothing() -> None:
    assert drawing_of([], date(2026, 12, 4)) is None


@pytest.fixture
def open_record(
    browser: Browser, live_server: Any, browser_of: Callable[[str], Client], patient: Patient
) -> Iterator[Callable[..., Page]]:
    """The page of a patient in a browser. Any error of a script fails the test."""
    contexts, said = [], []

    def open_(wide: int, look: Any = "light", role: str = "dermatologist") -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": wide, "height": 900}, color_scheme=look
        )
        contexts.append(context)
        session = browser_of(role).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"/patients/{patient.ref}")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert said == []


@pytest.mark.django_db(transaction=True)
def test_one_tab_stop_and_arrows_from_event_to_event(open_record: Callable[..., Page], in_force: Plan) -> None:
    page = open_record(1440)
    events = page.locator("svg[data-timeline] a")
    last = events.count() - 1
    events.first.focus()
    heard = "document.activeElement.getAttribute('aria-label')"
    order = []
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End", "ArrowRight", "Home"):
        page.keyboard.press(key)
        order.append(page.evaluate(heard))
    expected = [events.nth(index).get_attribute("aria-label") for index in (1, 2, 1, last, last, 0)]
    assert order == expected
    assert page.locator("#line-said").text_content() == expected[-1]
    assert page.locator('svg[data-timeline] a[tabindex="0"]').count() == 1
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('svg[data-timeline]')") is None
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/plans/{in_force.pk}")


@pytest.mark.django_db(transaction=True)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_record: Callable[..., Page], in_force: Plan) -> None:
    for wide, look, role in ((1440, "light", "dermatologist"), (1440, "dark", "front_desk"), (390, "dark", "nurse")):
        page = open_record(wide, look, role)
        assert found_by_axe(page) == [], (wide, look)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider == 0, (wide, look)
