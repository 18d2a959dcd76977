"""Photos in a browser: consent, three photos, zones, the face of the plan; and without script, by keys, on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses.models import Assessment
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos.models import Photo, View
from tests.clinic.case_documents import melasma_case
from tests.clinic.photo_files import ALL, agreed, face_jpeg, grey_jpeg, kept

BrowserOf = Callable[[str], Client]
PageOf = Callable[..., Any]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _photos_in(settings: Any, tmp_path: Path) -> None:
    settings.PHOTOS = tmp_path / "photos"


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case()


@pytest.fixture
def page_of(browser: Any, live_server: Any, browser_of: BrowserOf) -> Any:
    """`page_of("nurse", java_script_enabled=False)`: a page in which somebody is logged in."""
    contexts = []

    def page(role: str, **options: Any) -> Any:
        context = browser.new_context(base_url=live_server.url, reduced_motion="reduce", **options)
        context.set_default_timeout(10_000)
        cookie = browser_of(role).cookies["sessionid"]
        context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
        contexts.append(context)
        return context.new_page()

    yield page
    for context in contexts:
        context.close()


def chosen(page: Any, tmp_path: Path, files: dict[View, bytes]) -> None:
    for view, content in files.items():
        path = tmp_path / f"{view.value}.jpg"
        path.write_bytes(content)
        page.locator(f"#id_{view.value}").set_input_files(path)


def test_from_consent_to_the_face_of_the_plan(
    page_of: PageOf, patient: Patient, assessment: Assessment, tmp_path: Path
) -> None:
    from playwright.sync_api import expect

    page = page_of("dermatologist", viewport={"width": 1440, "height": 900})
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"/patients/{patient.ref}")
    page.get_by_role("link", name="Record consent").click()
    page.get_by_label("Planning the treatment").check()
    page.get_by_role("button", name="Record consent").click()
    expect(page.get_by_role("heading", name="Add photos")).to_be_visible()

    chosen(page, tmp_path, {view: face_jpeg(view) for view in ALL})
    page.get_by_role("textbox", name="Distance of the pupils").fill("63")
    page.get_by_role("button", name="Keep and measure").click()
    page.wait_for_url("**/photo-sets/*")
    expect(page.get_by_role("row").filter(has_text="Temple, left")).to_contain_text("Left oblique")

    page.get_by_role("link", name="Malar, right").click()
    outline = page.locator("#front-malar-right path:not(.halo)")
    expect(outline).to_have_css("fill", "rgba(255, 255, 255, 0.28)")
    page.get_by_label("None").check()
    expect(page.locator("#front-chin")).to_be_hidden()
    expect(page.locator("#front-malar-right")).to_be_visible()

    page.get_by_role("button", name="Use this face for planning").click()
    page.wait_for_url("**/assess")
    expect(page.get_by_text("from 3 photos, scale by measured pupils")).to_be_visible()
    page.get_by_role("button", name="Back to the template").click()
    expect(page.get_by_text("The next proposals are made on the template.")).to_be_visible()
    expect(page.get_by_role("button", name="Back to the template")).to_have_count(0)
    assert wrong == []


def test_while_it_is_measured_it_says_so_and_a_refusal_leaves_the_chosen_files(
    page_of: PageOf, patient: Patient, dermatologist: User, tmp_path: Path
) -> None:
    from playwright.sync_api import expect

    agreed(patient, dermatologist)
    page = page_of("nurse")
    page.goto(f"/patients/{patient.ref}/photos/add")
    words = page.get_by_text("Reading and measuring.")
    expect(words).to_be_hidden()
    held: list[Any] = []
    page.route("**/photos/add", lambda route: held.append(route))
    chosen(page, tmp_path, {View.FRONT: b"%PDF-1.7"})
    page.get_by_role("textbox", name="Side of the sticker").fill("20")
    with page.expect_request("**/photos/add"):
        page.get_by_role("button", name="Keep and measure").click()
    expect(words).to_be_visible()
    held[0].continue_()
    expect(page.get_by_role("heading", name="Nothing was kept")).to_be_visible()
    expect(page.locator("#told-front")).to_contain_text("This is a PDF.")
    expect(words).to_be_hidden()
    assert page.locator("#id_front").evaluate("input => input.files[0].name") == "front.jpg"
    assert page.get_by_role("textbox", name="Side of the sticker").input_value() == "20"


def test_without_script_photos_are_added_and_six_points_set(
    page_of: PageOf, patient: Patient, dermatologist: User, tmp_path: Path
) -> None:
    from playwright.sync_api import expect

    agreed(patient, dermatologist)
    page = page_of("nurse", java_script_enabled=False, viewport={"width": 1440, "height": 900})
    page.goto(f"/patients/{patient.ref}/photos/add")
    chosen(page, tmp_path, {View.FRONT: grey_jpeg(1000, 1200)})
    page.get_by_role("button", name="Keep and measure").click()
    page.wait_for_url("**/photo-sets/*")
    page.get_by_role("link", name="Set six points by hand").click()
    for x, y in ((225, 262), (278, 268), (362, 268), (415, 262), (320, 370), (320, 520)):
        page.locator("input[type=image]").click(position={"x": x, "y": y})
        page.wait_for_load_state()
    expect(page.get_by_role("heading", name="All six points are set")).to_be_visible()
    page.get_by_role("button", name="Undo the last point").click()
    expect(page.get_by_role("heading", name="Point to: Lowest point of the chin")).to_be_visible()
    page.locator("input[type=image]").click(position={"x": 320, "y": 520})
    page.get_by_role("button", name="Keep these points").click()
    expect(page.get_by_text("Laid on by six points")).to_be_visible()
    assert len(Photo.objects.get().clicks) == 6


def test_a_point_is_set_and_moved_by_keys(page_of: PageOf, patient: Patient, dermatologist: User) -> None:
    from playwright.sync_api import expect

    agreed(patient, dermatologist)
    photo = kept(patient, dermatologist, grey=True).photos.get()
    page = page_of("nurse")
    page.goto(f"/photos/{photo.address}/clicks")
    page.locator("input[type=image]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Point to: Inner corner of the right eye")).to_be_visible()
    middle = page.locator("input[name=places]").input_value()
    page.get_by_role("button", name="Right", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("input[name=places]")).not_to_have_value(middle)


def test_on_a_phone_nothing_lies_beyond_the_edge(page_of: PageOf, patient: Patient, dermatologist: User) -> None:
    agreed(patient, dermatologist)
    photo_set, grey = kept(patient, dermatologist, ALL), kept(patient, dermatologist, grey=True)
    page = page_of("nurse", viewport={"width": 320, "height": 700})
    home = f"/patients/{patient.ref}"
    consent = f"{home}/photos/consent/{patient.photo_consents.get().pk}/withdraw"
    addresses = [home, f"{home}/photos", f"{home}/photos/add", f"{home}/photos/consent", consent]
    addresses += [f"/photo-sets/{photo_set.address}", f"/photos/{photo_set.photos.all()[0].address}/delete"]
    addresses += [f"/photos/{grey.photos.get().address}/clicks", f"/photo-sets/{grey.address}"]
    for address in addresses:
        page.goto(address)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, address
