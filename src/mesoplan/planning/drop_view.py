"""One needle in one zone, of nobody in particular: where its tip may end, and how it would be held instead.

A setting is what somebody tries: a zone, the sex and age (or the measured thickness) that its skin is taken for, a
needle with its angle and inserted length, and what is injected in which lattice. Nothing here is about a patient.
`planning.lattice_view` says what a lattice of such drops reaches.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesoplan.domain.case import Case, Goal, MeasuredThickness, Patient, Sex
from mesoplan.domain.quantities import Length
from mesoplan.kernels.landing import Border, Position, Tips, chance_past
from mesoplan.kernels.lattice_coverage import Pattern
from mesoplan.kernels.solutes import SOLUTES
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.protocols import Needle, TargetLayer
from mesoplan.planning.landing import most_past_ceiling
from mesoplan.planning.landing_chances import LandingOdds, landing_chances_of, likeliest, spread_of
from mesoplan.planning.skin import Skin, skin_of

Floats = NDArray[np.floating[Any]]

ANGLE_DEG = (1.0, 90.0)
VOLUME_ML = (0.001, 0.5)
SPACING_MM = (1.0, 40.0)
AGE_YEARS = (18.0, 100.0)
SKIN_MM = (0.5, 8.0)
LEAST_INSERTED_MM = 0.1
"""What a setting may hold; the inserted length ends at that of the needle."""

_DAY = date(2026, 1, 1)
_DEPTHS = 72


@dataclass(frozen=True)
class DropSetting:
    """What is tried. Raises ValueError where a number lies outside what may be asked, or is none."""

    zone: str
    needle: str
    hand: str
    angle_deg: float
    inserted_mm: float
    volume_ml: float
    spacing_mm: float
    pattern: Pattern
    solute: str
    target: TargetLayer
    sex: Sex | None
    age: int
    thickness_mm: float | None = None

    def __post_init__(self) -> None:
        """Refuse what no drawing could be made of."""
        _check("an angle", self.angle_deg, ANGLE_DEG)
        _check("an inserted length", self.inserted_mm, (LEAST_INSERTED_MM, math.inf))
        _check("a volume", self.volume_ml, VOLUME_ML)
        _check("a spacing", self.spacing_mm, SPACING_MM)
        _check("an age", self.age, AGE_YEARS)
        if self.thickness_mm is not None:
            _check("a thickness of skin", self.thickness_mm, SKIN_MM)
        if self.solute not in SOLUTES:
            raise ValueError(f"no solute {self.solute!r}; there are {', '.join(sorted(SOLUTES))}")

    @property
    def depth_mm(self) -> float:
        """Depth that the tip is meant to have."""
        return math.sin(math.radians(self.angle_deg)) * self.inserted_mm


def _check(what: str, value: float, within: tuple[float, float]) -> None:
    low, high = within
    if not (math.isfinite(value) and low <= value <= high):
        raise ValueError(f"{what} of {value:g} does not lie between {low:g} and {high:g}")


@dataclass(frozen=True)
class TipView:
    """Where one tip may end.

    Attributes
    ----------
    skin, odds
        The skin it meets, and the chance of each layer and of the target.
    strays
        Standard deviations of angle [deg] and inserted length [mm].
    likely_mm
        Depths [mm] that 5 and 95 of 100 tips do not pass.
    depths_mm, tip_per_mm, fat_from
        Depths [mm], how likely the tip ends there [1/mm], and the chance that the fat has begun there.
    instead
        How the needle would be held for the greatest chance of the target; None where every position passes the
        ceiling more often than a plan may.
    ceiling_mm
        Depth that the zone lets no tip pass; None where no ceiling is known.
    """

    skin: Skin
    odds: LandingOdds
    strays: tuple[float, float]
    likely_mm: tuple[float, float]
    depths_mm: Floats
    tip_per_mm: Floats
    fat_from: Floats
    instead: Position | None
    ceiling_mm: float | None


def skin_tried(setting: DropSetting, knowledge: Knowledge) -> Skin:
    """Return the skin of the setting's zone for its sex and age, or of its measured thickness."""
    measured = setting.thickness_mm
    case = Case(
        id="tried",
        as_of=_DAY,
        start=_DAY,
        patient=Patient(sex=setting.sex, birth_date=date(_DAY.year - setting.age, 1, 1)),
        goals=(Goal(aim="tried", zones=(setting.zone,)),),
        thickness=()
        if measured is None
        else (MeasuredThickness(zone=setting.zone, thickness=Length(measured), method="typed", on=_DAY),),
    )
    return skin_of(case, knowledge.zones[setting.zone], _DAY, knowledge)


def tip_view(setting: DropSetting, knowledge: Knowledge) -> TipView:
    """Return where the tip may end and how else the needle could be held.

    Raises ValueError where the length is not one that the needle has.
    """
    needle, tolerance = knowledge.needles[setting.needle], knowledge.hand_tolerances[setting.hand]
    if setting.inserted_mm > needle.length.high:
        raise ValueError(f"a needle of {needle.length.high:g} mm cannot be inserted {setting.inserted_mm:g} mm")
    skin = skin_tried(setting, knowledge)
    held = (setting.angle_deg, setting.inserted_mm)
    strays = spread_of(tolerance)
    depths = np.linspace(0.0, _deepest_mm(skin, setting), _DEPTHS + 1)[1:]
    past = np.concatenate([[1.0], chance_past(Tips(*held, *strays), Border(depths))])
    low, high = (float(np.interp(share, 1.0 - past, np.append(0.0, depths))) for share in (0.05, 0.95))
    caps = knowledge.zones[setting.zone].caps
    ceiling = min((cap.high for cap in caps if cap.what == "depth"), default=None)
    instead = likeliest(
        skin,
        setting.target,
        *positions(needle),
        tolerance,
        ceiling_mm=ceiling,
        most_past_ceiling=most_past_ceiling(knowledge),
    )
    return TipView(
        skin=skin,
        odds=landing_chances_of(skin, *held, tolerance, setting.target, ceiling),
        strays=strays,
        likely_mm=(low, high),
        depths_mm=depths,
        tip_per_mm=-np.diff(past) / depths[0],
        fat_from=chance_past(Tips(90.0, depths, 0.0, 0.0), skin.border),
        instead=instead,
        ceiling_mm=ceiling,
    )


def positions(needle: Needle) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the angles [deg] and inserted lengths [mm] that are tried for a greater chance: whole degrees, and the
    steps in which a length can be asked of a hand."""
    first, last, step = needle.shortest_inserted.high, needle.length.high, needle.length_step.high
    count = int((last - first) / step + 1e-9)
    return tuple(float(one) for one in range(3, 91)), tuple(round(first + step * one, 3) for one in range(count + 1))


def _deepest_mm(skin: Skin, setting: DropSetting) -> float:
    """Depth to which the section is drawn: past the skin, and past where a straying tip may be."""
    return max(skin.total_mm[1] * 1.35, setting.depth_mm + 1.3, 2.4)
