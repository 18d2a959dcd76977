"""Work out the table of ideal lattices that `propose` reads.

.venv/bin/python -m scripts.make_lattice_table            write it
.venv/bin/python -m scripts.make_lattice_table --check    only compare it with this code; exit 1 if it is out of date
.venv/bin/python -m scripts.make_lattice_table --errors   print how far it is from the kernels, and 64 draws from 4,000

Making it takes about four minutes of one core. What the numbers mean is said in `mesoplan.planning.ideal_lattices`.
"""

from __future__ import annotations

import argparse
import math
import sys
from itertools import product
from pathlib import Path

import numpy as np

from mesoplan.kernels.depot import MM3_PER_ML, Depot
from mesoplan.kernels.exposure import DepotKernel, Floats, depot_kernel, kernel_table, layer_midpoints_mm
from mesoplan.kernels.lattice_coverage import Pattern, lattice_coverage
from mesoplan.kernels.solutes import POROSITY, SkinLayers, solute
from mesoplan.planning.drop import COVERAGE_SHARE, DEPTH_SLICES, depot_of, target_window
from mesoplan.planning.ideal_lattices import (
    AXES,
    DATA_FILE,
    PATTERNS,
    STEPS,
    TARGETS,
    LatticeTable,
    drops_of,
    made_from,
    read_lattices,
    shipped_table,
    write_table,
)
from mesoplan.planning.regimen_search import shared_draws

FILE = Path(__file__).resolve().parent.parent / "src" / "mesoplan" / "planning" / "data" / DATA_FILE

PLACE = (0.0, 0.25, 0.5, 0.75, 1.0)
EPIDERMIS = (0.02, 0.12, 0.3, 0.6)
TISSUE = (0.2, 0.45, 1.0, 2.0, 3.0, 4.2, 12.0, 50.0, 300.0, 6000.0)
SHARPNESS = tuple(float(one) for one in np.geomspace(0.4, 4000.0, 17))
SPACING = tuple(float(one) for one in np.geomspace(0.5, 12.0, 56))
RADIUS_MM = 2.5
FAT_IN_RADII = 12.0
RANDOM_SPACINGS = np.array([4.0, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 25])


def lattices_of(
    layers: SkinLayers, depot: Depot, decay_per_mm2: float, spacings_mm: Floats, samples: Floats | None = None
) -> Floats:
    """Return the coverage of lattices of one kind of drop, straight from the kernels, (targets, patterns, s)."""
    windows = [layer_midpoints_mm(*target_window(target, layers), DEPTH_SLICES) for target in TARGETS]
    kernel = depot_kernel(layers.layers(1.0, decay_per_mm2), depot, np.concatenate(windows))
    rows = np.split(kernel.values, len(TARGETS), axis=1)
    return np.array(
        [
            [_coverage(np.ascontiguousarray(row), depths, pattern, spacings_mm, samples) for pattern in PATTERNS]
            for row, depths in zip(rows, windows, strict=True)
        ]
    )


def _coverage(row: Floats, depths: Floats, pattern: Pattern, spacings_mm: Floats, samples: Floats | None) -> Floats:
    table = kernel_table([[DepotKernel(row.astype(np.float32), depths)]])
    asked = np.full(len(spacings_mm), 24) if samples is None else samples
    found = np.empty(len(spacings_mm))
    for count in np.unique(asked):
        those = asked == count
        kinds = np.zeros(int(those.sum()), dtype=np.int64)
        answer = lattice_coverage(
            table, kinds, spacings_mm[those], pattern, COVERAGE_SHARE, samples=int(count), threads=1
        )
        found[those] = answer[:, 0]
    return found


def node(place: float, epidermis: float, tissue: float, sharpness: float) -> Floats:
    """Return the coverage at one node over all spacings, (targets, patterns, s)."""
    layers, depot = scaled(place, epidermis, tissue)
    spacing = np.array(SPACING)
    # Where drops lie close many of them reach each column, and little varies between the columns.
    samples = np.clip(np.round(12 * spacing), 8, 28)
    return lattices_of(layers, depot, sharpness / depot.radius_mm**2, spacing * depot.radius_mm, samples)


def scaled(place: float, epidermis: float, tissue: float) -> tuple[SkinLayers, Depot]:
    """Return skin and depot of these proportions, of a size that the kernels' tables are made for."""
    one = SkinLayers(epidermis, epidermis + 1.0, 10.0)
    radius = depot_of(one, epidermis + place, tissue / MM3_PER_ML, 1.0).radius_mm
    size = RADIUS_MM / radius
    layers = SkinLayers(epidermis * size, (epidermis + 1.0) * size, RADIUS_MM * FAT_IN_RADII)
    depth = min((epidermis + place) * size, layers.skin_mm)
    return layers, depot_of(layers, depth, tissue * size**3 / MM3_PER_ML, 1.0)


