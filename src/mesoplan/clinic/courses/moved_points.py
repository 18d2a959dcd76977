"""Points that lie elsewhere than they were proposed."""

from __future__ import annotations

from mesoplan.domain.plan import Place, Plan

NEAR = 1e-4
"""Weights of the same place differ by rounding only."""


def moved_points(proposed: Plan, plan: Plan) -> dict[str, Place]:
    """The proposed place of each point that was proposed and lies elsewhere now, by its number.

    A renewed lattice numbers its points anew, so only points that a person moved count.
    """
    before = {(one.zone, point.id): point.at for one in proposed.placements for point in one.points}
    return {
        point.id: before[one.zone, point.id]
        for one in plan.placements
        for point in one.points
        if point.origin == "moved" and before.get((one.zone, point.id), point.at) != point.at
    }
