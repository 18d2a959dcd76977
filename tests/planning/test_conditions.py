"""How a rule's condition is read: yes, no, or not known; what to ask; until when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mesoplan.domain.case import Case, HistoryEntry
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.rules import Condition, WithinDays
from mesoplan.planning.conditions import Verdict, holds
from mesoplan.planning.facts import Facts, Truth
from tests.planning.hand_made import START, answering, changed, melasma_case, with_event

FACE = ("malar-right",)


def term(name: str) -> Condition:
    return Condition(term=name)


def verdict(condition: Condition, case: Case, knowledge: Knowledge, zones: tuple[str, ...] = FACE) -> Verdict:
    return holds(condition, Facts(case, knowledge, START), zones)


YES, NO, OPEN = "yes", "no", None
TABLE = [
    # stroke, asthma, stroke and asthma, stroke or asthma, not stroke
    (YES, YES, Truth.YES, Truth.YES, Truth.NO),
    (YES, NO, Truth.NO, Truth.YES, Truth.NO),
    (YES, OPEN, Truth.UNKNOWN, Truth.YES, Truth.NO),
    (NO, NO, Truth.NO, Truth.NO, Truth.YES),
    (NO, OPEN, Truth.NO, Truth.UNKNOWN, Truth.YES),
    (OPEN, OPEN, Truth.UNKNOWN, Truth.UNKNOWN, Truth.UNKNOWN),
]


@pytest.mark.parametrize(("stroke", "asthma", "both", "either", "not_stroke"), TABLE)
def test_unknown_is_never_taken_for_no(
    knowledge: Knowledge, stroke: str | None, asthma: str | None, both: Truth, either: Truth, not_stroke: Truth
) -> None:
    case = answering(melasma_case(), stroke=stroke, asthma=asthma)
    pair = (term("stroke"), term("asthma"))
    assert verdict(Condition(all=pair), case, knowledge).truth is both
    assert verdict(Condition(any=pair), case, knowledge).truth is either
    assert verdict(Condition(no=term("stroke")), case, knowledge).truth is not_stroke


def test_what_is_asked_is_what_could_still_change_the_answer(knowledge: Knowledge) -> None:
    pair = (term("stroke"), term("asthma"))
    case = answering(melasma_case(), stroke=None, asthma=None)
    assert verdict(Condition(any=pair), case, knowledge).asks == ("stroke", "asthma")
    assert verdict(Condition(any=pair), answering(case, asthma="yes"), knowledge).asks == ()
    assert verdict(Condition(all=pair), answering(case, asthma="no"), knowledge).asks == ()


PEEL = Condition(within_days=WithinDays(term="peel-superficial", days=14, same_region=True))


@pytest.mark.parametrize(
    ("days_ago", "zones", "truth", "until"),
    [
        (13, None, Truth.YES, START + timedelta(days=1)),  # where it was is not said, so it counts
        (13, ("forehead",), Truth.YES, START + timedelta(days=1)),  # the same region
        (13, ("abdomen",), Truth.NO, None),
        (14, ("forehead",), Truth.NO, None),
        (None, ("forehead",), Truth.YES, None),  # when it was is not known, so it counts
    ],
)
def test_an_event_counts_by_day_and_region(
    knowledge: Knowledge, days_ago: int | None, zones: tuple[str, ...] | None, truth: Truth, until: date | None
) -> None:
    day = None if days_ago is None else START - timedelta(days=days_ago)
    found = verdict(PEEL, with_event(melasma_case(), "peel-superficial", day, zones), knowledge)
    assert (found.truth, found.until) == (truth, until)
    assert found.asks == (("peel-superficial",) if day is None else ())


def test_of_several_events_the_last_one_counts_and_one_without_a_day_is_asked_for(knowledge: Knowledge) -> None:
    case = with_event(melasma_case(), "peel-superficial", START - timedelta(days=40))
    case = with_event(case, "peel-superficial", START - timedelta(days=4))
    assert verdict(PEEL, case, knowledge).until == START + timedelta(days=10)
    case = with_event(case, "peel-superficial", None)
    assert verdict(PEEL, case, knowledge) == Verdict(Truth.YES, asks=("peel-superficial",))


def test_a_yes_without_an_entry_asks_for_its_date(knowledge: Knowledge) -> None:
    case = answering(melasma_case(), peel_superficial="yes")
    assert verdict(PEEL, case, knowledge) == Verdict(Truth.YES, asks=("peel-superficial",))


def test_a_longer_code_means_its_parents_too(knowledge: Knowledge) -> None:
    case = changed(answering(melasma_case(), anticoagulant=None), medications=(HistoryEntry(id="atc:B01AA03"),))
    assert verdict(term("anticoagulant"), case, knowledge).truth is Truth.YES
    case = changed(case, medications=(HistoryEntry(id="atc:B01"),))
    assert verdict(term("anticoagulant"), case, knowledge).truth is Truth.UNKNOWN


def test_age_is_that_of_the_first_session(knowledge: Knowledge) -> None:
    minor = Condition(age_below=18)
    born = START.replace(year=START.year - 18)
    assert verdict(minor, changed(melasma_case(), birth_date=born), knowledge).truth is Truth.NO
    assert verdict(minor, changed(melasma_case(), birth_date=born + timedelta(days=1)), knowledge).truth is Truth.YES
