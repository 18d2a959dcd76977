"""What do we hold true, on what ground, reviewed by whom? The list with its filter, and one entry."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.evidence.links import entry_link
from mesoplan.clinic.evidence.reading import KIND_TITLES, entry_page, title_of
from mesoplan.clinic.requests import require
from mesoplan.domain.case import Value
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.cross_references import walk
from mesoplan.knowledge.schema.citation import Cited
from mesoplan.workflow import Act

FIRST_KIND = "protocols"


@require_GET
@vary_on_headers("HX-Request")
def evidence(request: HttpRequest) -> HttpResponse:
    require(request, Act.VIEW_EVIDENCE)
    knowledge = knowledge_base.current()
    query = request.GET.get("q", "").strip()
    kind = request.GET.get("kind", "")
    if kind not in KIND_TITLES:
        kind = "" if query else FIRST_KIND
    rows = _rows(knowledge, [kind] if kind else list(KIND_TITLES), query)
    context = {"query": query, "kind": kind, "rows": rows, "release": knowledge.release, **_kinds(knowledge)}
    part = request.headers.get("HX-Request") == "true"
    return render(request, "evidence/results.html" if part else "evidence/evidence.html", context)


@require_GET
def entry(request: HttpRequest, kind: str, entry_id: str) -> HttpResponse:
    require(request, Act.VIEW_EVIDENCE)
    knowledge = knowledge_base.current()
    if kind not in KIND_TITLES or entry_id not in knowledge.shelf(kind):
        raise Http404("no such entry in this release")
    context: dict[str, Any] = {
        "kind": kind,
        "kind_title": KIND_TITLES[kind],
        "entry": knowledge.shelf(kind)[entry_id],
        "title": title_of(kind, entry_id, knowledge),
        "page": entry_page(kind, entry_id, knowledge),
        "release": knowledge.release,
        **_kinds(knowledge),
    }
    return render(request, "evidence/source.html" if kind == "sources" else "evidence/entry.html", context)


def _kinds(knowledge: Knowledge) -> dict[str, Any]:
    return {
        "kinds": [
            {"id": kind, "title": title, "count": len(knowledge.shelf(kind))} for kind, title in KIND_TITLES.items()
        ]
    }


def _rows(knowledge: Knowledge, kinds: list[str], query: str) -> list[dict[str, Any]]:
    words, texts = query.casefold().split(), _texts()
    return [
        _summary(kind, entry_id, one, knowledge)
        for kind in kinds
        for entry_id, one in knowledge.shelf(kind).items()
        if all(word in texts[kind, entry_id] for word in words)
    ]


@cache
def _texts() -> dict[tuple[str, str], str]:
    """What the filter looks through: the id, the title and every sentence of each entry. Read once."""
    knowledge = knowledge_base.current()
    return {(kind, one): _text_of(entry) for kind in KIND_TITLES for one, entry in knowledge.shelf(kind).items()}


def _text_of(one: Value) -> str:
    names = ("id", "title", "text", "note", "question")
    return " ".join(str(getattr(model, name, "")) for _, model in walk(one) for name in names).casefold()


@cache
def _standing_of(kind: str, entry_id: str) -> tuple[str, int, int]:
    """Grounds, how many values, how many of them reviewed."""
    values = [model for _, model in walk(knowledge_base.current().shelf(kind)[entry_id]) if isinstance(model, Cited)]
    grounds = ", ".join(dict.fromkeys(value.basis.value for value in values))
    return grounds, len(values), sum(value.reviewed for value in values)


def _summary(kind: str, entry_id: str, one: Value, knowledge: Knowledge) -> dict[str, Any]:
    grounds, values, reviewed = _standing_of(kind, entry_id)
    return {
        "title": title_of(kind, entry_id, knowledge),
        "kind": KIND_TITLES[kind],
        "href": entry_link(kind, entry_id),
        "basis": grounds or getattr(one, "kind", ""),
        "values": values,
        "reviewed": f"{reviewed} of {values}" if values else "",
        "blocked": getattr(one, "blocked", None) is not None,
    }
