"""Findings on a forecast: what is odd in the scores, what the trials do not cover, what may not yet be said."""

from __future__ import annotations

from collections.abc import Iterator

from mesoplan.domain.course import Course
from mesoplan.domain.finding import Finding, by_weight
from mesoplan.domain.forecast import Forecast
from mesoplan.domain.writing import count_text, date_text, number_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.course_reading import interval_days
from mesoplan.planning.findings import from_check
from mesoplan.planning.forecast_sentences import chance_words, needed_words
from mesoplan.planning.response_forecast import FEWEST_EFFECTIVE, TAIL, offset_of

FEW_ARMS = 3


def findings_of(course: Course, forecast: Forecast, knowledge: Knowledge) -> tuple[Finding, ...]:
    """Return every finding on a forecast, the heaviest first."""
    found = [
        *_scores(course, forecast, knowledge),
        *_verdicts(forecast, knowledge),
        *_basis(course, forecast, knowledge),
    ]
    return tuple(by_weight(found))


def _scores(course: Course, forecast: Forecast, knowledge: Knowledge) -> Iterator[Finding]:
    others = sorted({one.rater for one in forecast.scores if one.other_rater})
    if others:
        text = f"Scored by {', '.join(others)}, not by {forecast.scores[0].rater}: counted with a larger rating error."
        yield from_check(knowledge, "forecast-rater-changed", text)
    zeros = [one for one in forecast.scores if one.value == 0]
    if zeros:
        read_as = number_text(offset_of(knowledge.scales[course.scale]))
        days = ", ".join(date_text(one.on) for one in zeros)
        yield from_check(knowledge, "forecast-score-zero", f"The score of {days} is 0; it is read as {read_as}.")
    last = forecast.scores[-1] if forecast.scores else None
    if last and forecast.goal is not None and last.on > forecast.start and last.value <= forecast.goal:
        text = (
            f"The score of {date_text(last.on)} is {number_text(last.value)}: the goal, {forecast.goal_text}, is "
            "reached as scored. A score has its error, and what was reached wanes after the last session."
        )
        yield from_check(knowledge, "forecast-goal-reached", text)
    if forecast.prior_tail is not None and forecast.prior_tail < TAIL:
        text = (
            "Fewer than 1 of 100 patients of the trials would be scored like this. Look for another rater, "
            "another scale or another treatment beside this one; the second forecast trusts the trials less."
        )
        yield from_check(knowledge, "forecast-outside-prior", text)


def _verdicts(forecast: Forecast, knowledge: Knowledge) -> Iterator[Finding]:
    futility = forecast.futility
    if not forecast.may_judge and forecast.first_judged_on and forecast.given:
        text = (
            f"No score before {date_text(forecast.first_judged_on)}, and not before two scores after the first "
            "session, says that this course fails."
        )
        yield from_check(knowledge, "forecast-too-early", text)
    if futility is None:
        return
    by = f"by session {futility.session} (week {number_text(futility.week)})"
    chance = chance_words(futility.chance)
    if futility.futile:
        yield from_check(knowledge, "forecast-futile", f"The chance to reach {forecast.goal_text} {by} is {chance}.")
    elif forecast.run and forecast.run.needed and forecast.run.needed.middle is None:
        text = f"To reach {forecast.goal_text}: {needed_words(forecast.run.needed)}; the chance {by} is {chance}."
        yield from_check(knowledge, "forecast-unlikely", text)


def _basis(course: Course, forecast: Forecast, knowledge: Knowledge) -> Iterator[Finding]:
    basis, run = forecast.basis, forecast.run
    if basis is None or run is None:
        return
    if basis.arms < FEW_ARMS:
        text = f"The trials of this treatment are {count_text(basis.arms, 'arm', 'arms')} ({', '.join(basis.studies)})."
        yield from_check(knowledge, "forecast-few-arms", text)
    late = [one for one in run.sessions if one.judged_week > basis.followed_weeks + 1e-6]
    if late or (run.needed and not run.needed.longest):
        weeks = number_text(basis.followed_weeks)
        text = f"No trial of this treatment scored after week {weeks}; the curve is carried on there, not known."
        yield from_check(knowledge, "forecast-beyond-evidence", text)
    if forecast.interval_days != interval_days(course, knowledge):
        text = (
            f"Every {count_text(forecast.interval_days, 'day', 'days')} instead of "
            f"{interval_days(course, knowledge)}: trials do not tell a short interval from a long one."
        )
        yield from_check(knowledge, "forecast-interval", text)
    if basis.effective_sample_size < FEWEST_EFFECTIVE:
        text = (
            f"The figures rest on {round(basis.effective_sample_size)} of the draws; the ends of intervals are rough."
        )
        yield from_check(knowledge, "forecast-imprecise", text)
