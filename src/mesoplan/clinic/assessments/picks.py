"""What a patient has or takes that no question names: found by name, synonym or code, and listed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mesoplan.clinic.assessments.draft import LIST_OF_KIND, Document, Entry, entries, entry_of
from mesoplan.clinic.patients.fold import folded, words_of
from mesoplan.clinic.shell.vocabulary import synonyms_of, title_in, title_of
from mesoplan.domain.writing import Language
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.codes import CODE_SYSTEMS, terms_named
from mesoplan.knowledge.schema.rules import Term

MOST = 8
SHORTEST = 2
_ATC = re.compile(r"[A-Za-z]\d{2}([A-Za-z]([A-Za-z](\d{2})?)?)?")
_CODE = re.compile(rf"({'|'.join(CODE_SYSTEMS)}):\s*([A-Za-z0-9.]+)", re.IGNORECASE)
_LIST_OF_SYSTEM: Mapping[str, str] = {
    "atc": "medications", "rxnorm": "medications", "snomed": "conditions", "icd10": "conditions",
}  # fmt: skip
LIST_TITLES = {
    "conditions": gettext_lazy("condition"),
    "allergies": gettext_lazy("allergy"),
    "medications": gettext_lazy("medicine"),
    "procedures": gettext_lazy("procedure"),
}


@dataclass(frozen=True)
class Pick:
    """One thing that can be listed, with what it means to the rules."""

    id: str
    list: str
    title: str
    means: str
    listed: bool

    @property
    def kind(self) -> str:
        return str(LIST_TITLES[self.list])


@dataclass(frozen=True)
class Listed:
    """One thing that is listed beside the questions."""

    entry: Entry
    title: str
    means: str
    kind: str


def found(query: str, document: Document, knowledge: Knowledge) -> list[Pick]:
    """Terms of which every typed word begins a word, and the typed text itself where it is a code."""
    typed = query.strip()
    if len(typed) < SHORTEST:
        return []
    code = code_in(typed)
    picks = [_pick_of_code(code, document, knowledge)] if code else []
    wanted = words_of(typed)
    scored = [(_rank(term, wanted, folded(typed)), term) for term in knowledge.terms.values()]
    matching = sorted(
        ((rank, title_of("terms", term.id), term) for rank, term in scored if rank), key=lambda one: one[:2]
    )
    picks += [_pick_of_term(term, document) for _rank_, _title_, term in matching]
    return picks[:MOST]


def code_in(typed: str) -> str:
    """ "B01AF02" and "ATC: b01af02" as "atc:B01AF02"; empty if it is no code."""
    named = _CODE.fullmatch(typed)
    if named:
        return f"{named.group(1).lower()}:{named.group(2).upper()}"
    return f"atc:{typed.upper()}" if _ATC.fullmatch(typed) else ""


def list_of(reference: str, knowledge: Knowledge) -> str:
    """The list of the case that a term or code belongs in; empty if it is neither."""
    if ":" in reference:
        return _LIST_OF_SYSTEM.get(reference.split(":")[0], "") if code_in(reference) == reference else ""
    return LIST_OF_KIND[knowledge.terms[reference].kind] if reference in knowledge.terms else ""


def listed(document: Document, knowledge: Knowledge, asked: set[str]) -> list[Listed]:
    """Entries that no question of the page shows."""
    return [
        Listed(
            entry,
            _title(entry["id"], knowledge),
            _means(entry["id"], knowledge),
            str(LIST_TITLES[_list(entry, document)]),
        )
        for entry in entries(document)
        if entry["id"] not in asked
    ]


def _list(entry: Entry, document: Document) -> str:
    return next(name for name in LIST_TITLES if entry in document.get(name, ()))


def _rank(term: Term, wanted: list[str], typed: str) -> int:
    """1 for the title, 2 for a synonym, 3 for a code, 0 for no match; in the reader's language and in English."""
    if any(_begins(wanted, words_of(title)) for title in (title_of("terms", term.id), term.title)):
        return 1
    if any(_begins(wanted, words_of(synonym)) for synonym in (*synonyms_of(term.id), *term.synonyms)):
        return 2
    return 3 if any(folded(code).partition(":")[2].startswith(typed) for code in term.codes) else 0


def _begins(wanted: list[str], words: list[str]) -> bool:
    return bool(wanted) and all(any(word.startswith(one) for word in words) for one in wanted)


def _pick_of_term(term: Term, document: Document) -> Pick:
    synonyms = ", ".join(_other_names(term)[:3])
    return Pick(
        term.id, LIST_OF_KIND[term.kind], title_of("terms", term.id), synonyms, entry_of(document, term.id) is not None
    )


def _other_names(term: Term) -> tuple[str, ...]:
    """In the reader's language where the title is."""
    return term.synonyms if title_in("terms", term.id).language is Language.ENGLISH else synonyms_of(term.id)


def _pick_of_code(code: str, document: Document, knowledge: Knowledge) -> Pick:
    return Pick(code, list_of(code, knowledge), code, _means(code, knowledge), entry_of(document, code) is not None)


def _title(reference: str, knowledge: Knowledge) -> str:
    return title_of("terms", reference) if reference in knowledge.terms else reference


def _means(reference: str, knowledge: Knowledge) -> str:
    if ":" not in reference:
        return ""
    named = ", ".join(title_of("terms", term) for term in terms_named(reference, knowledge))
    return _("read as: %(terms)s") % {"terms": named} if named else _("no rule reads this code")
