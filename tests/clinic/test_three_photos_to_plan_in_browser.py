"""From three photos to a plan on the own face, in the steps of a dermatologist, and its points at the next visit."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from mesoplan.clinic.courses.models import Assessment, Plan
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos.models import View
from tests.clinic.case_documents import melasma_case
from tests.clinic.photo_files import face_jpeg

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FilePayload, Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case()


def _add_photos(page: Page, patient: Patient) -> None:
    page.goto(f"/patients/{patient.ref}/photos/add")
    for view in View:
        file: FilePayload = {"name": f"{view.value}.jpg", "mimeType": "image/jpeg", "buffer": face_jpeg(view)}
        page.locator(f"#id_{view.value}").set_input_files(file)
    page.get_by_role("textbox", name="pupils").fill("63")
    page.get_by_role("button", name="Keep and measure").click()
    page.wait_for_url("**/photo-sets/*")


def test_a_plan_on_the_own_face_within_a_minute(
    browser: Browser, live_server: Any, browser_of: Callable[[str], Client], patient: Patient, assessment: Assessment
) -> None:
    from playwright.sync_api import expect

    context = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(30_000)
    session = browser_of("dermatologist").cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    for view in View:
        face_jpeg(view)  # the camera's work, not hers
    began = time.monotonic()

    page.goto(f"/patients/{patient.ref}/photos/consent")
    for box in page.locator("input[name=purposes]").all():
        box.check()
    page.get_by_role("button", name="Record consent").click()
    _add_photos(page, patient)
    expect(page.get_by_role("table")).to_contain_text("±")
    page.get_by_role("button", name="Use this face for planning").click()
    page.wait_for_url("**/assess")
    expect(page.get_by_role("main")).to_contain_text("own face", ignore_case=True)
    page.get_by_role("button", name="Propose plans").click()
    page.wait_for_url("**/proposals")
    page.get_by_role("button", name="Start a plan from this").first.click()
    page.wait_for_url("**/plans/*")
    page.wait_for_selector("#plan-editor.is-live .ed-point")
    assert time.monotonic() - began < 60
    expect(page.locator("image.mp-map-photo")).to_have_count(3)
    expect(page.locator("#set-inner")).to_contain_text("±")
    plan = Plan.objects.get()
    assert {one["area_source"] for one in plan.plan["placements"]} == {"own-face"}

    _add_photos(page, patient)
    page.get_by_label("Points of the draft").check()
    shown = page.locator("svg:has(#title-front) .plan-points circle")
    expect(shown).to_have_count(sum(len(one["points"]) for one in plan.plan["placements"]))
    expect(shown.first).to_be_visible()
    context.close()
