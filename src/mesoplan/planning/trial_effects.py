"""What one arm of a study shows as a ratio to its own baseline, with its standard error and what had to be assumed.

A score falls in proportion to itself (before and after correlate at 0.77 to 0.93), so the ratio of means on the log
scale is the effect: 0 is no change, -0.69 is half. Abstracts rarely give the standard deviation of the change; what
stands in for it is named in `Effect.ground`, and `Assumed` holds the values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import expm1, log, log1p, sqrt

from mesoplan.knowledge.schema.trials import Arm, Flag, Group, Measure, Observation, Study


class Ground(StrEnum):
    """What the standard error of an arm rests on; all but the first two hold an assumption."""

    CHANGE_SD = "sd-of-change"
    PERCENT_SD = "sd-of-percentages"
    BOTH_SDS = "sds-and-assumed-correlation"
    ASSUMED_SD = "assumed-sd"
    NO_PATIENTS = "number-of-patients-unknown"
    NO_SPREAD = "spread-unknown"


@dataclass(frozen=True)
class Assumed:
    """What stands in for a standard deviation of the change that a study does not print."""

    correlation: float = 0.85
    log_sd: float = 0.40


ASSUMED = Assumed()
LOW_AND_HIGH = (Assumed(0.93, 0.25), Assumed(0.77, 0.55))
"""The correlations that two trials imply, and the spreads of the log ratio that trials imply, at their ends."""

DOUBTFUL = frozenset({Flag.OUTLIER, Flag.INCONSISTENT})
SPREAD_UNUSABLE = Flag.IMPLAUSIBLE_SPREAD


@dataclass(frozen=True)
class Effect:
    """One arm at one time: the log ratio to its baseline. Without a standard error it is drawn, not pooled."""

    study: Study
    arm: Arm
    measure: Measure
    week: float | None
    when: str | None
    patients: int | None
    log_ratio: float
    standard_error: float | None
    ground: Ground
    flags: tuple[Flag, ...]

    @property
    def group(self) -> Group:
        """Return the group of the arm."""
        return self.arm.group

    @property
    def doubtful(self) -> bool:
        """Return whether the figure contradicts itself or lies beyond belief."""
        return bool(DOUBTFUL & set(self.flags))

    @property
    def outlier(self) -> bool:
        """Return whether the figure is left out of the summary."""
        return Flag.OUTLIER in self.flags

    @property
    def percent(self) -> float:
        """Return the change in per cent: -50 is half of the baseline."""
        return 100 * expm1(self.log_ratio)

    @property
    def interval(self) -> tuple[float, float] | None:
        """Return the 95 % interval of the log ratio."""
        if self.standard_error is None:
            return None
        half = 1.959964 * self.standard_error
        return self.log_ratio - half, self.log_ratio + half

    @property
    def percent_interval(self) -> tuple[float, float] | None:
        """Return the 95 % interval of the change in per cent."""
        interval = self.interval
        return None if interval is None else (100 * expm1(interval[0]), 100 * expm1(interval[1]))

    @property
    def better(self) -> bool | None:
        """Return whether the arm improved; unknown where it did not change."""
        return None if self.log_ratio == 0 else (self.log_ratio < 0) == (self.measure.better == "lower")


def effects_of(study: Study, assumed: Assumed = ASSUMED) -> Iterator[Effect]:
    """Yield the effect of every arm on every measure at every time that allows one; the baseline is not one."""
    measures = {measure.id: measure for measure in study.measures}
    for arm in study.arms:
        baselines = {one.measure: one for one in arm.observations if one.week == 0}
        for one in arm.observations:
            found = _effect(study, arm, measures[one.measure], baselines.get(one.measure), one, assumed)
            if found is not None:
                yield found


def _effect(
    study: Study, arm: Arm, measure: Measure, baseline: Observation | None, one: Observation, assumed: Assumed
) -> Effect | None:
    ratio = _log_ratio(baseline, one)
    if ratio is None or one.week == 0:
        return None
    patients = one.n or arm.n
    spread, ground = _spread(ratio, measure, baseline, one, assumed)
    flags = tuple(dict.fromkeys((*arm.flags, *(baseline.flags if baseline else ()), *one.flags)))
    return Effect(
        study=study,
        arm=arm,
        measure=measure,
        week=one.week,
        when=one.when,
        patients=patients,
        log_ratio=ratio,
        standard_error=spread / sqrt(patients) if patients and spread is not None else None,
        ground=ground if patients else Ground.NO_PATIENTS,
        flags=flags,
    )


def _log_ratio(baseline: Observation | None, one: Observation) -> float | None:
    """The ratio of means where both are printed, else of medians, else the printed change in per cent."""
    for name in ("mean", "median"):
        before, after = getattr(baseline, name, None), getattr(one, name)
        if before is not None and after is not None and before > 0 and after > 0:
            return log(after / before)
    if one.percent_change is None or one.percent_basis == "against the control" or one.percent_change <= -100:
        return None
    return log1p(one.percent_change / 100)


def _spread(
    ratio: float, measure: Measure, baseline: Observation | None, one: Observation, assumed: Assumed
) -> tuple[float | None, Ground]:
    """The standard deviation of one patient's log ratio, and what it rests on.

    The assumed one comes from scores of severity, so no other measure borrows it.
    """
    usable = SPREAD_UNUSABLE not in one.flags and (baseline is None or SPREAD_UNUSABLE not in baseline.flags)
    spreads = _variations(baseline, one) if usable else None
    if spreads is not None and baseline is not None and one.change_sd is not None:
        return _paired(*spreads, _implied_correlation(baseline, one)), Ground.CHANGE_SD
    if spreads is None and usable and one.percent_change_sd is not None:
        return one.percent_change_sd / (100 + 100 * expm1(ratio)), Ground.PERCENT_SD
    if spreads is not None:
        return _paired(*spreads, assumed.correlation), Ground.BOTH_SDS
    return (assumed.log_sd, Ground.ASSUMED_SD) if measure.kind == "severity" else (None, Ground.NO_SPREAD)


def _variations(baseline: Observation | None, one: Observation) -> tuple[float, float] | None:
    if baseline is None or baseline.sd is None or one.sd is None or not baseline.mean or not one.mean:
        return None
    return baseline.sd / baseline.mean, one.sd / one.mean


def _paired(before: float, after: float, correlation: float) -> float:
    """The spread of a log ratio from two coefficients of variation, by the delta method."""
    return sqrt(max(before**2 + after**2 - 2 * correlation * before * after, 0.0))


def _implied_correlation(baseline: Observation, one: Observation) -> float:
    before, after, change = baseline.sd or 0.0, one.sd or 0.0, one.change_sd or 0.0
    return max(-1.0, min(1.0, (before**2 + after**2 - change**2) / (2 * before * after)))


FIRST_WEEK, LAST_WEEK = 6.0, 20.0


def summary_effects(study: Study, assumed: Assumed = ASSUMED) -> list[Effect]:
    """Return one effect of each arm on each measure: what a summary compares.

    It is the one at the last week from 6 to 20; where there is none the nearest to those weeks, and last what is dated
    in words.
    """
    found: dict[tuple[str, str], list[Effect]] = {}
    for effect in effects_of(study, assumed):
        found.setdefault((effect.arm.id, effect.measure.id), []).append(effect)
    return [min(effects, key=_far_from_the_weeks) for effects in found.values()]


def _far_from_the_weeks(effect: Effect) -> tuple[int, float]:
    week = effect.week
    if week is None:
        return 2, 0.0
    if FIRST_WEEK <= week <= LAST_WEEK:
        return 0, -week
    return 1, min(abs(week - FIRST_WEEK), abs(week - LAST_WEEK))
