"""One zone of a proposal: its points, and the needle position for this patient's skin there."""

from __future__ import annotations

from dataclasses import dataclass

from mesoplan.domain.case import Case
from mesoplan.domain.plan import KeptClear, Point, ZonePlacement
from mesoplan.domain.quantities import Length, Volume
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.protocols import Protocol
from mesoplan.knowledge.schema.zones import Zone
from mesoplan.planning.landing import NeedleChoice, choose_needle_position, hand, most_past_ceiling, target_window_mm
from mesoplan.planning.placement import PlacedZone, place_in_zone, points_over
from mesoplan.planning.skin import Skin, skin_of


@dataclass(frozen=True)
class ZoneChoice:
    """Points, needle position and volume of one zone, with what was kept clear."""

    zone: Zone
    placed: PlacedZone
    points: tuple[Point, ...]
    skin: Skin
    position: NeedleChoice
    volume: Volume
    kept_clear: tuple[str, ...]
    ceilings: tuple[str, ...]

    def placement(
        self, preparation: str, turn: tuple[int, int], first_number: int, protocol: Protocol, spacing_mm: float
    ) -> ZonePlacement:
        """Return the placement of one syringe: with `turn` (index, count) it takes every `count`-th point.

        Points are numbered from `first_number`, so that a number names one point of the whole plan.
        """
        index, count = turn
        numbered = [
            point.model_copy(update={"id": str(number)}) for number, point in enumerate(self.points, start=first_number)
        ]
        return ZonePlacement(
            zone=self.zone.id,
            preparation=preparation,
            **self.placed.area_fields(),
            technique=protocol.technique,
            needle=protocol.needle,
            angle=self.position.angle,
            inserted=self.position.inserted,
            volume_per_point=self.volume,
            spacing=Length(spacing_mm),
            edge_margin=Length(protocol.edge_margin.low),
            points=tuple(numbered[index::count]),
        )


def choose_in_zone(
    zone_id: str,
    protocol: Protocol,
    volume_ml: float,
    spacing_mm: float,
    case: Case,
    knowledge: Knowledge,
    marked: tuple[KeptClear, ...] = (),
) -> ZoneChoice:
    """Return the points of one zone and the needle position that reaches the target layer in this skin.

    Structures under the zone lower the ceiling of the whole zone where the target layer can still be reached below it;
    where it cannot, the points over that structure are left out. The lattice keeps off what was marked on the patient.
    """
    zone, margin_mm = knowledge.zones[zone_id], protocol.edge_margin.low
    placed = place_in_zone(zone_id, case, knowledge, spacing_mm=spacing_mm, edge_margin_mm=margin_mm, kept_clear=marked)
    skin = skin_of(case, zone, case.start, knowledge)
    shallowest = target_window_mm(protocol.target, skin)[0]
    over = points_over(placed, case, knowledge)
    ceilings = {one: ceiling_of(one, knowledge) for one in over}
    families = _families(protocol, knowledge)
    clear = tuple(
        one
        for one, ceiling in ceilings.items()
        if (ceiling is not None and ceiling <= shallowest)
        or families & set(knowledge.danger_structures[one].blocks_families)
    )
    left_out = {point for one in clear for point in over[one]}
    points = tuple(point for point in placed.points if point.id not in left_out)
    still_over = {one: ceiling for one, ceiling in ceilings.items() if one not in clear and ceiling is not None}
    position = choose_needle_position(
        skin=skin,
        target=protocol.target,
        technique=knowledge.techniques[protocol.technique],
        needle=knowledge.needles[protocol.needle],
        tolerance=hand(knowledge, protocol.technique),
        ceiling_mm=lowest_ceiling(zone, list(still_over.values()), knowledge),
        most_past_ceiling=most_past_ceiling(knowledge),
    )
    return ZoneChoice(
        zone=zone,
        placed=placed,
        points=points,
        skin=skin,
        position=position,
        volume=Volume(min(volume_ml, volume_cap(zone))),
        kept_clear=clear,
        ceilings=tuple(still_over),
    )


def ceiling_of(structure_id: str, knowledge: Knowledge) -> float | None:
    """Return the depth [mm] above which a tip stays over a structure; None where it has no ceiling."""
    ceiling = knowledge.danger_structures[structure_id].ceiling
    return None if ceiling is None else ceiling.low


def _families(protocol: Protocol, knowledge: Knowledge) -> set[str]:
    compounds = {ingredient.compound for mixture in protocol.mixtures for ingredient in mixture.ingredients}
    return {family for compound in compounds for family in knowledge.compounds[compound].families}


def lowest_ceiling(zone: Zone, ceilings: list[float], knowledge: Knowledge) -> float | None:
    """Return the shallowest of some ceilings, the caps of the zone and that of the face [mm]; None without any."""
    caps = [cap.low for cap in zone.caps if cap.what == "depth"]
    face = knowledge.checks["depth-face-deep"].value
    if zone.region in ("face", "neck") and isinstance(face, int | float):
        caps.append(float(face))
    return min([*ceilings, *caps], default=None)


def volume_cap(zone: Zone) -> float:
    """Return the most that a point of the zone takes [mL]; infinite where no cap is known."""
    return min((cap.low for cap in zone.caps if cap.what == "volume-per-point"), default=float("inf"))
