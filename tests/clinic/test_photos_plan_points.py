"""The points of the plan on the photos of another visit: on the same skin, and only where that is seen."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses.models import Assessment, Plan
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos import actions as photos
from mesoplan.clinic.photos.measuring import mesh_on
from mesoplan.clinic.photos.models import PhotoSet, View
from mesoplan.imaging.face_template import load_face_template
from tests.clinic.case_documents import melasma_case
from tests.clinic.photo_files import agreed, kept
from tests.clinic.plans import started

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[str], Client]
POINT = re.compile(r'<circle cx="(-?\d+)" cy="(-?\d+)" r="\d+"></circle><text[^>]*>(\w+)</text>')


@pytest.fixture
def case() -> object:
    return melasma_case()


@pytest.fixture
def visits(patient: Patient, dermatologist: User) -> tuple[PhotoSet, PhotoSet]:
    agreed(patient, dermatologist)
    return kept(patient, dermatologist, (View.FRONT,)), kept(patient, dermatologist, tuple(View))


@pytest.fixture
def plan(visits: tuple[PhotoSet, PhotoSet], assessment: Assessment, dermatologist: User, browser_of: BrowserOf) -> Plan:
    photos.use_face(photo_set=visits[0], by=dermatologist)
    assessment.refresh_from_db()
    return started(browser_of("dermatologist"), assessment)


def drawn(page: str, view: View) -> dict[str, tuple[float, float]]:
    """Number and pixel of each point on one photo of the page."""
    part = page[page.index(f'id="title-{view.value}"') :]
    part = part[: part.index("</svg>")]
    return {label: (float(x), float(y)) for x, y, label in POINT.findall(part)}


def test_they_lie_on_the_same_skin_of_every_visit(
    plan: Plan, visits: tuple[PhotoSet, PhotoSet], browser_of: BrowserOf
) -> None:
    points = [point for placement in plan.plan["placements"] for point in placement["points"]]
    for visit in visits:
        page = browser_of("nurse").get(reverse("photos:set", args=[visit.address])).content.decode()
        assert "Points of the draft" in page
        for photo in visit.photos.all():
            shown, mesh = drawn(page, View(photo.view)), mesh_on(photo)
            assert mesh is not None
            for point in points:
                corners = mesh.points_px[load_face_template().triangles[point["at"]["triangle"]], :2]
                expected = tuple(np.array(point["at"]["weights"]) @ corners)
                assert shown.get(point["id"], expected) == pytest.approx(expected, abs=0.6)
            if photo.view == View.FRONT:
                assert len(shown) == len(points)


def test_skin_that_is_turned_away_shows_no_point(
    plan: Plan, visits: tuple[PhotoSet, PhotoSet], browser_of: BrowserOf
) -> None:
    page = browser_of("nurse").get(reverse("photos:set", args=[visits[1].address])).content.decode()
    right, left = (
        next(one["points"] for one in plan.plan["placements"] if one["zone"] == f"malar-{side}")
        for side in ("right", "left")
    )
    shown = drawn(page, View.RIGHT_OBLIQUE)
    assert all(point["id"] in shown for point in right)
    assert sum(point["id"] in shown for point in left) < len(left) / 2


def test_without_a_plan_nothing_is_offered(visits: tuple[PhotoSet, PhotoSet], browser_of: BrowserOf) -> None:
    page = browser_of("nurse").get(reverse("photos:set", args=[visits[0].address])).content.decode()
    assert "plan-points" not in page
    assert 'name="points"' not in page
