"""The live editor in a browser: by mouse, by touch and by keys alone; stale figures, lost networks, two people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from mesoplan.clinic.courses.models import Assessment, Plan
from tests.clinic.axe import found_by_axe
from tests.clinic.case_documents import melasma_case
from tests.clinic.editing import points_of, sent
from tests.clinic.plans import plan_address, started

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.django_db(transaction=True)
BrowserOf = Callable[[str], "Client"]
WIDTHS = {"desk": (1440, 900), "tablet": (1024, 768), "phone": (390, 844)}


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case()


@pytest.fixture
def plan(browser_of: BrowserOf, assessment: Assessment) -> Plan:
    return started(browser_of("dermatologist"), assessment)


@pytest.fixture
def editor(
    browser: Browser, live_server: Any, browser_of: Callable[[str], Client], plan: Plan
) -> Iterator[Callable[..., Page]]:
    """The plan's page of somebody who is logged in, live. An error of a script fails the test."""
    contexts, said = [], []

    def open_(role: str = "dermatologist", width: str = "desk", look: Any = "light", touch: bool = False) -> Page:
        wide, high = WIDTHS[width]
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": wide, "height": high}, color_scheme=look, has_touch=touch
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        session = browser_of(role).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(plan_address(plan))
        page.wait_for_selector("#plan-editor.is-live")
        page.wait_for_selector(".ed-point")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert said == []


def ring(page: Page, number: str, view: str = "front") -> tuple[float, float]:
    """Where the middle of a point is on the screen."""
    box = page.locator(f'[data-view="{view}"] .ed-point[data-id="{number}"] .mp-map-point-ring').bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def settled(page: Page) -> None:
    """Wait until no change is on its way."""
    page.wait_for_selector("#follows-inner:not([aria-busy])")


def drag(page: Page, number: str, right: float, down: float) -> None:
    x, y = ring(page, number)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2, steps=3)
    page.mouse.move(x + right, y + down, steps=3)
    page.mouse.up()


def test_a_point_is_dragged_removed_added_and_all_is_taken_back(editor: Callable[..., Page], plan: Plan) -> None:
    from playwright.sync_api import expect

    page = editor()
    before = points_of(plan)
    drag(page, "5", 9, 6)
    expect(page.locator(".ed-note")).to_contain_text("Moved 1")
    assert points_of(plan)["5"]["origin"] == "moved"
    assert points_of(plan)["5"]["at"] != before["5"]["at"]
    expect(page.locator(".ed-words")).to_contain_text("Point 5 selected · Malar, right")

    page.keyboard.press("x")
    expect(page.locator(".ed-note")).to_contain_text("Removed 1")
    assert "5" not in points_of(plan)
    expect(page.locator("#plan-acts")).to_contain_text("1 change")

    page.locator(".ed-note").get_by_role("button", name="Undo: remove").click()
    expect(page.locator(".ed-note")).to_contain_text("Undone")
    page.locator("#ed-undo").click()
    expect(page.locator(".ed-note")).to_contain_text("Undone: move")
    settled(page)
    assert points_of(plan) == before
    page.locator("#ed-redo").click()
    expect(page.locator(".ed-note")).to_contain_text("Done again")

    page.locator(".ed-tools").get_by_role("button", name="Add").click()
    x, y = ring(page, "6")
    page.mouse.click(x + 14, y + 12)
    expect(page.locator(".ed-note")).to_contain_text("Added 1")
    assert len(points_of(plan)) == len(before) + 1


