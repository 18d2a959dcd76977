"""Read a plan from text and check that every id in it is known and every number can be given by a hand."""

from __future__ import annotations

from collections.abc import Iterator

from mesoplan.domain.case import Case
from mesoplan.domain.errors import InputError, Problem
from mesoplan.domain.plan import KeptClear, OnMesh, Plan, ZonePlacement
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.case_reading import unknown
from mesoplan.knowledge.validation import build
from mesoplan.knowledge.yaml_reading import read_text

MOST_DAYS_FROM_ASSESSMENT = 3653
POSITIVE_BOUNDS = {
    "volume_per_point": (0.001, 5.0),
    "inserted": (0.1, 40.0),
    "spacing": (1.0, 100.0),
    "area": (0.5, 4000.0),
}
KEPT_CLEAR_BOUNDS = (0.5, 50.0)
ZERO_OR_MORE_BOUNDS = {"angle": (0.0, 90.0), "edge_margin": (0.0, 50.0)}


def read_plan(text: str, file: str, case: Case, knowledge: Knowledge) -> Plan:
    """Return the plan in a YAML or JSON text.

    Raises
    ------
    InputError
        With every problem found: a plan for another case, unknown ids, numbers out of range.
    """
    plan = build(Plan, read_text(text, file), file)
    problems = list(plan_problems(plan, case, knowledge))
    if problems:
        raise InputError(file, problems)
    return plan


def plan_problems(plan: Plan, case: Case, knowledge: Knowledge) -> Iterator[Problem]:
    """Yield everything that keeps a plan from being evaluated at all."""
    if plan.case != case.id:
        yield Problem("case", f"the plan is for case “{plan.case}”, this is case “{case.id}”")
    yield from unknown("goal", plan.goal, "aims", knowledge.aims)
    if plan.protocol is not None:
        yield from unknown("protocol", plan.protocol, "protocols", knowledge.protocols)
        if plan.protocol in knowledge.protocols and knowledge.protocols[plan.protocol].aim != plan.goal:
            aim = knowledge.protocols[plan.protocol].aim
            yield Problem("protocol", f"“{plan.protocol}” is for the aim “{aim}”, the plan's goal is “{plan.goal}”")
    yield from _schedule(plan, case)
    for index, preparation in enumerate(plan.preparations, start=1):
        for place, draw in enumerate(preparation.draws, start=1):
            field = f"preparations.{index}.draws.{place}"
            yield from unknown(f"{field}.presentation", draw.presentation, "presentations", knowledge.presentations)
            yield from _bounds(f"{field}.volume", draw.volume.value, (0.001, 500.0), "mL")
        yield from _bounds(f"preparations.{index}.syringe", preparation.syringe.value, (0.3, 60.0), "mL")
    for index, placement in enumerate(plan.placements, start=1):
        yield from _placement(placement, f"placements.{index}", knowledge)
    for index, marked in enumerate(plan.kept_clear, start=1):
        yield from _kept_clear(marked, f"kept_clear.{index}", knowledge)
    rules = {*knowledge.rules, *knowledge.checks, *knowledge.pairs}
    for index, override in enumerate(plan.overrides, start=1):
        yield from unknown(f"overrides.{index}.rule", override.rule, "rules", rules)


def _schedule(plan: Plan, case: Case) -> Iterator[Problem]:
    schedule = plan.schedule
    dated = [(f"schedule.sessions.{index}", day) for index, day in enumerate(schedule.sessions, start=1)]
    dated += [(f"schedule.score_on.{index}", day) for index, day in enumerate(schedule.score_on, start=1)]
    single = (("schedule.first_judged_on", schedule.first_judged_on), ("schedule.review_on", schedule.review_on))
    dated += [(field, day) for field, day in single if day is not None]
    for field, day in dated:
        if abs((day - case.as_of).days) > MOST_DAYS_FROM_ASSESSMENT:
            text = f"{day} lies more than {MOST_DAYS_FROM_ASSESSMENT} days from the assessment of {case.as_of}"
            yield Problem(field, text)


def _bounds(field: str, value: float, bounds: tuple[float, float], unit: str) -> Iterator[Problem]:
    if not bounds[0] <= value <= bounds[1]:
        yield Problem(field, f"must be between {bounds[0]:g} and {bounds[1]:g} {unit} (given: {value:g} {unit})")


def _placement(placement: ZonePlacement, field: str, knowledge: Knowledge) -> Iterator[Problem]:
    yield from unknown(f"{field}.zone", placement.zone, "zones", knowledge.zones)
    yield from unknown(f"{field}.technique", placement.technique, "techniques", knowledge.techniques)
    yield from unknown(f"{field}.needle", placement.needle, "needles", knowledge.needles)
    for name, bounds in {**POSITIVE_BOUNDS, **ZERO_OR_MORE_BOUNDS}.items():
        quantity = getattr(placement, name)
        yield from _bounds(f"{field}.{name}", quantity.value, bounds, quantity.unit)
    if placement.zone not in knowledge.zones:
        return
    on_mesh, wanted = _surface(placement.zone, knowledge)
    for index, point in enumerate(placement.points, start=1):
        if isinstance(point.at, OnMesh) != on_mesh:
            yield Problem(f"{field}.points.{index}.at", f"zone “{placement.zone}” takes {wanted}")
    for index, corner in enumerate(placement.outline or (), start=1):
        if isinstance(corner, OnMesh) != on_mesh:
            yield Problem(f"{field}.outline.{index}", f"zone “{placement.zone}” takes {wanted}")


def _kept_clear(marked: KeptClear, field: str, knowledge: Knowledge) -> Iterator[Problem]:
    yield from unknown(f"{field}.zone", marked.zone, "zones", knowledge.zones)
    yield from _bounds(f"{field}.radius", marked.radius.value, KEPT_CLEAR_BOUNDS, "mm")
    if marked.zone in knowledge.zones:
        on_mesh, wanted = _surface(marked.zone, knowledge)
        if isinstance(marked.at, OnMesh) != on_mesh:
            yield Problem(f"{field}.at", f"zone “{marked.zone}” takes {wanted}")


def _surface(zone: str, knowledge: Knowledge) -> tuple[bool, str]:
    """Return whether a zone lies on the face mesh, and how a place of it is written."""
    on_mesh = knowledge.zones[zone].surface == "mesh"
    return on_mesh, "a triangle and weights on the face mesh" if on_mesh else "x_mm and y_mm on the flat patch"
