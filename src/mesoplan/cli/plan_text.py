"""A plan with its evaluation as text for a terminal: recipe, placement, sessions, doses, findings."""

from __future__ import annotations

from collections.abc import Iterator

from mesoplan.cli.finding_text import count_of, findings_lines
from mesoplan.cli.wrapping import section, wrapped
from mesoplan.domain.evaluation import Dose, Evaluation, Landing, LimitState, MixtureResult
from mesoplan.domain.plan import Plan, Preparation, ZonePlacement
from mesoplan.domain.writing import (
    angle_text,
    area_text,
    count_text,
    date_text,
    length_text,
    quantity_text,
    range_text,
    volume_text,
)
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.doses import measure_text
from mesoplan.planning.landing_words import layers_text, percent_text

_NOT_KNOWN = "not known"
_STATES = {LimitState.NEAR: "; NEAR THE LIMIT", LimitState.OVER: "; OVER THE LIMIT"}


def evaluation_text(evaluation: Evaluation, plan: Plan, knowledge: Knowledge) -> str:
    """Return what `mesoplan evaluate` prints: what stands against the plan first, then its figures."""
    head = f"{plan.title}: {count_of(evaluation.findings)}. {burden_text(evaluation)}"
    read = f"{evaluation.rules_read} rules of release {evaluation.knowledge_release} read by {evaluation.engine}."
    return "\n".join([*wrapped(head), *wrapped(read), *plan_lines(evaluation, plan, knowledge)])


def burden_text(evaluation: Evaluation) -> str:
    """Return what the course asks of the patient, in one sentence."""
    burden = evaluation.burden
    return (
        f"{count_text(burden.sessions, 'session', 'sessions')} over {burden.weeks:g} weeks, "
        f"{count_text(burden.punctures_per_session, 'puncture', 'punctures')} and "
        f"{quantity_text(burden.injected_ml_per_session, 'mL', decimals=2)} in each."
    )


def plan_lines(evaluation: Evaluation, plan: Plan, knowledge: Knowledge, level: int = 0) -> list[str]:
    """Return every section of a plan."""
    dates = ", ".join(date_text(day) for day in plan.schedule.sessions)
    inner = level + 1
    return [
        *section("Findings", findings_lines(evaluation.findings, inner), level),
        *section("Recipe, for one session", _recipe(plan, evaluation, knowledge, inner), level),
        *section("Placement", _placement(plan, evaluation, knowledge, inner), level),
        *section("Kept clear", _kept_clear(plan, knowledge, inner), level),
        *section("Sessions", [*wrapped(dates, inner), *_judging(plan, inner)], level),
        *section("Doses", (line for dose in evaluation.doses for line in _dose(dose, knowledge, inner)), level),
    ]


def _recipe(plan: Plan, evaluation: Evaluation, knowledge: Knowledge, level: int) -> Iterator[str]:
    mixtures = {mixture.preparation: mixture for mixture in evaluation.mixtures}
    for preparation in plan.preparations:
        yield from _preparation(preparation, mixtures[preparation.id], knowledge, level)


def _preparation(preparation: Preparation, mixture: MixtureResult, knowledge: Knowledge, level: int) -> Iterator[str]:
    yield from wrapped(f"{preparation.title}: {preparation.syringes} × {preparation.syringe.value:g} mL syringe", level)
    for draw in preparation.draws:
        title = knowledge.presentations[draw.presentation][1].title
        yield from wrapped(f"{volume_text(draw.volume):>8}  {title}", level + 1, hang=6)
    made, injected, discarded = (
        quantity_text(value, "mL", decimals=2) for value in (mixture.made_ml, mixture.injected_ml, mixture.discarded_ml)
    )
    yield from wrapped(f"made {made}, injected {injected}, discarded {discarded}", level + 1)
    for one in mixture.concentrations:
        value = _NOT_KNOWN if one.value is None else quantity_text(one.value, one.unit)
        yield from wrapped(f"{knowledge.compounds[one.compound].title}: {value}", level + 1)
    yield from wrapped(f"osmolarity {_interval(mixture, 'osmolarity', 0)}; pH {_interval(mixture, 'ph', 1)}", level + 1)
    for pair in mixture.pairs:
        yield from wrapped(f"{pair.a} with {pair.b}: {pair.verdict.value.replace('_', ' ')}. {pair.text}", level + 1)