def test_by_keys_alone_a_point_is_found_moved_and_its_place_is_spoken(editor: Callable[..., Page], plan: Plan) -> None:
    from playwright.sync_api import expect

    page = editor()
    before = points_of(plan)
    stops = 0
    while not page.evaluate("document.activeElement.matches('.ed-list')"):
        page.keyboard.press("Tab")
        stops += 1
        assert stops < 120
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".ed-list")).to_have_attribute("aria-activedescendant", "ed-point-2")
    expect(page.locator("#ed-point-2")).to_contain_text("Point 2, Malar, right")
    page.keyboard.press("Space")
    expect(page.locator("#ed-point-2")).to_have_attribute("aria-selected", "true")

    page.keyboard.press("m")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Alt+ArrowLeft")
    expect(page.locator("#say")).to_contain_text("right of the midline")
    expect(page.locator("#say")).to_contain_text("below the pupils")
    page.keyboard.press("Escape")
    settled(page)
    assert points_of(plan) == before

    page.keyboard.press("m")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".ed-note")).to_contain_text("Moved 1")
    assert points_of(plan)["2"]["origin"] == "moved"
    page.keyboard.press("a")
    expect(page.locator(".ed-note")).to_contain_text("Added 1")
    page.keyboard.press("Delete")
    expect(page.locator(".ed-note")).to_contain_text("Removed 1")
    for _ in range(3):
        page.keyboard.press("z")
        settled(page)
    assert points_of(plan) == before
    page.keyboard.press("Shift+Z")
    settled(page)
    assert points_of(plan)["2"]["origin"] == "moved"
    assert page.evaluate("document.activeElement.matches('.ed-list')")


def test_by_finger_a_point_is_tapped_moved_by_a_tap_and_by_the_pad(editor: Callable[..., Page], plan: Plan) -> None:
    from playwright.sync_api import expect

    page = editor(width="tablet", touch=True)
    # The sheets lie over the foot of the window: the zone comes above them.
    page.evaluate("document.querySelector('.front [data-id=\"8\"]').scrollIntoView({ block: 'center' })")
    page.get_by_role("button", name="Zoom in").tap()
    page.get_by_role("button", name="Fit").tap()
    page.touchscreen.tap(*ring(page, "8"))
    if "Point 8" not in page.locator(".ed-words").inner_text():  # two under one finger: the first tap came nearer
        page.touchscreen.tap(*ring(page, "8"))
    expect(page.locator(".ed-words")).to_contain_text("Point 8 selected")
    page.locator(".ed-tools").get_by_role("button", name="Move", exact=True).tap()
    x, y = ring(page, "8")
    page.touchscreen.tap(x + 12, y - 25)
    expect(page.locator(".ed-note")).to_contain_text("Moved 1")
    moved = points_of(plan)["8"]
    page.get_by_role("button", name="Move 1.0 mm up").tap()
    page.get_by_role("button", name="Move 1.0 mm up").tap()
    settled(page)
    assert points_of(plan)["8"] != moved
    for tool in page.locator(".ed-tools button").all():
        box = tool.bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_a_box_and_shift_select_several_and_all_of_a_zone_move_at_once(editor: Callable[..., Page], plan: Plan) -> None:
    from playwright.sync_api import expect

    page = editor()
    page.locator(".ed-tools").get_by_role("button", name="Box").click()
    (x1, y1), (x2, y2) = ring(page, "1"), ring(page, "3")
    page.mouse.move(x1 - 12, y1 - 12)
    page.mouse.down()
    page.mouse.move(x2 + 8, y2 + 8, steps=4)
    page.mouse.up()
    expect(page.locator(".ed-words")).to_contain_text("3 points selected")
    page.keyboard.down("Shift")
    page.mouse.click(*ring(page, "6"))
    page.keyboard.up("Shift")
    expect(page.locator(".ed-words")).to_contain_text("4 points selected")
    page.locator(".ed-foot").get_by_role("button", name="All in zone").click()
    expect(page.locator(".ed-words")).to_contain_text(f"{len(points_of(plan))} points selected")
    page.get_by_role("button", name="Move 1.0 mm down").click()
    expect(page.locator(".ed-note")).to_contain_text("Moved 12")


