"""What do we hold true, on what ground, reviewed by whom? The list with its filter, and one entry."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.evidence.cited_values import value_sha256, values_of
from mesoplan.clinic.evidence.forms import ReviewForm
from mesoplan.clinic.evidence.links import entry_link
from mesoplan.clinic.evidence.reading import KIND_TITLES, anchor_of, entry_page
from mesoplan.clinic.evidence.reviews import NONE_HERE, EntryReviews, reviews_by_entry, reviews_of
from mesoplan.clinic.evidence.titles import is_in_english, title_marked, title_of
from mesoplan.clinic.evidence.words import CHOICES, basis_words
from mesoplan.clinic.requests import require
from mesoplan.clinic.shell.vocabulary import synonyms_of
from mesoplan.clinic.shell.writing import reader_language
from mesoplan.domain.case import Value
from mesoplan.domain.writing import Language
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.cross_references import walk
from mesoplan.knowledge.schema.citation import Cited
from mesoplan.knowledge.schema.sources import Source
from mesoplan.workflow import Act, may

FIRST_KIND = "protocols"


REVIEW_STATES: dict[str, Promise] = {
    "open": gettext_lazy("Not yet reviewed"),
    "confirmed": gettext_lazy("Confirmed in this clinic"),
    "disagreed": gettext_lazy("Disagreed in this clinic"),
    "lapsed": gettext_lazy("Changed since a review"),
}
"""What the list can be narrowed to: entries with at least one value in this state."""


@require_GET
@vary_on_headers("HX-Request")
def evidence(request: HttpRequest) -> HttpResponse:
    require(request, Act.VIEW_EVIDENCE)
    knowledge = knowledge_base.current()
    query, kind, state = request.GET.get("q", "").strip(), request.GET.get("kind", ""), request.GET.get("review", "")
    if state not in REVIEW_STATES:
        state = ""
    if kind not in KIND_TITLES:
        kind = "" if query or state else FIRST_KIND
    context = {
        "query": query,
        "kind": kind,
        "review_state": state,
        "review_states": REVIEW_STATES,
        "aims": [{"id": one, "title": title_marked("aims", one, knowledge)} for one in knowledge.aims],
        "rows": _rows(knowledge, [kind] if kind else list(KIND_TITLES), query, state),
        "release": knowledge.release,
        **kinds_with_counts(knowledge),
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, "evidence/results.html" if part else "evidence/evidence.html", context)


@require_GET
def entry(request: HttpRequest, kind: str, entry_id: str) -> HttpResponse:
    person = require(request, Act.VIEW_EVIDENCE)
    context = entry_context(kind, entry_id, person, opened=request.GET.get("review"))
    return render(request, "evidence/source.html" if kind == "sources" else "evidence/entry.html", context)


def entry_context(
    kind: str, entry_id: str, person: User, *, opened: str | None = None, form: ReviewForm | None = None
) -> dict[str, Any]:
    """The page of an entry; `opened` is the path of the value whose review form stands open, `form` a refused one."""
    knowledge = knowledge_base.current()
    if kind not in KIND_TITLES or entry_id not in knowledge.shelf(kind):
        raise Http404("no such entry in this release")
    reviews = reviews_of(kind, entry_id, knowledge)
    return {
        "kind": kind,
        "kind_title": KIND_TITLES[kind],
        "entry": knowledge.shelf(kind)[entry_id],
        "title": title_of(kind, entry_id, knowledge),
        "heading": title_marked(kind, entry_id, knowledge),
        "title_in_english": is_in_english(kind, entry_id, knowledge),
        **(_source_words(knowledge.sources[entry_id]) if kind == "sources" else {}),
        "page": entry_page(kind, entry_id, knowledge, reviews),
        "reviews": reviews,
        "release": knowledge.release,
        "form": form,
        "opened": _opened(kind, entry_id, person, form.data.get("path", "") if form else opened, form),
        **kinds_with_counts(knowledge),
    }


def _source_words(source: Source) -> dict[str, Any]:
    return {"source_kind": CHOICES[source.kind], "source_read": CHOICES[source.read]}


def _opened(kind: str, entry_id: str, person: User, path: str | None, form: ReviewForm | None) -> dict[str, Any] | None:
    """The form of one value, with the hash of the value as this page shows it."""
    values = values_of(kind, entry_id, knowledge_base.current())
    if path not in values or not may(Act.REVIEW_VALUE, person.workflow_role):
        return None
    return {
        "path": path,
        "anchor": anchor_of(path),
        "shown": value_sha256(values[path]),
        "form": form or ReviewForm(),
    }


def kinds_with_counts(knowledge: Knowledge) -> dict[str, Any]:
    return {
        "kinds": [
            {"id": kind, "title": title, "count": len(knowledge.shelf(kind))} for kind, title in KIND_TITLES.items()
        ]
    }


def _rows(knowledge: Knowledge, kinds: list[str], query: str, state: str) -> list[dict[str, Any]]:
    words, texts, reviews = query.casefold().split(), _texts(reader_language()), reviews_by_entry(knowledge)
    return [
        _summary(kind, entry_id, one, knowledge, reviews.get((kind, entry_id), NONE_HERE))
        for kind in kinds
        for entry_id, one in knowledge.shelf(kind).items()
        if all(word in texts[kind, entry_id] for word in words)
        and (not state or _is_in(state, kind, entry_id, knowledge, reviews.get((kind, entry_id), NONE_HERE)))
    ]


def _is_in(state: str, kind: str, entry_id: str, knowledge: Knowledge, reviews: EntryReviews) -> bool:
    if state != "open":
        return bool(getattr(reviews, state))
    if not reviews.values:
        _grounds, values, reviewed = _standing_of(kind, entry_id)
        return reviewed < values
    settled = {path for path, here in reviews.values.items() if here.confirmed or here.disagreed}
    values_here = values_of(kind, entry_id, knowledge)
    return any(not cited.reviewed and path not in settled for path, cited in values_here.items())


@cache
def _texts(language: Language) -> dict[tuple[str, str], str]:
    """What the filter looks through: the id, the title and every sentence of each entry, and what it is called in
    `language`, which is the reader's. Read once."""
    knowledge = knowledge_base.current()
    return {
        (kind, one): " ".join([_text_of(entry), *(words.casefold() for words in _names(kind, one, knowledge))])
        for kind in KIND_TITLES
        for one, entry in knowledge.shelf(kind).items()
    }


