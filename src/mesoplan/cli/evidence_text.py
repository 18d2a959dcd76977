"""What `mesoplan evidence` prints: the studies of an aim as a table, as JSON, and as a forest plot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mesoplan.cli.wrapping import wrapped
from mesoplan.documents.trial_figures import ENGLISH as WORDS
from mesoplan.documents.trial_figures import (
    change_text,
    forest,
    name_of,
    new_clinic_text,
    pooled_text,
    share_text,
    shares,
    time_text,
)
from mesoplan.domain.errors import InputError, Problem
from mesoplan.kernels.random_effects import Pooled
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.trials import Outcome, Study
from mesoplan.planning.trial_effects import Effect
from mesoplan.planning.trial_evidence import (
    GROUP_TITLES,
    ShareOfPatients,
    Summary,
    TrialEvidence,
    percent_of,
    trial_evidence,
)

NAME, TIME, PATIENTS = 44, 14, 5
AGAINST = ("negative", "neutral", "mixed")


def aims_text(knowledge: Knowledge) -> str:
    """Return one line for each aim: how many studies, and how many arms have a figure."""
    lines = ["Studies, and arms with a change or a share in figures, by aim (mesoplan evidence AIM):"]
    for aim in knowledge.aims.values():
        found = trial_evidence(aim.id, knowledge)
        drawn = {(one.study.id, one.arm.id) for one in found.effects}
        drawn |= {(one.study.id, one.arm.id) for one in found.shares if one.study.counted}
        lines.append(f"  {aim.id:<38}{len(found.counted):>4} studies {len(drawn):>4} arms  {aim.title}")
    return "\n".join(lines)


def aims_json(knowledge: Knowledge) -> dict[str, Any]:
    """Return the same as plain data."""
    aims = [
        {"id": aim, "studies": [study.id for study in trial_evidence(aim, knowledge).counted]} for aim in knowledge.aims
    ]
    return {"knowledge": _release(knowledge), "aims": aims}


def evidence_text(found: TrialEvidence, knowledge: Knowledge) -> str:
    """Return the studies of an aim as text."""
    aim = knowledge.aims[found.aim]
    head = f"{aim.title}: {len(found.counted)} studies, {sum(len(one.arms) for one in found.counted)} arms"
    return "\n".join([
        head,
        "",
        *_changes(found),
        *_shares(found),
        *_backgrounds(found),
        *_words("Without benefit, against, or mixed", found.outcomes(*AGAINST)),
        *_words("For", found.outcomes("positive")),
        *_published(found),
        f"Release {knowledge.release}, sha256 {knowledge.sha256}",
    ])  # fmt: skip


def _changes(found: TrialEvidence) -> Iterator[str]:
    if not found.effects:
        return
    yield "Change of each arm from its own baseline (95 %); * contradicts itself or lies beyond belief"
    summaries = {summary.group: summary for summary in found.summaries}
    for group, title in GROUP_TITLES.items():
        effects = [one for one in found.effects if one.group is group]
        if effects:
            yield f"  {title}"
            named = Counter((one.study.id, one.measure.id) for one in effects)
            yield from (_effect_line(one, named[one.study.id, one.measure.id] > 1) for one in effects)
        if group in summaries:
            yield from _summary_lines(summaries[group])
    yield ""


def _effect_line(one: Effect, several_arms: bool) -> str:
    told = one.arm.title if several_arms else one.measure.title
    name = f"{name_of(one.study)}{'*' if one.doubtful else ''}, {told}"
    return _line(name, time_text(one.week, one.when), one.patients, change_text(one))


def _line(name: str, time: str, patients: int | None, said: str) -> str:
    return f"    {_cut(name, NAME):<{NAME}} {_cut(time, TIME):<{TIME}} {patients or '–':>{PATIENTS}}  {said}"


def _cut(words: str, width: int) -> str:
    return words if len(words) <= width else f"{words[: width - 1].rstrip()}…"


def _summary_lines(summary: Summary) -> Iterator[str]:
    for label, pooled in (("Together", summary.without_outliers), ("With the outliers", summary.with_outliers)):
        if pooled is not None:
            yield _line(f"= {label}, {pooled.studies} arms", "", None, pooled_text(pooled)).replace("–", " ", 1)
            range_words = new_clinic_text(pooled) or WORDS.too_few
            yield _line(f"= {WORDS.new_clinic}", "", None, range_words).replace("–", " ", 1)


def _shares(found: TrialEvidence) -> Iterator[str]:
    if not found.shares:
        return
    yield "Share of the patients of each arm who met a definition (95 %)"
    for group, title in GROUP_TITLES.items():
        mine = [one for one in found.shares if one.arm.group is group]
        if mine:
            yield f"  {title}"
        for one in mine:
            name = f"{name_of(one.study)}: {one.definition}"
            yield _line(name, time_text(one.week, one.when), one.patients, share_text(one))
    yield ""


def _backgrounds(found: TrialEvidence) -> Iterator[str]:
    if not found.background:
        return
    yield "How much of an arm's change its own control shows too, on the log scale"
    for one in found.background:
        said = f"{100 * one.share:.0f} %" if one.share > 0 else "the control went the other way"
        yield _line(f"{name_of(one.active.study)}: {one.active.arm.title}", "", one.active.patients, said)
    yield ""


def _words(head: str, outcomes: Iterator[tuple[Study, Outcome]]) -> Iterator[str]:
    said = list(outcomes)
    if not said:
        return
    yield f"{head}, in the words of this knowledge base"
    for study, outcome in said:
        yield from wrapped(f"{name_of(study)} ({outcome.direction}): {outcome.text} [{', '.join(outcome.sources)}]", 1)
    yield ""


def _published(found: TrialEvidence) -> Iterator[str]:
    if found.summaries_contradict:
        yield "Published summaries contradict one another; none is chosen here."
    for study in found.published_summaries:
        for outcome in study.outcomes:
            yield from wrapped(f"{name_of(study)} ({outcome.direction}): {outcome.text}", 1)
    if found.published_summaries:
        yield ""


def evidence_json(found: TrialEvidence, knowledge: Knowledge) -> dict[str, Any]:
    """Return the studies of an aim as plain data; changes are in per cent, ratios on the log scale beside them."""
    return {
        "knowledge": _release(knowledge),
        "aim": found.aim,
        "studies": [study.model_dump(mode="json", exclude_none=True) for study in found.studies],
        "changes": [_effect_json(one) for one in found.effects],
        "summaries": [_summary_json(one) for one in found.summaries],
        "shares": [_share_json(one) for one in found.shares],
        "background": [
            {"study": one.active.study.id, "arm": one.active.arm.id, "control": one.control.arm.id, "share": one.share}
            for one in found.background
        ],
        "published_summaries_contradict": found.summaries_contradict,
        "without_figures": [study.id for study in found.in_words],
    }


def _release(knowledge: Knowledge) -> dict[str, str]:
    return {"release": knowledge.release, "sha256": knowledge.sha256}


def _effect_json(one: Effect) -> dict[str, Any]:
    interval = one.interval
    return {
        "study": one.study.id,
        "arm": one.arm.id,
        "group": one.group.value,
        "measure": one.measure.id,
        "week": one.week,
        "when": one.when,
        "patients": one.patients,
        "percent": one.percent,
        "percent_interval": [percent_of(end) for end in interval] if interval else None,
        "log_ratio": one.log_ratio,
        "standard_error": one.standard_error,
        "ground": one.ground.value,
        "flags": [flag.value for flag in one.flags],
        "sources": list(one.arm.sources),
    }


def _summary_json(one: Summary) -> dict[str, Any]:
    return {
        "group": one.group.value,
        "without_outliers": _pooled_json(one.without_outliers),
        "with_outliers": _pooled_json(one.with_outliers) if one.with_outliers else None,
        "with_small_assumed_spread": _pooled_json(one.low),
        "with_large_assumed_spread": _pooled_json(one.high),
    }


def _pooled_json(found: Pooled) -> dict[str, Any]:
    predicted = found.predicted
    return {
        "arms": found.studies,
        "percent": percent_of(found.mean),
        "percent_interval": [percent_of(end) for end in found.interval],
        "percent_for_a_new_clinic": [percent_of(end) for end in predicted] if predicted else None,
        "tau": found.tau,
        "i_squared": found.i_squared,
    }


def _share_json(one: ShareOfPatients) -> dict[str, Any]:
    return {
        "study": one.study.id,
        "arm": one.arm.id,
        "group": one.arm.group.value,
        "measure": one.measure.id,
        "week": one.week,
        "when": one.when,
        "definition": one.definition,
        "patients": one.patients,
        "percent": one.percent,
        "percent_interval": list(one.interval) if one.interval else None,
        "sources": list(one.arm.sources),
    }


def write_figure(file: str, found: TrialEvidence) -> bool:
    """Write the forest plot, or the plot of shares where no arm has a change; say whether there was one to write.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    drawn = forest(found, alone=True) or shares(found, alone=True)
    if drawn:
        try:
            Path(file).write_text(drawn, encoding="utf-8")
        except OSError as error:
            raise InputError(file, [Problem("--svg", f"cannot be written: {error.strerror}")]) from error
    return bool(drawn)
