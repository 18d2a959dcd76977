"""The exposure of a plan: coverage of the real points on the real face, unfolded zone by zone; and what the blood gets.

Pure but for the folder in which kernels are kept (None keeps them in memory only). Points of adjoining zones of the
face count where they lie within `imaging.unfolded_zone.BESIDE_MM` of the zone. The mean is that of the layer under the
zone, or under the outline that was drawn. What cannot be computed says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesoplan.domain.case import Case
from mesoplan.domain.exposure import (
    Exposure,
    ExposureDifference,
    ParameterRange,
    Spread,
    ZoneExposure,
)
from mesoplan.domain.plan import Plan
from mesoplan.imaging.coverage_drawing import CoveredZone
from mesoplan.imaging.face_shape import FaceShape
from mesoplan.imaging.unfolded_zone import UnfoldedZone
from mesoplan.kernels.coverage_interval import DRAWS, difference
from mesoplan.kernels.solutes import POROSITY, Range, Solute, solute
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.blood_levels import blood_levels
from mesoplan.planning.concentration_at_hours import OwnDose, figures_at_hours
from mesoplan.planning.drop import COVERAGE_SHARE, solute_of
from mesoplan.planning.engine import ENGINE
from mesoplan.planning.exposure_drops import (
    CompoundInZone,
    Ground,
    compounds_by_zone,
    drops_of,
    ground_of,
    injected_per_ml,
    own_shares,
    target_of,
)
from mesoplan.planning.exposure_figures import Sources, at_nodes, draws_of, figures_of
from mesoplan.planning.placement import face_of

Floats = NDArray[np.floating[Any]]


def plan_exposure(
    plan: Plan, case: Case, knowledge: Knowledge, folder: Path | None, *, hours: tuple[float, ...] = ()
) -> Exposure:
    """Return how evenly the layer of each zone is reached, and what the blood gets.

    Parameters
    ----------
    plan, case, knowledge
    folder : Path or None
        An existing folder in which kernels are kept, or None.
    hours : tuple of float, optional
        Hours after the injection at which concentrations are wanted, as `concentration_at_hours.hours_of` returns them.

    Returns
    -------
    Exposure
        One entry for each active compound of each zone, in the order of the plan.
    """
    zones = [
        _zone(zone, compound, plan, case, knowledge, folder, hours)
        for zone, compounds in compounds_by_zone(plan, knowledge).items()
        for compound in compounds
    ]
    named = dict.fromkeys(one.solute for one in zones if one.solute is not None and one.figures is not None)
    return Exposure(
        case=case.id,
        covered_from=COVERAGE_SHARE,
        layer_by_hand=plan.protocol is None,
        zones=tuple(zones),
        blood=blood_levels(plan, case, knowledge),
        ranges=tuple(one for name in named for one in _ranges(name)),
        draws=DRAWS,
        knowledge_release=knowledge.release,
        knowledge_sha256=knowledge.sha256,
        engine=ENGINE,
    )


def _zone(
    zone: str,
    compound: str,
    plan: Plan,
    case: Case,
    knowledge: Knowledge,
    folder: Path | None,
    hours: tuple[float, ...],
) -> ZoneExposure:
    target = target_of(plan, knowledge)
    holding = {one.id for one in plan.preparations if compound in _ids(one.id, plan, knowledge)}
    own = [one for one in plan.placements if one.zone == zone and one.preparation in holding]
    bare = ZoneExposure(
        zone=zone,
        compound=compound,
        preparations=tuple(one.preparation for one in own),
        solute=None,
        layer=target,
        layer_mm=None,
        points=sum(len(one.points) for one in own),
        figures=None,
    )
    try:
        name = solute_of(compound, knowledge)
        drops = drops_of(compound, zone, plan, knowledge)
        ground = ground_of(zone, plan, case, knowledge)
        sources, largest, beside = sources_of(drops, ground.plane, face_of(case))
        shares, spread = own_shares(drops), transport(name)
        figures = figures_of(sources, shares, ground, spread, largest if drops.in_mg else None, folder)
        brought = OwnDose(shares, largest, injected_per_ml(drops), drops.in_mg)
        at_hours = figures_at_hours(sources, brought, ground, spread, hours, folder) if hours else ()
    except ValueError as reason:
        return bare.model_copy(update={"not_computed": str(reason)})
    window = (round(ground.window[0], 3), round(ground.window[1], 3))
    low, high = ground.plane.stretch
    stretch = (round(low, 3), round(high, 3))
    told = {"solute": name, "layer_mm": window, "points_beside": beside, "stretch": stretch}
    return bare.model_copy(update={**told, "figures": figures, "at_hours": at_hours})


def _ids(preparation: str, plan: Plan, knowledge: Knowledge) -> set[str]:
    own = next(one for one in plan.preparations if one.id == preparation)
    return {knowledge.presentations[draw.presentation][0].id for draw in own.draws}


def transport(name: str) -> Solute:
    """Return a solute without the body's kinetics: what spreads alike is worked out once."""
    known = solute(name)
    return Solute(known.diffusivity_mm2_h, known.clearance_per_h)


