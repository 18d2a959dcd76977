"""The figures of the trials of an aim: changes as a forest plot, shares of patients, courses over the weeks.

Words come from outside, for pages are in several languages; `FigureWords` holds the English ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

from mesoplan.documents.forest_plot import Axis, Row, Section, SummaryRow, forest_plot, range_of, ratio_axis, signed
from mesoplan.domain.writing import FIXED_SPACE
from mesoplan.kernels.random_effects import Pooled
from mesoplan.knowledge.schema.trials import Arm, Measure, Study
from mesoplan.planning.trial_effects import Effect
from mesoplan.planning.trial_evidence import (
    GROUP_TITLES,
    POOLED_SCALES,
    ShareOfPatients,
    Summary,
    TrialEvidence,
    percent_of,
)

LOW, HIGH = -93.0, 120.0
TICKS = (-90.0, -75.0, -50.0, -25.0, 0.0, 50.0, 100.0)
LINES_ONLY = (-25.0, 50.0)
SMALLEST, LARGEST = 3.0, 8.0
ALL_PATIENTS_AT = 120
"""Arms of this size or more have the largest square."""
SHARE_LABELS = 370.0
"""Definitions are long; the axis of shares is narrower."""

Address = Callable[[Study], str]


def _nowhere(_study: Study) -> str:
    return ""


@dataclass(frozen=True)
class FigureWords:
    """What the figures say; templates hold `{...}`."""

    groups: Mapping[str, str] = field(default_factory=lambda: {key.value: title for key, title in GROUP_TITLES.items()})
    columns: tuple[str, str, str, str] = ("Study", "Week", "Patients", "Change (95 %)")
    share_columns: tuple[str, str, str, str] = ("Study and what counts", "Week", "Patients", "Share (95 %)")
    change_axis: str = "Change from the arm’s own baseline in per cent, log scale"
    share_axis: str = "Share of patients in per cent"
    lower: str = "falls"
    higher: str = "rises"
    together: str = "Together, {count} arms"
    with_outliers: str = "With the outliers, {count} arms"
    new_clinic: str = "A new clinic must expect (95 %)"
    too_few: str = "too few arms to say"
    no_error: str = "error not known"
    legend: str = (
        "■ size by patients  □ doubtful  ● error not known  ◆ together  ▬ range for a new clinic  grey: control"
    )
    labels_in: str | None = None
    decimal: str = "."
    share_legend: str = "■ size by patients  ● number of patients not known  grey: control"
    forest_name: str = "Forest plot: change of each arm from its own baseline"
    shares_name: str = "Share of the patients of each arm who met a definition"


ENGLISH = FigureWords()


def name_of(study: Study) -> str:
    """Return what a study is called for short: “Lee 2006”."""
    return study.title.split(":")[0]


def week_text(week: float | None, words: FigureWords = ENGLISH) -> str:
    """Return the week, or a dash for a time that is told in words."""
    return "–" if week is None else f"{week:g}".replace(".", words.decimal)


def time_text(week: float | None, when: str | None) -> str:
    """Return the time of an observation in English words."""
    return f"week {week:g}" if week is not None else when or ""


def change_text(effect: Effect) -> str:
    """Return “−47 % (−53 … −41 %)”, or the change alone where its error is not known."""
    if effect.interval is None:
        return signed(effect.percent)
    return f"{signed(effect.percent)} ({range_of(*(percent_of(end) for end in effect.interval))})"


def pooled_text(found: Pooled) -> str:
    """Return the mean of a summary with its interval."""
    return f"{signed(percent_of(found.mean))} ({range_of(*(percent_of(end) for end in found.interval))})"


def forest(
    evidence: TrialEvidence, words: FigureWords = ENGLISH, address: Address = _nowhere, *, alone: bool = False
) -> str:
    """Return the forest plot of changes, empty where no arm has one."""
    sections = list(_sections(evidence, words, address))
    if not sections:
        return ""
    axis = ratio_axis(
        TICKS,
        words.change_axis,
        LOW,
        HIGH,
        lines_only=LINES_ONLY,
        lower_side=words.lower,
        higher_side=words.higher,
    )
    return forest_plot(
        sections,
        axis,
        name=words.forest_name,
        columns=words.columns,
        legend=words.legend,
        labels_in=words.labels_in,
        alone=alone,
    )


def _sections(evidence: TrialEvidence, words: FigureWords, address: Address) -> Iterator[Section]:
    summaries = {summary.group: summary for summary in evidence.summaries}
    for group in GROUP_TITLES:
        effects = [one for one in evidence.effects if one.group is group]
        if effects:
            named = Counter((one.study.id, one.measure.id) for one in effects)
            rows = tuple(_row(one, named[one.study.id, one.measure.id] > 1, words, address) for one in effects)
            found = summaries.get(group)
            yield Section(words.groups[group.value], rows, tuple(_summary_rows(found, words)) if found else ())


def _row(effect: Effect, several_arms: bool, words: FigureWords, address: Address) -> Row:
    time, known = time_text(effect.week, effect.when), effect.standard_error is not None
    return Row(
        label=_label(effect.study, effect.arm, effect.measure, several_arms),
        time=week_text(effect.week, words),
        count=str(effect.patients or "–"),
        note=change_text(effect),
        value=effect.log_ratio,
        interval=effect.interval,
        hollow=effect.doubtful,
        kind="control" if effect.arm.role == "control" else "active",
        size=_size(effect.patients),
        href=address(effect.study),
        whole=f"{effect.study.title}. {effect.arm.title}. {effect.measure.title}, {time}: {change_text(effect)}"
        + ("" if known else f" ({words.no_error})"),
    )


def _label(study: Study, arm: Arm, measure: Measure, several_arms: bool) -> str:
    if several_arms:
        return f"{name_of(study)}: {arm.title}"
    if measure.scale in POOLED_SCALES:
        return name_of(study)
    return f"{name_of(study)}, {measure.title[:1].lower()}{measure.title[1:]}"


def _size(patients: int | None) -> float:
    return SMALLEST + (LARGEST - SMALLEST) * sqrt(min(patients or 0, ALL_PATIENTS_AT) / ALL_PATIENTS_AT)


def _summary_rows(summary: Summary, words: FigureWords) -> Iterator[SummaryRow]:
    yield _summary_row(summary.without_outliers, words.together, words)
    if summary.with_outliers is not None:
        yield _summary_row(summary.with_outliers, words.with_outliers, words)


def _summary_row(found: Pooled, label: str, words: FigureWords) -> SummaryRow:
    return SummaryRow(
        label=label.format(count=found.studies),
        note=pooled_text(found),
        mean=found.mean,
        interval=found.interval,
        predicted=found.predicted,
        predicted_label=words.new_clinic,
        predicted_note=new_clinic_text(found) or words.too_few,
    )


def new_clinic_text(found: Pooled) -> str:
    """Return the interval for a new clinic in per cent; empty where arms are too few."""
    return range_of(*(percent_of(end) for end in found.predicted)) if found.predicted else ""


def shares(
    evidence: TrialEvidence, words: FigureWords = ENGLISH, address: Address = _nowhere, *, alone: bool = False
) -> str:
    """Return the plot of shares of patients, empty where no study tells any."""
    sections = []
    for group in GROUP_TITLES:
        mine = [one for one in evidence.shares if one.arm.group is group]
        if mine:
            rows = tuple(_share_row(one, words, address) for one in mine)
            sections.append(Section(words.groups[group.value], rows))
    if not sections:
        return ""
    ticks = tuple((float(percent), str(percent)) for percent in (0, 25, 50, 75, 100))
    axis = Axis(0, 100, ticks, words.share_axis, left=SHARE_LABELS)
    return forest_plot(
        sections,
        axis,
        name=words.shares_name,
        columns=words.share_columns,
        legend=words.share_legend,
        labels_in=words.labels_in,
        alone=alone,
    )


def share_text(share: ShareOfPatients, words: FigureWords = ENGLISH) -> str:
    """Return “78 % (63 … 88 %)”."""
    said = f"{_whole(share.percent, words)}{FIXED_SPACE}%"
    if share.interval is None:
        return said
    return f"{said} ({_whole(share.interval[0], words)} … {_whole(share.interval[1], words)}{FIXED_SPACE}%)"


def _whole(percent: float, words: FigureWords) -> str:
    """A percentage without decimals; one that is not zero is never written as 0."""
    return f"{percent:.0f}" if percent == 0 or percent >= 1 else f"{max(percent, 0.1):.1f}".replace(".", words.decimal)


def _share_row(share: ShareOfPatients, words: FigureWords, address: Address) -> Row:
    time = time_text(share.week, share.when)
    return Row(
        label=f"{name_of(share.study)}: {share.definition}",
        time=week_text(share.week, words),
        count=str(share.patients or "–"),
        note=share_text(share, words),
        value=share.percent,
        interval=share.interval,
        kind="control" if share.arm.role == "control" else "active",
        size=_size(share.patients),
        href=address(share.study),
        whole=f"{share.study.title}. {share.arm.title}, {time}. {share.definition}: {share_text(share)}",
    )


def groups_of_courses(evidence: TrialEvidence) -> Sequence[str]:
    """Return the groups that have a course over time, in the order of the plots."""
    return [group.value for group in GROUP_TITLES if any(one.arm.group is group for one in evidence.courses)]
