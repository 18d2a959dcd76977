"""Three-valued reading of a rule's condition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mesoplan.knowledge.schema.rules import Condition, WithinDays
from mesoplan.planning.facts import Facts, Truth


@dataclass(frozen=True)
class Verdict:
    """Whether a condition holds; what has to be asked if that is unknown; until when it holds, if that is a date."""

    truth: Truth
    asks: tuple[str, ...] = ()
    until: date | None = None


YES, NO = Verdict(Truth.YES), Verdict(Truth.NO)


def holds(condition: Condition, facts: Facts, zones: tuple[str, ...]) -> Verdict:
    """Return the verdict of `condition` for a case and the zones that are to be treated."""
    if condition.always:
        return YES
    if condition.term is not None:
        return _term(condition.term, facts)
    if condition.within_days is not None:
        return _within(condition.within_days, facts, zones)
    if condition.all is not None:
        return _all([holds(one, facts, zones) for one in condition.all])
    if condition.any is not None:
        return _any([holds(one, facts, zones) for one in condition.any])
    if condition.no is not None:
        return _negate(holds(condition.no, facts, zones))
    return _about_patient(condition, facts)


def _about_patient(condition: Condition, facts: Facts) -> Verdict:
    patient = facts.case.patient
    age = patient.age_on(facts.first_session)
    if condition.age_below is not None:
        return YES if age < condition.age_below else NO
    if condition.age_from is not None:
        return YES if age >= condition.age_from else NO
    if condition.sex is not None:
        if patient.sex is None:
            return Verdict(Truth.UNKNOWN, asks=("sex",))
        return YES if patient.sex is condition.sex else NO
    if patient.phototype is None or condition.phototype_from is None:
        return Verdict(Truth.UNKNOWN, asks=("phototype",))
    return YES if patient.phototype.rank >= condition.phototype_from.rank else NO


def _term(term: str, facts: Facts) -> Verdict:
    truth = facts.truth(term)
    return Verdict(truth, asks=(term,) if truth is Truth.UNKNOWN else ())


def _within(test: WithinDays, facts: Facts, zones: tuple[str, ...]) -> Verdict:
    """An event without a date, or without a place, counts: unknown is never taken for no."""
    truth = facts.truth(test.term)
    if truth is not Truth.YES:
        return _term(test.term, facts)
    entries = facts.entries.get(test.term, ())
    if test.same_region:
        wanted = facts.regions_of(zones)
        entries_here = tuple(e for e in entries if e.zones is None or wanted & facts.regions_of(e.zones))
        if entries and not entries_here:
            return NO
        entries = entries_here
    dates = [entry.on for entry in entries]
    known = [day for day in dates if day is not None]
    if not dates or len(known) < len(dates):
        return Verdict(Truth.YES, asks=(test.term,))
    until = max(known) + timedelta(days=test.days)
    return Verdict(Truth.YES, until=until) if facts.first_session < until else NO


def _all(verdicts: Sequence[Verdict]) -> Verdict:
    if any(verdict.truth is Truth.NO for verdict in verdicts):
        return NO
    return _joined(verdicts, Truth.UNKNOWN if any(v.truth is Truth.UNKNOWN for v in verdicts) else Truth.YES)


def _any(verdicts: Sequence[Verdict]) -> Verdict:
    if any(verdict.truth is Truth.YES for verdict in verdicts):
        return _joined([verdict for verdict in verdicts if verdict.truth is Truth.YES], Truth.YES)
    if any(verdict.truth is Truth.UNKNOWN for verdict in verdicts):
        return _joined([verdict for verdict in verdicts if verdict.truth is Truth.UNKNOWN], Truth.UNKNOWN)
    return NO


def _negate(verdict: Verdict) -> Verdict:
    flipped = {Truth.YES: Truth.NO, Truth.NO: Truth.YES, Truth.UNKNOWN: Truth.UNKNOWN}
    return Verdict(flipped[verdict.truth], verdict.asks)


def _joined(verdicts: Sequence[Verdict], truth: Truth) -> Verdict:
    asks = tuple(dict.fromkeys(ask for verdict in verdicts for ask in verdict.asks))
    untils = [verdict.until for verdict in verdicts if verdict.until is not None]
    return Verdict(truth, asks, max(untils) if untils else None)
