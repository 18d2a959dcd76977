"""An entry of the knowledge base laid out for a page: its values, what speaks for and against, and who uses it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, get_args

from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.evidence.links import Link, entry_link, links_to_sources
from mesoplan.clinic.evidence.reviews import NONE_HERE, EntryReviews, Here
from mesoplan.clinic.evidence.titles import title_marked, title_of
from mesoplan.clinic.evidence.words import CHOICES, basis_words, field_label, field_word, label_of
from mesoplan.clinic.shell.templatetags.mesoplan import english
from mesoplan.clinic.shell.writing import date_text, number_text, quantity_text, range_text, unit_text
from mesoplan.domain.case import Value
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.cross_references import references, walk
from mesoplan.knowledge.kinds import KINDS
from mesoplan.knowledge.schema.citation import Cited, Figure, Review, Unit
from mesoplan.knowledge.schema.compounds import Evidence
from mesoplan.knowledge.schema.trials import Outcome
from mesoplan.knowledge.validation import field_path

KIND_TITLES: dict[str, Promise] = {
    "aims": gettext_lazy("Aims"),
    "protocols": gettext_lazy("Protocols"),
    "trials": gettext_lazy("Trials"),
    "compounds": gettext_lazy("Compounds"),
    "rules": gettext_lazy("Screening rules"),
    "checks": gettext_lazy("Computed checks"),
    "pairs": gettext_lazy("Pairs in one syringe"),
    "mixing-limits": gettext_lazy("Mixing limits"),
    "regimen-limits": gettext_lazy("Limits of the search for a regimen"),
    "zones": gettext_lazy("Zones"),
    "danger-structures": gettext_lazy("Danger structures"),
    "techniques": gettext_lazy("Techniques"),
    "needles": gettext_lazy("Needles"),
    "hand-tolerances": gettext_lazy("Tolerance of the hand"),
    "instruments": gettext_lazy("Instruments"),
    "scales": gettext_lazy("Scales"),
    "jurisdictions": gettext_lazy("Jurisdictions"),
    "terms": gettext_lazy("Questions"),
    "leaflets": gettext_lazy("Texts for patients"),
    "sources": gettext_lazy("Sources"),
}
"""Every kind in the order in which a reader looks for it."""

_OF_CITED = {"basis", "seen", "sources", "review", "note", "value", "unit", "text"}
_SAYS_NOTHING = {"id", "title"}
_NAMES = {
    "aim": "aims",
    "aims": "aims",
    "compounds": "compounds",
    "zones": "zones",
    "jurisdictions": "jurisdictions",
    "items_of": "scales",
    "under": "leaflets",
}
"""Which entries the choices beside a value name."""
_AS_WRITTEN = {"a", "abbreviation", "b", "codes", "families", "formula"}
"""Fields that hold names and signs, which are of no language."""
NOTHING_HERE = Here()


@dataclass(frozen=True)
class ValueRow:
    """One thing held to be true: what, how much, on what ground. `value` and `more` are marked where in English."""

    what: str
    value: str
    more: str
    basis: str
    seen: str
    review: str
    sources: list[Link]
    path: str
    anchor: str
    here: Here
    note: str = ""


@dataclass(frozen=True)
class Fact:
    """A field that needs no source: a reference to another entry, a choice, a name."""

    what: str
    words: list[Link]


@dataclass(frozen=True)
class Use:
    """An entry that names this one."""

    kind: str
    title: str
    href: str


@dataclass(frozen=True)
class EntryPage:
    """All that the page of one entry shows."""

    values: list[ValueRow]
    favour: list[ValueRow]
    against: list[ValueRow]
    facts: list[Fact]
    used_by: list[Use] = field(default_factory=list)

    @property
    def cited(self) -> int:
        return len(self.values) + len(self.favour) + len(self.against)


def entry_page(kind: str, entry_id: str, knowledge: Knowledge, reviews: EntryReviews = NONE_HERE) -> EntryPage:
    entry = knowledge.shelf(kind)[entry_id]
    values: list[ValueRow] = []
    favour: list[ValueRow] = []
    against: list[ValueRow] = []
    for path, model in walk(entry):
        if not isinstance(model, Cited):
            continue
        row = _row(path, model, knowledge, reviews)
        if isinstance(model, Evidence | Outcome):
            (favour if model.direction == "positive" else against).append(row)
        else:
            values.append(row)
    return EntryPage(values, favour, against, _facts(entry, knowledge), used_by(kind, entry_id, knowledge))


def used_by(kind: str, entry_id: str, knowledge: Knowledge) -> list[Use]:
    """The entries that name this one, by kind and title."""
    users = _index().get((kind, entry_id), frozenset())
    order = list(KIND_TITLES)
    found = sorted(users, key=lambda user: (order.index(user[0]), title_of(user[0], user[1], knowledge)))
    return [Use(str(KIND_TITLES[k]), title_marked(k, one, knowledge), entry_link(k, one)) for k, one in found]


@cache
def _index() -> dict[tuple[str, str], frozenset[tuple[str, str]]]:
    return _users(knowledge_base.current())


def _users(knowledge: Knowledge) -> dict[tuple[str, str], frozenset[tuple[str, str]]]:
    users: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for kind in KINDS:
        for entry_id, entry in knowledge.shelf(kind).items():
            for _path, named_kind, named in _named(kind, entry, knowledge):
                if (named_kind, named) != (kind, entry_id):
                    users.setdefault((named_kind, named), set()).add((kind, entry_id))
    return {thing: frozenset(found) for thing, found in users.items()}


def _named(kind: str, entry: Value, knowledge: Knowledge) -> Iterator[tuple[Any, str, str]]:
    for path, named_kind, named in references(knowledge, entry):
        if named_kind == "presentations":
            yield path, "compounds", knowledge.presentations[named][0].id
        elif named_kind != "families":
            yield path, named_kind, named
    if kind == "pairs":
        for side in ("a", "b"):
            if getattr(entry, side) in knowledge.compounds:
                yield (side,), "compounds", getattr(entry, side)


def anchor_of(path: str) -> str:
    """The id of a value on the page of its entry."""
    return f"value-{path.replace('.', '-') or 'whole'}"


def _row(path: tuple[str | int, ...], cited: Cited, knowledge: Knowledge, reviews: EntryReviews) -> ValueRow:
    review, place = cited.review, field_path(path)
    return ValueRow(
        what=label_of(path),
        value=_value(cited),
        more=_more(cited, knowledge),
        basis=basis_words(cited.basis.value),
        seen=cited.seen,
        review=_reviewed_by(review) if isinstance(review, Review) else review,
        sources=links_to_sources(cited.sources, knowledge),
        path=place,
        anchor=anchor_of(place),
        here=reviews.values.get(place, NOTHING_HERE),
        note=cited.note or "",
    )


def _reviewed_by(review: Review) -> str:
    return _("reviewed by %(who)s, %(day)s") % {"who": review.by, "day": date_text(review.on)}


def _value(cited: Cited) -> str:
    if isinstance(cited, Figure):
        if isinstance(cited.value, tuple):
            return range_text(cited.low, cited.high, cited.unit)
        return quantity_text(cited.value, cited.unit)
    figure, text = _figure(cited), english(str(getattr(cited, "text", "") or ""))
    if figure and text:
        return SafeString(f"{conditional_escape(figure)}. {text}")
    if not figure and hasattr(cited, "code"):
        return ":".join(part for part in (getattr(cited, "system", ""), cited.code) if part)
    return figure or text


def _figure(cited: Cited) -> str:
    """The number of a value that is more than a figure, with its unit."""
    plain, unit = getattr(cited, "value", None), getattr(cited, "unit", None) or ""
    if isinstance(plain, tuple):
        return range_text(plain[0], plain[1], unit)
    if isinstance(plain, int | float) and not isinstance(plain, bool):
        return quantity_text(float(plain), unit)
    return ""


def _more(cited: Cited, knowledge: Knowledge) -> SafeString:
    """The choices that belong to a value, such as measure, sex or method, in words."""
    parts = []
    for name in type(cited).model_fields:
        value = getattr(cited, name)
        if (
            name in _OF_CITED | _SAYS_NOTHING | {"code", "system"}
            or value in (None, (), {})
            or isinstance(value, BaseModel)
        ):
            continue
        if isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
            continue
        many = value if isinstance(value, tuple) else (value,)
        said = ", ".join(conditional_escape(_word(name, _NAMES.get(name), one, knowledge)["title"]) for one in many)
        parts.append(_("%(field)s: %(value)s") % {"field": field_word(name), "value": said})
    return SafeString(" · ".join(parts))


def _plain(field: str, value: Any) -> str:
    """One value in words: a choice in the reader's language, a text that stands in English marked so."""
    if isinstance(value, bool):
        return str(CHOICES["yes" if value else "no"])
    if isinstance(value, date):
        return date_text(value)
    if isinstance(value, float):
        return number_text(value)
    name = str(value.value if isinstance(value, Enum) else value)
    if field in _AS_WRITTEN or isinstance(value, int):
        return name
    if name in CHOICES:
        return str(CHOICES[name])
    return unit_text(name) if name in get_args(Unit) else english(name.replace("_", " "))


def _facts(entry: Value, knowledge: Knowledge) -> list[Fact]:
    named = {path[-1]: kind for path, kind, _ in references(knowledge, entry) if len(path) == 1}
    facts = []
    for name in type(entry).model_fields:
        value = getattr(entry, name)
        if name in _OF_CITED | _SAYS_NOTHING or value in (None, (), {}) or _holds_models(value):
            continue
        many: Sequence[Any] = value if isinstance(value, tuple) else (value,)
        facts.append(Fact(field_label(name), [_word(name, named.get(name), one, knowledge) for one in many]))
    return facts


def _holds_models(value: Any) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
    return any(isinstance(one, BaseModel) for one in inner)


def _word(field: str, kind: str | None, value: Any, knowledge: Knowledge) -> Link:
    if kind in KINDS and value in knowledge.shelf(kind):
        return {"title": title_marked(kind, value, knowledge), "href": entry_link(kind, value)}
    return {"title": _plain(field, value)}
