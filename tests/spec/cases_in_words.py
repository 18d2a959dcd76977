"""Patients, treatments and answers as the tables write them, read into cases and scopes."""

from __future__ import annotations

import re
from datetime import date, datetime

from mesoplan.domain.case import Case, Goal, Phototype, Sex
from mesoplan.domain.finding import Finding
from mesoplan.planning.facts import Facts
from mesoplan.planning.screen import Scope, screen, screen_plan
from tests.planning.hand_made import START, answering, changed, melasma_case, shipped, weight, with_event

_PATIENT = re.compile(r"(female|male) (?:(\d+)|born (\d+ \w+ \d+))(?: phototype (.+))?")
_TREATMENT = re.compile(r"(?:(?!for )(\S+) )?for (\S+) (?:by (\S+) )?in (\S+)")
_ANSWER = re.compile(r"(\S+) (yes|no|not asked)")
_EVENT = re.compile(r"(\S+) (never|not asked|on a day not known|on (\d+ \w+ \d+)(?: in (\S+))?)")


def day(text: str) -> date:
    """Return the day of "1 Sep 2026"."""
    return datetime.strptime(text, "%d %b %Y").date()  # noqa: DTZ007 - a day has no time zone


def _match(pattern: re.Pattern[str], text: str) -> tuple[str | None, ...]:
    found = pattern.fullmatch(text)
    assert found, f"“{text}” is not written as the tables write it"
    return found.groups()


def patient_of(words: str) -> Case:
    """Return a case asked everything and answered no: "female 34", "male born 2 Dec 2008", "female 41 phototype V"."""
    sex, age, born, phototype = _match(_PATIENT, words)
    birth_date = day(born) if born else START.replace(year=START.year - int(age or 0))
    kind = None if phototype == "not known" else Phototype(phototype or "III")
    return changed(melasma_case(), sex=Sex(str(sex)), birth_date=birth_date, phototype=kind)


def answered(case: Case, words: str) -> Case:
    """Return the case with the answers of "stroke yes; asthma not asked", or as it is for "all no"."""
    for one in [] if words == "all no" else words.split("; "):
        term, answer = _match(_ANSWER, one)
        assert term in shipped().terms, term
        case = answering(case, **{str(term): None if answer == "not asked" else answer})
    return case


def after_event(case: Case, words: str) -> Case:
    """Return the case with "peel-medium on 1 Sep 2026 in forehead", "… on a day not known", "… never"."""
    term, when, on, zone = _match(_EVENT, words)
    if when in ("never", "not asked"):
        return answering(case, **{str(term): "no" if when == "never" else None})
    return with_event(case, str(term), day(on) if on else None, (zone,) if zone else None)


def screened(case: Case, treatment: str, session: date = START) -> list[Finding]:
    """Return what the rules say of "for melasma in forehead", or of "lidocaine for melasma by dry in forehead"."""
    compound, aim, technique, zone = _match(_TREATMENT, treatment)
    assert aim in shipped().aims, aim
    assert zone in shipped().zones, zone
    goal = Goal(aim=str(aim), zones=(str(zone),))
    case = case.model_copy(update={"goals": (goal,), "start": session})
    if compound is None:
        return screen(case, shipped())
    assert compound in shipped().compounds, compound
    scope = Scope(
        aims=frozenset({goal.aim}),
        zones=goal.zones,
        compounds=frozenset({compound}),
        techniques=frozenset({technique or "papule-intradermal"}),
        pairs=frozenset({(compound, goal.zones[0])}),
        techniques_at=frozenset({(technique or "papule-intradermal", goal.zones[0])}),
    )
    return screen_plan(Facts(case, shipped(), session), scope)


def said(findings: list[Finding], rule: str) -> str:
    """Return what one rule says: "silent", "block never", "asks stroke: warn", "wait until 15 Sep 2026"."""
    found = [finding for finding in findings if finding.rule == rule]
    if not found:
        return "silent"
    (one,) = found
    asks = f"asks {', '.join(one.asks)}: " if one.asks else ""
    until = f" until {one.until.day} {one.until:%b %Y}" if one.until else ""
    return f"{asks}{weight(one)}{until}"
