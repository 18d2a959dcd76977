"""The pages of trials: all of an aim side by side, and one study; for whoever logs in, in four languages."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.evidence.links import entry_link
from mesoplan.clinic.evidence.trial_words import DIRECTIONS, FLAGS, GROUNDS, GROUPS
from mesoplan.knowledge.schema.trials import Flag, Group
from mesoplan.planning.trial_effects import Ground
from mesoplan.planning.trial_evidence import trial_evidence
from mesoplan.workflow import Role

BrowserOf = Callable[[str], Client]
MELASMA = "/evidence/aims/melasma/trials"
KARRABI = "/evidence/trials/karrabi2021"


@pytest.fixture
def browser(browser_of: BrowserOf) -> Client:
    return browser_of("dermatologist")


def read(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_every_group_doubt_and_ground_has_its_word() -> None:
    assert set(GROUPS) == {group.value for group in Group}
    assert set(FLAGS) == {flag.value for flag in Flag}
    assert set(GROUNDS) == {ground.value for ground in Ground}
    assert set(DIRECTIONS) == {"positive", "negative", "neutral", "mixed"}


@pytest.mark.parametrize("path", [MELASMA, KARRABI, f"{MELASMA}.csv"])
@pytest.mark.parametrize("role", [role.value for role in Role])
def test_everyone_who_logs_in_reads(role: str, path: str, browser_of: BrowserOf) -> None:
    assert browser_of(role).get(path).status_code == 200


@pytest.mark.parametrize("path", [MELASMA, KARRABI, f"{MELASMA}.csv"])
def test_nobody_reads_without_logging_in(path: str, client: Client, db: None) -> None:
    assert client.get(path).status_code == 302


@pytest.mark.parametrize(
    "path", ["/evidence/aims/melasm/trials", "/evidence/aims/melasm/trials.csv", "/evidence/trials/made-up"]
)
def test_what_is_not_there_is_said_so(path: str, browser: Client) -> None:
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("aim", sorted(knowledge_base.current().aims))
def test_the_page_of_every_aim_opens_with_whole_figures(aim: str, browser: Client) -> None:
    page = read(browser, reverse("evidence:trials", args=[aim]))
    assert not re.search(r"\b(nan|inf)\b", page, re.IGNORECASE)
    assert "Against, without benefit, or mixed" in page


def test_every_arm_of_the_plot_leads_to_its_study_and_the_study_to_its_source(browser: Client) -> None:
    page = read(browser, MELASMA)
    plot = page[page.index('class="forest"') : page.index("The figures as a table")]
    for effect in trial_evidence("melasma", knowledge_base.current()).effects:
        assert f'href="{entry_link("trials", effect.study.id)}"' in plot
    assert f'href="{entry_link("sources", "karrabi2021")}"' in read(browser, KARRABI)


def test_the_range_for_a_new_clinic_and_the_contradiction_stand_on_the_page(browser: Client) -> None:
    page = read(browser, MELASMA)
    for said in (
        "A new clinic must expect (95 %)", "−93 … +204\u00a0%", "Published summaries contradict one another.",
        "Panchal 2024", "Chen 2024", "How much of it the control shows too",
    ):  # fmt: skip
        assert said in page


def test_what_speaks_against_is_as_visible_as_what_speaks_for(browser: Client) -> None:
    page = read(browser, reverse("evidence:trials", args=["cellulite"]))
    against = page[page.index('id="against-head"') :]
    assert "neither girth nor fat" in against


def test_a_study_shows_regimen_figures_doubts_and_how_they_were_inferred(browser: Client) -> None:
    page = read(browser, KARRABI)
    for said in (
        "0.05\u00a0mL", "10.43 ± 2.69", "7.03 ± 3.19", "−47\u00a0% (−52 … −41\u00a0%)", "week inferred",
        "The abstract says third visit", "54 patients in all", "Review",
    ):  # fmt: skip
        assert said in page


def test_a_study_without_figures_says_so(browser: Client) -> None:
    assert "No figure of this arm was seen" in read(browser, "/evidence/trials/elfar2015")


def test_a_review_can_be_asked_for_on_a_figure(browser: Client) -> None:
    assert 'id="review"' in read(browser, f"{KARRABI}?review=arms.1.observations.1")


def test_the_rows_of_the_plot_are_data(browser: Client) -> None:
    answer = browser.get(f"{MELASMA}.csv")
    assert answer["Content-Disposition"].startswith('attachment; filename="trials-melasma-')
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert len(rows) == len(trial_evidence("melasma", knowledge_base.current()).effects)
    lee = next(row for row in rows if row["study"] == "lee2006")
    assert lee["sources"] == "lee2006"
    assert float(lee["low_percent"]) < float(lee["change_percent"]) < float(lee["high_percent"])


def test_aims_and_the_list_of_trials_lead_here(browser: Client) -> None:
    for path in ("/evidence/aims/melasma", "/evidence?kind=trials", KARRABI):
        assert f'href="{MELASMA}"' in read(browser, path)


@pytest.mark.parametrize(
    ("language", "said", "study"),
    [
        ("fr", "Acide tranexamique, injecté", "Moyenne"),
        ("it", "Acido tranexamico, iniettato", "Media"),
        ("es", "Ácido tranexámico, inyectado", "Reservas"),
    ],
)
def test_the_pages_in_the_language_of_the_reader(
    browser: Client, dermatologist: User, language: str, said: str, study: str
) -> None:
    User.objects.filter(pk=dermatologist.pk).update(language=language)
    page = read(browser, MELASMA)
    assert f'<html lang="{language}"' in page
    assert said in page
    assert '<a href="/evidence/trials/lee2006" class="row active" lang="en"' in page
    assert study in read(browser, KARRABI)
