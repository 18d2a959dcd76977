"""How far concentrations at chosen hours, put together and read between nodes, are from the full sum at each draw.

`python -m scripts.concentration_interval_error [DRAWS]` prints one line a zone and hour; 60 draws take about a minute a
zone.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesoplan.kernels.coverage import coverage
from mesoplan.kernels.coverage_interval import transport_draws
from mesoplan.kernels.exposure import Plane, depot_kernel, depots_at, exposure_field, kernel_table, layer_midpoints_mm
from mesoplan.kernels.solutes import Solute
from mesoplan.knowledge.case_reading import read_case
from mesoplan.knowledge.loader import load
from mesoplan.planning.concentration_at_hours import over_draws, under_zone, volume_mm3
from mesoplan.planning.drop import depot_of, solute_of
from mesoplan.planning.exposure_drops import Ground, drops_of, ground_of
from mesoplan.planning.exposure_figures import Sources, draws_of
from mesoplan.planning.placement import face_of
from mesoplan.planning.plan_exposure import sources_of, transport
from mesoplan.planning.propose import propose
from scripts.exposure_interval_error import CASES

Floats = NDArray[np.floating[Any]]
HOURS = (0.5, 2.0, 8.0, 24.0)
SLICES = 32
LEAST = 1e-6
"""Share of the dose under which kernels at a time are mostly rounding."""


def full_sum(sources: Sources, ground: Ground, draw: tuple[float, float, float], hours: float) -> float:
    """Mean concentration under the zone of one draw of D, k and porosity: every kernel at every column."""
    spread, clearance, porosity = draw
    skin, depths = ground.layers.layers(spread, clearance), layer_midpoints_mm(*ground.window, SLICES)
    depots = [depot_of(ground.layers, one.depth_mm, one.volume_ml, porosity) for one in sources.kinds]
    kernels = [[depot_kernel(skin, one, depths, hours=hours)] for one in depots]
    table, grid = kernel_table(kernels), ground.plane.grid
    plane = Plane(grid.x0_mm, grid.y0_mm, grid.spacing_mm, grid.columns, grid.rows)
    at = depots_at(np.array(sources.x_mm), np.array(sources.y_mm), np.array(sources.dose), np.array(sources.kind))
    field = exposure_field(table, at, plane, threads=1)
    return float(coverage(table, field, ground.plane.inside, [0.5], threads=1).mean[0])


def told(sources: Sources, ground: Ground, known: Solute, hours: float) -> Floats:
    """The same as a plan's figures have it, for every draw."""
    read = over_draws(under_zone(sources, ground, known), draws_of(known), known, np.array([hours]))
    return np.asarray(read[:, 0] / volume_mm3(ground))


def main(count: int) -> None:
    """Print how far off the draws are, in per cent of each, and the interval both ways as a share of the most."""
    knowledge, folder = load(), Path(__file__).parents[1] / "examples"
    print(f"{count} draws")
    for name, protocol, zone, compound in CASES:
        case = read_case((folder / f"{name}.yaml").read_text(encoding="utf-8"), name, knowledge)
        found = [one for one in propose(case, knowledge).proposals if one.protocol == protocol]
        if not found:
            print(f"{protocol}: not proposed")
            continue
        plan = found[0].plan
        where = zone or plan.placements[0].zone
        known, ground = transport(solute_of(compound, knowledge)), ground_of(where, plan, case, knowledge)
        sources, _, _ = sources_of(drops_of(compound, where, plan, knowledge), ground.plane, face_of(case))
        draws = list(zip(*(one[:count].tolist() for one in transport_draws(known)), strict=True))
        whole = sum(sources.dose) / volume_mm3(ground)
        for hours in HOURS:
            read = told(sources, ground, known, hours)[:count] / whole
            summed = np.array([full_sum(sources, ground, draw, hours) for draw in draws]) / whole
            counted = summed > LEAST
            off = 100 * np.abs(read - summed)[counted] / summed[counted]
            ends = [np.percentile(each, [5, 50, 95]) for each in (read, summed)]
            print(
                f"{where}, {compound}, {hours:g} h: mean {off.mean():.2f} %, most {off.max():.2f} % of {counted.sum()};"
                f" read {np.array2string(ends[0], precision=4)}, full sum {np.array2string(ends[1], precision=4)}",
                flush=True,
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
