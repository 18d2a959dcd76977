"""The evidence room: every entry has its page, every source its address, and whoever logs in may read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.evidence.links import entry_link
from mesoplan.clinic.evidence.reading import KIND_TITLES, entry_page, used_by
from mesoplan.knowledge.cross_references import walk
from mesoplan.knowledge.kinds import KINDS
from mesoplan.knowledge.schema.citation import Cited
from mesoplan.workflow import Role

BrowserOf = Callable[[str], Client]


@pytest.fixture
def browser(browser_of: BrowserOf) -> Client:
    return browser_of("nurse")


def test_every_kind_has_a_title_and_only_known_kinds_have_one() -> None:
    assert set(KIND_TITLES) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_entry_of_every_kind_can_be_laid_out_with_all_its_values(kind: str) -> None:
    knowledge = knowledge_base.current()
    for entry_id, entry in knowledge.shelf(kind).items():
        page = entry_page(kind, entry_id, knowledge)
        cited = sum(isinstance(model, Cited) for _, model in walk(entry))
        assert len(page.values) + len(page.favour) + len(page.against) == cited, entry_id
        assert all(row.sources for row in (*page.values, *page.favour, *page.against)), entry_id


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_everyone_who_logs_in_reads(role: str, browser_of: BrowserOf) -> None:
    assert browser_of(role).get(reverse("evidence:evidence")).status_code == 200


def test_nobody_reads_without_logging_in(client: Client, db: None) -> None:
    assert client.get(reverse("evidence:evidence")).status_code == 302


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_page_of_each_kind_opens(kind: str, browser: Client) -> None:
    first = next(iter(knowledge_base.current().shelf(kind)))

    assert browser.get(entry_link(kind, first)).status_code == 200
    assert browser.get(reverse("evidence:evidence"), {"kind": kind}).status_code == 200


@pytest.mark.parametrize("path", ["/evidence/rules/made-up", "/evidence/made-up/pregnancy"])
def test_what_is_not_there_is_said_so(path: str, browser: Client) -> None:
    assert browser.get(path).status_code == 404


def test_an_entry_says_unit_ground_seen_and_review(browser: Client) -> None:
    page = browser.get(entry_link("protocols", "melasma-tranexamic-acid-weekly")).content.decode()

    for said in ("0.05\xa0mL", "trial, seen", "not yet reviewed", "For", "Against, without benefit, or mixed"):
        assert said in page


def test_a_source_links_out_without_telling_from_where(browser: Client) -> None:
    knowledge = knowledge_base.current()
    source = next(one for one in knowledge.sources.values() if one.url and one.doi)
    page = browser.get(entry_link("sources", source.id)).content.decode()

    assert f'href="https://doi.org/{source.doi}" rel="noopener noreferrer"' in page
    assert 'rel="noopener noreferrer"' in page


def test_an_entry_says_who_uses_it() -> None:
    users = {use.href for use in used_by("compounds", "tranexamic-acid", knowledge_base.current())}

    assert entry_link("protocols", "melasma-tranexamic-acid-weekly") in users


def test_the_filter_looks_through_titles_and_sentences(browser: Client) -> None:
    found = browser.get(reverse("evidence:evidence"), {"q": "infraorbital"}).content.decode()
    none = browser.get(reverse("evidence:evidence"), {"q": "zzzz"}).content.decode()

    assert "Infraorbital" in found
    assert "No entry holds these words." in none


def test_a_swap_brings_the_list_only(browser: Client) -> None:
    part = browser.get(reverse("evidence:evidence"), {"q": "lidocaine"}, headers={"HX-Request": "true"})

    assert "<html" not in part.content.decode()
    assert "Lidocaine" in part.content.decode()
