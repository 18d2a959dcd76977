"""How far the knowledge base is reviewed: by its release, and by this clinic's people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.evidence.cited_values import values_of
from mesoplan.clinic.evidence.reading import KIND_TITLES
from mesoplan.clinic.evidence.reviews import EntryReviews, reviews_by_entry


@dataclass(frozen=True)
class Reviewed:
    """The values of one kind, or of all. `open`: neither reviewed in the release, nor confirmed or disagreed here."""

    kind: str
    title: str | Promise
    entries: int
    values: int
    released: int
    confirmed: int
    disagreed: int
    lapsed: int
    open: int


def reviewed_by_kind() -> list[Reviewed]:
    """Every kind that holds values, in the order of the evidence; one query."""
    here: dict[str, dict[str, EntryReviews]] = defaultdict(dict)
    for (kind, entry), found in reviews_by_entry(knowledge_base.current()).items():
        here[kind][entry] = found
    counted = (_of_kind(kind, here[kind]) for kind in KIND_TITLES)
    return [one for one in counted if one.values]


def in_all(kinds: Iterable[Reviewed]) -> Reviewed:
    rows = list(kinds)
    counts = ("entries", "values", "released", "confirmed", "disagreed", "lapsed", "open")
    return Reviewed("", "", **{name: sum(getattr(row, name) for row in rows) for name in counts})


def _of_kind(kind: str, here: dict[str, EntryReviews]) -> Reviewed:
    released = _released(kind)
    settled = {
        (entry, path)
        for entry, found in here.items()
        for path, each in found.values.items()
        if each.confirmed or each.disagreed
    }
    return Reviewed(
        kind=kind,
        title=KIND_TITLES[kind],
        entries=len(knowledge_base.current().shelf(kind)),
        values=len(released),
        released=sum(released.values()),
        confirmed=sum(found.confirmed for found in here.values()),
        disagreed=sum(found.disagreed for found in here.values()),
        lapsed=sum(found.lapsed for found in here.values()),
        open=sum(not reviewed and place not in settled for place, reviewed in released.items()),
    )


@cache
def _released(kind: str) -> dict[tuple[str, str], bool]:
    """Every value of a kind by entry and path: whether the release says who reviewed it. Read once."""
    knowledge = knowledge_base.current()
    return {
        (entry, path): cited.reviewed
        for entry in knowledge.shelf(kind)
        for path, cited in values_of(kind, entry, knowledge).items()
    }
