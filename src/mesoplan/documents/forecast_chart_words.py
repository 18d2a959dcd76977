"""What the chart of a forecast says, in English; pages bring the same in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ChartWords:
    """What the chart says; templates hold `{...}`."""

    name: str = "Forecast of the course"
    name_without: str = "Scores of the course"
    weeks: str = "Weeks since the first session"
    goal: str = "Goal {score}"
    now: str = "Today"
    untreated: str = "Without any session"
    beyond: str = "No trial of this treatment scored after week {week}"
    band: str = "Week {week}: {middle}; 80 %: {low} to {high}; without any session {untreated}"
    score: str = "{date}: {score}, {rater}"
    session_given: str = "Session {number}, {date}"
    session_ahead: str = "Session {number}, {date}; {chance} to reach the goal by then"
    described: str = "Score over weeks with 50, 80 and 95 % bands. {detail}"
    last: str = "In week {week} 80 % lie between {low} and {high}; the goal is {goal}."
    last_untreated: str = "Without any session it would be about {middle} then (80 %: {low} to {high})."
    scores_only: str = "{count} scores, no forecast."


ENGLISH = ChartWords()