def test_a_field_is_an_operation_and_what_is_out_of_range_stays_and_is_not_sent(
    editor: Callable[..., Page], plan: Plan
) -> None:
    from playwright.sync_api import expect

    page = editor()
    volume = page.locator("#id_volume_per_point_malar-right")
    volume.fill("0,04")
    volume.press("Tab")
    expect(page.locator(".ed-note")).to_contain_text("volume per point of Malar, right")
    expect(page.locator("#plan-acts")).to_contain_text("1 change")
    plan.refresh_from_db()
    assert plan.plan["placements"][0]["volume_per_point"]["value"] == 0.04
    version = plan.version
    volume = page.locator("#id_volume_per_point_malar-right")
    volume.fill("9 mL")
    volume.press("Tab")
    expect(page.locator(".ed-mend")).to_contain_text("You wrote 9")
    expect(volume).to_have_value("9 mL")
    plan.refresh_from_db()
    assert plan.version == version
    inserted = plan.plan["placements"][0]["inserted"]["value"]
    page.locator("#id_inserted_malar-right").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    settled(page)
    plan.refresh_from_db()
    assert plan.plan["placements"][0]["inserted"]["value"] == inserted - 1.0
    assert page.evaluate("document.activeElement.id") == "id_inserted_malar-right"


def test_a_lattice_is_shown_as_a_ghost_before_it_is_renewed(editor: Callable[..., Page], plan: Plan) -> None:
    from playwright.sync_api import expect

    page = editor()
    drag(page, "5", 6, 6)
    settled(page)
    spacing = page.locator("#id_spacing_malar-right")
    spacing.fill("7")
    spacing.press("Tab")
    expect(page.locator("#ed-renewal")).to_contain_text("12 → ")
    expect(page.locator("#ed-renewal")).to_contain_text("eeps 1 hand edit")
    expect(page.locator(".front .ed-ghost").nth(12)).to_be_attached()
    page.get_by_role("button", name="Leave").click()
    expect(page.locator(".ed-ghost")).to_have_count(0)
    expect(spacing).to_have_value("10.0")
    assert len(points_of(plan)) == 12
    spacing.fill("7")
    spacing.press("Tab")
    page.get_by_role("button", name="Renew and keep hand edits").click()
    expect(page.locator(".ed-note")).to_contain_text("lattice of Malar, right")
    points = points_of(plan)
    assert len(points) > 12
    assert points["5"]["origin"] == "moved"
    page.locator("#ed-undo").click()
    settled(page)
    assert len(points_of(plan)) == 12


def test_without_a_network_changes_wait_and_survive_a_reload(editor: Callable[..., Page], plan: Plan) -> None:
    from playwright.sync_api import expect

    page = editor()
    page.route("**/operations", lambda route: route.abort())
    drag(page, "5", 6, 6)
    expect(page.locator(".ed-band")).to_contain_text("Not checked since")
    page.keyboard.press("Escape")
    drag(page, "6", 6, 6)
    expect(page.locator(".ed-band")).to_contain_text("1 change waits")
    assert points_of(plan)["5"]["origin"] == "lattice"
    page.unroute("**/operations")
    page.reload()
    page.wait_for_selector("#plan-editor.is-live")
    settled(page)
    expect(page.locator("#plan-editor")).to_be_visible()
    page.wait_for_timeout(400)
    assert points_of(plan)["5"]["origin"] == "moved"
    assert points_of(plan)["6"]["origin"] == "moved"


def test_two_people_never_overwrite_each_other(editor: Callable[..., Page], plan: Plan, browser_of: BrowserOf) -> None:
    from playwright.sync_api import expect

    page = editor()
    other = browser_of("dermatologist")
    sent(other, plan, {"op": "shift", "points": ["5"], "right_mm": 2, "up_mm": -2}, client="other", base=0)
    theirs = points_of(plan)["5"]
    drag(page, "5", 6, 6)
    expect(page.locator(".ed-refusal")).to_contain_text("at the same time")
    assert points_of(plan)["5"] == theirs
    page.get_by_role("button", name="Make my change again on theirs").click()
    expect(page.locator(".ed-note")).to_contain_text("Moved 1")
    assert points_of(plan)["5"] != theirs


