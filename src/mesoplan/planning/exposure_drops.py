"""The drops of a plan as the kernels see them: where each compound is set down, how deep, how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from mesoplan.domain.case import Case
from mesoplan.domain.plan import Place, Plan, ZonePlacement
from mesoplan.imaging.patch_placement import patch_of_area
from mesoplan.imaging.unfolded_zone import UnfoldedZone, unfolded_face_zone, unfolded_patch
from mesoplan.kernels.depth import tip_depth_mm
from mesoplan.kernels.solutes import SkinLayers
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.protocols import TargetLayer
from mesoplan.planning.contents import actives_in, amounts
from mesoplan.planning.drop import skin_layers, target_window
from mesoplan.planning.placement import face_of
from mesoplan.planning.skin import skin_of

BY_HAND: TargetLayer = "dermis"
"""The layer that is counted where a plan names none."""


class Drop(NamedTuple):
    """A kind of depot: depth of the tip [mm] and volume [mL]."""

    depth_mm: float
    volume_ml: float


@dataclass(frozen=True)
class Drops:
    """Drops of one kind, all with one dose [mg; relative where `in_mg` of the whole says so]."""

    drop: Drop
    dose: float
    places: tuple[Place, ...]
    is_own: bool


@dataclass(frozen=True)
class CompoundInZone:
    """What one compound does in one zone: its own drops and those of zones beside; doses in mg where known."""

    zone: str
    compound: str
    preparations: tuple[str, ...]
    drops: tuple[Drops, ...]
    in_mg: bool


@dataclass(frozen=True)
class Ground:
    """The skin of one zone, the layer that counts in it, and its plane."""

    layers: SkinLayers
    window: tuple[float, float]
    plane: UnfoldedZone
    edge_margin_mm: float


def target_of(plan: Plan, knowledge: Knowledge) -> TargetLayer:
    """Return the layer that a plan aims at; the dermis for a plan by hand."""
    return knowledge.protocols[plan.protocol].target if plan.protocol else BY_HAND


def compounds_by_zone(plan: Plan, knowledge: Knowledge) -> dict[str, tuple[str, ...]]:
    """Return the active compounds of each zone, in the order of the plan."""
    contents = {one.id: [c.id for c in actives_in(one, knowledge)] for one in plan.preparations}
    found: dict[str, dict[str, None]] = {}
    for placement in plan.placements:
        found.setdefault(placement.zone, {}).update(dict.fromkeys(contents[placement.preparation]))
    return {zone: tuple(compounds) for zone, compounds in found.items()}


def drops_of(compound: str, zone: str, plan: Plan, knowledge: Knowledge) -> CompoundInZone:
    """Return where a compound is set down in and about one zone.

    Raises
    ------
    ValueError
        With the reason: no point carries it, no volume, or several syringes hold it and nobody can tell how much.
    """
    surface = knowledge.zones[zone].surface
    carriers = {one.id for one in plan.preparations if compound in {c.id for c in actives_in(one, knowledge)}}
    carrying = [one for one in plan.placements if one.preparation in carriers and one.points]
    near = [one for one in carrying if one.zone == zone or surface == knowledge.zones[one.zone].surface == "mesh"]
    own = tuple(one.preparation for one in near if one.zone == zone)
    if not own:
        raise ValueError("no point of the zone carries it")
    doses = [_dose_mg(one, compound, plan, knowledge) for one in near]
    known = [dose for dose in doses if dose is not None]
    if len(known) < len(doses) and len({one.preparation for one in near}) > 1:
        raise ValueError("it comes from several syringes, and how much of it one holds is not known")
    in_mg = len(known) == len(doses)
    taken = known if in_mg else [one.volume_per_point.value for one in near]
    found = [_drops(one, dose, one.zone == zone) for one, dose in zip(near, taken, strict=True)]
    return CompoundInZone(zone, compound, own, tuple(found), in_mg)


def _drops(placement: ZonePlacement, dose: float, is_own: bool) -> Drops:
    depth = tip_depth_mm(placement.angle.value, placement.inserted.value)
    drop = Drop(round(depth, 4), placement.volume_per_point.value)
    return Drops(drop, dose, tuple(point.at for point in placement.points), is_own)


def _dose_mg(placement: ZonePlacement, compound: str, plan: Plan, knowledge: Knowledge) -> float | None:
    """What one point receives; None where it is not known in mg."""
    preparation = next(one for one in plan.preparations if one.id == placement.preparation)
    amount = amounts(preparation, placement.volume_per_point, knowledge).get(compound)
    return amount.value if amount is not None and amount.unit == "mg" else None


def dose_of_session_mg(compound: str, plan: Plan, knowledge: Knowledge) -> list[tuple[ZonePlacement, float]] | None:
    """Return the mg of a compound that each placement sets down in one session; None where it is not known."""
    carriers = {one.id for one in plan.preparations if compound in {c.id for c in actives_in(one, knowledge)}}
    carrying = [one for one in plan.placements if one.preparation in carriers and one.points]
    doses = [_dose_mg(one, compound, plan, knowledge) for one in carrying]
    known = [dose for dose in doses if dose is not None]
    if len(known) < len(doses):
        return None
    return [(one, dose * len(one.points)) for one, dose in zip(carrying, known, strict=True)]


def own_shares(drops: CompoundInZone) -> tuple[tuple[Drop, float], ...]:
    """Return the share of the zone's own dose that goes into each kind of drop."""
    own: dict[Drop, float] = {}
    for one in drops.drops:
        if one.is_own:
            own[one.drop] = own.get(one.drop, 0.0) + one.dose * len(one.places)
    whole = sum(own.values())
    return tuple((drop, round(dose / whole, 9)) for drop, dose in own.items())


def injected_per_ml(drops: CompoundInZone) -> float:
    """Return the mean concentration of what the zone's own points bring: dose per mL."""
    own = [(one.dose * len(one.places), one.drop.volume_ml * len(one.places)) for one in drops.drops if one.is_own]
    return sum(dose for dose, _ in own) / sum(volume for _, volume in own)


def layers_of(zone: str, plan: Plan, case: Case, knowledge: Knowledge) -> SkinLayers:
    """Return the skin of a zone as the kernels take it; raises ValueError where it is no skin."""
    return skin_layers(skin_of(case, knowledge.zones[zone], plan.schedule.sessions[0], knowledge))


def ground_of(zone: str, plan: Plan, case: Case, knowledge: Knowledge) -> Ground:
    """Return skin, layer and plane of a zone of a plan; raises ValueError with the reason where there is none."""
    placement = next(one for one in plan.placements if one.zone == zone)
    layers = layers_of(zone, plan, case, knowledge)
    if knowledge.zones[zone].surface == "mesh":
        plane = unfolded_face_zone(zone, placement.outline, face_of(case))
    else:
        patch = patch_of_area(placement.area.value, aspect=knowledge.zones[zone].patch_aspect)
        plane = unfolded_patch(patch, placement.outline)
    return Ground(layers, target_window(target_of(plan, knowledge), layers), plane, placement.edge_margin.value)