def _interval(mixture: MixtureResult, name: str, decimals: int) -> str:
    found = getattr(mixture, name)
    return range_text(found.low, found.high, found.unit, decimals=decimals) if found else _NOT_KNOWN


def _placement(plan: Plan, evaluation: Evaluation, knowledge: Knowledge, level: int) -> Iterator[str]:
    landings = {(landing.zone, landing.preparation): landing for landing in evaluation.landings}
    titles = {one.id: one.title for one in plan.preparations}
    for placement in plan.placements:
        syringe = f", {titles[placement.preparation]}" if len(titles) > 1 else ""
        yield from wrapped(f"{knowledge.zones[placement.zone].title}{syringe}: {_points_text(placement)}", level)
        needle = knowledge.needles[placement.needle].title
        landing = landings[placement.zone, placement.preparation]
        yield from wrapped(f"{needle}, {_depth_text(placement, landing)}", level + 1)


def _kept_clear(plan: Plan, knowledge: Knowledge, level: int) -> Iterator[str]:
    """Yield one line for each zone in which places are kept clear."""
    for zone in dict.fromkeys(one.zone for one in plan.kept_clear):
        radii = [one.radius.value for one in plan.kept_clear if one.zone == zone]
        around = range_text(min(radii), max(radii), "mm", decimals=1)
        places = count_text(len(radii), "place", "places")
        yield from wrapped(f"{knowledge.zones[zone].title}: {places}, points keep off by {around}", level)


def _points_text(placement: ZonePlacement) -> str:
    lines = " on parallel lines" if placement.pattern == "lines" else ""
    return (
        f"{count_text(len(placement.points), 'point', 'points')} of {volume_text(placement.volume_per_point)}, "
        f"{length_text(placement.spacing)} apart{lines}, on {area_text(placement.area, placement.area_error)} "
        f"({placement.area_source})"
    )


def _depth_text(placement: ZonePlacement, landing: Landing) -> str:
    skin = range_text(*landing.skin_mm, "mm", decimals=1) if landing.skin_mm else _NOT_KNOWN
    return (
        f"{angle_text(placement.angle)} × {length_text(placement.inserted)} inserted = "
        f"{quantity_text(landing.depth_mm, 'mm', decimals=1)} deep "
        f"({range_text(*landing.depth_range_mm, 'mm', decimals=1)} for the hand), skin {skin}: "
        f"{_landing_text(landing)}"
    )


def _landing_text(landing: Landing) -> str:
    """Return "dermis 98 %, fat 2 %; upper dermis 96 %; ceiling of 2 mm passed by under 1 %"."""
    if landing.chances is None:
        return landing.landing.value.replace("_", " ")
    said = [layers_text(landing.chances)]
    if landing.chances.target is not None and landing.target is not None:
        said.append(f"target {landing.target.replace('-', ' ')} {percent_text(landing.chances.target)}")
    if landing.ceilings:
        most = max(landing.ceilings, key=lambda one: (one.chance, -one.ceiling_mm))
        depth = quantity_text(most.ceiling_mm, "mm")
        said.append(f"ceiling of {depth} passed by {percent_text(most.chance)}")
    return "; ".join(said)


def _judging(plan: Plan, level: int) -> Iterator[str]:
    schedule = plan.schedule
    if schedule.first_judged_on:
        yield from wrapped(f"nothing is judged before {date_text(schedule.first_judged_on)}", level)
    if schedule.review_on:
        yield from wrapped(f"stop and look again on {date_text(schedule.review_on)}", level)


def _dose(dose: Dose, knowledge: Knowledge, level: int) -> list[str]:
    value = "cannot be computed" if dose.value is None else quantity_text(dose.value, dose.unit)
    limit = f"limit {dose.limit_text}" if dose.limit is not None else dose.limit_text
    title = knowledge.compounds[dose.compound].title
    return wrapped(f"{title}, {measure_text(dose.measure)}: {value}; {limit}{_STATES.get(dose.state, '')}", level)
