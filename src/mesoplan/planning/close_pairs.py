"""Neighbours that lie nearer to each other than the plan's spacing lets pass, pair by pair, for the map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mesoplan.domain.case import Case
from mesoplan.domain.plan import Plan
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.placement import positions_mm

MOST_PAIRS = 100


@dataclass(frozen=True)
class ClosePair:
    """Two points of one zone and the straight distance between them."""

    points: tuple[str, str]
    distance_mm: float


def close_pairs(plan: Plan, case: Case, knowledge: Knowledge) -> tuple[ClosePair, ...]:
    """Return the pairs under the share of the spacing that the rule `point-too-close` names; the nearest first."""
    share = knowledge.checks["point-too-close"].value
    if not isinstance(share, int | float):
        return ()
    ratio = share / 100 if share > 1 else share
    found = [
        pair
        for zone in dict.fromkeys(one.zone for one in plan.placements)
        for pair in _in_zone(zone, ratio, plan, case)
    ]
    return tuple(sorted(found, key=lambda pair: pair.distance_mm)[:MOST_PAIRS])


def _in_zone(zone: str, ratio: float, plan: Plan, case: Case) -> list[ClosePair]:
    placements = [one for one in plan.placements if one.zone == zone]
    points = [point for one in placements for point in one.points]
    if len(points) < 2:
        return []
    # As the rule has it: several syringes that share a zone share its spacing.
    limit_mm = ratio * min(one.spacing.value for one in placements) / len(placements) ** 0.5
    positions = positions_mm(points, case)
    distances = np.sqrt(((positions[:, None, :] - positions[None, :, :]) ** 2).sum(axis=2))
    rows, columns = np.nonzero(np.triu(distances < limit_mm, k=1))
    return [
        ClosePair((points[row].id, points[column].id), round(float(distances[row, column]), 1))
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
    ]
