"""The knowledge base as one immutable value: every entry by kind and id, and the release it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

from mesoplan.domain.case import Value
from mesoplan.domain.errors import KnowledgeError, Problem
from mesoplan.domain.writing import Language
from mesoplan.knowledge.kinds import READ_WHEN_ASKED
from mesoplan.knowledge.nearest import allowed_text
from mesoplan.knowledge.schema.compounds import Compound, Presentation
from mesoplan.knowledge.schema.leaflets import LeafletText
from mesoplan.knowledge.schema.mixing import MixingLimits
from mesoplan.knowledge.schema.protocols import Aim, HandTolerance, Instrument, Needle, Protocol, Technique
from mesoplan.knowledge.schema.regimens import RegimenLimits
from mesoplan.knowledge.schema.rules import Check, Jurisdiction, PairRule, Rule, Term
from mesoplan.knowledge.schema.scales import Scale
from mesoplan.knowledge.schema.sources import Source
from mesoplan.knowledge.schema.titles import TitleFile
from mesoplan.knowledge.schema.trials import Study
from mesoplan.knowledge.schema.zones import DangerStructure, Zone
from mesoplan.knowledge.titles import TitleIn, Titles, titles_of

T = TypeVar("T")


class Shelf(Mapping[str, T]):
    """The entries of one kind. An unknown id is refused with the nearest ones."""

    def __init__(self, kind: str, entries: dict[str, T]) -> None:
        self.kind = kind
        self._entries = MappingProxyType(entries)

    def __getitem__(self, entry_id: str) -> T:
        try:
            return self._entries[entry_id]
        except KeyError:
            text = f"“{entry_id}” is not in {self.kind}; {allowed_text(entry_id, self._entries)}"
            raise KnowledgeError(self.kind, [Problem(entry_id, text)]) from None

    def __contains__(self, entry_id: object) -> bool:
        return entry_id in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def _no_trials(_knowledge: Knowledge) -> Shelf[Study]:
    return Shelf("trials", {})


@dataclass(frozen=True)
class Knowledge:
    """One release of the knowledge base."""

    release: str
    sha256: str
    aims: Shelf[Aim]
    checks: Shelf[Check]
    compounds: Shelf[Compound]
    danger_structures: Shelf[DangerStructure]
    hand_tolerances: Shelf[HandTolerance]
    instruments: Shelf[Instrument]
    jurisdictions: Shelf[Jurisdiction]
    leaflets: Shelf[LeafletText]
    mixing_limits: Shelf[MixingLimits]
    needles: Shelf[Needle]
    pairs: Shelf[PairRule]
    protocols: Shelf[Protocol]
    regimen_limits: Shelf[RegimenLimits]
    rules: Shelf[Rule]
    scales: Shelf[Scale]
    sources: Shelf[Source]
    techniques: Shelf[Technique]
    terms: Shelf[Term]
    zones: Shelf[Zone]
    title_files: tuple[tuple[str, TitleFile], ...] = ()
    read_trials: Callable[[Knowledge], Shelf[Study]] = field(default=_no_trials, repr=False, compare=False)

    @cached_property
    def presentations(self) -> Shelf[tuple[Compound, Presentation]]:
        """Return every presentation by its id, with the compound it belongs to."""
        return Shelf(
            "presentations",
            {
                presentation.id: (compound, presentation)
                for compound in self.compounds.values()
                for presentation in compound.presentations
            },
        )

    @cached_property
    def families(self) -> frozenset[str]:
        """Return every family that a compound belongs to."""
        return frozenset(family for compound in self.compounds.values() for family in compound.families)

    @cached_property
    def trials(self) -> Shelf[Study]:
        """Return every study, read when first asked for.

        Raises
        ------
        KnowledgeError
            As the loader does for the other kinds.
        """
        return self.read_trials(self)

    @cached_property
    def titles(self) -> Titles:
        """Return every title in every language it has."""
        return titles_of(self, self.title_files)

    def title_in(self, kind: str, entry_id: str, language: Language, part: str = "title") -> TitleIn:
        """Return the title of an entry in a language, in English where it is not translated.

        `part` names what else of an entry is read: `question` and `to` of a term, `place` of a zone, `regions.chin`,
        `items.a`, `items.a.grades.1` of a scale. Presentations are a kind of their own here.

        Raises
        ------
        KnowledgeError
            If there is no such entry or part.
        """
        if kind in READ_WHEN_ASKED:
            return TitleIn(str(getattr(self.shelf(kind)[entry_id], part)), Language.ENGLISH)
        return self.titles.find((kind, entry_id, part), language)

    def shelf(self, kind: str) -> Shelf[Value]:
        """Return the entries of a kind by its folder name."""
        found: Shelf[Value] = getattr(self, kind.replace("-", "_"))
        return found

    def rules_read(self) -> int:
        """Return how many rules an evaluation reads: screening rules, computed checks and pairs."""
        return len(self.rules) + len(self.checks) + len(self.pairs)
