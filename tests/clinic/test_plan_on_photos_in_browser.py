"""The plan on the patient's own photos: the map lies on them, points are moved there, and stay on the same skin."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses.faces import drawn_face
from mesoplan.clinic.courses.models import Assessment, Plan
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos import actions as photos
from mesoplan.clinic.photos.models import View
from mesoplan.domain.case import Case
from mesoplan.domain.face import FaceView
from mesoplan.imaging.face_view import see_places
from mesoplan.imaging.placement import FacePoints
from tests.clinic.axe import found_by_axe
from tests.clinic.editing import points_of
from tests.clinic.live_editor import OpenPlan, case, drag, open_plan, ring, settled
from tests.clinic.photo_files import agreed, kept
from tests.clinic.plans import started

__all__ = ["case", "open_plan"]
pytestmark = pytest.mark.django_db(transaction=True)
SIDES = {View.RIGHT_OBLIQUE: "right-oblique", View.LEFT_OBLIQUE: "left-oblique"}


@pytest.fixture
def plan(browser_of: Any, assessment: Assessment, patient: Patient, dermatologist: User) -> Plan:
    """A plan on the face of three photos."""
    agreed(patient, dermatologist)
    photo_set = kept(patient, dermatologist, tuple(View))
    photos.use_face(photo_set=photo_set, by=dermatologist)
    assessment.refresh_from_db()
    return started(browser_of("dermatologist"), assessment)


def case_of(plan: Plan) -> Case:
    return Case.model_validate(plan.assessment.case)


def test_each_view_lies_on_its_photo_and_areas_say_what_they_may_be_off_by(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    for view in ("front", "right-oblique", "left-oblique"):
        image = page.locator(f'svg[data-view="{view}"] image.mp-map-photo')
        expect(image).to_have_count(1)
        size = page.evaluate(
            "href => fetch(href).then(a => a.blob()).then(createImageBitmap).then(b => b.width)",
            image.get_attribute("href"),
        )
        assert size > 400, "the photo itself is behind that address"
    assert page.locator(".mp-map-clay").count() == 0, "no head is drawn where a photo is"
    expect(page.locator("#set-inner")).to_contain_text("±")
    expect(page.locator("#set-inner")).to_contain_text("the patient’s own face")
    assert found_by_axe(page) == []


def test_a_point_is_moved_on_the_photo_and_is_on_the_same_skin_in_every_view(open_plan: OpenPlan, plan: Plan) -> None:
    page = open_plan()
    before = points_of(plan)["5"]
    x, y = ring(page, "5")
    drag(page, "5", 14, 9)
    settled(page)
    now_x, now_y = ring(page, "5")
    assert (now_x - x, now_y - y) == pytest.approx((14, 9), abs=2.5)
    after = points_of(plan)["5"]
    assert after["origin"] == "moved"
    assert after["at"] != before["at"]
    plan.refresh_from_db()
    face, at = drawn_face(case_of(plan)), after["at"]
    place = FacePoints.of([(at["triangle"], tuple(at["weights"]))])
    seen = see_places(FaceView.FRONT, place.triangles, place.weights, face)
    drawn = page.locator('.front .ed-point[data-id="5"]').get_attribute("transform") or ""
    numbers = drawn.removeprefix("translate(").split(")")[0].split()
    assert (float(numbers[0]), -float(numbers[1])) == pytest.approx(tuple(seen.xy_mm[0]), abs=0.02)


def test_when_consent_is_withdrawn_the_map_has_no_photo_any_more(
    open_plan: OpenPlan, plan: Plan, patient: Patient, dermatologist: User
) -> None:
    page = open_plan()
    assert page.locator("image.mp-map-photo").count() == 3
    consent = patient.photo_consents.get()
    photos.withdraw_consent(consent=consent, withdrawn_on=consent.given_on, delete=False, by=dermatologist)
    page.reload()
    page.wait_for_selector("#plan-editor.is-live")
    assert page.locator("image.mp-map-photo").count() == 0
    assert page.locator(".ed-point").count() > 0


def test_the_paper_carries_the_picture(browser_of: Any, plan: Plan) -> None:
    import io

    from pypdf import PdfReader

    answer = browser_of("dermatologist").get(reverse("courses:sheet", args=[plan.pk]))
    assert answer.status_code == 200
    reader = PdfReader(io.BytesIO(answer.content))
    sizes = [image.image.size for page in reader.pages for image in page.images if image.image]
    assert max(width for width, _ in sizes) > 400
