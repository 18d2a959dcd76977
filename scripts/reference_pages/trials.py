"""Trials by aim: what their arms say together, and every study with what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mesoplan.documents.trial_figures import change_text, name_of, new_clinic_text, pooled_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.trials import Study
from mesoplan.planning.trial_effects import Effect
from mesoplan.planning.trial_evidence import GROUP_TITLES, TrialEvidence, trial_evidence
from scripts.reference_pages.markdown import NOTHING, cell, joined, links, page, section, table

SUMMARY = ("Arms of", "Arms", "Together (95 %)", "A new clinic (95 %)", "Tau", "I²", "With the outliers")
CHANGES = ("Study", "Arm", "Measure", "Week", "Patients", "Change (95 %)", "The error rests on", "Doubts")
STUDIES = ("Id", "Study", "Design", "Arms", "Says", "Sources")


def trials(knowledge: Knowledge) -> str:
    """Return the page of trials: for each aim the summaries, the changes and all studies in words."""
    aims = joined(
        *(section(aim.title, _aim(trial_evidence(aim.id, knowledge)), level=2) for aim in knowledge.aims.values())
    )
    return page(
        "Trials by aim",
        "Each change is the ratio of an arm to its own baseline. Where a study prints no standard deviation of the "
        "change, a correlation of 0.85 or a spread of 0.40 on the log scale is assumed, and said so.",
        aims,
    )


def _aim(found: TrialEvidence) -> str:
    parts = []
    if found.summaries:
        parts.append(section("Together", table(SUMMARY, _summaries(found))))
    if found.effects:
        parts.append(section("Changes", table(CHANGES, (_change(one) for one in found.effects))))
    parts.append(section("Studies", table(STUDIES, (_study(one) for one in found.studies))))
    return joined(*parts)


def _summaries(found: TrialEvidence) -> Iterator[Sequence[str]]:
    for one in found.summaries:
        main, outliers = one.without_outliers, one.with_outliers
        yield [
            GROUP_TITLES[one.group], str(main.studies), pooled_text(main), new_clinic_text(main) or "too few arms",
            f"{main.tau:.2f}", f"{100 * main.i_squared:.0f} %",
            f"{pooled_text(outliers)}, {outliers.studies} arms" if outliers else NOTHING,
        ]  # fmt: skip


def _change(one: Effect) -> Sequence[str]:
    return [
        cell(name_of(one.study)), cell(one.arm.title), cell(one.measure.title),
        f"{one.week:g}" if one.week is not None else cell(one.when or ""), str(one.patients or NOTHING),
        change_text(one), one.ground.value, ", ".join(flag.value for flag in one.flags) or NOTHING,
    ]  # fmt: skip


def _study(study: Study) -> Sequence[str]:
    said = " ".join(f"({one.direction}) {one.text}" for one in study.outcomes)
    return [
        f"`{study.id}`", cell(study.title), study.design, str(len(study.arms)), cell(said) or NOTHING,
        links(study.sources),
    ]  # fmt: skip
