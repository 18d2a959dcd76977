"""The figures of a fit of the clinic's own courses in words that can be read without logarithms."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from mesoplan.clinic.forecasts.computing import population
from mesoplan.clinic.forecasts.models import OwnFit
from mesoplan.clinic.forecasts.own_fit import findings_of, is_read
from mesoplan.clinic.shell.parts import Interval
from mesoplan.clinic.shell.writing import number_text
from mesoplan.domain.clinic_fit import Estimate, GroupFit

NORMAL_95 = 1.959964
A = 1
"""Place of the asymptote among the numbers that a clinic's patients share."""
WIDEST = 1.4
"""End of the axis of effects, in log severity."""
WIDE = 300.0


@dataclass(frozen=True)
class Bar:
    """An interval on the axis of effects, from `x` so `wide`, with its middle."""

    x: float
    wide: float
    middle: float


@dataclass(frozen=True)
class GroupShown:
    """One group of treatments at this clinic."""

    group: str
    courses: int
    scores: int
    is_read: bool
    converged: bool
    at_the_end: str
    end_range: str
    same_rater: Interval
    other_rater: Interval | None
    learnt: str
    trials: Bar
    own: Bar


@dataclass(frozen=True)
class FitShown:
    """A fit: when, by whom, its groups, and how many courses it could not read, by reason."""

    fitted_at: datetime
    fitted_by: str
    groups: tuple[GroupShown, ...]
    left_out: tuple[tuple[str, int], ...]


def fit_shown(fit: OwnFit) -> FitShown:
    found = findings_of(fit)
    left_out = Counter(one.reason for one in found.left_out)
    groups = tuple(_group(one) for one in found.groups)
    return FitShown(fit.fitted_at, fit.fitted_by.printed_name, groups, tuple(left_out.most_common()))


def _group(one: GroupFit) -> GroupShown:
    effect = one.effect
    spread = NORMAL_95 * math.sqrt(population().groups[one.group].clinic_covariance[A][A])
    return GroupShown(
        group=one.group,
        courses=one.courses,
        scores=one.scores,
        is_read=is_read(one),
        converged=one.converged,
        at_the_end=_against_trials(effect.value),
        end_range=_("%(low)s to %(high)s") % {"low": _against_trials(effect.high), "high": _against_trials(effect.low)},
        same_rater=_error(one.same_rater),
        other_rater=_error(one.other_rater) if one.scores_by_others else None,
        learnt=number_text(100 * (1 - effect.left_of_prior), decimals=0),
        trials=_bar(-spread, 0.0, spread),
        own=_bar(effect.low, effect.value, effect.high),
    )


def _against_trials(effect: float) -> str:
    """By how much scores end elsewhere than in the trials: an effect adds to the fall of the logarithm."""
    percent = round(100 * math.expm1(-effect))
    if percent == 0:
        return _("the same")
    figure = number_text(abs(percent), decimals=0)
    return (_("%(percent)s %% lower") if percent < 0 else _("%(percent)s %% higher")) % {"percent": figure}


def _error(found: Estimate) -> Interval:
    middle, low, high = (number_text(100 * math.expm1(one), decimals=0) for one in (found.value, found.low, found.high))
    return Interval(f"± {middle} %", low, high)


def _bar(low: float, middle: float, high: float) -> Bar:
    """Above 0, more effect, lies on the left as lower scores do."""
    ends = [_x(one) for one in (high, middle, low)]
    return Bar(ends[0], round(ends[2] - ends[0], 1), ends[1])


def _x(effect: float) -> float:
    held = min(max(-effect, -WIDEST), WIDEST)
    return round((held + WIDEST) / (2 * WIDEST) * WIDE, 1)
