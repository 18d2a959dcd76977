"""What a case says about the terms that rules read: yes, no, or not asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cached_property

from mesoplan.domain.case import Answer, Case, HistoryEntry
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.codes import terms_named
from mesoplan.knowledge.schema.rules import Term


class Truth(Enum):
    """The three answers; unknown is never taken for no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Facts:
    """A case read against a knowledge base, for a course that starts on `first_session`."""

    case: Case
    knowledge: Knowledge
    first_session: date

    @cached_property
    def entries(self) -> dict[str, tuple[HistoryEntry, ...]]:
        """Return the history entries by the term that they mean."""
        found: dict[str, tuple[HistoryEntry, ...]] = {}
        for entry in self.case.history():
            for term in terms_named(entry.id, self.knowledge):
                found[term] = (*found.get(term, ()), entry)
        return found

    @cached_property
    def unread_codes(self) -> tuple[str, ...]:
        """Return the coded entries that no term of the knowledge base means."""
        return tuple(entry.id for entry in self.case.history() if not terms_named(entry.id, self.knowledge))

    def truth(self, term_id: str) -> Truth:
        """Return whether the term holds for the patient."""
        if term_id in self.entries:
            return Truth.YES
        answer = self.case.answers.get(term_id)
        if answer is not None:
            return Truth.YES if answer is Answer.YES else Truth.NO
        term: Term = self.knowledge.terms[term_id]
        if term.sex is not None and self.case.patient.sex not in (None, term.sex):
            return Truth.NO
        return Truth.UNKNOWN

    def regions_of(self, zones: tuple[str, ...]) -> set[str]:
        """Return the regions (face, neck, body, submental) that zones lie in."""
        return {self.knowledge.zones[zone].region for zone in zones}
