"""Cases as wide as reading lets them be: any age, aim, zone and jurisdiction; much not asked, measured or dated."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from mesoplan.domain.case import Answer, Case, Goal, HistoryEntry, Patient, Phototype, Sex
from mesoplan.domain.quantities import Area, BodyWeight, Length
from tests.planning.hand_made import LISTS, START, shipped

AS_OF = date(2026, 11, 20)
KNOWLEDGE = shipped()
AIMS, ZONES, TERMS = sorted(KNOWLEDGE.aims), sorted(KNOWLEDGE.zones), sorted(KNOWLEDGE.terms)
PLACES = [*sorted(KNOWLEDGE.jurisdictions), "unknown"]
DATED = [term for term in TERMS if KNOWLEDGE.terms[term].kind in LISTS]


def birth_dates() -> st.SearchStrategy[date]:
    """Return days of birth of people of 0 to 115 years."""
    return st.dates(AS_OF.replace(year=AS_OF.year - 115), AS_OF)


def patients(birth: st.SearchStrategy[date]) -> st.SearchStrategy[Patient]:
    """Return patients with or without weight, phototype and measured face."""
    return st.builds(
        Patient,
        sex=st.sampled_from(Sex),
        birth_date=birth,
        weight=st.none() | st.floats(20, 350).map(BodyWeight),
        phototype=st.none() | st.sampled_from(Phototype),
        face_width=st.none() | st.floats(90, 190).map(Length),
    )


def zones_of_an_aim(aim: str) -> list[str]:
    """Return the zones that some protocol of the aim is for."""
    return sorted({zone for one in KNOWLEDGE.protocols.values() if one.aim == aim for zone in one.zones}) or ZONES


def goals(most_zones: int = 4, fitting: bool = False) -> st.SearchStrategy[Goal]:
    """Return a goal for any aim and any zones, or for zones that a protocol of the aim is for."""

    def goal(aim: str) -> st.SearchStrategy[Goal]:
        zones = st.lists(
            st.sampled_from(zones_of_an_aim(aim) if fitting else ZONES), min_size=1, max_size=most_zones, unique=True
        )
        return st.builds(Goal, aim=st.just(aim), zones=zones.map(tuple))

    aims = sorted({one.aim for one in KNOWLEDGE.protocols.values()}) if fitting else AIMS
    return st.sampled_from(aims).flatmap(goal)


@st.composite
def events(draw: st.DrawFn) -> tuple[str, HistoryEntry]:
    """Return a list of the case and an entry that fits it."""
    term = draw(st.sampled_from(DATED))
    on = draw(st.none() | st.dates(AS_OF - timedelta(days=2500), AS_OF))
    zones = draw(st.none() | st.lists(st.sampled_from(ZONES), min_size=1, max_size=2, unique=True).map(tuple))
    return LISTS[KNOWLEDGE.terms[term].kind], HistoryEntry(id=term, on=on, zones=zones)


def answers(asked_no: bool) -> st.SearchStrategy[dict[str, Answer]]:
    """Return answers to some of the questions, or no to all but a few."""
    some = st.dictionaries(st.sampled_from(TERMS), st.sampled_from(Answer), max_size=30)
    return some.map(lambda few: {**dict.fromkeys(TERMS, Answer.NO), **few}) if asked_no else some


@st.composite
def any_cases(draw: st.DrawFn) -> Case:
    """Return a case that reading accepts, however thin or contradictory in medicine."""
    found = tuple(draw(st.lists(goals(), min_size=1, max_size=2, unique_by=lambda goal: goal.aim)))
    zones = sorted({zone for goal in found for zone in goal.zones})
    entries = draw(st.lists(events(), max_size=4))
    lists = {name: tuple(entry for one, entry in entries if one == name) for name in set(LISTS.values())}
    listed = {entry.id for _, entry in entries}
    said = draw(answers(asked_no=draw(st.booleans())))
    case = Case(
        id="any",
        as_of=AS_OF,
        start=draw(st.dates(AS_OF, AS_OF + timedelta(days=400))),
        jurisdiction=draw(st.sampled_from(PLACES)),
        patient=draw(patients(birth_dates())),
        goals=found,
        answers={term: answer for term, answer in said.items() if term not in listed},
        areas=draw(st.dictionaries(st.sampled_from(zones), st.floats(0.5, 4000).map(Area))),
    )
    return case.model_copy(update=lists)


ADULT_BIRTHS = st.dates(date(1953, 1, 1), date(2006, 12, 31))


@st.composite
def treatable_cases(draw: st.DrawFn) -> Case:
    """Return a case of an adult who was asked everything and answered no, for zones that the aim has a protocol for."""
    goal = draw(goals(most_zones=3, fitting=True))
    patches = [zone for zone in goal.zones if KNOWLEDGE.zones[zone].surface == "patch"]
    return Case(
        id="treatable",
        as_of=AS_OF,
        start=START,
        jurisdiction=draw(st.sampled_from(PLACES)),
        patient=draw(patients(ADULT_BIRTHS)),
        goals=(goal,),
        answers=dict.fromkeys(TERMS, Answer.NO),
        areas={zone: Area(draw(st.floats(5, 300))) for zone in patches},
    )
