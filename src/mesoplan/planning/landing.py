"""Where the tip lies: computed depth against this patient's skin. A technique's name sets no depth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mesoplan.domain.case import Case
from mesoplan.domain.errors import KnowledgeError, Problem
from mesoplan.domain.evaluation import Landing, LandingClass
from mesoplan.domain.plan import ZonePlacement
from mesoplan.domain.quantities import Angle, Length
from mesoplan.kernels.depth import tip_depth_mm, tip_depth_range_mm
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.protocols import HandTolerance, Needle, TargetLayer, Technique
from mesoplan.planning.landing_chances import LandingOdds, landing_chances_of, likeliest
from mesoplan.planning.skin import EPIDERMIS_WHERE_UNKNOWN_MM, Skin, skin_of


def hand(knowledge: Knowledge, technique: str) -> HandTolerance:
    """Return the tolerance of the hand, or of the device where the technique is device-assisted."""
    name = "device" if technique == "device-assisted" and "device" in knowledge.hand_tolerances else "free-hand"
    return knowledge.hand_tolerances[name]


def landing_of(
    placement: ZonePlacement, case: Case, knowledge: Knowledge, target: TargetLayer | None, day: date
) -> Landing:
    """Return where the tip lies in one zone, with the spread of hand and skin."""
    zone = knowledge.zones[placement.zone]
    skin = skin_of(case, zone, day, knowledge)
    tolerance = hand(knowledge, placement.technique)
    depth = tip_depth_mm(placement.angle.value, placement.inserted.value)
    low, high = tip_depth_range_mm(
        placement.angle.value, placement.inserted.value, tolerance.angle.high, tolerance.length.high
    )
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
        sources=skin.sources,
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
    most = knowledge.checks["depth-ceiling-chance"].value
    if not isinstance(most, int | float) or not 0 <= most < 50:
        raise KnowledgeError("checks", [Problem("depth-ceiling-chance.value", f"is {most}; allowed: 0 to 50 %")])
    return most / 100


def _steps(low: float, high: float, step: float) -> list[float]:
    return [round(low + index * step, 3) for index in range(int((high - low) / step + 1e-9) + 1)]
