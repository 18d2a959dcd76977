"""Depths that a tip is not to pass, and for which points: over structures, in a zone, on the face."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mesoplan.domain.evaluation import CeilingKind
from mesoplan.domain.plan import ZonePlacement
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.placement import Over, zones_of

FACE_LIMIT = "depth-face-deep"


class Ceiling(NamedTuple):
    """A depth [mm], and the entry of the knowledge base that sets it; without points it holds for all of them."""

    depth_mm: float
    kind: CeilingKind
    set_by: str
    points: tuple[str, ...] = ()


def ceilings_over(placement: ZonePlacement, knowledge: Knowledge, over: Over) -> list[Ceiling]:
    """Return every ceiling of a placement, the shallowest first."""
    return sorted(
        [*_of_structures(over, knowledge), *_of_zones(placement, knowledge), *_of_face(placement, knowledge)],
        key=lambda one: (one.depth_mm, one.kind, one.set_by),
    )


def _of_structures(over: Over, knowledge: Knowledge) -> Iterator[Ceiling]:
    for structure_id, points in over.items():
        ceiling = knowledge.danger_structures[structure_id].ceiling
        if ceiling is not None:
            yield Ceiling(ceiling.high, CeilingKind.STRUCTURE, structure_id, points)


def _of_zones(placement: ZonePlacement, knowledge: Knowledge) -> Iterator[Ceiling]:
    for zone_id in zones_of(placement):
        for cap in knowledge.zones[zone_id].caps:
            if cap.what == "depth":
                yield Ceiling(cap.high, CeilingKind.ZONE, zone_id)


def _of_face(placement: ZonePlacement, knowledge: Knowledge) -> Iterator[Ceiling]:
    limit = knowledge.checks[FACE_LIMIT].value
    if knowledge.zones[placement.zone].region in ("face", "neck") and isinstance(limit, int | float):
        yield Ceiling(float(limit), CeilingKind.FACE, FACE_LIMIT)
