"""The whole walk in a browser: a new patient, the assessment, proposals, a changed plan, the signature, the sheet."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import pytest

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.chain import verify
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.courses.models import Revision

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def _log_in(page: Page) -> None:
    page.goto("/")
    page.get_by_label("E-mail").fill("dermatologist@clinic.test")
    page.get_by_label("Password").fill("a long enough phrase")
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**/today")


def _new_patient(page: Page) -> None:
    page.get_by_role("link", name="New patient").click()
    page.get_by_label("Full name").fill("Moretti, Giulia")
    page.get_by_label("Date of birth").fill("1987-03-03")
    page.get_by_label("Sex at birth").select_option(label="Female")
    page.get_by_role("button", name="Add patient").click()
    page.wait_for_url("**/patients/P*")


def _assess(page: Page) -> None:
    """Fill the assessment with mouse and keys, as it is filled with a patient in the chair."""
    from playwright.sync_api import expect

    page.get_by_role("link", name="Assess").first.click()
    page.get_by_label("Aim").select_option(label="Melasma")
    for zone in ("malar-right", "malar-left", "chin"):
        page.locator(f"input[value='{zone}']").first.check(force=True)
    page.get_by_role("textbox", name="Weight").fill("62")
    page.get_by_role("textbox", name="Face width").fill("138")
    page.get_by_role("textbox", name="Face width").press("Tab")
    page.get_by_label("III", exact=True).check(force=True)
    page.get_by_label("Rules of").select_option(label="United States")
    page.wait_for_load_state("networkidle")
    for kind in ("condition", "circumstance", "allergy", "medication", "procedure"):
        page.locator(f"#act-{kind}").click()
        expect(page.locator(f"#act-{kind}", has_text="Answer No to the")).to_have_count(0)
        page.wait_for_load_state("networkidle")
    expect(page.get_by_text("0 open", exact=True).first).to_be_visible()
    page.locator("[id='id_score.masi.forehead.a.0']").focus()
    page.keyboard.type("322432")
    page.keyboard.press("r")
    page.locator("[id='id_score.masi.chin.a.0']").focus()
    page.keyboard.type("221")
    expect(page.get_by_role("region", name="Score")).to_contain_text("16.2 of 48")
    page.wait_for_load_state("networkidle")


def _propose_and_start(page: Page) -> None:
    page.get_by_role("button", name="Propose plans").click()
    page.wait_for_url("**/proposals")
    page.get_by_role("button", name="Start a plan from this").first.click()
    page.wait_for_url("**/plans/*")


def _change(page: Page) -> None:
    """Take less in each point of the first zone: too big a volume is refused and kept, a fitting one is saved."""
    from playwright.sync_api import expect

    volume = page.locator("details.zone[open] input[name^=volume_per_point]").first
    volume.fill("9 mL")
    volume.press("Tab")
    expect(page.get_by_text("You wrote 9", exact=False).first).to_be_visible()
    volume = page.locator("details.zone[open] input[name^=volume_per_point]").first
    volume.fill("0,04 mL")
    volume.press("Tab")
    expect(page.get_by_text("1 change", exact=False).first).to_be_visible()


def _sign(page: Page) -> None:
    from playwright.sync_api import expect

    page.get_by_role("link", name=re.compile("^Sign")).click()
    page.wait_for_url("**/sign")
    for reason in page.locator("textarea").all():
        reason.fill("Discussed with the patient today; she accepts it and will report.")
    page.get_by_label("Password again").fill("not my phrase")
    page.get_by_role("button", name=re.compile("^Sign revision 1")).click()
    expect(page.get_by_label("Printed name")).to_have_value("Dr Alma Weiss")
    page.get_by_label("Password again").fill("a long enough phrase")
    page.get_by_role("button", name=re.compile("^Sign revision 1")).click()
    page.wait_for_url(re.compile(r"/plans/\d+$"))
    expect(page.get_by_text("Signed", exact=False).first).to_be_visible()


@pytest.mark.django_db(transaction=True)
def test_from_log_in_to_the_signed_sheet(browser: Browser, live_server: Any, people: dict[Any, User]) -> None:
    from pypdf import PdfReader

    context = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(10_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    _log_in(page)
    _new_patient(page)
    _assess(page)
    _propose_and_start(page)
    _change(page)
    _sign(page)
    sheet = page.request.get(page.get_by_role("link", name="Print").get_attribute("href") or "")
    text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(sheet.body())).pages)
    context.close()
    assert errors == []
    assert "Dr Alma Weiss" in text
    assert "Moretti, Giulia" in text
    assert "DRAFT" not in text
    revision = Revision.objects.get()
    assert revision.content["placements"][0]["volume_per_point"] == {"value": 0.04, "unit": "mL"}
    assert revision.content_hash[:8] in text
    acts = set(AuditEntry.objects.values_list("act", flat=True))
    assert {"add_patient", "start_assessment", "keep_proposals", "start_plan", "save_draft", "sign_plan"} <= acts
    assert verify().whole
