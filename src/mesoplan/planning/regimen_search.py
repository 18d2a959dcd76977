"""Which volume, spacing, pattern and depth reach a layer with the fewest punctures: all are tried, none is guessed.

A regimen is a lattice: so much in each point, so far apart, at a depth. Each one within the bounds is read off the
table of ideal lattices (`planning.ideal_lattices`) under the same draws of k / D and porosity, so that two of them can
be compared draw by draw. A few hundred regimens in a few skins take milliseconds; no optimiser is needed.

A lattice without end stands for the part of a zone that its points fill; what they leave out, at edges and over
structures, counts as not covered, though drops reach a little way into it. Coverage says
how evenly a layer is reached relative to its own mean. It is blind to how much is given, and it predicts no effect: who
lets it choose a smaller dose than the one that was tested has chosen by the wrong figure (`Bounds.least_ml_per_cm2`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesoplan.kernels.coverage_interval import Interval
from mesoplan.kernels.lattice_coverage import LEAST_SPACING_MM, Pattern, area_per_point_mm2
from mesoplan.kernels.solutes import POROSITY, Range, SkinLayers, solute
from mesoplan.knowledge.schema.protocols import TargetLayer
from mesoplan.planning.ideal_lattices import Drops, LatticeTable, drops_of, read_lattices, shipped_table

Floats = NDArray[np.floating[Any]]

DRAWS = 64
_ROUNDING = 1e-9
MM2_PER_CM2 = 100.0


@dataclass(frozen=True)
class Depth:
    """A way to hold the needle [deg], [mm], where it puts the tip [mm], and the chance of the layer aimed at."""

    angle_deg: float
    inserted_mm: float
    depth_mm: float
    chance: float


@dataclass(frozen=True)
class SearchZone:
    """Skin that is treated.

    Attributes
    ----------
    area_cm2
        The whole of it [cm2].
    layers
        The skin there.
    depths
        What to choose from, at least one.
    most_volume_ml
        The most in a point [mL].
    filled
        Share of the area that a lattice fills, each point by the area that it has to itself, above 0 to 1.
    """

    area_cm2: float
    layers: SkinLayers
    depths: tuple[Depth, ...]
    most_volume_ml: float = math.inf
    filled: float = 1.0


@dataclass(frozen=True)
class Bounds:
    """What a regimen keeps to: mL on each cm2, mL and punctures over all zones of a session."""

    most_ml_per_cm2: float = math.inf
    least_ml_per_cm2: float = 0.0
    most_ml: float = math.inf
    most_punctures: float = math.inf


@dataclass(frozen=True)
class Question:
    """What is searched.

    Attributes
    ----------
    target
        The layer that is to be reached.
    zones
        At least one; all get the same regimen, each at its own depth.
    solutes
        Ids of `kernels.solutes`; a place counts by the one that covers least.
    volumes_ml, spacings_mm, patterns
        What is tried: volume of a point [mL], spacing [mm].
    bounds
        What may not be passed.
    syringes
        Of how many syringes the points are taken in turn: each compound then has a lattice as wide as one of so many
        fewer points.
    """

    target: TargetLayer
    zones: tuple[SearchZone, ...]
    solutes: tuple[str, ...]
    volumes_ml: tuple[float, ...]
    spacings_mm: tuple[float, ...]
    patterns: tuple[Pattern, ...] = ("triangular",)
    bounds: Bounds = Bounds()
    syringes: int = 1


@dataclass(frozen=True, eq=False)
class Regimen:
    """One lattice and its figures.

    Attributes
    ----------
    volume_ml, spacing_mm, pattern
        What makes it.
    punctures, injected_ml
        Over all zones.
    covered : (draws,)
        Fraction of the layer that is covered, under each draw, over all zones by their areas; of drops that end in the
        skin as intended.
    filled : float
        The most that it can be: the share of all zones that the lattice fills.
    coverage : Interval
        Its middle and 90 % interval.
    chance : float
        Chance that a drop ends in the layer, over all zones by their areas.
    depths
        The depth in each zone.
    """

    volume_ml: float
    spacing_mm: float
    pattern: Pattern
    punctures: float
    injected_ml: float
    covered: Floats
    coverage: Interval
    filled: float
    chance: float
    depths: tuple[Depth, ...]

    @property
    def percent(self) -> int:
        """Middle of the coverage in whole per cent, as it is written and compared."""
        return round(100 * self.coverage.middle)

    @property
    def costs(self) -> tuple[float, float, int]:
        """Punctures, millilitres, and what is not covered in per cent: all three better if less."""
        return round(self.punctures, 6), round(self.injected_ml, 6), 100 - self.percent


@lru_cache(maxsize=32)
def shared_draws(solute_id: str, count: int = DRAWS) -> tuple[Floats, Floats]:
    """Return k / D [1/mm2] and porosity over their stated ranges, (count,) each, spread as evenly as so few can be.

    Always the same ones: two regimens compared on them differ by the regimens. Raises ValueError for no solute.
    """
    one = solute(solute_id)
    # Steps along a line whose slopes are no fractions of each other fill a cube evenly.
    ratio = 1.2207440846057596
    steps = (0.5 + np.arange(1, count + 1)[:, None] * ratio ** -np.arange(1.0, 4.0)) % 1.0
    ranges = (one.clearance_per_h, one.diffusivity_mm2_h, POROSITY)
    clearance, spread, porosity = (_across(held, share) for held, share in zip(ranges, steps.T, strict=True))
    return clearance / spread, porosity


def _across(held: Range, share: Floats) -> Floats:
    return np.asarray(held.low * (held.high / held.low) ** share)


def regimens(question: Question, table: LatticeTable | None = None) -> list[Regimen]:
    """Return every regimen within the bounds, in the order of volumes, spacings and patterns.

    Raises
    ------
    NotInTable
        The layer is not one of the dermis, or no depth of a zone puts the tip into the skin.
    ValueError
        No zone, volume, spacing or solute; an area or volume that is not above 0; a spacing below 0.5 mm.
    """
    _check(question)
    held = shipped_table() if table is None else table
    found: list[Regimen] = []
    for pattern in question.patterns:
        found += _of_pattern(question, pattern, held)
    return found


def _check(question: Question) -> None:
    numbers = [*question.volumes_ml, *(zone.area_cm2 for zone in question.zones)]
    if not all(math.isfinite(one) and one > 0 for one in numbers):
        raise ValueError("areas and volumes of a search are above 0")
    if not all(0 < zone.filled <= 1 for zone in question.zones):
        raise ValueError("a lattice fills a share of a zone above 0 and at most 1")
    if not all(math.isfinite(one) and one >= LEAST_SPACING_MM for one in question.spacings_mm):
        raise ValueError(f"points of a lattice lie at least {LEAST_SPACING_MM:g} mm apart")
    wanted = (question.zones, question.solutes, question.volumes_ml, question.spacings_mm, question.patterns)
    if not all(wanted) or not all(zone.depths for zone in question.zones) or question.syringes < 1:
        raise ValueError("a search needs a zone with a depth, a solute, a volume, a spacing, a pattern and a syringe")


def _of_pattern(question: Question, pattern: Pattern, table: LatticeTable) -> list[Regimen]:
    volumes, spacings = np.array(question.volumes_ml), np.array(question.spacings_mm)
    areas = np.array([zone.area_cm2 for zone in question.zones]) * MM2_PER_CM2
    filled = areas * [zone.filled for zone in question.zones]
    caps = np.array([zone.most_volume_ml for zone in question.zones])
    per_point = area_per_point_mm2(spacings, pattern)
    punctures = np.broadcast_to(filled.sum() / per_point, (len(volumes), len(spacings)))
    given = np.minimum(volumes[:, None], caps)
    injected = (given * filled).sum(axis=1)[:, None] / per_point
    dose = given.max(axis=1)[:, None] / per_point * MM2_PER_CM2
    allowed = within(question.bounds, dose, injected, punctures)
    chosen = [_best_depth(zone, question, pattern, table) for zone in question.zones]
    covered = sum(share * one.covered for share, one in zip(filled / areas.sum(), chosen, strict=True))
    chance = sum(share * one.chance for share, one in zip(filled / filled.sum(), chosen, strict=True))
    low, middle, high = np.percentile(covered, (5, 50, 95), axis=0)
    return [
        Regimen(
            volume_ml=float(volumes[v]),
            spacing_mm=float(spacings[s]),
            pattern=pattern,
            punctures=float(punctures[v, s]),
            injected_ml=float(injected[v, s]),
            covered=covered[:, v, s],
            coverage=Interval(float(low[v, s]), float(middle[v, s]), float(high[v, s])),
            filled=float(filled.sum() / areas.sum()),
            chance=float(chance[v, s]),
            depths=tuple(zone.depths[one.number[v, s]] for zone, one in zip(question.zones, chosen, strict=True)),
        )
        for v, s in zip(*np.nonzero(allowed), strict=True)
    ]


def within(bounds: Bounds, dose: Floats, injected: Floats, punctures: Floats) -> NDArray[np.bool_]:
    """Return which regimens keep to the bounds, rounding let pass."""
    more, less = 1 + _ROUNDING, 1 - _ROUNDING
    return np.asarray(
        (dose <= bounds.most_ml_per_cm2 * more)
        & (dose >= bounds.least_ml_per_cm2 * less)
        & (injected <= bounds.most_ml * more)
        & (punctures <= bounds.most_punctures * more)
    )


@dataclass(frozen=True, eq=False)
class _ZoneCoverage:
    """One zone at the depth that is likeliest to cover: (draws, v, s), and (v, s) of its chance and number."""

    covered: Floats
    chance: Floats
    number: NDArray[np.intp]


def _best_depth(zone: SearchZone, question: Question, pattern: Pattern, table: LatticeTable) -> _ZoneCoverage:
    """At each volume and spacing the depth of the greatest chance times coverage; the earlier one of equals."""
    volumes = tuple(min(one, zone.most_volume_ml) for one in question.volumes_ml)
    apart = tuple(one * math.sqrt(question.syringes) for one in question.spacings_mm)
    each = np.stack(
        [
            _covered(question.target, pattern, zone.layers, one.depth_mm, question.solutes, volumes, apart, table)
            for one in zone.depths
        ]
    )
    chances = np.array([one.chance for one in zone.depths])
    if len(chances) == 1:
        nothing = np.zeros(each.shape[2:], dtype=np.intp)
        return _ZoneCoverage(each[0], np.full(nothing.shape, chances[0]), nothing)
    expected = np.round(np.median(each, axis=1) * chances[:, None, None], 6)
    number = expected.argmax(axis=0)
    covered = np.take_along_axis(each, number[None, None], axis=0)[0]
    return _ZoneCoverage(covered, chances[number], number)


@lru_cache(maxsize=256)
def _covered(
    target: TargetLayer,
    pattern: Pattern,
    layers: SkinLayers,
    depth_mm: float,
    solutes: tuple[str, ...],
    volumes_ml: tuple[float, ...],
    spacings_mm: tuple[float, ...],
    table: LatticeTable,
) -> Floats:
    """Coverage (draws, volumes, spacings) of the solute that covers least; remembered, as zones share their skin."""
    found = []
    for one in solutes:
        drops: Drops = drops_of(volumes_ml, *shared_draws(one))
        values = read_lattices(table, target, pattern, layers, depth_mm, drops, spacings_mm)
        found.append(values.reshape(len(volumes_ml), DRAWS, len(spacings_mm)).swapaxes(0, 1))
    return np.asarray(np.min(found, axis=0))
