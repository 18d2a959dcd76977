"""Coverage of ideal lattices, read off a table: NumPy alone, a thousand lattices in about a millisecond.

`scripts/make_lattice_table.py` works the table out with the kernels; this module reads between its nodes. Lengths only
count relative to each other (an exposure relative to its own mean has no unit), so five numbers say all of a lattice of
drops in the dermis: the epidermis and the drop's tissue relative to the dermis, the depth of the tip within it, the
radius of the depot relative to the length over which it decays, and the spacing relative to that radius. In these
numbers the curves of thin and thick skin, small and large drops nearly lie on each other, so few nodes do.

A drop of which the tip lies below the skin, and a layer outside of the dermis, are not in the table and are refused:
what reaches the dermis from below is even but little, and its evenness would look like coverage. Numbers outside of
the table are held to its border; docs/validation/search.md has the errors, those at the borders included.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import IO, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesoplan.kernels.depot import MM3_PER_ML
from mesoplan.kernels.kernel_store import METHOD
from mesoplan.kernels.lattice_coverage import Pattern
from mesoplan.kernels.solutes import SkinLayers
from mesoplan.knowledge.schema.protocols import TargetLayer
from mesoplan.planning.drop import COVERAGE_SHARE, DEPTH_SLICES, target_window

Floats = NDArray[np.floating[Any]]

VERSION = 1
"""Of the table's form: raised when what its axes mean changes."""

TARGETS: tuple[TargetLayer, ...] = ("upper-dermis", "dermis")
PATTERNS: tuple[Pattern, ...] = ("square", "triangular")
STEPS = 250
"""Coverage is kept in so many steps, 0.4 percentage points each."""

AXES = ("place", "epidermis", "tissue", "sharpness", "spacing")
DATA_FILE = "lattice_coverage.npz"


class NotInTable(ValueError):
    """A question that the table has no answer for; the message says why."""


@dataclass(frozen=True, eq=False)
class LatticeTable:
    """Coverage at the nodes of six axes, for each target and pattern.

    Attributes
    ----------
    place : (p,) depth of the tip within the dermis, 0 at the epidermis, 1 at the fat
    epidermis : (e,) epidermis relative to the dermis
    tissue : (t,) tissue of a drop relative to the cube of the dermis
    sharpness : (k,) k / D times the radius squared
    spacing : (s,) spacing relative to the radius, even in the logarithm
    values : (targets, patterns, p, e, t, k, s) uint8, in steps of 1 / STEPS
    made_from : what the values follow from, as `made_from` says it
    """

    place: Floats
    epidermis: Floats
    tissue: Floats
    sharpness: Floats
    spacing: Floats
    values: NDArray[np.uint8]
    made_from: str


def made_from() -> str:
    """Return the digest of everything but the axes that the values follow from; a table of another is out of date."""
    skin = SkinLayers(1.0, 2.0, 1.0)
    fractions = [target_window(target, skin) for target in TARGETS]
    parts = (METHOD, VERSION, COVERAGE_SHARE, DEPTH_SLICES, TARGETS, PATTERNS, STEPS, fractions, skin)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def write_table(table: LatticeTable, stream: IO[bytes]) -> None:
    """Write a table as `read_table` reads it."""
    axes = {name: getattr(table, name) for name in AXES}
    np.savez_compressed(stream, **axes, values=table.values, made_from=np.array(table.made_from))


def read_table(stream: IO[bytes]) -> LatticeTable:
    """Return the table that was written."""
    with np.load(stream, allow_pickle=False) as held:
        axes = {name: held[name] for name in AXES}
        return LatticeTable(**axes, values=held["values"], made_from=str(held["made_from"]))


@lru_cache(maxsize=1)
def shipped_table() -> LatticeTable:
    """The table that comes with the package, read once."""
    with (resources.files("mesoplan.planning") / "data" / DATA_FILE).open("rb") as stream:
        return read_table(stream)


@dataclass(frozen=True)
class Drops:
    """Drops of which lattices are made, one entry a kind.

    Attributes
    ----------
    tissue_mm3 : (m,)
        Tissue that a drop takes up: volume over porosity [mm3], > 0.
    decay_per_mm2 : (m,)
        k / D of its solute [1/mm2], > 0.
    """

    tissue_mm3: Floats
    decay_per_mm2: Floats


def drops_of(volumes_ml: ArrayLike, decay_per_mm2: Floats, porosity: Floats) -> Drops:
    """Return the drops of each volume [mL] under each draw of k / D [1/mm2] and porosity, volumes first."""
    tissue = np.asarray(volumes_ml, dtype=float)[:, None] * MM3_PER_ML / porosity
    return Drops(tissue.ravel(), np.broadcast_to(decay_per_mm2, tissue.shape).ravel())


