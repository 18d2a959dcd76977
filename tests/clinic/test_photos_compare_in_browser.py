"""Before and after as it is used: the divide by keys, by pointer and without script; nothing for axe to find."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos.models import PhotoSet, Purpose
from tests.clinic.photo_files import agreed
from tests.clinic.photo_visits import TURNED, jpeg, two_visits
from tests.clinic.test_every_page_with_axe import looked_at

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.django_db(transaction=True)
Pair = tuple[PhotoSet, PhotoSet]
Opener = Callable[..., "Page"]


@pytest.fixture(autouse=True)
def _agreed(patient: Patient, dermatologist: User, settings: Any, tmp_path: Path) -> None:
    settings.PHOTOS = tmp_path
    agreed(patient, dermatologist, (Purpose.PLANNING, Purpose.BEFORE_AFTER))


@pytest.fixture
def opened(
    browser: Browser, live_server: Any, browser_of: Callable[[str], Client], patient: Patient
) -> Iterator[Opener]:
    contexts: list[BrowserContext] = []

    def open_it(**settings: Any) -> Page:
        context = browser.new_context(base_url=live_server.url, reduced_motion="reduce", **settings)
        contexts.append(context)
        cookie = browser_of("nurse").cookies["sessionid"]
        context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"/patients/{patient.ref}/photos/compare")
        page.wait_for_load_state("networkidle")
        return page

    yield open_it
    for context in contexts:
        context.close()


def cut_at(page: Page) -> float:
    """Where the later photo begins, as a share of the width."""
    cut = page.locator(".pair .later").evaluate("one => getComputedStyle(one).clipPath")
    box = page.locator(".pair .later").bounding_box()
    assert box is not None
    last = cut.removesuffix(")").split()[-1]
    return float(last.rstrip("%")) / 100 if last.endswith("%") else float(last.removesuffix("px")) / box["width"]


def test_the_divide_moves_by_keys_and_by_pointer(opened: Opener, patient: Patient, dermatologist: User) -> None:
    two_visits(patient, dermatologist)
    page = opened(viewport={"width": 1280, "height": 900})
    divide = page.get_by_role("slider")
    assert cut_at(page) == pytest.approx(0.5)
    divide.press("End")
    assert cut_at(page) == pytest.approx(1.0)
    divide.press("Home")
    divide.press("ArrowRight")
    assert cut_at(page) == pytest.approx(0.01)
    box = page.locator(".pair .later").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.3 * box["height"])
    assert cut_at(page) == pytest.approx(0.75, abs=0.015)
    images = page.locator(".compare image").evaluate_all(
        "all => Promise.all(all.map(one => fetch(one.href.baseVal).then(a => a.blob()).then(createImageBitmap)"
        ".then(b => b.width)))"
    )
    assert len(images) == 6
    assert len(set(images)) == 1
    page.get_by_role("radio", name="Redness").check(force=True)
    assert page.locator(".change.redness").is_visible()
    assert not page.locator(".pair").is_visible()


def test_a_finger_moves_it_on_a_phone(opened: Opener, patient: Patient, dermatologist: User) -> None:
    two_visits(patient, dermatologist)
    page = opened(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    box = page.locator(".pair .later").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + 0.2 * box["width"], box["y"] + 0.5 * box["height"])
    assert cut_at(page) == pytest.approx(0.2, abs=0.02)


def test_without_script_both_stand_side_by_side(opened: Opener, patient: Patient, dermatologist: User) -> None:
    two_visits(patient, dermatologist)
    page = opened(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    first, second = (page.locator(f".pair .{name} svg").bounding_box() for name in ("earlier", "later"))
    assert first is not None
    assert second is not None
    assert first["x"] + first["width"] <= second["x"]
    assert first["width"] == pytest.approx(second["width"])
    assert not page.locator("[type=range]").is_visible()
    assert not page.locator(".by-slider").is_visible()
    page.locator('[name="way"][value="lightness"]').check(force=True)
    assert page.locator(".change.lightness").is_visible()


@pytest.mark.parametrize("turned", [False, True])
def test_axe_finds_nothing_whether_compared_or_refused(
    opened: Opener, patient: Patient, dermatologist: User, turned: bool
) -> None:
    two_visits(patient, dermatologist, jpeg(TURNED) if turned else None)
    page = opened()
    if not turned:
        page.get_by_role("radio", name="Redness").check(force=True)
    assert looked_at(page, "compare", f"{page.url}#compare") == []
