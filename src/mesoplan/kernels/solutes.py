"""Classes of solutes with the ranges of what skin does to them. Most ranges are assumed, and say so.

Spread and clearance in human dermis are known within a factor at best. Each range has a source where one was seen (its
abstract, not the whole article), else it is an assumption of this program, wide on purpose. Nothing computed from them
is a measurement. What the whole body gets needs the body's own kinetics; where none was seen there is none.

Skin between layers: the vessel plexus of the upper dermis clears faster than the deep dermis does. In pigs an injected
tracer left by a fast and a slow exponent that were laid to the papillary and the reticular dermis
(doi:10.1016/0026-2862(80)90006-0); the factors used here are assumed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mesoplan.kernels.layered_diffusion import Layers

Floats = NDArray[np.floating[Any]]
Basis = Literal["sourced", "derived", "assumed"]

_BLOOD_FLOW = (
    "upper end: all that blood flow can carry away, 5.7 (SD 1.3) mL/(100 g min) in skin of the human leg by washout of "
    "133-xenon, which is 3.4 per hour at equal partition (abstract seen; doi:10.1161/01.RES.25.2.215 recalled, to be "
    "checked); lower end assumed"
)
_SMALL_SPREAD = "assumed: a twentieth to a half of free diffusion of a molecule of this size in water, about 2 mm2/h"


@dataclass(frozen=True)
class Range:
    """A range in which a value lies, with where that comes from."""

    low: float
    high: float
    basis: Basis
    source: str

    @property
    def middle(self) -> float:
        """Geometric middle."""
        return math.sqrt(self.low * self.high)

    def draws(self, count: int, generator: np.random.Generator) -> Floats:
        """Return values that are as likely in each doubling of the range as in the next."""
        return np.asarray(np.exp(generator.uniform(math.log(self.low), math.log(self.high), count)))


@dataclass(frozen=True)
class BodyKinetics:
    """Volume of distribution [L] and clearance [L/h] of an adult's body."""

    volume_l: Range
    clearance_l_h: Range


@dataclass(frozen=True)
class Solute:
    """D [mm2/h] and k [1/h] in the deep dermis; the body's kinetics where they were seen."""

    diffusivity_mm2_h: Range
    clearance_per_h: Range
    body: BodyKinetics | None = None


_SMALL = Solute(Range(0.1, 1.0, "assumed", _SMALL_SPREAD), Range(0.2, 3.4, "derived", _BLOOD_FLOW))
_TRANEXAMIC = Solute(
    _SMALL.diffusivity_mm2_h,
    _SMALL.clearance_per_h,
    BodyKinetics(
        Range(9.0, 12.0, "sourced", "initial volume of distribution, US label of Cyklokapron, 12.3"),
        Range(6.6, 7.0, "sourced", "110 to 116 mL/min, Pilbrant 1981, doi:10.1007/BF00554669 (abstract), n = 3"),
    ),
)
_WEIGHTS = "for bodies of 50 to 90 kg"
_CAFFEINE = Solute(
    _SMALL.diffusivity_mm2_h,
    _SMALL.clearance_per_h,
    BodyKinetics(
        Range(30.0, 72.0, "derived", f"0.6 to 0.8 L/kg {_WEIGHTS}; weak: overviews that cite others, not the studies"),
        Range(1.8, 7.3, "derived", f"0.98 (SD 0.38) mL/(min kg), n = 6, doi:10.1007/BF00609587 (abstract), {_WEIGHTS}"),
    ),
)
_LIDOCAINE = Solute(
    _SMALL.diffusivity_mm2_h,
    _SMALL.clearance_per_h,
    BodyKinetics(
        Range(30.0, 405.0, "derived", f"0.6 to 4.5 L/kg at steady state, n = 3, PMID 7175699 (abstract), {_WEIGHTS}"),
        Range(39.0, 92.0, "derived", f"13 to 17 mL/(min kg), n = 3, the same abstract, {_WEIGHTS}; weak: three people"),
    ),
)
_HYALURONIC = Solute(
    Range(0.0005, 0.02, "assumed", "assumed: long chains that hardly move between fibres"),
    Range(
        0.029,
        0.058,
        "derived",
        "half-life of 0.5 to 1 day under the skin of rabbits up to 5 mg/mL; slower at first above 10 mg/mL "
        "(doi:10.1152/ajpheart.1990.259.2.H532, abstract)",
    ),
)
SOLUTES: Mapping[str, Solute] = {
    "small-molecule": _SMALL,
    "ascorbic-acid": _SMALL,
    "caffeine": _CAFFEINE,
    "lidocaine": _LIDOCAINE,
    "tranexamic-acid": _TRANEXAMIC,
    "hyaluronic-acid": _HYALURONIC,
}
"""By id. Ascorbic acid, caffeine and lidocaine have the ranges of any small molecule in skin: none of their own was
found."""

POROSITY = Range(
    0.2,
    0.65,
    "derived",
    "upper end: fluid of rat dermis, 0.85 mL/g excluded to albumin being 57.8 % of it, so 1.47 mL per g of dry solids "
    "of 0.74 mL/g (doi:10.1152/ajpheart.1989.257.6.H1819, abstract; the density is assumed); lower end assumed",
)


def solute(name: str) -> Solute:
    """Return a solute by its id; raises ValueError that names those there are."""
    if name not in SOLUTES:
        raise ValueError(f"no solute {name!r}; there are {', '.join(sorted(SOLUTES))}")
    return SOLUTES[name]


@dataclass(frozen=True)
class SkinLayers:
    """Epidermis, upper dermis, deep dermis, fat: thickness [mm], and D and k relative to the deep dermis (assumed).

    The epidermis has no vessels, so it clears nothing.
    """

    epidermis_mm: float
    skin_mm: float
    fat_mm: float
    upper_share: float = 0.2
    relative_spread: tuple[float, float, float, float] = (0.5, 1.0, 1.0, 0.5)
    relative_clearance: tuple[float, float, float, float] = (0.0, 2.0, 1.0, 0.3)

    def layers(self, diffusivity_mm2_h: float, clearance_per_h: float) -> Layers:
        """Return the skin as a solute with this D [mm2/h] and k [1/h] in the deep dermis meets it.

        Raises ValueError where the skin is not thicker than its epidermis, or a value is not finite and above 0.
        """
        dermis = self.skin_mm - self.epidermis_mm
        if not (dermis > 0 and 0 < self.upper_share < 1):
            raise ValueError("skin must be thicker than its epidermis, and the upper dermis a part of the dermis")
        thickness = (self.epidermis_mm, dermis * self.upper_share, dermis * (1 - self.upper_share), self.fat_mm)
        return Layers(
            thickness,
            tuple(diffusivity_mm2_h * one for one in self.relative_spread),
            tuple(clearance_per_h * one for one in self.relative_clearance),
        )
