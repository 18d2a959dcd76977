"""Every page that a role can come to, at a desk, on a tablet and a phone, light and dark: nothing for axe to find, and
nothing beyond the edge.

At the first look all rules of axe are read; at the others those that look and width decide.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses.models import Assessment
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos.models import ColourCard, PhotoSet, View
from tests.clinic.axe import found_by_axe
from tests.clinic.case_documents import melasma_case
from tests.clinic.photo_files import agreed, kept, kept_zone
from tests.clinic.plans import plan_address, started
from tests.clinic.walk import walk

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = [("desk", "light"), ("desk", "dark"), ("tablet", "light"), ("phone", "dark")]
WIDTHS = {"desk": (1440, 900), "tablet": (1024, 768), "phone": (390, 844)}
DECIDED_BY_LOOK_AND_WIDTH = ["color-contrast", "target-size", "scrollable-region-focusable", "aria-hidden-focus"]
PAGES = {
    "dermatologist": {
        "today", "patients", "new_patient", "patient", "edit_patient", "assessments:assess", "courses:proposals",
        "courses:plan", "courses:sign", "comparison:compare", "forecasts:forecast", "forecasts:new_score",
        "leaflets:leaflet", "evidence:evidence", "evidence:entry", "evidence:trials", "evidence:study",
        "drops:drops", "forecasts:own_courses", "mfa_index", "components", "photos:photos", "photos:add",
        "photos:consent", "photos:withdraw", "photos:set", "photos:delete", "photos:compare", "photos:clicks",
        "photos:card", "photos:add_zone", "photos:outline",
    },
    "manager": {"today", "patients", "patient", "evidence:evidence", "evidence:entry", "audit", "people", "new_person"},
}  # fmt: skip
"""What the walk must come to at least, so that no page is left out unseen. What a dermatologist comes to is looked at
once, as that role; Today, which is another page for each role, has a test of its own."""


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case()


@pytest.mark.parametrize("role", PAGES)
def test_axe_finds_nothing_on_any_page(
    role: str,
    browser: Browser,
    live_server: Any,
    browser_of: Callable[[str], Client],
    assessment: Assessment,
    patient: Patient,
    settings: Any,
    dermatologist: User,
    tmp_path: Path,
) -> None:
    settings.DEMO = True  # the gallery of components
    settings.PHOTOS = tmp_path
    agreed(patient, dermatologist)
    photo_set = kept(patient, dermatologist, [View.FRONT, View.RIGHT_OBLIQUE])
    PhotoSet.objects.filter(pk=photo_set.pk).update(colour_card=ColourCard.GREY)
    kept(patient, dermatologist, grey=True)
    kept_zone(patient, dermatologist, outlined=True)
    plan = started(browser_of("dermatologist"), assessment)
    client = browser_of(role)
    starts = ["/today", f"/patients/{patient.ref}"]
    if role == "dermatologist":
        starts += [plan_address(plan), f"/patients/{patient.ref}/assess", f"/patients/{patient.ref}/edit"]
    found: dict[str, str] = {}
    for read in walk(client, *starts):
        found.setdefault(read.view, read.address)
    assert PAGES[role] <= set(found)
    if role != "dermatologist":
        found = {view: address for view, address in found.items() if view not in PAGES["dermatologist"]}

    context = browser.new_context(base_url=live_server.url, reduced_motion="reduce")
    cookie = client.cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    wrong = [line for view, address in found.items() for line in looked_at(page, view, address)]
    context.close()
    assert wrong == [], "\n".join(wrong)


def looked_at(page: Page, view: str, address: str) -> list[str]:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(address)
    if page.locator("#plan-editor").count():
        page.wait_for_selector("#plan-editor.is-live .ed-point")
    wrong = []
    for index, (width, look) in enumerate(LOOKS):
        wide, high = WIDTHS[width]
        page.set_viewport_size({"width": wide, "height": high})
        page.emulate_media(color_scheme="dark" if look == "dark" else "light")
        broken = found_by_axe(page, DECIDED_BY_LOOK_AND_WIDTH if index else ())
        wrong += [f"{view}, {width}, {look}: {line}" for line in broken]
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            wrong.append(f"{view}, {width}: {over} pixels beyond the edge")
    return wrong