def test_a_finding_and_its_points_show_each_other(editor: Callable[..., Page]) -> None:
    from playwright.sync_api import expect

    page = editor()
    card = page.locator(".finding:has(.letter)").first
    card.hover()
    expect(page.locator(".front .is-linked").first).to_be_attached()
    letter = card.locator(".letter").inner_text()[-1]
    assert letter in page.locator(".front .ed-pin").all_inner_texts() or page.locator(".front .ed-pin").count() > 0
    card.get_by_role("button", name="Show").click()
    expect(page.locator(".ed-words")).to_contain_text("selected")
    assert page.locator(".ed-percent").inner_text() != "100 %"


def test_zoom_keeps_symbols_their_size_and_layers_are_remembered(editor: Callable[..., Page]) -> None:
    page = editor()
    size = page.locator('.front [data-id="5"] .mp-map-point-ring').bounding_box()
    page.get_by_role("button", name="Zoom in").click()
    page.get_by_role("button", name="Zoom in").click()
    bigger = page.locator('.front [data-id="5"] .mp-map-point-ring').bounding_box()
    assert size is not None
    assert bigger is not None
    assert abs(size["width"] - bigger["width"]) < 1
    assert page.locator(".ed-percent").inner_text() == "225 %"
    page.locator("[data-layer=danger]").click()
    page.reload()
    page.wait_for_selector("#plan-editor.is-live")
    assert page.locator("[data-layer=danger]").get_attribute("aria-pressed") == "false"


def test_a_nurse_reads_selects_and_zooms_and_has_no_tools_that_change(editor: Callable[..., Page]) -> None:
    from playwright.sync_api import expect

    page = editor(role="nurse")
    expect(page.locator(".ed-tools").get_by_role("button", name="Remove")).to_have_count(0)
    page.mouse.click(*ring(page, "5"))
    expect(page.locator(".ed-words")).to_contain_text("Point 5 selected")
    page.keyboard.press("x")
    expect(page.locator(".front .ed-point")).not_to_have_count(0)


@pytest.mark.parametrize("width", ["desk", "tablet", "phone"])
@pytest.mark.parametrize("look", ["light", "dark"])
def test_axe_finds_nothing(editor: Callable[..., Page], width: str, look: str) -> None:
    page = editor(width=width, look=look)
    if width != "phone":  # which reads only
        page.locator(".ed-foot").get_by_role("button", name="All in zone").click()
    assert found_by_axe(page) == []


def test_own_script_stays_under_a_hundred_kilobytes(project: Any) -> None:
    """On the page that has most of it; assessment, timeline and photos have their own beside what all pages share."""
    own = {one: one.stat().st_size for one in (project / "src/mesoplan/clinic").rglob("*.js")}
    on_the_plan_page = [size for one, size in own.items() if one.parent.name in ("js", "editor")]
    assert sum(on_the_plan_page) <= 100_000
    assert sum(own.values()) <= 105_000


def test_an_oblique_becomes_the_large_view_and_is_worked_in(editor: Callable[..., Page], plan: Plan) -> None:
    from playwright.sync_api import expect

    page = editor()
    page.get_by_role("button", name=re.compile("^Right oblique")).click()
    assert page.locator("figure.is-large svg.mp-map").get_attribute("data-view") == "right-oblique"
    x, y = ring(page, "8", "right-oblique")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 8, y + 6, steps=4)
    page.mouse.up()
    expect(page.locator(".ed-note")).to_contain_text("Moved 1")
    assert points_of(plan)["8"]["origin"] == "moved"
    assert page.locator("figure:not(.is-large) svg.mp-map").first.get_attribute("data-view") == "front"


