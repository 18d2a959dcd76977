"""The states of the editor for a checker of accessibility: each tab, an outline, a ghost, a refusal, sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest

from mesoplan.clinic.courses.models import Plan
from tests.clinic.axe import found_by_axe
from tests.clinic.live_editor import OpenPlan, case, drag, field, open_plan, plan, ring, settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

__all__ = ["case", "open_plan", "plan"]
pytestmark = pytest.mark.django_db(transaction=True)
LOOKS: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def violations(page: Page, state: str) -> dict[str, Any]:
    """What is found in a state, in light and in dark; empty where nothing is."""
    found = {}
    for look in LOOKS:
        # Colours on their way from one look to the other are not what anybody reads.
        page.emulate_media(color_scheme=look, reduced_motion="reduce")
        if wrong := found_by_axe(page):
            found[f"{state}, {look}"] = wrong
    return found


def desk_states(page: Page) -> Iterator[str]:
    """The page is brought into each state, one after the other."""
    for tab in ("Recipe", "Schedule", "Why", "Placement"):
        page.locator("#set-inner").get_by_role("tab", name=tab).click()
        yield f"tab {tab}"
    page.mouse.click(*ring(page, "5"))
    page.keyboard.press("s")
    page.wait_for_selector(".front .ed-corner")
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    yield "shape"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    (x7, y7), (x8, y8) = ring(page, "7"), ring(page, "8")
    drag(page, "7", (x8 - x7) * 0.6, (y8 - y7) * 0.6)
    page.wait_for_selector(".front .ed-close")
    settled(page)
    field(page, "spacing").fill("7")
    field(page, "spacing").press("Tab")
    page.wait_for_selector("#ed-renewal")
    yield "ghost of a renewal, a pair too near"
    page.get_by_role("button", name="Leave").click()
    field(page, "volume_per_point").fill("9")
    field(page, "volume_per_point").press("Tab")
    page.wait_for_selector(".ed-mend")
    page.locator(".ed-list").focus()
    page.evaluate(
        """() => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", "300 300");
          const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
          document.activeElement.dispatchEvent(event);
        }"""
    )
    page.wait_for_selector(".ed-refusal:not([hidden])")
    yield "refusal, a field to mend"
    page.context.set_offline(True)
    page.get_by_role("button", name="Move 1.0 mm down").click()
    page.wait_for_selector(".ed-band:not([hidden])")
    yield "no network"
    page.context.set_offline(False)


def test_axe_finds_nothing_in_any_state_at_a_desk(open_plan: OpenPlan, plan: Plan) -> None:
    page = open_plan()
    found: dict[str, Any] = {}
    for state in desk_states(page):
        found |= violations(page, state)
    assert found == {}


def test_axe_finds_nothing_on_a_tablet_with_a_sheet_drawn_up(open_plan: OpenPlan, plan: Plan) -> None:
    page = open_plan(width="tablet", has_touch=True)
    found = violations(page, "sheets down")
    for sheet in ("set", "follows"):
        page.locator(f"[data-opens={sheet}]:visible").tap()
        page.wait_for_selector(f".{sheet}.is-up")
        page.wait_for_timeout(300)  # the sheet is on its way up
        assert page.locator(f"[data-opens={sheet}]:visible").get_attribute("aria-expanded") == "true"
        found |= violations(page, f"sheet {sheet}")
    assert page.locator(".is-up").count() == 1, "one sheet at a time"
    assert found == {}
