"""Any two of the proposal, the draft and the signed revisions of a course, side by side, with what each difference
does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.courses import actions
from mesoplan.clinic.courses.models import Assessment, Course, Plan
from tests.clinic.axe import found_by_axe
from tests.clinic.case_documents import melasma_case
from tests.clinic.comparing import address, options, picked, rows, shown, sign
from tests.clinic.editing import points_of, sent
from tests.clinic.plans import posted, started

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BrowserOf = Callable[[str], Client]
RIGHT_MALAR_VOLUME = "volume_per_point_malar-right"


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case()


@pytest.fixture
def alma(browser_of: BrowserOf) -> Client:
    return browser_of("dermatologist")


@pytest.fixture
def plan(alma: Client, assessment: Assessment) -> Plan:
    return started(alma, assessment)


@pytest.fixture
def signed(plan: Plan, dermatologist: User) -> Plan:
    return sign(plan, dermatologist)


def test_a_draft_as_proposed_differs_in_nothing(alma: Client, plan: Plan) -> None:
    page = shown(alma, plan.course)
    assert picked(page) == [f"proposal-{plan.pk}", f"draft-{plan.pk}"]
    assert rows(page) == []
    assert "No difference. Zones, points, needles, volumes, recipe and days are the same in both." in page
    assert "No dose differs." in page


def test_a_changed_volume_with_what_it_does(alma: Client, plan: Plan) -> None:
    posted(alma, plan, **{RIGHT_MALAR_VOLUME: "0.2"})
    page = shown(alma, plan.course)
    row = next(one for one in rows(page) if one[0].startswith("Volume per point of Malar, right"))
    assert row[1:4] == ["0.05 mL", "0.20 mL", "Malar, right"]
    assert "injected" in row[4]
    assert "in a session" in row[4]
    part = page[page.index('id="findings-head"') : page.index('id="doses-head"')]
    assert re.search(r"<h3>New <span class=\"muted\">[1-9]", part)
    doses = page[page.index('id="doses-head"') : page.index('id="maps-head"')]
    assert "No dose differs." not in doses
    assert "not given" not in doses  # another zone may receive most: it is the same measure


def test_a_removed_point_counts_in_punctures(alma: Client, plan: Plan) -> None:
    gone = next(iter(points_of(plan)))
    assert sent(alma, plan, {"op": "remove", "points": [gone]}).status_code == 200
    row = next(one for one in rows(shown(alma, plan.course)) if one[2] == "removed")
    assert row[0] == f"Point {gone} of Malar, right"
    assert row[3] == f"Malar, right, no. {gone}"
    assert "(−1)" in row[4]


def test_swapped_the_same_point_comes_back(alma: Client, plan: Plan) -> None:
    gone = next(iter(points_of(plan)))
    sent(alma, plan, {"op": "remove", "points": [gone]})
    page = shown(alma, plan.course, f"draft-{plan.pk}", f"proposal-{plan.pk}")
    assert [one[1:4] for one in rows(page) if "(+1)" in one[4]] == [
        ["11 points", "12 points", f"Malar, right, no. {gone}"]
    ]


def test_a_draft_after_a_revision_is_compared_with_it_first(alma: Client, signed: Plan, dermatologist: User) -> None:
    draft = actions.start_revision(plan=signed, by=dermatologist)
    page = shown(alma, signed.course)
    assert options(page) == ["proposal", "revision", "draft"]
    assert picked(page) == ["revision-1", f"draft-{draft.pk}"]
    assert "Revision 1, signed" in page
    assert rows(page) == []


def test_a_revision_alone_is_compared_with_its_proposal(alma: Client, signed: Plan) -> None:
    assert picked(shown(alma, signed.course)) == [f"proposal-{signed.pk}", "revision-1"]


def test_two_histories_are_told(alma: Client, signed: Plan, dermatologist: User) -> None:
    row = signed.assessment
    changed = {**row.case, "patient": {**row.case["patient"], "weight": "70 kg"}}
    actions.save_assessment(assessment=row, version=row.version, case=changed, by=dermatologist)
    actions.start_revision(plan=signed, by=dermatologist)
    assert "The assessment differs between the two." in shown(alma, signed.course)


def test_the_same_on_both_sides_is_said(alma: Client, plan: Plan) -> None:
    key = f"draft-{plan.pk}"
    assert "No difference: the same plan is chosen on both sides." in shown(alma, plan.course, key, key)


@pytest.mark.parametrize("key", ["revision-9", "draft-x", "<b>", "proposal-0"])
def test_a_name_that_the_course_does_not_have(alma: Client, plan: Plan, key: str) -> None:
    page = shown(alma, plan.course, after=key, status=404)
    assert "The address names a plan that this course does not have." in page
    assert options(page) == ["proposal", "draft"]
    assert "<b>" not in page.partition("<main")[2].partition("<form")[0]


def test_an_assessment_that_is_being_changed_says_what_to_mend(alma: Client, plan: Plan, dermatologist: User) -> None:
    row = plan.assessment
    actions.save_assessment(assessment=row, version=row.version, case={**row.case, "goals": []}, by=dermatologist)
    page = shown(alma, plan.course, status=422)
    assert "The two cannot be compared" in page
    assert f"/assessments/{row.pk}" in page


def test_a_course_without_a_plan(alma: Client, course: Course) -> None:
    assert "This course has no plan yet" in shown(alma, course)


@pytest.mark.parametrize(
    ("role", "status"),
    [("dermatologist", 200), ("nurse", 200), ("front_desk", 403), ("manager", 403), ("auditor", 403)],
)
def test_who_may_compare(browser_of: BrowserOf, plan: Plan, role: str, status: int) -> None:
    answer = browser_of(role).get(address(plan.course))
    assert answer.status_code == status
    looks = AuditEntry.objects.filter(act="see", thing=f"comparison of course {plan.course_id}")
    assert looks.count() == (1 if status == 200 else 0)


def test_reading_only(alma: Client, plan: Plan) -> None:
    assert alma.post(address(plan.course)).status_code == 405


def test_the_patient_page_leads_here(alma: Client, signed: Plan, dermatologist: User) -> None:
    draft = actions.start_revision(plan=signed, by=dermatologist)
    page = alma.get(f"/patients/{signed.course.patient.ref}").content.decode()
    assert address(signed.course, after=f"draft-{draft.pk}") in page
    assert address(signed.course, after="revision-1") in page


@pytest.fixture
def open_comparison(
    browser: Browser, live_server: Any, browser_of: Callable[[str], Client], plan: Plan
) -> Iterator[Callable[..., Page]]:
    """The page in a browser, with or without scripts. Any error fails the test."""
    contexts, said = [], []

    def open_(wide: int, look: Any = "light", scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": wide, "height": 900},
            color_scheme=look,
            java_script_enabled=scripts,
        )
        contexts.append(context)
        session = browser_of("dermatologist").cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(address(plan.course))
        return page

    yield open_
    for context in contexts:
        context.close()
    assert said == []


@pytest.mark.django_db(transaction=True)
def test_without_scripts_a_form_chooses_the_two(open_comparison: Callable[..., Page], plan: Plan) -> None:
    page = open_comparison(1024, scripts=False)
    page.get_by_label("Before", exact=True).select_option(f"draft-{plan.pk}")
    page.get_by_label("Now", exact=True).select_option(f"proposal-{plan.pk}")
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url(f"**/compare?before=draft-{plan.pk}&after=proposal-{plan.pk}")
    assert "No difference." in page.locator("main").inner_text()


@pytest.mark.django_db(transaction=True)
def test_axe_finds_nothing(open_comparison: Callable[..., Page], alma: Client, plan: Plan) -> None:
    posted(alma, plan, **{RIGHT_MALAR_VOLUME: "0.2"})
    for wide, look in ((1440, "light"), (390, "dark")):
        page = open_comparison(wide, look)
        assert found_by_axe(page) == [], (wide, look)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider == 0, (wide, look)