def sources_of(drops: CompoundInZone, plane: UnfoldedZone, face: FaceShape) -> tuple[Sources, float, int]:
    """The drops on the plane with doses relative to the largest, that dose, and how many of them lie beside the zone.

    Raises
    ------
    ValueError
        Where no own drop lies on the plane, or there is no dose.
    """
    largest = max(one.dose for one in drops.drops)
    if not largest > 0:
        raise ValueError("a volume of 0 mL leaves nothing in the skin")
    kinds = tuple(dict.fromkeys(one.drop for one in drops.drops))
    at, kind, dose, beside = [], [], [], 0
    for one in drops.drops:
        places, counts = plane.plane_of(one.places, face)
        found = places[counts]
        at.append(found)
        kind += [kinds.index(one.drop)] * len(found)
        dose += [round(one.dose / largest, 9)] * len(found)
        beside += 0 if one.is_own else len(found)
    all_places = np.round(np.concatenate(at), 4)
    if len(all_places) == beside:
        raise ValueError("no point of the zone lies on its skin")
    x, y = (tuple(column) for column in all_places.T.tolist())
    used = tuple(dict.fromkeys(kind))
    renumbered = tuple(used.index(one) for one in kind)
    return Sources(tuple(kinds[one] for one in used), x, y, renumbered, tuple(dose)), largest, beside


def _ranges(name: str) -> list[ParameterRange]:
    known = solute(name)
    named: list[tuple[str, Range, str]] = [
        ("diffusion", known.diffusivity_mm2_h, "mm2/h"),
        ("clearance", known.clearance_per_h, "1/h"),
        ("porosity", POROSITY, "1"),
    ]
    return [
        ParameterRange.model_validate(
            {"solute": name, "what": what, "low": one.low, "high": one.high, "unit": unit, "basis": one.basis}
            | {"source": one.source}
        )
        for what, one, unit in named
    ]


@dataclass(frozen=True, eq=False)
class CoverageMap:
    """Exposure over a zone as a share of its mean, at the middle of what is not known.

    Attributes
    ----------
    zone, compound : str
    plane : UnfoldedZone
    shares : (rows, columns) NaN outside
    """

    zone: str
    compound: str
    plane: UnfoldedZone
    shares: NDArray[np.float64]


def coverage_map(
    zone: str, compound: str, plan: Plan, case: Case, knowledge: Knowledge, folder: Path | None
) -> CoverageMap:
    """Return what a layer of colours shows of one compound in one zone.

    Raises
    ------
    ValueError
        With the reason, as in `ZoneExposure.not_computed`.
    """
    known = transport(solute_of(compound, knowledge))
    ground: Ground = ground_of(zone, plan, case, knowledge)
    sources, _, _ = sources_of(drops_of(compound, zone, plan, knowledge), ground.plane, face_of(case))
    shares = at_nodes(sources, ground, known, folder).shares_of_mean
    return CoverageMap(zone, compound, ground.plane, shares.astype(np.float64, copy=False))


def covered_zones(
    exposure: Exposure,
    plan: Plan,
    case: Case,
    knowledge: Knowledge,
    folder: Path | None,
    *,
    shown: Mapping[str, str] | None = None,
    said: Callable[[float], str] = lambda share: f"{share:.0%} of the mean",
) -> tuple[CoveredZone, ...]:
    """Return what a layer of colours shows of a plan: one compound in each zone.

    Parameters
    ----------
    exposure : Exposure
        Of this plan.
    shown : compound by zone, optional
        By default the first compound of each zone that has figures.
    said : what is said of a place that gets a share of the mean
    """
    chosen: dict[str, ZoneExposure] = {}
    for one in exposure.zones:
        if one.figures is not None and (one.zone not in chosen or (shown or {}).get(one.zone) == one.compound):
            chosen[one.zone] = one
    drawn = []
    for zone, one in chosen.items():
        found = coverage_map(zone, one.compound, plan, case, knowledge, folder)
        spots = (one.figures.cold, one.figures.hot) if one.figures else ((), ())
        cold, hot = (tuple((spot.at, said(spot.share)) for spot in some) for some in spots)
        drawn.append(CoveredZone(zone, found.plane, found.shares, exposure.covered_from, cold, hot))
    return tuple(drawn)


def alike(exposure: Exposure) -> list[list[ZoneExposure]]:
    """Return the zones of an exposure in order, compounds that have the same figures in one zone together."""
    groups: list[list[ZoneExposure]] = []
    for one in exposure.zones:
        same = next((group for group in groups if _have_same_figures(group[0], one)), None)
        if same is None:
            groups.append([one])
        else:
            same.append(one)
    return groups


def _have_same_figures(first: ZoneExposure, other: ZoneExposure) -> bool:
    a, b = first.figures, other.figures
    if first.zone != other.zone or a is None or b is None:
        return False
    return (a.nodes, a.hours_half, first.preparations) == (b.nodes, b.hours_half, other.preparations)


def compare_exposures(first: Exposure, second: Exposure) -> tuple[ExposureDifference, ...]:
    """Return by how much the coverage of a second plan is above that of a first, for each compound and zone of both.

    Both are read at the same draws, so that what is not known of the solute does not hide what the plans differ in.
    """
    before = {(one.zone, one.compound): one for one in first.zones if one.figures is not None}
    found = []
    for one in second.zones:
        was = before.get((one.zone, one.compound))
        if one.figures is None or was is None or was.solute != one.solute or one.solute is None:
            continue
        a, b = (_over_draws(each) for each in (was, one))
        gained, differs = difference(a, b)
        spread = Spread(low=gained.low, middle=gained.middle, high=gained.high)
        found.append(ExposureDifference(zone=one.zone, compound=one.compound, gained=spread, differs=differs))
    return tuple(found)


def _over_draws(one: ZoneExposure) -> Floats:
    if one.figures is None or one.solute is None:
        raise ValueError("what was not computed cannot be compared")
    return draws_of(transport(one.solute)).read(np.array(one.figures.nodes))