def _names(kind: str, entry_id: str, knowledge: Knowledge) -> tuple[str, ...]:
    """What a reader calls it in another language than English."""
    return (title_of(kind, entry_id, knowledge), *(synonyms_of(entry_id) if kind == "terms" else ()))


def _text_of(one: Value) -> str:
    names = ("id", "title", "text", "note", "question")
    return " ".join(str(getattr(model, name, "")) for _path, model in walk(one) for name in names).casefold()


@cache
def _standing_of(kind: str, entry_id: str) -> tuple[tuple[str, ...], int, int]:
    """Grounds, how many values, how many of them reviewed."""
    values = [
        model for _path, model in walk(knowledge_base.current().shelf(kind)[entry_id]) if isinstance(model, Cited)
    ]
    grounds = dict.fromkeys(value.basis.value for value in values)
    return tuple(grounds), len(values), sum(value.reviewed for value in values)


def _summary(kind: str, entry_id: str, one: Value, knowledge: Knowledge, reviews: EntryReviews) -> dict[str, Any]:
    grounds, values, reviewed = _standing_of(kind, entry_id)
    return {
        "title": title_marked(kind, entry_id, knowledge),
        "kind": KIND_TITLES[kind],
        "href": entry_link(kind, entry_id),
        "basis": ", ".join(basis_words(each) for each in grounds) or _kind_words(one),
        "values": values,
        "reviewed": _("%(reviewed)s of %(values)s") % {"reviewed": reviewed, "values": values} if values else "",
        "here": reviews.in_words,
        "blocked": getattr(one, "blocked", None) is not None,
    }


def _kind_words(one: Value) -> str:
    """What a source is: a paper, a label."""
    kind = getattr(one, "kind", "")
    return str(CHOICES.get(kind, kind))