def read_lattices(
    table: LatticeTable,
    target: TargetLayer,
    pattern: Pattern,
    layers: SkinLayers,
    depth_mm: float,
    drops: Drops,
    spacings_mm: ArrayLike,
) -> Floats:
    """Return the covered fraction of a layer for each kind of drop at each spacing, (m, s).

    Parameters
    ----------
    table
        As `shipped_table` gives it.
    target, layers, depth_mm
        The layer that counts, the skin, and the depth of the tip [mm] under it; above the dermis it counts as at its
        top, as `planning.drop` says.
    pattern
        Square or triangular.
    drops, spacings_mm
        Kinds of drop (m,) and spacings [mm] (s,), > 0.

    Raises
    ------
    NotInTable
        The layer is not in the dermis, or the tip lies below the skin.
    ValueError
        A number is not finite or not above 0.
    """
    spacings = np.atleast_1d(np.asarray(spacings_mm, dtype=float))
    if target not in TARGETS:
        raise NotInTable(f"lattices are worked out for {' and '.join(TARGETS)}, not for {target}")
    if any(not (np.isfinite(one).all() and np.all(one > 0)) for one in (*_columns(drops), spacings)):
        raise ValueError("tissue, k / D and spacing of a lattice are finite and above 0")
    dermis = layers.skin_mm - layers.epidermis_mm
    if not (depth_mm > 0 and dermis > 0):
        raise ValueError("a tip in skin that is thicker than its epidermis is needed")
    if depth_mm > layers.skin_mm:
        raise NotInTable(f"the tip, at {depth_mm:.2f} mm, lies below the skin of {layers.skin_mm:.2f} mm")
    place = max(depth_mm - layers.epidermis_mm, 0.0) / dermis
    held = _of_skin(table, TARGETS.index(target), PATTERNS.index(pattern), place, layers.epidermis_mm / dermis)
    radius = _radius(drops.tissue_mm3 / dermis**3, place) * dermis
    curves = _of_drops(table, held, drops.tissue_mm3 / dermis**3, drops.decay_per_mm2 * radius**2)
    return _at_spacings(table, curves, np.log(spacings) - np.log(radius)[:, None])


def _columns(drops: Drops) -> tuple[Floats, Floats]:
    return drops.tissue_mm3, drops.decay_per_mm2


def _radius(tissue: Floats, place: float) -> Floats:
    """Radius of each depot in a dermis of thickness 1: that of the ball where it fits, else of the wheal.

    As `kernels.depot.injected_depot` shapes it; a test holds that both agree.
    """
    ball = np.cbrt(3.0 * tissue / (4.0 * np.pi))
    height = np.minimum(place + ball, 1.0) - np.maximum(place - ball, 0.0)
    fits = (place - ball >= 0.0) & (place + ball <= 1.0)
    return np.asarray(np.where(fits, ball, np.sqrt(tissue / (np.pi * height))))


def _between(nodes: Floats, at: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Number of the node below each place, held to the border, and how far the place lies towards the next."""
    low = np.clip(np.searchsorted(nodes, at, side="right") - 1, 0, len(nodes) - 2)
    share = (at - nodes[low]) / (nodes[low + 1] - nodes[low])
    return low, np.clip(share, 0.0, 1.0)


def _of_skin(table: LatticeTable, target: int, pattern: int, place: float, epidermis: float) -> Floats:
    """What is left of the table for one skin and tip, (t, k, s), as fractions."""
    first, along = _between(table.place, np.array([place]))
    second, across = _between(table.epidermis, np.array([epidermis]))
    near = table.values[target, pattern, first[0] : first[0] + 2, second[0] : second[0] + 2].astype(np.float32)
    weights = np.outer((1 - along[0], along[0]), (1 - across[0], across[0])) / STEPS
    return np.asarray(np.einsum("pe,petks->tks", weights.astype(np.float32), near))


def _of_drops(table: LatticeTable, held: Floats, tissue: Floats, sharpness: Floats) -> Floats:
    """Coverage over spacing for each drop, (m, s); straight in the logarithms of both numbers."""
    row, down = _between(np.log(table.tissue), np.log(tissue))
    column, along = _between(np.log(table.sharpness), np.log(sharpness))
    down, along = (one.astype(np.float32)[:, None] for one in (down, along))
    upper = held[row, column] * (1 - along) + held[row, column + 1] * along
    lower = held[row + 1, column] * (1 - along) + held[row + 1, column + 1] * along
    return np.asarray(upper * (1 - down) + lower * down)


def _at_spacings(table: LatticeTable, curves: Floats, log_spacing: Floats) -> Floats:
    """Coverage of each curve (m, s nodes) at its own spacings (m, s), straight in the logarithm of the spacing."""
    first = np.log(table.spacing[0])
    step = (np.log(table.spacing[-1]) - first) / (len(table.spacing) - 1)
    place = np.clip((log_spacing - first) / step, 0.0, len(table.spacing) - 1.0)
    low = np.minimum(place.astype(np.intp), len(table.spacing) - 2)
    share = place - low
    near = np.take_along_axis(curves, low, axis=1), np.take_along_axis(curves, low + 1, axis=1)
    # Single precision between two nodes of 1 may come out a rounding above it.
    read = near[0] * (1 - share) + near[1] * share
    return np.asarray(np.clip(read, 0.0, 1.0), dtype=float)
