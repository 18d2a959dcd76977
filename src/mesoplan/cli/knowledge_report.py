"""What `mesoplan knowledge` prints: a check of the whole, a list of a kind, one entry."""

from __future__ import annotations

import json
from collections import Counter

import yaml

from mesoplan.domain.case import Value
from mesoplan.domain.errors import KnowledgeError, Problem
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.cross_references import walk
from mesoplan.knowledge.kinds import KINDS
from mesoplan.knowledge.nearest import allowed_text, nearest
from mesoplan.knowledge.schema.citation import Cited


def cited_values(base: Knowledge) -> list[Cited]:
    """Return every cited value of the knowledge base."""
    return [
        model
        for kind in KINDS
        for entry in base.shelf(kind).values()
        for _, model in walk(entry)
        if isinstance(model, Cited)
    ]


def check(base: Knowledge, *, as_json: bool) -> int:
    """Print what was read: the loader has already refused what is wrong."""
    values = cited_values(base)
    report = {
        "release": base.release,
        "sha256": base.sha256,
        "entries": {kind: len(base.shelf(kind)) for kind in KINDS},
        "values": len(values),
        "seen": sum(value.seen == "seen" for value in values),
        "recalled": sum(value.seen == "recalled" for value in values),
        "reviewed": sum(value.reviewed for value in values),
        "basis": dict(sorted(Counter(value.basis.value for value in values).items())),
    }
    if as_json:
        print(json.dumps(report, indent=2))
        return 0
    print(f"Release {base.release}, sha256 {base.sha256}")
    for kind, count in report["entries"].items():  # type: ignore[attr-defined]
        print(f"  {count:5d} {kind}")
    print(
        f"{len(values)} cited values: {report['seen']} seen on a page, {report['recalled']} recalled, {report['reviewed']} reviewed."
    )
    print(
        "Every value has a unit where it is a number, a source, a basis and a review state; every id named exists."
    )
    return 0


def list_kind(base: Knowledge, kind: str, *, as_json: bool) -> int:
    """Print the ids and titles of a kind."""
    if kind not in KINDS:
        raise KnowledgeError("knowledge", [Problem("list", f"no kind “{kind}”; {allowed_text(kind, KINDS)}")])
    rows = [
        {"id": entry_id, "title": getattr(entry, "title", "")} for entry_id, entry in base.shelf(kind).items()
    ]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        width = max((len(row["id"]) for row in rows), default=0)
        for row in rows:
            print(f"{row['id']:<{width}}  {row['title']}")
    return 0


def find(base: Knowledge, entry_id: str) -> list[tuple[str, Value]]:
    """Return (kind, entry) for an id, in whichever kinds it stands; a presentation leads to its compound."""
    found = [(kind, base.shelf(kind)[entry_id]) for kind in KINDS if entry_id in base.shelf(kind)]
    if not found and entry_id in base.presentations:
        return [("compounds", base.presentations[entry_id][0])]
    return found


def show(base: Knowledge, entry_id: str, *, as_json: bool) -> int:
    """Print one entry with its sources."""
    found = find(base, entry_id)
    if not found:
        known = [one for kind in KINDS for one in base.shelf(kind)]
        text = f"no entry “{entry_id}”; nearest: {', '.join(nearest(entry_id, known))}"
        raise KnowledgeError("knowledge", [Problem("show", text)])
    for kind, entry in found:
        data = {"kind": kind, **entry.model_dump(mode="json", exclude_none=True)}
        if as_json:
            print(json.dumps(data, ensure_ascii=False, indent=2))
            continue
        print(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110), end="")
        named = dict.fromkeys(
            source for _, model in walk(entry) if isinstance(model, Cited) for source in model.sources
        )
        for source_id in named:
            source = base.sources[source_id]
            print(f"# {source_id}: {source.title} [{source.quality}] {source.url or source.doi or ''}")
    return 0
