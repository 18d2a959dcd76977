"""Where the tip lies: computed depth against this patient's skin. A technique's name sets no depth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mesoplan.domain.case import Case
from mesoplan.domain.errors import KnowledgeError, Problem
from mesoplan.domain.evaluation import CeilingChance, Landing, LandingClass, LayerChances
from mesoplan.domain.plan import ZonePlacement
from mesoplan.domain.quantities import Angle, Length
from mesoplan.kernels.depth import tip_depth_mm, tip_depth_range_mm
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.protocols import HandTolerance, Needle, TargetLayer, Technique
from mesoplan.planning.ceilings import Ceiling, ceilings_over
from mesoplan.planning.landing_chances import LandingOdds, chances_past, landing_chances_of, likeliest
from mesoplan.planning.placement import Over, structures_under
from mesoplan.planning.skin import EPIDERMIS_WHERE_UNKNOWN_MM, Skin, skin_of

CEILING_CHANCE = "depth-ceiling-chance"
"""The check that says how often a ceiling may be passed."""


def hand(knowledge: Knowledge, technique: str) -> HandTolerance:
    """Return the tolerance of the hand, or of the device where the technique is device-assisted."""
    name = "device" if technique == "device-assisted" and "device" in knowledge.hand_tolerances else "free-hand"
    return knowledge.hand_tolerances[name]


def landing_of(
    placement: ZonePlacement,
    case: Case,
    knowledge: Knowledge,
    target: TargetLayer | None,
    day: date,
    over: Over | None = None,
) -> Landing:
    """Return where the tip lies in one zone, and how likely in which layer and below which ceiling.

    `over` is what :func:`mesoplan.planning.placement.structures_under` says of the placement, for a caller that has
    asked it already.
    """
    skin = skin_of(case, knowledge.zones[placement.zone], day, knowledge)
    tolerance = hand(knowledge, placement.technique)
    angle, inserted = placement.angle.value, placement.inserted.value
    depth = tip_depth_mm(angle, inserted)
    low, high = tip_depth_range_mm(angle, inserted, tolerance.angle.high, tolerance.length.high)
    under = structures_under(placement, case, knowledge) if over is None else over
    return Landing(
        zone=placement.zone,
        preparation=placement.preparation,
        depth_mm=round(depth, 4),
        depth_range_mm=(round(low, 4), round(high, 4)),
        epidermis_mm=skin.epidermis_mm,
        skin_mm=(round(skin.total_mm[0], 2), round(skin.total_mm[1], 2)),
        skin_from=skin.origin,
        landing=classify(depth, (low, high), skin),
        target=target,
        chances=_chances(landing_chances_of(skin, angle, inserted, tolerance, target)),
        ceilings=_passed(ceilings_over(placement, knowledge, under), angle, inserted, tolerance),
        sources=skin.sources,
    )


def _chances(odds: LandingOdds) -> LayerChances:
    """Rounded so that the three layers still add up to 1."""
    epidermis, dermis = round(odds.epidermis, 4), round(odds.dermis, 4)
    fat = max(round(1.0 - epidermis - dermis, 4), 0.0)
    target = None if odds.target is None else round(odds.target, 4)
    return LayerChances(epidermis=epidermis, dermis=dermis, fat=fat, target=target)


def _passed(
    ceilings: list[Ceiling], angle: float, inserted: float, tolerance: HandTolerance
) -> tuple[CeilingChance, ...]:
    chances = chances_past(angle, inserted, tolerance, [one.depth_mm for one in ceilings])
    return tuple(
        CeilingChance(
            kind=one.kind, set_by=one.set_by, ceiling_mm=one.depth_mm, chance=round(chance, 4), points=one.points
        )
        for one, chance in zip(ceilings, chances, strict=True)
    )


def classify(depth_mm: float, depth_range_mm: tuple[float, float], skin: Skin) -> LandingClass:
    """Return the layer, or that it cannot be told, from the depth's range and the skin's range [mm]."""
    thin, thick = skin.total_mm
    epidermis = (skin.epidermis_mm or EPIDERMIS_WHERE_UNKNOWN_MM)[1]
    if depth_range_mm[1] <= epidermis:
        return LandingClass.EPIDERMAL
    if depth_range_mm[1] <= thin:
        return LandingClass.DERMAL
    if depth_range_mm[0] >= thick or depth_mm > thick:
        return LandingClass.SUBDERMAL
    return LandingClass.DERMAL_OR_SUBDERMAL


def target_window_mm(target: TargetLayer, skin: Skin) -> tuple[float, float]:
    """Return the depths [mm] that count as the target layer, taking the skin as thin as the studies allow.

    For the subcutis the skin is taken as thick as the studies allow, so that the tip is past the dermis.
    """
    epidermis = (skin.epidermis_mm or EPIDERMIS_WHERE_UNKNOWN_MM)[1]
    thin, thick = skin.total_mm
    dermis = max(thin - epidermis, 0.0)
    windows = {
        "epidermis": (0.0, epidermis + 0.25 * dermis),
        "upper-dermis": (epidermis, epidermis + 0.6 * dermis),
        "dermis": (epidermis, thin),
        "subcutis": (thick + 0.5, thick + 6.0),
    }
    return windows[target]


@dataclass(frozen=True)
class NeedleChoice:
    """Angle and inserted length chosen for one zone, and how likely each layer is with them."""

    angle: Angle
    inserted: Length
    depth_mm: float
    depth_range_mm: tuple[float, float]
    odds: LandingOdds


def choose_needle_position(
    *,
    skin: Skin,
    target: TargetLayer,
    technique: Technique,
    needle: Needle,
    tolerance: HandTolerance,
    ceiling_mm: float | None,
    most_past_ceiling: float,
) -> NeedleChoice:
    """Return the angle and inserted length whose tip most likely ends in the target layer.

    Every angle of the technique in steps of 5 deg and every length in the needle's steps is tried; among equals the
    shallower angle, then the shorter length. A ceiling [mm] is passed with a chance of `most_past_ceiling` at most,
    which is below one half, so that the intended depth stays above it.

    Raises
    ------
    ValueError
        Where every position passes the ceiling more often than that.
    """
    found = likeliest(
        skin,
        target,
        _steps(technique.angle.low, technique.angle.high, 5.0),
        _steps(needle.shortest_inserted.low, needle.length.high, needle.length_step.high),
        tolerance,
        ceiling_mm=ceiling_mm,
        most_past_ceiling=most_past_ceiling,
    )
    if found is None:
        raise ValueError(
            f"no position of needle {needle.id} stays above the ceiling of {ceiling_mm} mm "
            f"in {1 - most_past_ceiling:.0%} of drops"
        )
    angle, length = found.angle_deg, found.inserted_mm
    return NeedleChoice(
        Angle(angle),
        Length(length),
        tip_depth_mm(angle, length),
        tip_depth_range_mm(angle, length, tolerance.angle.high, tolerance.length.high),
        landing_chances_of(skin, angle, length, tolerance, target, ceiling_mm),
    )


def most_past_ceiling(knowledge: Knowledge) -> float:
    """Return the greatest chance of passing a ceiling that the planner lets stand."""
    return share_of(knowledge, CEILING_CHANCE)


def share_of(knowledge: Knowledge, check_id: str) -> float:
    """Return the share from 0 to 1 at which a check in percent stands.

    Raises
    ------
    KnowledgeError
        Where it has none.
    """
    percent = knowledge.checks[check_id].value
    if not isinstance(percent, int | float) or not 0 <= percent <= 100:
        raise KnowledgeError("checks", [Problem(f"{check_id}.value", f"is {percent}; allowed: 0 to 100 %")])
    return percent / 100


def _steps(low: float, high: float, step: float) -> list[float]:
    return [round(low + index * step, 3) for index in range(int((high - low) / step + 1e-9) + 1)]
