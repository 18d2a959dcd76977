"""Arms of the trial table as the population model reads them: falls of the log severity, and counts by category.

Every reading that goes beyond the table stands here, so that one file answers "what was done to the numbers".
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from mesoplan.knowledge.schema import trials
from mesoplan.knowledge.schema.trials import Flag, Group, Observation, Study

SEVERITY = frozenset({"masi", "mmasi", "hemi-masi", "dermacatch-difference", "colorimeter-difference"})
"""Scores of severity, and colours as the difference from normal skin: zero where nothing is left to treat.

A melanin value that is not set against normal skin falls less than the score in the same patients, for most of it is
their own colour.
"""
GROUPS = {
    Group.INJECTED_TRANEXAMIC: "injected-tranexamic-acid",
    Group.INJECTED_TRANEXAMIC_MIXTURE: "injected-tranexamic-acid",
    Group.INJECTED_GLUTATHIONE: "injected-glutathione",
    Group.NEEDLED_TRANEXAMIC: "needled-tranexamic-acid",
    Group.NEEDLED_OTHER: "needled-other",
    Group.LASER_TRANEXAMIC: "driven-in",
    Group.IONTOPHORESIS: "driven-in",
    Group.NEEDLE_ALONE: "needle-alone",
    Group.ORAL_TRANEXAMIC: "oral-tranexamic-acid",
    Group.TOPICAL_TRANEXAMIC: "topical",
    Group.TRIPLE_COMBINATION: "topical",
    Group.HYDROQUINONE: "topical",
    Group.OTHER_TOPICAL: "topical",
    Group.BACKGROUND: "control",
    Group.INJECTED_CONTROL: "control",
    Group.UNTREATED: "control",
}
CATEGORY_CUTS = {"anantapur2025": (0.10, 0.25, 0.50, 0.75), "muneeb2021": (0.25, 0.50, 0.75)}
"""Share of the baseline by which a score must fall to leave each category, from the worst; the abstracts do not print
them, so the model leaves them room."""
RESPONDER_CUTS = {"budamakuntla2013": 0.50, "sharmar2017": 0.75}
"""Counts beside a mean of the same patients: they speak of the spread between patients."""
TREATED_UNTIL = {("delrosario2018", "txa-po-250bid"): 12.0}
"""Weeks; the tablets were stopped then and the patients followed."""
WEEK_NOT_STATED = {"badran2021": 12.0}
"""“End of treatment”, taken as the usual week of this treatment."""
SIZE_NOT_STATED = 30
LEFT_OUT = frozenset({"lima2017bmc"})
"""Six refractory patients under a triple cream too, beside a cohort quoted from elsewhere."""
LASTS_INTERVALS = 1.5
NOT_BY_SESSION = frozenset({"topical", "oral-tranexamic-acid", "control"})


@dataclass(frozen=True)
class Fall:
    """How far the mean severity of an arm had fallen at one week: minus the log of its share of the baseline."""

    week: float
    value: float
    of_means: bool
    """Whether it is the ratio of two means, or the mean of the patients' own ratios."""
    spread: float | None
    """SD of the patients' log ratios that the printed SD of their percentages implies, to first order."""


@dataclass(frozen=True)
class Categories:
    """How many patients stood in each category of response at one week, from the worst."""

    week: float
    counts: tuple[int, ...]
    cuts: tuple[float, ...]
    """Falls of the log severity that part the categories."""


@dataclass(frozen=True)
class Arm:
    """One arm of one study. `treated_until` is None for an arm that was treated up to its last score."""

    study: str
    arm: str
    group: str
    size: int
    interval_days: float | None
    treated_until: float | None
    outlier: bool
    falls: tuple[Fall, ...]
    categories: tuple[Categories, ...]


def arms_of(studies: Iterable[Study]) -> tuple[Arm, ...]:
    """Return the arms of melasma with a severity over time, or with categories of response."""
    found = [
        _arm(study, arm)
        for study in sorted(studies, key=lambda one: one.id)
        if "melasma" in study.aims and study.counted and study.id not in LEFT_OUT
        for arm in study.arms
        if arm.group in GROUPS and Flag.SUBGROUP not in arm.flags
    ]
    return tuple(arm for arm in found if arm.falls or arm.categories)


def sha256_of(arms: Iterable[Arm]) -> str:
    """Return the hash of everything that the fit reads of the table."""
    text = json.dumps([asdict(arm) for arm in arms], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _arm(study: Study, arm: trials.Arm) -> Arm:
    group = GROUPS[arm.group]
    return Arm(
        study=study.id,
        arm=arm.id,
        group=group,
        size=arm.n or SIZE_NOT_STATED,
        interval_days=arm.regimen.interval_days,
        treated_until=TREATED_UNTIL.get((study.id, arm.id), _treated_until(arm, group)),
        outlier=any(Flag.OUTLIER in one.flags for held in study.arms for one in held.observations),
        falls=tuple(_falls(study, arm)),
        categories=tuple(_categories(study, arm)),
    )


def _treated_until(arm: trials.Arm, group: str) -> float | None:
    weeks = arm.regimen.session_weeks
    if len(weeks) > 1:
        return weeks[-1] + LASTS_INTERVALS * (weeks[-1] - weeks[-2])
    sessions, interval = arm.regimen.sessions, arm.regimen.interval_days
    if sessions is None or interval is None or group in NOT_BY_SESSION:
        return None
    fewest = sessions[0] if isinstance(sessions, tuple) else sessions
    return (fewest - 1 + LASTS_INTERVALS) * interval / 7


def _falls(study: Study, arm: trials.Arm) -> Iterator[Fall]:
    baselines = {one.measure: one.mean for one in arm.observations if one.week == 0}
    for one in arm.observations:
        week = one.week if one.week is not None else WEEK_NOT_STATED.get(study.id)
        if one.measure not in SEVERITY or not week:
            continue
        before = baselines.get(one.measure)
        if before and one.mean:
            yield Fall(week, _rounded(-math.log(one.mean / before)), True, _spread(one))
        elif one.percent_change is not None and one.percent_basis != "against the control":
            yield Fall(week, _rounded(-math.log1p(one.percent_change / 100)), False, _spread(one))


def _spread(one: Observation) -> float | None:
    if one.percent_change_sd is None or one.percent_change is None:
        return None
    return _rounded(one.percent_change_sd / (100 + one.percent_change))


def _categories(study: Study, arm: trials.Arm) -> Iterator[Categories]:
    if study.id in CATEGORY_CUTS:
        cuts = tuple(_rounded(-math.log1p(-share)) for share in CATEGORY_CUTS[study.id])
        for one in arm.observations:
            if one.bands and one.week:
                yield Categories(one.week, tuple(band.count or 0 for band in reversed(one.bands)), cuts)
    if study.id in RESPONDER_CUTS:
        cut = (_rounded(-math.log1p(-RESPONDER_CUTS[study.id])),)
        for one in arm.observations:
            if one.measure in SEVERITY and one.percent_change is not None and one.responders and one.week:
                yield Categories(one.week, _two_counts(one.responders[0], arm), cut)


def _two_counts(responders: trials.Responders, arm: trials.Arm) -> tuple[int, int]:
    """Return those below the cut and those above; who was counted follows from the percentage where it is printed."""
    above = responders.count or 0
    counted = round(100 * above / responders.percent) if responders.percent else arm.n or SIZE_NOT_STATED
    return counted - above, above


def _rounded(value: float) -> float:
    """Return a log to six decimals, so that the hash does not hang on the last bit."""
    return round(value, 6)
