"""What a difference does: punctures, injected volume, doses of a session, findings; from two evaluations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mesoplan.domain.case import Case
from mesoplan.domain.evaluation import Dose, Evaluation, Measure
from mesoplan.domain.finding import Finding
from mesoplan.domain.plan import Plan
from mesoplan.domain.quantities import Volume
from mesoplan.domain.writing import MINUS, quantity_text, volume_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.evaluate import evaluate
from mesoplan.planning.operations.differences import Difference, taken_back
from mesoplan.planning.operations.refusals import CannotDo

NOT_COMPUTABLE = "cannot be computed"


@dataclass(frozen=True)
class DoseEffect:
    """One compound in one session; None where it cannot be computed, or is not given."""

    compound: str
    before: float | None
    now: float | None
    unit: str


@dataclass(frozen=True)
class Effect:
    """What changed in an evaluation. A finding that says the same of other points or figures is `changed`."""

    punctures: tuple[int, int]
    injected_ml: tuple[float, float]
    doses: tuple[DoseEffect, ...]
    new: tuple[Finding, ...]
    settled: tuple[Finding, ...]
    changed: tuple[Finding, ...]


def effect(before: Evaluation, now: Evaluation) -> Effect:
    """Return what differs between two evaluations of one case."""
    earlier, later = _by_subject(before), _by_subject(now)
    both = earlier.keys() & later.keys()
    return Effect(
        punctures=(before.burden.punctures_per_session, now.burden.punctures_per_session),
        injected_ml=(before.burden.injected_ml_per_session, now.burden.injected_ml_per_session),
        doses=tuple(_doses(before, now)),
        new=tuple(later[key] for key in later if key not in earlier),
        settled=tuple(earlier[key] for key in earlier if key not in later),
        changed=tuple(later[key] for key in later if key in both and later[key] != earlier[key]),
    )


def effect_of(
    difference: Difference, plan: Plan, evaluation: Evaluation, case: Case, knowledge: Knowledge
) -> Effect | None:
    """Return what one difference does: the plan without it beside the plan; None where it cannot be without it."""
    try:
        without = taken_back(plan, difference)
    except CannotDo:
        return None
    return effect(evaluate(case, without, knowledge), evaluation)


def _by_subject(evaluation: Evaluation) -> dict[tuple[object, ...], Finding]:
    """Return findings by what they are about, whichever points and figures they name; repeats are counted."""
    found: dict[tuple[object, ...], Finding] = {}
    for finding in evaluation.findings:
        about = finding.subject
        key = (finding.rule, finding.code, finding.severity, about.compound, about.zone, about.preparation, about.pair)
        number = 0
        while (*key, number) in found:
            number += 1
        found[*key, number] = finding
    return found


def _doses(before: Evaluation, now: Evaluation) -> Iterator[DoseEffect]:
    earlier, later = _session_doses(before), _session_doses(now)
    for compound in dict.fromkeys([*earlier, *later]):
        was, given = earlier.get(compound), later.get(compound)
        known = was or given
        if known is not None and (was is None or given is None or was.value != given.value):
            yield DoseEffect(compound, was.value if was else 0.0, given.value if given else 0.0, known.unit)


def _session_doses(evaluation: Evaluation) -> dict[str, Dose]:
    return {dose.compound: dose for dose in evaluation.doses if dose.measure is Measure.SESSION}


def effect_text(found: Effect, knowledge: Knowledge) -> tuple[str, ...]:
    """Return an effect in short lines; none where nothing that is computed differs."""
    return tuple(_lines(found, knowledge))


def _lines(found: Effect, knowledge: Knowledge) -> Iterator[str]:
    was, now = found.punctures
    if was != now:
        yield f"punctures {was} → {now} ({_signed(now - was)})"
    earlier, later = found.injected_ml
    if earlier != later:
        yield f"injected {volume_text(Volume(earlier))} → {volume_text(Volume(later))} in a session"
    for dose in found.doses:
        sides = [NOT_COMPUTABLE if one is None else quantity_text(one, dose.unit) for one in (dose.before, dose.now)]
        yield f"{knowledge.compounds[dose.compound].title} {sides[0]} → {sides[1]} in a session"
    for word, findings in (("new", found.new), ("settled", found.settled), ("changed", found.changed)):
        for finding in findings:
            yield f"{word} {_SEVERITY[finding.severity.value]}: {finding.text}"


_SEVERITY = {"block": "block", "wait": "wait", "warn": "warning", "info": "note"}


def _signed(number: int) -> str:
    return f"+{number}" if number > 0 else f"{MINUS}{-number}"
