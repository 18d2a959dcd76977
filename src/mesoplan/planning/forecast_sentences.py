"""The forecast in plain sentences: for the dermatologist with intervals, for the patient as so many of ten."""

from __future__ import annotations

from mesoplan.domain.course import Course
from mesoplan.domain.forecast import (
    AfterStopping,
    Forecast,
    Futility,
    InjectionShare,
    Run,
    SessionChance,
    SessionsNeeded,
)
from mesoplan.domain.writing import count_text, date_text, number_text

HALF = 0.5
SMALLEST = 0.01
"""A chance is told as no less, and as no more than all but this: neither 0 nor 100 % is known."""


def goal_words(course: Course) -> str:
    """Return the goal as words: “half of the first score”, “a score of 5”."""
    share = course.goal.share
    if share is None:
        return f"a score of {number_text(course.goal.score or 0.0)} or less"
    return "half of the first score" if share == HALF else f"{number_text(100 * share)} % of the first score"


def out_of_ten(chance: float) -> int:
    """Return the chance as so many of ten; nobody is told “10 of 10”."""
    return min(9, round(10 * chance))


def patients_like_you(chance: float, goal: str, session: int) -> str:
    """Return “Of 10 patients like you, about 4 reach half of the first score by session 5.”"""
    count = out_of_ten(chance)
    if count == 0:
        return f"Of 10 patients like you, fewer than 1 reaches {goal} by session {session}."
    if count == 1:
        return f"Of 10 patients like you, about 1 reaches {goal} by session {session}."
    how_many = "nearly all" if count == 10 else f"about {count}"
    return f"Of 10 patients like you, {how_many} reach {goal} by session {session}."


def patient_sentence(forecast: Forecast) -> str | None:
    """Return the sentence for the patient, about the last session that is ahead."""
    ahead = session_told(forecast)
    return None if ahead is None else patients_like_you(ahead.chance, forecast.goal_text, ahead.number)


def session_told(forecast: Forecast) -> SessionChance | None:
    """Return the session that the patient's sentence speaks of: the last one ahead."""
    ahead = [one for one in forecast.run.sessions if not one.given] if forecast.run else []
    return ahead[-1] if ahead else None


def needed_words(needed: SessionsNeeded) -> str:
    """Return “2 more sessions (80 %: 1 to 4)”, or that it is unlikely with this course."""
    if needed.middle is None:
        return f"unlikely with this course ({count_text(needed.longest, 'more session', 'more sessions')} at most)"
    low = needed.low if needed.low is not None else needed.middle
    high = str(needed.high) if needed.high is not None else f"more than {needed.longest}"
    middle = "no more session" if needed.middle == 0 else count_text(needed.middle, "more session", "more sessions")
    return f"{middle} (80 %: {low} to {high})"


def chance_words(chance: float) -> str:
    """Return “26 %”, “under 1 %” or “over 99 %”."""
    if chance < SMALLEST:
        return "under 1 %"
    return "over 99 %" if chance > 1 - SMALLEST else _percent(chance)


def sentences_of(forecast: Forecast) -> tuple[str, ...]:
    """Return the answer, from what matters most."""
    run = forecast.run
    if run is None:
        return ()
    told = [_needed(run, forecast), _chances(run), _judged(forecast), _futile(forecast.futility)]
    told += [_stopping(forecast.after_stopping, forecast.unit), _share(forecast.injection_share)]
    told += [_untreated(run, forecast)]
    return tuple(one for one in told if one)


def _needed(run: Run, forecast: Forecast) -> str:
    if run.needed is None or not run.needed.longest:
        return ""
    return f"To reach {forecast.goal_text}: {needed_words(run.needed)}."


def _chances(run: Run) -> str:
    ahead = [one for one in run.sessions if not one.given]
    if not ahead:
        return ""
    listed = ", ".join(f"{chance_words(one.chance)} by session {one.number}" for one in ahead)
    return f"Chance to be there: {listed}; each judged when the next session would be due."


def _judged(forecast: Forecast) -> str:
    if forecast.may_judge or forecast.first_judged_on is None:
        return ""
    day = date_text(forecast.first_judged_on)
    return f"Too early to judge: not before {day} and two scores after the first session."


def _futile(futility: Futility | None) -> str:
    if futility is None or not futility.futile:
        return ""
    return f"Under 10 % to get there by session {futility.session}: going on in the same way has little to offer."


def _stopping(after: tuple[AfterStopping, ...], unit: str) -> str:
    if not after:
        return ""
    last = after[-1]
    where = f"{_score(last.middle, unit)} (80 %: {_score(last.score.low, unit)} to {_score(last.score.high, unit)})"
    weeks = number_text(last.weeks_after)
    return f"If no session follows: {where} {weeks} weeks after the last one, {chance_words(last.chance)} at the goal."


def _share(share: InjectionShare | None) -> str:
    if share is None:
        return ""
    interval = f"{_percent(share.interval.low)} to {_percent(share.interval.high)}"
    by = date_text(share.on)
    return (
        f"Of the fall by {by} about {_percent(share.middle)} is due to the treatment (80 %: {interval}), the rest to "
        "sunscreen, season and rating; trials tell the two apart poorly, and the needle alone does part of it."
    )


def _untreated(run: Run, forecast: Forecast) -> str:
    """Return the score had there been no session, on the day that the share of the fall is told for."""
    share = forecast.injection_share
    if share is None:
        return ""
    there = min(run.bands, key=lambda band: abs((band.on - share.on).days)).untreated
    low, high = (_score(end, forecast.unit) for end in (there.interval.low, there.interval.high))
    return f"Without any session it would be about {_score(there.middle, forecast.unit)} then (80 %: {low} to {high})."


def _percent(share: float) -> str:
    return f"{round(100 * share)} %"


def _score(value: float, unit: str) -> str:
    return _percent(value) if unit == "share" else number_text(value, decimals=1)
