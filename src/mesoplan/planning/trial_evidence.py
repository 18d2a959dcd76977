"""All studies of an aim side by side: each arm's change, what groups of arms say together, shares, courses, words.

Nothing is averaged away: arms that contradict themselves are shown and left out of the summary, with the summary that
counts them beside it; studies without figures stand with what they say in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import expm1, sqrt

import numpy as np

from mesoplan.kernels import random_effects
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.trials import Arm, Group, Measure, Observation, Outcome, Study
from mesoplan.planning.trial_effects import ASSUMED, LOW_AND_HIGH, Assumed, Effect, effects_of, summary_effects

POOLED_SCALES = frozenset({"masi", "mmasi", "hemi-masi"})
"""Scales whose log ratios may stand in one summary: they read the same regions by the same items."""

NOT_ALIKE = frozenset({Group.NEEDLED_OTHER, Group.OTHER_TOPICAL, Group.OTHER})
"""Groups that hold what has no other place: they are listed together and never summed up."""

FEWEST_POOLED = 2


GROUP_TITLES: dict[Group, str] = {
    Group.INJECTED_TRANEXAMIC: "Tranexamic acid, injected",
    Group.INJECTED_TRANEXAMIC_MIXTURE: "Tranexamic acid with something else, injected",
    Group.INJECTED_GLUTATHIONE: "Glutathione, injected",
    Group.INJECTED_VITAMIN_C: "Vitamin C, injected",
    Group.INJECTED_PLASMA: "Platelet-rich plasma, injected",
    Group.NEEDLED_TRANEXAMIC: "Tranexamic acid with microneedling",
    Group.NEEDLED_OTHER: "Something else with microneedling",
    Group.NEEDLE_ALONE: "Needle alone",
    Group.LASER_TRANEXAMIC: "Tranexamic acid with a laser",
    Group.IONTOPHORESIS: "Vitamin C by iontophoresis",
    Group.ORAL_TRANEXAMIC: "Tranexamic acid by mouth",
    Group.TOPICAL_TRANEXAMIC: "Tranexamic acid on the skin",
    Group.TRIPLE_COMBINATION: "Triple combination cream",
    Group.HYDROQUINONE: "Hydroquinone",
    Group.OTHER_TOPICAL: "Other creams",
    Group.PEEL: "Peels",
    Group.HYALURONIC_ACID: "Hyaluronic acid, not cross-linked, injected",
    Group.CROSS_LINKED: "Hyaluronic acid, cross-linked, injected",
    Group.REVITALISING_MIX: "Vitamins and hyaluronic acid, injected",
    Group.POLYNUCLEOTIDE: "Polynucleotides, injected",
    Group.DEOXYCHOLIC_ACID: "Deoxycholic acid, injected",
    Group.COLLAGENASE: "Collagenase, injected",
    Group.CELLULITE_COCKTAIL: "Cocktails against cellulite, injected",
    Group.DUTASTERIDE: "Dutasteride, injected",
    Group.OTHER: "Other treatments",
    Group.BACKGROUND: "Placebo, sham or sunscreen alone",
    Group.INJECTED_CONTROL: "Saline or placebo, injected",
    Group.UNTREATED: "Untreated",
}


@dataclass(frozen=True)
class Summary:
    """What the arms of one group say together, on the log scale.

    `without_outliers` is the one to read; `with_outliers` is present where that leaves any out. `low` and `high` are
    the same under the assumed spreads at their ends.
    """

    group: Group
    without_outliers: random_effects.Pooled
    with_outliers: random_effects.Pooled | None
    low: random_effects.Pooled
    high: random_effects.Pooled


@dataclass(frozen=True)
class ShareOfPatients:
    """How many of an arm met a definition, with Wilson's 95 % interval where the number of patients is known."""

    study: Study
    arm: Arm
    measure: Measure
    week: float | None
    when: str | None
    definition: str
    patients: int | None
    percent: float
    interval: tuple[float, float] | None


@dataclass(frozen=True)
class Course:
    """One arm on one measure over time; the first point is the baseline."""

    study: Study
    arm: Arm
    measure: Measure
    weeks: tuple[float, ...]
    log_ratios: tuple[float, ...]
    doubtful: bool


@dataclass(frozen=True)
class Background:
    """How much of an active arm's fall its own control shows too, on the log scale."""

    active: Effect
    control: Effect
    share: float


@dataclass(frozen=True)
class TrialEvidence:
    """Everything that the knowledge base holds of an aim from studies."""

    aim: str
    studies: tuple[Study, ...]
    effects: tuple[Effect, ...]
    summaries: tuple[Summary, ...]
    shares: tuple[ShareOfPatients, ...]
    courses: tuple[Course, ...]
    background: tuple[Background, ...]

    @property
    def counted(self) -> tuple[Study, ...]:
        """Return the studies that count patients once."""
        return tuple(study for study in self.studies if study.counted)

    @property
    def published_summaries(self) -> tuple[Study, ...]:
        """Return what others have pooled."""
        return tuple(study for study in self.studies if study.design == "meta-analysis")

    @property
    def in_words(self) -> tuple[Study, ...]:
        """Return the studies without a figure that any plot shows."""
        drawn = {one.study.id for one in self.effects} | {one.study.id for one in self.shares}
        return tuple(study for study in self.counted if study.id not in drawn)

    def outcomes(self, *directions: str) -> Iterator[tuple[Study, Outcome]]:
        """Yield what counted studies say in the given directions."""
        for study in self.counted:
            yield from ((study, one) for one in study.outcomes if one.direction in directions)

    @property
    def summaries_contradict(self) -> bool:
        """Return whether published summaries point different ways."""
        said = {one.direction for study in self.published_summaries for one in study.outcomes}
        return "positive" in said and bool(said - {"positive"})