def make(report: bool = True) -> LatticeTable:
    """Work out all nodes; those whose depots are the same are worked out once."""
    shape = (len(TARGETS), len(PATTERNS), len(PLACE), len(EPIDERMIS), len(TISSUE), len(SHARPNESS), len(SPACING))
    values = np.zeros(shape, dtype=np.uint8)
    for e, epidermis in enumerate(EPIDERMIS):
        for t, tissue in enumerate(TISSUE):
            known: dict[Depot, Floats] = {}
            for p, place in enumerate(PLACE):
                depot = scaled(place, epidermis, tissue)[1]
                if depot not in known:
                    known[depot] = np.stack([node(place, epidermis, tissue, one) for one in SHARPNESS], axis=2)
                values[:, :, p, e, t] = np.round(known[depot] * STEPS)
            if report:
                print(f"epidermis {epidermis:g}, tissue {tissue:g}", flush=True)
    axes = {
        name: np.array(nodes) for name, nodes in zip(AXES, (PLACE, EPIDERMIS, TISSUE, SHARPNESS, SPACING), strict=True)
    }
    return LatticeTable(**axes, values=values, made_from=made_from())


def errors(count: int, seed: int) -> dict[str, Floats]:
    """Return what the table says less what the kernels say, for random drops and skins, by solute, (cases,)."""
    generator, table = np.random.default_rng(seed), shipped_table()
    found: dict[str, list[Floats]] = {}
    for number in range(count):
        name = ("small-molecule", "hyaluronic-acid")[number % 2]
        held = solute(name)
        layers = SkinLayers(generator.uniform(0.06, 0.22), generator.uniform(0.8, 3.2), 15.0)
        depth = layers.epidermis_mm + generator.uniform(0, 1) * (layers.skin_mm - layers.epidermis_mm)
        volume, porosity = float(np.exp(generator.uniform(*np.log((0.01, 0.2))))), POROSITY.draws(1, generator)
        decay = held.clearance_per_h.draws(1, generator) / held.diffusivity_mm2_h.draws(1, generator)
        depot = depot_of(layers, depth, volume, float(porosity[0]))
        direct = lattices_of(layers, depot, float(decay[0]), RANDOM_SPACINGS)
        drops = drops_of([volume], decay, porosity)
        for (t, target), (p, pattern) in product(enumerate(TARGETS), enumerate(PATTERNS)):
            read = read_lattices(table, target, pattern, layers, depth, drops, RANDOM_SPACINGS)[0]
            found.setdefault(name, []).append(read - direct[t, p])
    return {name: np.concatenate(one) for name, one in found.items()}


def errors_of_draws() -> Floats:
    """Return low, middle and high over the search's draws less those over 4,000 random ones, (regimens, 3)."""
    generator, differences = np.random.default_rng(5), []
    for name, skin, pattern in product(("small-molecule", "hyaluronic-acid"), (1.0, 1.6, 2.4), PATTERNS):
        held, layers = solute(name), SkinLayers(0.19, skin, 15.0)
        decay = held.clearance_per_h.draws(4000, generator) / held.diffusivity_mm2_h.draws(4000, generator)
        many = (decay, POROSITY.draws(4000, generator))
        for volume in (0.02, 0.05, 0.1):
            few, all_of_them = (
                np.percentile(
                    read_lattices(
                        shipped_table(), "upper-dermis", pattern, layers, 0.5, drops_of([volume], *one), RANDOM_SPACINGS
                    ),
                    (5, 50, 95),
                    axis=0,
                )
                for one in (shared_draws(name), many)
            )
            differences.append((few - all_of_them).T)
    return np.concatenate(differences)


def print_errors() -> None:
    """Print the figures of docs/validation/search.md, in percentage points."""
    for name, one in errors(200, 5).items():
        size = 100 * np.abs(one)
        print(
            f"{name}: {len(size)} lattices, mean {size.mean():.2f}, 95 of 100 below {np.percentile(size, 95):.2f}, "
            f"99 below {np.percentile(size, 99):.2f}, most {size.max():.1f}, on average {100 * one.mean():+.2f}"
        )
    for name, one in zip(("low", "middle", "high"), errors_of_draws().T, strict=True):
        size = 100 * np.abs(one)
        print(f"{name} end over the draws: mean {size.mean():.2f}, most {size.max():.1f}")


def main() -> int:
    """Write the table, or say whether it is out of date, or how far off it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only compare, write nothing")
    parser.add_argument("--errors", action="store_true", help="only print how far off it is, write nothing")
    asked = parser.parse_args()
    if asked.errors:
        print_errors()
        return 0
    if asked.check:
        fits = shipped_table().made_from == made_from()
        print("The table fits this code." if fits else "The table is of another method; make it again.")
        return 0 if fits else 1
    FILE.parent.mkdir(exist_ok=True)
    with FILE.open("wb") as stream:
        write_table(make(), stream)
    print(f"{FILE.name}: {math.ceil(FILE.stat().st_size / 1000)} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
