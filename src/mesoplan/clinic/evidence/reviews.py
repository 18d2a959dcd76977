"""What this clinic's people found when they read the sources, as it stands today against the release in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import ngettext

from mesoplan.clinic.evidence.cited_values import value_sha256, values_of
from mesoplan.clinic.evidence.models import ValueReview, Verdict
from mesoplan.knowledge.base import Knowledge


@dataclass(frozen=True)
class Held:
    """The last review that one person made of one value and has not taken back."""

    row: ValueReview
    lapsed: bool

    @property
    def words(self) -> str:
        """As the state of it is called in a class name: "confirmed", "disagreed", "lapsed"."""
        return "lapsed" if self.lapsed else "confirmed" if self.confirms else "disagreed"

    @property
    def confirms(self) -> bool:
        return self.row.verdict == Verdict.CONFIRM


@dataclass(frozen=True)
class Here:
    """All that this clinic says of one value: one review of each person, and those they replaced or took back."""

    held: tuple[Held, ...] = ()
    earlier: tuple[ValueReview, ...] = ()

    @property
    def disagreed(self) -> bool:
        return any(not one.lapsed and not one.confirms for one in self.held)

    @property
    def confirmed(self) -> bool:
        """Somebody confirms it as it stands, and nobody disagrees."""
        return not self.disagreed and any(not one.lapsed for one in self.held)

    @property
    def lapsed(self) -> bool:
        """Reviews are held, but none of the value as it stands."""
        return bool(self.held) and all(one.lapsed for one in self.held)


@dataclass(frozen=True)
class EntryReviews:
    """The clinic's reviews of one entry, by the path of the value; `gone` are of values no longer in it."""

    values: Mapping[str, Here] = field(default_factory=dict)
    gone: tuple[Held, ...] = ()

    @property
    def confirmed(self) -> int:
        return sum(here.confirmed for here in self.values.values())

    @property
    def disagreed(self) -> int:
        return sum(here.disagreed for here in self.values.values())

    @property
    def lapsed(self) -> int:
        return sum(here.lapsed for here in self.values.values()) + len(self.gone)

    @property
    def in_words(self) -> str:
        """ "2 confirmed, 1 disagreed"; empty when nobody has reviewed a value of it."""
        confirmed, disagreed, lapsed = self.confirmed, self.disagreed, self.lapsed
        counted = (
            (confirmed, ngettext("%(count)s confirmed", "%(count)s confirmed", confirmed)),
            (disagreed, ngettext("%(count)s disagreed", "%(count)s disagreed", disagreed)),
            (lapsed, ngettext("%(count)s lapsed", "%(count)s lapsed", lapsed)),
        )
        return ", ".join(words % {"count": number} for number, words in counted if number)


NONE_HERE = EntryReviews()
Entry = tuple[str, str]
_remembered: dict[Entry, tuple[Knowledge, Mapping[str, str]]] = {}


def reviews_of(kind: str, entry_id: str, knowledge: Knowledge) -> EntryReviews:
    rows = ValueReview.objects.filter(kind=kind, entry_id=entry_id).select_related("reviewed_by", "takes_back")
    return _standing(kind, entry_id, rows, knowledge)


def reviews_by_entry(knowledge: Knowledge) -> dict[tuple[str, str], EntryReviews]:
    """The reviews of every entry that has any, in one query."""
    rows: dict[tuple[str, str], list[ValueReview]] = defaultdict(list)
    for row in ValueReview.objects.select_related("reviewed_by", "takes_back"):
        rows[row.kind, row.entry_id].append(row)
    return {(kind, one): _standing(kind, one, found, knowledge) for (kind, one), found in rows.items()}


def entries_reviewed_here(kinds: Iterable[str], knowledge: Knowledge) -> frozenset[Entry]:
    """The entries of some kinds of which every cited value is confirmed by this clinic as it stands; in one query."""
    rows: dict[Entry, list[ValueReview]] = defaultdict(list)
    for row in ValueReview.objects.filter(kind__in=tuple(kinds)):
        rows[row.kind, row.entry_id].append(row)
    return frozenset(entry for entry, found in rows.items() if _is_whole(entry, found, knowledge))


def _is_whole(entry: Entry, rows: Iterable[ValueReview], knowledge: Knowledge) -> bool:
    here = _standing(*entry, rows, knowledge)
    return bool(here.values) and here.confirmed == len(_hashes(*entry, knowledge))


def _standing(kind: str, entry_id: str, rows: Iterable[ValueReview], knowledge: Knowledge) -> EntryReviews:
    by_path: dict[str, list[ValueReview]] = defaultdict(list)
    for row in rows:
        by_path[row.path].append(row)
    if not by_path:
        return NONE_HERE
    hashes = _hashes(kind, entry_id, knowledge)
    here = {path: _here(found, hashes.get(path)) for path, found in by_path.items()}
    gone = tuple(one for path, each in here.items() if path not in hashes for one in each.held)
    return EntryReviews({path: each for path, each in here.items() if path in hashes}, gone)


def _hashes(kind: str, entry_id: str, knowledge: Knowledge) -> Mapping[str, str]:
    """The hash of every value of an entry by its path; kept for the release that was asked for last."""
    kept = _remembered.get((kind, entry_id))
    if kept is None or kept[0] is not knowledge:
        hashes = {path: value_sha256(value) for path, value in values_of(kind, entry_id, knowledge).items()}
        kept = _remembered[kind, entry_id] = (knowledge, hashes)
    return kept[1]


def _here(rows: list[ValueReview], stands: str | None) -> Here:
    """Rows of one value, oldest first. Of each person the last counts; taken back, none of theirs does."""
    last = {row.reviewed_by_id: row for row in rows}
    held = tuple(Held(row, row.value_sha256 != stands) for row in last.values() if row.verdict != Verdict.TAKEN_BACK)
    counted = {one.row.pk for one in held}
    return Here(held, tuple(row for row in rows if row.pk not in counted))