def trial_evidence(aim: str, knowledge: Knowledge) -> TrialEvidence:
    """Return what the studies of an aim show.

    Raises
    ------
    KnowledgeError
        If there is no such aim; it names the nearest.
    """
    _ = knowledge.aims[aim]
    studies = tuple(study for study in knowledge.trials.values() if aim in study.aims)
    counted = [study for study in studies if study.counted]
    effects = tuple(_in_order(effect for study in counted for effect in summary_effects(study)))
    return TrialEvidence(
        aim=aim,
        studies=studies,
        effects=effects,
        summaries=tuple(_summaries(counted, effects)),
        shares=tuple(share for study in studies for share in _shares(study)),
        courses=tuple(course for study in counted for course in _courses(study)),
        background=tuple(back for study in counted for back in _background(study)),
    )


def _in_order(effects: Iterable[Effect]) -> list[Effect]:
    order = list(Group)
    return sorted(
        effects, key=lambda one: (order.index(one.group), one.measure.scale not in POOLED_SCALES, one.log_ratio)
    )


def may_be_pooled(effect: Effect) -> bool:
    """Return whether an effect belongs in a summary: of a scale of one family, of like arms, with a known error."""
    alike = effect.measure.scale in POOLED_SCALES and effect.group not in NOT_ALIKE
    return alike and effect.standard_error is not None


def pooled(effects: Sequence[Effect]) -> random_effects.Pooled:
    """Return effects as one."""
    errors = [effect.standard_error or 0.0 for effect in effects]
    return random_effects.pool(np.array([effect.log_ratio for effect in effects]), np.array(errors))


def _summaries(studies: Sequence[Study], effects: Sequence[Effect]) -> Iterator[Summary]:
    sensitive = [_of_groups(studies, assumed) for assumed in LOW_AND_HIGH]
    for group in Group:
        mine = [one for one in effects if one.group is group and may_be_pooled(one)]
        kept = [one for one in mine if not one.outlier]
        if len(kept) < FEWEST_POOLED:
            continue
        low, high = (pooled(found[group]) for found in sensitive)
        yield Summary(group, pooled(kept), pooled(mine) if len(mine) > len(kept) else None, low, high)


def _of_groups(studies: Sequence[Study], assumed: Assumed) -> dict[Group, list[Effect]]:
    found: dict[Group, list[Effect]] = {group: [] for group in Group}
    for study in studies:
        for effect in summary_effects(study, assumed):
            if may_be_pooled(effect) and not effect.outlier:
                found[effect.group].append(effect)
    return found


def _background(study: Study) -> Iterator[Background]:
    effects = summary_effects(study, ASSUMED)
    for control in (one for one in effects if one.arm.role == "control"):
        for active in effects:
            alike = (active.measure.id, active.week, active.when) == (control.measure.id, control.week, control.when)
            if active.arm.role != "control" and alike and active.log_ratio != 0:
                yield Background(active, control, control.log_ratio / active.log_ratio)


def _courses(study: Study) -> Iterator[Course]:
    found: dict[tuple[str, str], list[Effect]] = {}
    for effect in effects_of(study):
        if effect.week is not None:
            found.setdefault((effect.arm.id, effect.measure.id), []).append(effect)
    for effects in found.values():
        ordered = sorted(effects, key=lambda one: one.week or 0.0)
        weeks = (0.0, *(one.week or 0.0 for one in ordered))
        ratios = (0.0, *(one.log_ratio for one in ordered))
        first = ordered[0]
        yield Course(study, first.arm, first.measure, weeks, ratios, any(one.doubtful for one in ordered))


def _shares(study: Study) -> Iterator[ShareOfPatients]:
    measures = {measure.id: measure for measure in study.measures}
    for arm in study.arms:
        for one in arm.observations:
            for definition, count, percent in _cumulated(one):
                yield _share(study, arm, measures[one.measure], one, definition, count, percent)


def _cumulated(one: Observation) -> Iterator[tuple[str, int | None, float | None]]:
    """Responders as they stand; bands as “this band or better”, all but the last, which everybody meets."""
    yield from ((each.definition, each.count, each.percent) for each in one.responders)
    for end in range(1, len(one.bands)):
        together = one.bands[:end]
        words = together[-1].definition if end == 1 else f"{together[-1].definition} or better"
        counts = [band.count for band in together if band.count is not None]
        percents = [band.percent for band in together if band.percent is not None]
        yield words, sum(counts) if len(counts) == end else None, sum(percents) if len(percents) == end else None


def _share(
    study: Study,
    arm: Arm,
    measure: Measure,
    one: Observation,
    definition: str,
    count: int | None,
    percent: float | None,
) -> ShareOfPatients:
    patients = one.n or arm.n
    if percent is None:
        percent = 100 * (count or 0) / patients if patients else None
    if percent is None:
        raise ValueError(f"{study.id}, {arm.id}: a count without patients or percentage makes no share")
    interval = wilson(percent / 100, patients) if patients else None
    return ShareOfPatients(study, arm, measure, one.week, one.when, definition, patients, percent, interval)


def wilson(share: float, patients: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share, in per cent."""
    z = 1.959964
    middle = (share + z**2 / (2 * patients)) / (1 + z**2 / patients)
    half = z / (1 + z**2 / patients) * sqrt(share * (1 - share) / patients + z**2 / (4 * patients**2))
    return 100 * max(0.0, middle - half), 100 * min(1.0, middle + half)


def percent_of(log_ratio: float) -> float:
    """Return a log ratio as a change in per cent."""
    return 100 * expm1(log_ratio)
