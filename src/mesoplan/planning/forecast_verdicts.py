"""What may be said of a course and from when: first day to judge, futility, stopping, what the injections do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from mesoplan.domain.course import Course
from mesoplan.domain.forecast import AfterStopping, Futility, InjectionShare, Range, Run
from mesoplan.kernels.patient_posterior import weighted_quantiles
from mesoplan.kernels.response import background_share
from mesoplan.planning.response_forecast import Outlook

JUDGED_FROM_WEEK = 8
SCORES_TO_JUDGE = 2
FUTILE_BELOW = 0.10
WEEKS_AFTER_STOPPING = (4.0, 12.0, 24.0)
FIRST_SHARE_WEEK = 4.0
LEAST_FALL = 0.02
"""Log severity; a smaller fall has no shares."""


@dataclass(frozen=True)
class Judged:
    """From which day a course may be judged, as far as known, and whether that day has come."""

    on: date
    now: bool


def first_judged_on(course: Course) -> Judged:
    """Return week 8 or the second score after the first session, whichever comes later."""
    after = [one.on for one in course.scores if one.on > course.start]
    week_8 = course.start + timedelta(weeks=JUDGED_FROM_WEEK)
    enough = len(after) >= SCORES_TO_JUDGE
    day = max(week_8, after[SCORES_TO_JUDGE - 1]) if enough else week_8
    return Judged(day, enough and course.as_of >= day)


def futility_of(outlook: Outlook, run: Run, may_judge: bool) -> Futility | None:
    """Return the chance at the end of the longest evidence; None where no session is ahead."""
    if not outlook.ahead:
        return None
    last = run.sessions[-1]
    futile = may_judge and last.chance < FUTILE_BELOW
    return Futility(chance=last.chance, session=last.number, week=last.judged_week, futile=futile, may_judge=may_judge)


def after_stopping(outlook: Outlook) -> tuple[AfterStopping, ...]:
    """Return what the score does if no session follows; nothing before the first one."""
    if not outlook.sessions_given:
        return ()
    treatment, held = outlook.given, outlook.posterior
    last = treatment.session_weeks[-1]
    weeks = [last + after for after in WEEKS_AFTER_STOPPING if last + after >= outlook.week_now]
    if not weeks:
        return ()
    eta = held.log_severity(weeks, treatment)
    low, middle, high = outlook.score(weighted_quantiles(eta, held.weights, [0.1, 0.5, 0.9]))
    chances = held.weights @ (eta <= outlook.goal_log)
    return tuple(
        AfterStopping(
            weeks_after=round(week - last, 3),
            on=outlook.day(week),
            score=Range(level=80, low=round(float(low[at]), 4), high=round(float(high[at]), 4)),
            middle=round(float(middle[at]), 4),
            chance=round(float(chances[at]), 4),
        )
        for at, week in enumerate(weeks)
    )


def injection_share(outlook: Outlook) -> InjectionShare | None:
    """Return the treatment's share of the fall by today, or by the end of what is planned."""
    held, treatment = outlook.posterior, outlook.planned
    if not treatment.session_weeks:
        return None
    end = treatment.session_weeks[-1] + outlook.interval_weeks
    week = outlook.week_now if outlook.week_now >= FIRST_SHARE_WEEK else end
    treated = held.fall_by_injections([week], treatment)[:, 0]
    fall = treated + held.draws[:, 1] * background_share([week])
    shares = np.clip(treated / np.maximum(fall, LEAST_FALL), 0.0, 1.0)
    low, middle, high = weighted_quantiles(shares[:, None], held.weights, [0.1, 0.5, 0.9])[:, 0]
    interval = Range(level=80, low=round(float(low), 3), high=round(float(high), 3))
    return InjectionShare(on=outlook.day(week), middle=round(float(middle), 3), interval=interval)
