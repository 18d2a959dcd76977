"""Where drops land: what the page says of a setting, who may read it, and that its address is all there is."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from mesoplan.clinic.audit.models import AuditEntry

BrowserOf = Callable[[str], Client]
MOVED = {"HX-Request": "true", "HX-Target": "drop", "HX-Trigger": "setting"}


@pytest.fixture
def browser(browser_of: BrowserOf) -> Client:
    return browser_of("nurse")


def read(browser: Client, address: str = "/drops", **headers: str) -> str:
    """What is read on a page, without marks."""
    page = browser.get(address, headers=headers).content.decode()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).replace("\u00a0", " ").split())


@pytest.mark.parametrize("role", ["dermatologist", "nurse"])
def test_clinical_roles_read(role: str, browser_of: BrowserOf) -> None:
    assert browser_of(role).get("/drops").status_code == 200


@pytest.mark.parametrize("role", ["front_desk", "pharmacist", "manager", "auditor"])
@pytest.mark.parametrize("address", ["/drops", "/drops/reach", "/drops/later"])
def test_other_roles_do_not(role: str, address: str, browser_of: BrowserOf) -> None:
    answer = browser_of(role).get(address)
    assert answer.status_code == 403
    assert "skin" not in answer.content.decode().lower().replace("data-look", "")


@pytest.mark.parametrize("address", ["/drops", "/drops/reach", "/drops/later"])
def test_nobody_reads_without_logging_in(address: str, client: Client, db: None) -> None:
    assert client.get(address).status_code == 302


def test_30g_at_30_degrees_on_a_forehead_in_one_look(browser: Client) -> None:
    page = read(browser, "/drops?whole=1")
    assert "Forehead: 30 G, 4 mm at 30° × 4.0 mm" in page
    assert re.search(r"Tip 2\.0 mm \(1\.\d–2\.\d\)", page)
    assert re.search(r"epidermis under 1 % dermis \d+ % fat \d+ %", page)
    assert re.search(r"Greatest chance of the dermis: \d+° × \d\.\d mm , over 99 %\.", page)
    assert re.search(r"\d+ % \(\d+–\d+\) , \d+ to \d+ of the dermis gets at least half of its mean exposure", page)
    assert re.search(r"Half of it is gone after \d\.\d h \(\d\.\d–\d\.\d\)", page)
    assert "nothing here predicts the clinical effect" in page


def test_every_figure_of_the_reach_has_its_ground(browser: Client) -> None:
    page = read(browser)
    ground = page[page.index("What this rests on") :]
    for what in ("Diffusion in the deep dermis", "Clearance in the deep dermis", "Porosity"):
        assert what in ground
    assert "assumed" in ground


def test_the_address_holds_the_setting(browser: Client) -> None:
    page = read(
        browser, "/drops?zone=chin&sex=male&age=60&angle=15&length=2.5&volume=0.03&spacing=8&pattern=triangular"
    )
    assert "Chin: 30 G, 4 mm at 15° × 2.5 mm" in page
    assert "Tip 0.6 mm" in page


def test_a_plan_prefills_sex_age_and_thickness_and_names_nobody(browser: Client) -> None:
    page = browser.get("/drops?zone=malar-left&sex=male&age=52&thickness=2.1").content.decode()
    assert re.search(r'name="thickness" value="2\.1"', page)
    assert re.search(r'value="malar-right" selected', page)
    assert "as measured, with the spread of the instrument" in page


def test_a_move_answers_with_the_pictures_and_the_address(browser: Client) -> None:
    answer = browser.get("/drops?angle=12&length=2&zone=forehead", headers=MOVED)
    assert answer["HX-Replace-Url"] == "/drops?angle=12&length=2"
    page = answer.content.decode()
    assert "<html" not in page
    assert "30 G, 4 mm at 12° × 2.0 mm" in unescape(page).replace("\u00a0", " ")
    assert 'hx-trigger="load delay' in page


def test_intervals_come_as_a_second_answer(browser: Client) -> None:
    first, second = read(browser, "/drops?angle=12&length=2"), read(browser, "/drops/reach?angle=12&length=2")
    assert re.search(r"about \d+ % of the dermis", first)
    assert re.search(r"\d+ % \(\d+–\d+\)", second)


@pytest.mark.parametrize(
    ("solute", "told"), [("tranexamic-acid", "mg/L ("), ("hyaluronic-acid", "– kinetics not known")]
)
def test_the_blood_is_told_where_the_bodys_kinetics_are_known(solute: str, told: str, browser: Client) -> None:
    page = read(browser, f"/drops/reach?solute={solute}")
    assert told in page[page.index("Peak in blood") :]


def test_a_toxic_level_stands_beside_the_peak_where_one_has_a_source(browser: Client) -> None:
    assert "toxic from 25 mg/L" in read(browser, "/drops/reach?solute=caffeine")
    assert "toxic from" not in read(browser, "/drops/reach?solute=tranexamic-acid")


def test_a_zone_that_takes_no_injection_says_so(browser: Client) -> None:
    assert "No injection is planned in this zone" in read(browser, "/drops?zone=lips")


def test_what_the_drawing_does_not_say_stands_as_a_note(browser: Client) -> None:
    assert "the bevel is not under the skin" in read(browser, "/drops?length=1")
    assert "The tip passes the depth of 3.0 mm" in read(browser, "/drops?angle=90&length=4")


def test_nothing_is_stored_and_nothing_is_noted(browser: Client) -> None:
    before = AuditEntry.objects.count()
    read(browser, "/drops?whole=1")
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    ("language", "known"),
    [
        ("fr", ["Où vont les gouttes", "Couche visée", "30° × 4,0 mm"]),
        ("it", ["Dove vanno le gocce", "Strato mirato", "30° × 4,0 mm"]),
        ("es", ["Dónde caen las gotas", "Capa buscada", "30° × 4,0 mm"]),
    ],
)
def test_in_the_readers_language(language: str, known: list[str], browser: Client) -> None:
    browser.cookies["language"] = language
    answer = browser.get("/drops?whole=1", headers={"Accept-Language": language})
    page = unescape(answer.content.decode()).replace("\u00a0", " ")
    assert f'lang="{language}"' in page
    for text in known:
        assert text in page
    # Numbers of drawings keep the point, whatever the language.
    assert not re.search(r'(?:x|y|width|height|cx|cy)="-?\d+,\d', page)
