"""Dates of a course: sessions, scores, the first judgement, the day to look again."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.schedule import make_schedule
from tests.planning.hand_made import START


def test_worked_example_of_the_monthly_course(knowledge: Knowledge) -> None:
    """Three sessions 28 days apart, looked at again after the second, judged from week 8."""
    found = make_schedule(knowledge.protocols["melasma-tranexamic-acid-monthly"], START)
    assert found.sessions == (START, date(2026, 12, 29), date(2027, 1, 26))
    assert found.first_judged_on == found.review_on == date(2027, 1, 26)
    assert found.score_on == (START, date(2027, 1, 26), date(2027, 2, 23))


def test_every_protocol_keeps_its_interval_and_scores_before_it_begins_and_after_it_ends(knowledge: Knowledge) -> None:
    for protocol in knowledge.protocols.values():
        found = make_schedule(protocol, START)
        gaps = {(later - earlier).days for earlier, later in pairwise(found.sessions)}
        assert gaps == {protocol.interval.low}, protocol.id
        assert len(found.sessions) == protocol.sessions.high
        assert found.score_on[0] == START
        assert found.score_on[-1] >= found.sessions[-1] + timedelta(weeks=4)
        assert found.first_judged_on == START + timedelta(weeks=protocol.judge_from.high)
        assert found.review_on
        assert found.review_on >= found.first_judged_on
        assert found.review_on in found.score_on


def test_a_leap_day_is_a_day_like_others(knowledge: Knowledge) -> None:
    found = make_schedule(knowledge.protocols["melasma-tranexamic-acid-monthly"], date(2028, 2, 1))
    assert found.sessions[1] == date(2028, 2, 29)
