"""What pages call the entries of the knowledge base, in the reader's language."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.utils.translation import override

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.shell.vocabulary import synonyms_of, title_of
from mesoplan.domain.errors import KnowledgeError


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "Nasolabial fold, right"), ("fr", "Sillon nasogénien droit"), ("it", "Solco nasolabiale destro"),
     ("es", "Surco nasogeniano derecho")],
)  # fmt: skip
def test_a_zone_is_called_in_the_language_of_the_page(language: str, title: str) -> None:
    with override(language):
        assert title_of("zones", "nasolabial-right") == title


def shown(kind: str, entry: str, part: str = "title") -> str:
    template = Template("{% load vocabulary %}{% title_of kind entry part %}")
    return str(template.render(Context({"kind": kind, "entry": entry, "part": part})))


def test_the_tag_marks_what_is_not_translated() -> None:
    rule = next(iter(knowledge_base.current().rules.values()))
    with override("fr"):
        assert shown("terms", "asthma", "question") == "Avez-vous de l’asthme\u00a0?"
        assert shown("rules", rule.id).startswith('<span lang="en" class="untranslated"')
    with override("en"):
        assert "<span" not in shown("rules", rule.id)


def test_other_names_are_those_of_the_language() -> None:
    with override("es"):
        assert "píldora" in synonyms_of("combined-contraceptive")
    with override("en"):
        assert synonyms_of("combined-contraceptive") == ()


def test_what_there_is_not_has_no_title() -> None:
    with override("fr"), pytest.raises(KnowledgeError):
        title_of("zones", "elbow")
