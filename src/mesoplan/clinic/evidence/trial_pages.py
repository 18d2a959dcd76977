"""The studies of an aim, and one study, laid out for their pages: figures, their tables, and what speaks against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mesoplan.clinic.evidence.links import Link, entry_link, links_to_sources
from mesoplan.clinic.evidence.titles import title_marked
from mesoplan.clinic.evidence.trial_words import DESIGNS, DIRECTIONS, FLAGS, GROUNDS, GROUPS, ROLES, figure_words
from mesoplan.clinic.shell.writing import number_text
from mesoplan.documents.course_plot import course_text, courses_chart
from mesoplan.documents.forest_plot import signed
from mesoplan.documents.trial_figures import (
    FigureWords,
    change_text,
    forest,
    name_of,
    new_clinic_text,
    pooled_text,
    share_text,
    shares,
    week_text,
)
from mesoplan.kernels.random_effects import Pooled
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.trials import Arm, Flag, Group, Observation, Outcome, Study
from mesoplan.planning.trial_effects import ASSUMED, LOW_AND_HIGH, Effect, effects_of
from mesoplan.planning.trial_evidence import Course, Summary, TrialEvidence, percent_of, trial_evidence

AGAINST = ("negative", "neutral", "mixed")


@dataclass(frozen=True)
class Said:
    """One outcome in words, with its study and sources."""

    study: str
    href: str
    text: str
    direction: str
    sources: list[Link]


def address(study: Study) -> str:
    return entry_link("trials", study.id)


def aim_context(aim: str, knowledge: Knowledge) -> dict[str, Any]:
    found, words = trial_evidence(aim, knowledge), figure_words()
    return {
        "found": found,
        "counts": _counts(found),
        "forest": SafeString(forest(found, words, address)),
        "changes": [_change_row(one, words) for one in found.effects],
        "summaries": [_summary_row(one) for one in found.summaries],
        "shares": SafeString(shares(found, words, address)),
        "share_rows": [_share_row(one, words) for one in found.shares],
        "courses": list(_charts(found, words)),
        "course_rows": [_course_row(one) for one in found.courses],
        "background": [_background_row(one) for one in found.background],
        "favour": _said(found.outcomes("positive"), knowledge),
        "against": _said(found.outcomes(*AGAINST), knowledge),
        "published": _said(_outcomes_of(found.published_summaries), knowledge),
        "studies": [_study_row(one, found) for one in found.studies],
        "assumed": _assumed(found),
    }


def _counts(found: TrialEvidence) -> dict[str, int]:
    return {
        "studies": len(found.counted),
        "arms": sum(len(study.arms) for study in found.counted),
        "drawn": len({(one.study.id, one.arm.id) for one in found.effects}),
        "silent": len(found.in_words),
    }


def _assumed(found: TrialEvidence) -> dict[str, str]:
    low, high = LOW_AND_HIGH
    return {
        "correlation": number_text(ASSUMED.correlation),
        "spread": number_text(ASSUMED.log_sd, decimals=2),
        "low": number_text(low.log_sd),
        "high": number_text(high.log_sd),
        "moves": number_text(max((_moves(one) for one in found.summaries), default=0.0), decimals=0),
    }


def _moves(one: Summary) -> float:
    """By how many percentage points the summary moves under the assumed spreads at their ends."""
    middle = percent_of(one.without_outliers.mean)
    return max(abs(percent_of(other.mean) - middle) for other in (one.low, one.high))


def _outcomes_of(studies: Iterable[Study]) -> Iterator[tuple[Study, Outcome]]:
    return ((study, one) for study in studies for one in study.outcomes)


def _said(outcomes: Iterable[tuple[Study, Outcome]], knowledge: Knowledge) -> list[Said]:
    return [
        Said(
            name_of(study),
            address(study),
            one.text,
            str(DIRECTIONS[one.direction]),
            links_to_sources(one.sources, knowledge),
        )
        for study, one in outcomes
    ]


def flag_words(flags: Iterable[Flag]) -> str:
    return ", ".join(str(FLAGS[flag.value]) for flag in flags)


def _change_row(one: Effect, words: FigureWords) -> dict[str, Any]:
    return {
        "group": GROUPS[one.group.value],
        "study": name_of(one.study),
        "href": address(one.study),
        "arm": one.arm.title,
        "measure": one.measure.title,
        "week": week_text(one.week, words) if one.week is not None else "",
        "when": one.when,
        "patients": one.patients,
        "change": change_text(one),
        "ground": GROUNDS[one.ground.value],
        "flags": flag_words(one.flags),
    }


def _summary_row(one: Summary) -> dict[str, Any]:
    return {
        "group": GROUPS[one.group.value],
        "arms": one.without_outliers.studies,
        "together": pooled_text(one.without_outliers),
        "new_clinic": new_clinic_text(one.without_outliers),
        "between": _("τ %(tau)s, I² %(i_squared)s")
        % {
            "tau": number_text(one.without_outliers.tau, decimals=2),
            "i_squared": f"{100 * one.without_outliers.i_squared:.0f}\u00a0%",
        },
        "with_outliers": _with_outliers(one.with_outliers),
    }


def _with_outliers(found: Pooled | None) -> str:
    if found is None:
        return ""
    return _("%(together)s, %(count)s arms") % {"together": pooled_text(found), "count": found.studies}


def _share_row(one: Any, words: FigureWords) -> dict[str, Any]:
    return {
        "group": GROUPS[one.arm.group.value],
        "study": name_of(one.study),
        "href": address(one.study),
        "arm": one.arm.title,
        "definition": one.definition,
        "week": week_text(one.week, words) if one.week is not None else "",
        "when": one.when,
        "patients": one.patients,
        "share": share_text(one, words),
    }


def _charts(found: TrialEvidence, words: FigureWords) -> Iterator[dict[str, Any]]:
    for group in Group:
        own = [one for one in found.courses if one.arm.group is group]
        if own:
            title = str(GROUPS[group.value])
            name = _("%(group)s: change from baseline by week") % {"group": title}
            chart = courses_chart(
                found.courses, group, name=name, weeks=_("Weeks"), named=_course_name, labels_in=words.labels_in
            )
            yield {"title": title, "svg": SafeString(chart)}


def _course_name(course: Course) -> str:
    pooled = course.measure.scale is not None
    return name_of(course.study) if pooled else f"{name_of(course.study)}, {course.measure.title.lower()}"


def _course_row(one: Course) -> dict[str, Any]:
    return {
        "group": GROUPS[one.arm.group.value],
        "study": name_of(one.study),
        "href": address(one.study),
        "arm": one.arm.title,
        "measure": one.measure.title,
        "points": course_text(one),
    }


def _background_row(one: Any) -> dict[str, Any]:
    return {
        "study": name_of(one.active.study),
        "href": address(one.active.study),
        "arm": one.active.arm.title,
        "change": signed(one.active.percent),
        "control": one.control.arm.title,
        "control_change": signed(one.control.percent),
        "share": f"{100 * one.share:.0f}\u00a0%" if one.share > 0 else "",
    }


def _study_row(study: Study, found: TrialEvidence) -> dict[str, Any]:
    silent = {one.id for one in found.in_words}
    return {
        "title": study.title,
        "href": address(study),
        "design": DESIGNS[study.design],
        "arms": len(study.arms),
        "patients": patients_of(study),
        "silent": study.id in silent,
        "counted": study.counted,
    }


def patients_of(study: Study) -> int | None:
    """How many took part: one number where both treatments are on one patient, else the sum; unknown stays so."""
    numbers = [arm.n for arm in study.arms if Flag.SUBGROUP not in arm.flags]
    if not numbers or None in numbers:
        return None
    known = [number for number in numbers if number is not None]
    return max(known) if study.paired else sum(known)


def study_context(study: Study, knowledge: Knowledge) -> dict[str, Any]:
    effects = {(one.arm.id, one.measure.id, one.week, one.when): one for one in effects_of(study)}
    return {
        "design": DESIGNS[study.design],
        "patients": patients_of(study),
        "arms": [_arm(study, arm, effects) for arm in study.arms],
        "aims": [{"id": aim, "title": title_marked("aims", aim, knowledge)} for aim in study.aims],
    }


def _arm(study: Study, arm: Arm, effects: dict[Any, Effect]) -> dict[str, Any]:
    measures = {measure.id: measure.title for measure in study.measures}
    return {
        "arm": arm,
        "role": ROLES[arm.role],
        "group": GROUPS[arm.group.value],
        "flags": flag_words(arm.flags),
        "regimen": list(_regimen(arm)),
        "observations": [
            _observation(one, measures, effects.get((arm.id, one.measure, one.week, one.when)))
            for one in arm.observations
        ],
    }


PRINTED_DIGITS = 6


def _printed(value: float) -> str:
    """A figure of a study as it was printed, not rounded."""
    return number_text(value, digits=PRINTED_DIGITS)


def _regimen(arm: Arm) -> Iterator[tuple[str, str]]:
    given = arm.regimen
    if given.volume_per_point_ml is not None:
        yield _("Volume per point"), f"{_printed(given.volume_per_point_ml)}\u00a0mL"
    if given.spacing_mm is not None:
        yield _("Spacing"), f"{_printed(given.spacing_mm)}\u00a0mm"
    if given.dose_per_session_mg is not None:
        yield _("Dose a session"), f"{_span(given.dose_per_session_mg)}\u00a0mg"
    if given.interval_days is not None:
        yield _("Interval"), _("%(days)s days") % {"days": _printed(given.interval_days)}
    if given.sessions is not None:
        yield _("Sessions"), _span(given.sessions)


def _span(value: float | tuple[float, float]) -> str:
    if isinstance(value, tuple):
        return f"{_printed(value[0])}–{_printed(value[1])}"
    return _printed(value)


def _observation(one: Observation, measures: dict[str, str], effect: Effect | None) -> dict[str, Any]:
    return {
        "measure": measures[one.measure],
        "week": _printed(one.week) if one.week is not None else "",
        "when": one.when,
        "sessions": _span(one.sessions) if one.sessions is not None else "",
        "patients": one.n,
        "mean": _with_spread(one.mean, one.sd) or _with_spread(one.median, None),
        "median": one.mean is None and one.median is not None,
        "change": _with_spread(one.change, one.change_sd),
        "percent": _percent(one),
        "ratio": change_text(effect) if effect else "",
        "responders": [_responder(each) for each in (*one.responders, *one.bands)],
        "flags": flag_words(one.flags),
        "derived": one.derived,
        "note": one.note,
    }


def _responder(one: Any) -> dict[str, Any]:
    parts = [str(one.count)] if one.count is not None else []
    if one.percent is not None:
        parts.append(f"{_printed(one.percent)}\u00a0%")
    return {"definition": one.definition, "figure": ", ".join(parts)}


def _with_spread(value: float | None, spread: float | None) -> str:
    if value is None:
        return ""
    return _printed(value) if spread is None else f"{_printed(value)} ± {_printed(spread)}"


def _percent(one: Observation) -> str:
    if one.percent_change is None:
        return ""
    spread = f" ± {_printed(one.percent_change_sd)}" if one.percent_change_sd else ""
    return f"{_printed(one.percent_change)}{spread}\u00a0%"
