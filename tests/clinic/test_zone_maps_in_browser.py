"""Zones are chosen on a drawing as well as by name: a press ticks the box, the box is seen on the drawing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from mesoplan.clinic.patients.models import Patient
from mesoplan.imaging.zone_map import Figure, regions_of

from .assessing import send, stored

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = {"desk": (1440, 900), "tablet": (768, 1024), "phone": (360, 740)}
LEAST_PX = 24


@pytest.fixture
def open_page(
    browser: Browser, live_server: Any, browser_of: Callable[[str], Client], patient: Patient
) -> Iterator[Callable[..., Page]]:
    """The assessment with an aim chosen."""
    contexts = []

    def open_(aim: str, width: str = "desk", look: Any = "light", *, script: bool = True) -> Page:
        client = browser_of("dermatologist")
        send(client, patient, goal__0__aim=aim)
        size: Any = dict(zip(("width", "height"), WIDTHS[width], strict=True))
        context = browser.new_context(
            base_url=live_server.url,
            viewport=size,
            color_scheme=look,
            has_touch=width != "desk",
            java_script_enabled=script,
        )
        contexts.append(context)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"/patients/{patient.ref}/assess")
        return page

    yield open_
    for context in contexts:
        context.close()


def fill(page: Page, zone: str) -> float:
    return float(page.locator(f"[data-zone={zone}]").first.evaluate("e => getComputedStyle(e).fillOpacity"))


def press(page: Page, zone: str) -> None:
    """In the middle of the box around the shape."""
    page.locator(f"[data-zone={zone}]").first.click()


@pytest.mark.parametrize(
    ("aim", "zone", "other"), [("cellulite", "thigh-back-right", "thigh-back-left"), ("melasma", "chin", "forehead")]
)
def test_a_press_ticks_the_box_and_another_takes_it_back(
    open_page: Callable[..., Page], patient: Patient, aim: str, zone: str, other: str
) -> None:
    from playwright.sync_api import expect

    page = open_page(aim)
    box = page.locator(f"[name='goal.0.zones'][value={zone}]")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        press(page, zone)
    expect(box).to_be_checked()
    assert stored(patient)["goals"][0]["zones"] == [zone]
    page.mouse.move(0, 0)
    page.wait_for_timeout(200)
    assert fill(page, zone) > 3 * fill(page, other)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        press(page, zone)
    expect(box).not_to_be_checked()
    assert stored(patient)["goals"][0]["zones"] == []


def test_a_box_that_is_ticked_by_key_is_seen_on_the_drawing(open_page: Callable[..., Page]) -> None:
    page = open_page("cellulite")
    before = fill(page, "abdomen")
    box = page.locator("[name='goal.0.zones'][value=abdomen]")
    box.focus()
    box.press("Space")
    page.wait_for_timeout(200)
    assert fill(page, "abdomen") > 3 * before


def test_without_script_the_drawing_shows_what_is_ticked(open_page: Callable[..., Page]) -> None:
    page = open_page("cellulite", script=False)
    page.locator("[name='goal.0.zones'][value=abdomen]").check(force=True)
    page.screenshot()  # so that the change of look is over
    box = page.locator(".zone-maps")
    assert box.get_attribute("aria-hidden") == "true"
    assert page.locator(".zones:has([value=abdomen]:checked) [data-zone=abdomen]").count() == 1


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("aim", ["texture", "cellulite", "submental-fat"])
def test_every_region_is_large_enough_and_is_hit_inside_of_itself(
    open_page: Callable[..., Page], width: str, aim: str
) -> None:
    page = open_page(aim, width)
    page.locator(".zone-maps").scroll_into_view_if_needed()
    sizes = page.locator(".zone-maps [data-zone]").evaluate_all(
        "all => all.map(e => { const b = e.getBoundingClientRect(); return [e.dataset.zone, b.width, b.height] })"
    )
    assert sizes
    assert [each for each in sizes if min(each[1:]) < LEAST_PX] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_right_and_left_are_the_patients(open_page: Callable[..., Page]) -> None:
    page = open_page("cellulite")

    def x(figure: str, zone: str) -> float:
        return float(page.locator(f".mp-zone-map-{figure} [data-zone={zone}]").bounding_box()["x"])  # type: ignore[index]

    assert x("front", "thigh-front-right") < x("front", "thigh-front-left")
    assert x("back", "buttock-right") > x("back", "buttock-left")
    letters = page.locator(".mp-zone-map-back text").all_text_contents()
    assert letters[:2] == ["L", "R"]
    assert set(regions_of(Figure.FRONT)) & set(regions_of(Figure.BACK)) == {
        f"{zone}-{side}" for zone in ("flank", "thigh-outer") for side in ("right", "left")
    }
