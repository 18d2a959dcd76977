"""Plans as the tables write them: the proposed melasma plan of one cheek, with some of its values changed.

"volume per point 0.11 mL; sessions 1 Dec 2026, 8 Dec 2026". A zone other than the cheek gets a lattice of its own, at
10 mm and 3 mm inside its edges; a patch is 100 cm² where no area is said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from mesoplan.domain.case import Case, Goal, HistoryEntry
from mesoplan.domain.finding import Finding
from mesoplan.domain.plan import Draw, KeptClear, OnPatch, Plan, Point, Schedule
from mesoplan.domain.quantities import Angle, Area, Length, Volume
from mesoplan.knowledge.base import Knowledge, Shelf
from mesoplan.planning.evaluate import evaluate
from mesoplan.planning.placement import place_in_zone
from mesoplan.planning.propose import propose
from tests.planning.hand_made import (
    answering,
    at_first_zone,
    changed,
    melasma_case,
    melasma_plan,
    rebuilt,
    shipped,
    with_stock,
)
from tests.spec.cases_in_words import day

CHEEK = "malar-right"


@dataclass(frozen=True)
class Scene:
    """What is evaluated: a case, a plan, the knowledge base."""

    case: Case
    plan: Plan
    knowledge: Knowledge


@cache
def cheek() -> Scene:
    """Return the example as proposed, with its first zone alone and 0.80 mL made for 0.60 mL injected."""
    plan = rebuilt(melasma_plan(), placements=melasma_plan().placements[:1])
    case = changed(melasma_case(), goals=(Goal(aim="melasma", zones=(CHEEK,)),))
    return _drawn(
        _syringes(Scene(case, plan, shipped()), "1"), "tranexamic-acid-100 0.04 mL + sodium-chloride-0.9 0.96 mL"
    )


def scene(words: str) -> Scene:
    """Return the scene with the changes that `words` name; "as proposed" changes nothing."""
    found = cheek()
    for change in [] if words == "as proposed" else words.split("; "):
        key = next(one for one in _CHANGES if change.startswith(f"{one} "))
        found = _CHANGES[key](found, change.removeprefix(f"{key} "))
    return found


def findings_of(words: str) -> list[Finding]:
    """Return what evaluating says; "propose: …" asks for proposals instead and returns why they are declined."""
    if words.startswith("propose: "):
        asked = scene(words.removeprefix("propose: "))
        found = propose(asked.case, asked.knowledge)
        return [finding for one in found.declined for finding in one.findings]
    one = scene(words)
    return list(evaluate(one.case, one.plan, one.knowledge).findings)


def _zone(found: Scene, zone: str) -> Scene:
    case, knowledge = found.case, found.knowledge
    patch = knowledge.zones[zone].surface == "patch"
    if patch:
        case = case.model_copy(update={"areas": {zone: Area(100.0)}})
    if knowledge.zones[zone].blocked and not patch:
        return replace(found, plan=at_first_zone(found.plan, zone=zone, points=()))
    placed = place_in_zone(zone, case, knowledge, spacing_mm=10.0, edge_margin_mm=3.0)
    case = case.model_copy(update={"goals": (Goal(aim=found.plan.goal, zones=(zone,)),)})
    plan = at_first_zone(found.plan, zone=zone, points=placed.points, **placed.area_fields())
    return replace(found, case=case, plan=plan)


def _points(found: Scene, words: str) -> Scene:
    """Read "5", "2 at 3 mm" (on a patch), "300 in rows of 2 mm", "one at 200 mm from the centre"."""
    count, _, rest = words.partition(" ")
    if not rest:
        return _placed(found, points=found.plan.placements[0].points[: int(count)])
    spacing = float(rest.split(" ")[-2])
    side = int(int(count) ** 0.5) + 1
    places = [(x * spacing, y * spacing) for y in range(side) for x in range(side)][: int(count)]
    half = side * spacing / 2
    points = [
        Point(id=f"{number}", at=OnPatch(x_mm=x - half, y_mm=y - half)) for number, (x, y) in enumerate(places, 1)
    ]
    return _placed(found, points=tuple(points))


def _placed(found: Scene, **changes: object) -> Scene:
    return replace(found, plan=at_first_zone(found.plan, **changes))


def _points_of(found: Scene, zone: str) -> Scene:
    """Take the points of another zone without saying so."""
    placed = place_in_zone(zone, found.case, found.knowledge, spacing_mm=10.0, edge_margin_mm=3.0)
    return _placed(found, points=placed.points)


def _kept_clear(found: Scene, words: str) -> Scene:
    """Read "6 mm around the centre", of the patch."""
    radius, _, _ = words.partition(" around ")
    zone = found.plan.placements[0].zone
    marked = KeptClear(id="k1", zone=zone, at=OnPatch(x_mm=0, y_mm=0), radius=Length.parse(radius))
    return replace(found, plan=rebuilt(found.plan, kept_clear=(marked,)))


def _drawn(found: Scene, words: str) -> Scene:
    pairs = [one.rsplit(" ", 2) for one in words.split(" + ")]
    draws = tuple(Draw(presentation=name, volume=Volume(float(ml))) for name, ml, _ in pairs)
    first, *others = found.plan.preparations
    made = first.model_copy(update={"draws": draws})
    return replace(found, plan=rebuilt(found.plan, preparations=(made, *others)))


def _syringes(found: Scene, words: str) -> Scene:
    """Read "2" or "2 of 5 mL"."""
    count, _, size = words.partition(" of ")
    first, *others = found.plan.preparations
    made = first.model_copy(update={"syringes": int(count)})
    if size:
        made = made.model_copy(update={"syringe": Volume.parse(size)})
    return replace(found, plan=rebuilt(found.plan, preparations=(made, *others)))


def _sessions(found: Scene, words: str) -> Scene:
    days = tuple(day(one) for one in words.split(", "))
    return replace(found, plan=rebuilt(found.plan, schedule=Schedule(sessions=days)))


def _judged(found: Scene, words: str) -> Scene:
    schedule = found.plan.schedule.model_copy(update={"first_judged_on": day(words)})
    return replace(found, plan=rebuilt(found.plan, schedule=schedule))


def _protocol(found: Scene, words: str) -> Scene:
    if words == "none":
        return replace(found, plan=rebuilt(found.plan, protocol=None))
    return replace(found, plan=rebuilt(found.plan, protocol=words, goal=found.knowledge.protocols[words].aim))


def _goal(found: Scene, words: str) -> Scene:
    aim, _, zone = words.partition(" of ")
    case = found.case.model_copy(update={"goals": (Goal(aim=aim, zones=(zone or CHEEK,)),)})
    return replace(found, case=case, plan=rebuilt(found.plan, goal=aim))


def _case(found: Scene, **changes: object) -> Scene:
    return replace(found, case=changed(found.case, **changes))


def _history(found: Scene, words: str) -> Scene:
    return _case(found, medications=(HistoryEntry(id=words),))


def _answer(found: Scene, words: str) -> Scene:
    term, answer = words.split(" ", 1)
    return replace(found, case=answering(found.case, **{term: answer}))


def _allowed(found: Scene, words: str) -> Scene:
    """Let the jurisdiction of the case say how many actives share a syringe; none on record goes above one."""
    knowledge = found.knowledge
    count = next(one.max_actives_per_syringe for one in knowledge.jurisdictions.values() if one.max_actives_per_syringe)
    place = found.case.jurisdiction
    own = knowledge.jurisdictions[place].model_copy(
        update={"max_actives_per_syringe": count.model_copy(update={"value": int(words)})}
    )
    jurisdictions = Shelf("jurisdictions", {**knowledge.jurisdictions, place: own})
    return replace(found, knowledge=replace(knowledge, jurisdictions=jurisdictions))


def _strength(found: Scene, words: str) -> Scene:
    return replace(found, knowledge=with_stock(found.knowledge, words.split(" ")[0], None))


_CHANGES: dict[str, Callable[[Scene, str], Scene]] = {
    "zone": _zone,
    "points of": _points_of,
    "points": _points,
    "area": lambda found, words: _placed(found, area=Area.parse(words)),
    "volume per point": lambda found, words: _placed(found, volume_per_point=Volume.parse(words)),
    "angle": lambda found, words: _placed(found, angle=Angle.parse(words)),
    "inserted": lambda found, words: _placed(found, inserted=Length.parse(words)),
    "spacing": lambda found, words: _placed(found, spacing=Length.parse(words)),
    "kept clear": _kept_clear,
    "needle": lambda found, words: _placed(found, needle=words),
    "technique": lambda found, words: _placed(found, technique=words),
    "drawn": _drawn,
    "syringes": _syringes,
    "sessions": _sessions,
    "judged on": _judged,
    "protocol": _protocol,
    "goal": _goal,
    "jurisdiction": lambda found, words: _case(found, jurisdiction=words),
    "assessed on": lambda found, words: _case(found, as_of=day(words)),
    "weight": lambda found, words: _case(found, weight=None),
    "scores": lambda found, words: _case(found, scores=()),
    "areas": lambda found, words: _case(found, areas={}),
    "medication": _history,
    "answer": _answer,
    "strength of": _strength,
    "actives allowed": _allowed,
}
