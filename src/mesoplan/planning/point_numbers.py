"""Points are numbered through the whole plan, so that a number means one place on map, table, finding and paper."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_uppercase

from mesoplan.domain.plan import Plan, Point, ZonePlacement


@dataclass(frozen=True)
class NumberedPoint:
    """A point with the letter of its syringe; the letter is empty where there is one syringe only."""

    letter: str
    placement: ZonePlacement
    point: Point

    @property
    def label(self) -> str:
        """Return what stands beside the point: “12”, with several syringes “B12”."""
        return f"{self.letter}{self.point.id}"


def letters(plan: Plan) -> dict[str, str]:
    """Return a letter for each preparation; empty where there is one only."""
    if len(plan.preparations) < 2:
        return {preparation.id: "" for preparation in plan.preparations}
    return {preparation.id: ascii_uppercase[index] for index, preparation in enumerate(plan.preparations)}


def zones_of(plan: Plan) -> list[str]:
    """Return the zones in the order of the plan, each once."""
    return list(dict.fromkeys(placement.zone for placement in plan.placements))


def numbered_points(plan: Plan) -> list[NumberedPoint]:
    """Return every point, zone by zone, row by row."""
    named = letters(plan)
    found: list[NumberedPoint] = []
    for zone in zones_of(plan):
        own = [(one, point) for one in plan.placements if one.zone == zone for point in one.points]
        ordered = sorted(own, key=lambda pair: _order(pair[1]))
        found += [NumberedPoint(named[placement.preparation], placement, point) for placement, point in ordered]
    return found


def renumbered(plan: Plan) -> Plan:
    """Return the plan with its points numbered 1, 2, 3 … through all zones and syringes."""
    numbers = {
        (one.placement.zone, one.placement.preparation, one.point.id): str(number)
        for number, one in enumerate(numbered_points(plan), start=1)
    }
    placements = tuple(
        placement.model_copy(
            update={
                "points": tuple(
                    point.model_copy(update={"id": numbers[placement.zone, placement.preparation, point.id]})
                    for point in placement.points
                )
            }
        )
        for placement in plan.placements
    )
    return plan.model_copy(update={"placements": placements})


def _order(point: Point) -> tuple[int, str]:
    return (int(point.id) if point.id.isdigit() else 10_000, point.id)
