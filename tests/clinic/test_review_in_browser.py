"""A review in a browser: by keyboard, without script, at every width and in both looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.evidence.actions import review_value
from mesoplan.clinic.evidence.cited_values import value_sha256, values_of
from mesoplan.clinic.evidence.models import ValueReview, Verdict
from mesoplan.workflow import Role
from tests.clinic.axe import found_by_axe

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser, Page

ENTRY = ("compounds", "tranexamic-acid")
PATH = "/evidence/compounds/tranexamic-acid"
WIDTHS = {"desk": (1440, 900), "tablet": (1024, 768), "phone": (390, 844), "narrow": (320, 640)}
REASON = "The label says 10 mg/mL, not what stands here."


@pytest.fixture
def open_page(browser: Browser, live_server: Any, browser_of: Callable[[str], Client]) -> Iterator[Callable[..., Page]]:
    """A page of the logged-in dermatologist. Any message of the console and any error fails the test."""
    contexts, said = [], []

    def open_(path: str, width: str = "desk", look: Any = "light", script: bool = True) -> Page:
        wide, high = WIDTHS[width]
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": wide, "height": high},
            color_scheme=look,
            has_touch=width != "desk",
            java_script_enabled=script,
        )
        contexts.append(context)
        session = browser_of("dermatologist").cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert said == []


@pytest.fixture
def reviews(people: dict[Role, User]) -> None:
    """One of each kind: confirmed with a note, disagreed, lapsed, and one that a later review replaced."""
    knowledge = knowledge_base.current()
    paths = list(values_of(*ENTRY, knowledge))
    said = [
        (paths[0], Verdict.CONFIRM, "Read in the label of 2024."),
        (paths[1], Verdict.CONFIRM, ""),
        (paths[1], Verdict.DISAGREE, REASON),
        (next(path for path in paths if path.startswith("evidence")), Verdict.CONFIRM, ""),
    ]
    for path, verdict, reason in said:
        review_value(
            kind=ENTRY[0],
            entry_id=ENTRY[1],
            path=path,
            shown_sha256=value_sha256(values_of(*ENTRY, knowledge)[path]),
            verdict=verdict,
            reason=reason,
            knowledge=knowledge,
            by=people[Role.DERMATOLOGIST],
        )
    ValueReview.objects.create(
        kind=ENTRY[0],
        entry_id=ENTRY[1],
        path=paths[2],
        value_sha256="0" * 64,
        knowledge_release="2026.10",
        verdict=Verdict.CONFIRM,
        reviewed_by=people[Role.DERMATOLOGIST],
    )


@pytest.mark.django_db(transaction=True)
def test_a_value_is_reviewed_and_taken_back_by_keyboard_alone(open_page: Callable[..., Page]) -> None:
    from playwright.sync_api import expect

    page = open_page(PATH)
    page.get_by_role("link", name="Review Limits 1", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("form", name="Review: Limits 1")).to_be_in_viewport()
    page.keyboard.press("Tab")  # the form is the target of the address: Tab goes on from there
    expect(page.get_by_label("Confirm: the source says this")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.get_by_label("In your own words")).to_be_focused()
    page.keyboard.type("no")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#tomend")).to_contain_text("You wrote 2.")
    expect(page.get_by_label("In your own words")).to_have_value("no")
    page.get_by_label("In your own words").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(REASON)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#value-limits-1")).to_contain_text("disagreed in this clinic by Dr Alma Weiss")
    expect(page.locator("#value-limits-1")).to_be_in_viewport()
    page.get_by_role("button", name="Take back your review of Limits 1").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#value-limits-1 .held")).to_have_count(0)
    expect(page.locator("#value-limits-1")).to_contain_text("2 earlier")


@pytest.mark.django_db(transaction=True)
def test_it_works_without_script(open_page: Callable[..., Page]) -> None:
    from playwright.sync_api import expect

    page = open_page(PATH, script=False)
    page.get_by_role("link", name="Review Limits 1", exact=True).click()
    page.get_by_label("Confirm: the source says this").check()
    page.get_by_role("button", name="Keep this review").click()
    expect(page.locator("#value-limits-1")).to_contain_text("confirmed in this clinic by Dr Alma Weiss")
    page.goto("/evidence")
    page.get_by_label("Values, as reviewed").select_option("confirmed")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("#results tbody tr")).to_have_count(1)
    expect(page.locator("#results")).to_contain_text("1 confirmed")


@pytest.mark.django_db(transaction=True)
def test_the_filter_swaps_the_list_and_the_address_keeps_it(open_page: Callable[..., Page], reviews: None) -> None:
    from playwright.sync_api import expect

    page = open_page("/evidence")
    page.get_by_label("Values, as reviewed").select_option("disagreed")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    expect(page.locator("#say")).to_have_text("1 entry")
    page.wait_for_url("**review=disagreed**")
    page.reload()
    expect(page.locator("#results tbody tr")).to_have_count(1)
    expect(page.get_by_label("Values, as reviewed")).to_have_value("disagreed")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways(open_page: Callable[..., Page], reviews: None, width: str) -> None:
    page = open_page(PATH, width=width)
    for path in (PATH, f"{PATH}?review=limits.1#review", "/evidence?review=confirmed", "/evidence?kind=compounds"):
        page.goto(path)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider == 0, path


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "look"), [("desk", "light"), ("phone", "dark")])
def test_axe_finds_nothing(open_page: Callable[..., Page], reviews: None, look: str, width: str) -> None:
    page = open_page(PATH, look=look, width=width)
    for path in (PATH, f"{PATH}?review=limits.1", f"{PATH}?review=evidence.2", "/evidence?review=open&kind=compounds"):
        page.goto(path)
        assert found_by_axe(page) == [], path
    page.goto(f"{PATH}?review=limits.1")
    page.get_by_role("button", name="Keep this review").click()
    page.locator("#tomend").wait_for()
    assert found_by_axe(page) == [], "refused"