def test_a_session_that_ended_in_mid_edit_asks_for_the_log_in_and_loses_nothing(
    editor: Callable[..., Page], plan: Plan
) -> None:
    from playwright.sync_api import expect

    page = editor()
    page.context.clear_cookies(name="sessionid")
    drag(page, "5", 6, 6)
    dialog = page.locator("#log-in-again")
    expect(dialog).to_be_visible()
    assert points_of(plan)["5"]["origin"] == "lattice"
    dialog.get_by_label("Password").fill("a long enough phrase")
    dialog.get_by_role("button", name="Log in", exact=True).click()
    expect(page.locator(".ed-note")).to_contain_text("Moved 1")
    assert points_of(plan)["5"]["origin"] == "moved"


def test_a_plan_that_was_signed_or_void_meanwhile_says_so(
    editor: Callable[..., Page], plan: Plan, browser_of: BrowserOf
) -> None:
    from playwright.sync_api import expect

    page = editor()
    browser_of("dermatologist").post(f"{plan_address(plan)}/void", {"reason": "started twice"})
    drag(page, "5", 6, 6)
    expect(page.locator(".ed-refusal")).to_contain_text("void")
    page.get_by_role("link", name="Open the plan as it is now").click()
    page.wait_for_selector("#plan-editor.is-live")
    expect(page.locator(".ed-tools").get_by_role("button", name="Remove")).to_have_count(0)


def test_figures_that_are_on_their_way_are_shown_as_stale_and_sign_waits(
    editor: Callable[..., Page], plan: Plan
) -> None:
    from playwright.sync_api import expect

    page = editor()
    held: list[Any] = []
    page.route("**/operations", lambda route: held.append(route))
    drag(page, "5", 6, 6)
    expect(page.locator("#follows-inner")).to_have_attribute("aria-busy", "true")
    expect(page.locator(".ed-checking")).to_have_text("Checking …")
    expect(page.locator(".ed-checking")).to_contain_text("before your last change")
    page.locator("#plan-acts a.main").click()
    expect(page.locator("#say")).to_have_text("Sign waits for the figures.")
    held[0].continue_()
    page.wait_for_url("**/sign")
    assert points_of(plan)["5"]["origin"] == "moved"


def test_the_table_selects_and_removes_without_the_map(editor: Callable[..., Page], plan: Plan) -> None:
    from playwright.sync_api import expect

    page = editor()
    page.locator("summary", has_text="Points as table").click()
    page.get_by_label("Select point 5", exact=True).check()
    page.get_by_label("Select point 6", exact=True).check()
    expect(page.locator(".ed-words")).to_contain_text("2 points selected")
    page.locator(".ed-tableacts").get_by_role("button", name="Remove").click()
    expect(page.locator(".ed-note")).to_contain_text("Removed 2")
    expect(page.get_by_label("Select point 5", exact=True)).to_have_count(0)
    assert {"5", "6"}.isdisjoint(points_of(plan))


def test_the_table_that_was_closed_during_a_change_is_renewed_when_it_is_opened(
    editor: Callable[..., Page], plan: Plan
) -> None:
    from playwright.sync_api import expect

    page = editor()
    page.mouse.click(*ring(page, "5"))
    page.keyboard.press("x")
    expect(page.locator(".ed-note")).to_contain_text("Removed 1")
    summary = page.locator("summary", has_text="Points as table")
    expect(summary).to_contain_text("23")
    summary.click()
    expect(page.get_by_label("Select point 5", exact=True)).to_have_count(0)
    expect(page.locator(".ed-tick")).to_have_count(23)


def test_all_danger_structures_are_a_layer_of_their_own(editor: Callable[..., Page]) -> None:
    from playwright.sync_api import expect

    page = editor()
    hidden = page.locator(".front [data-structure]")
    assert hidden.count() > 5
    expect(hidden.first).to_be_hidden()
    toggle = page.get_by_role("button", name="All structures")
    expect(toggle).to_have_attribute("aria-pressed", "false")
    toggle.click()
    expect(hidden.first).to_be_visible()
    assert hidden.first.locator("title").text_content(), "each says what it is"
    page.reload()
    page.wait_for_selector("#plan-editor.is-live")
    expect(page.locator(".front [data-structure]").first).to_be_visible()
