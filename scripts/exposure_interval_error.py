"""How far the intervals of coverage, read between nodes, are from working each draw out.

`python -m scripts.exposure_interval_error [DRAWS]` prints one line a zone; 1,000 draws take about half a minute each.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from mesoplan.kernels.coverage import coverage
from mesoplan.kernels.coverage_interval import parameter_draws
from mesoplan.kernels.exposure import Plane, depot_kernel, depots_at, exposure_field, kernel_table, layer_midpoints_mm
from mesoplan.knowledge.case_reading import read_case
from mesoplan.knowledge.loader import load
from mesoplan.planning.drop import COVERAGE_SHARE, DEPTH_SLICES, depot_of, solute_of
from mesoplan.planning.exposure_drops import Ground, drops_of, ground_of
from mesoplan.planning.exposure_figures import DECAYS, HISTOGRAM_SHARES, POROSITIES, Sources, at_nodes, draws_of
from mesoplan.planning.placement import face_of
from mesoplan.planning.plan_exposure import sources_of, transport
from mesoplan.planning.propose import propose

CASES = (
    ("melasma", "melasma-tranexamic-acid-monthly", "malar-right", "tranexamic-acid"),
    ("melasma", "melasma-tranexamic-acid-monthly", "forehead", "tranexamic-acid"),
    ("hydration", "hydration-hyaluronic-acid", None, "hyaluronic-acid"),
    ("cellulite", "cellulite-caffeine", None, "caffeine"),
)


def directly(sources: Sources, ground: Ground, decay: float, porosity: float) -> float:
    """Coverage of one draw, nothing read between nodes."""
    skin, depths = ground.layers.layers(1.0, decay), layer_midpoints_mm(*ground.window, DEPTH_SLICES)
    kernels = [
        [depot_kernel(skin, depot_of(ground.layers, one.depth_mm, one.volume_ml, porosity), depths)]
        for one in sources.kinds
    ]
    table, grid = kernel_table(kernels), ground.plane.grid
    plane = Plane(grid.x0_mm, grid.y0_mm, grid.spacing_mm, grid.columns, grid.rows)
    depots = depots_at(np.array(sources.x_mm), np.array(sources.y_mm), np.array(sources.dose), np.array(sources.kind))
    field = exposure_field(table, depots, plane, threads=1)
    return float(coverage(table, field, ground.plane.inside, [COVERAGE_SHARE], threads=1).reached[0, 0])


def main(count: int) -> None:
    """Print mean, largest and interval errors in percentage points."""
    knowledge, folder = load(), Path(__file__).parents[1] / "examples"
    print(f"{DECAYS} x {POROSITIES} nodes, {count} draws")
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
        at = HISTOGRAM_SHARES.index(COVERAGE_SHARE)
        read = draws_of(known).read(at_nodes(sources, ground, known, None).reached[:, :, at])[:count]
        decay, porosity = parameter_draws(known)
        pairs = zip(decay[:count].tolist(), porosity[:count].tolist(), strict=True)
        told = np.array([directly(sources, ground, a, b) for a, b in pairs])
        off = 100 * np.abs(read - told)
        ends = np.percentile(read, [5, 50, 95]), np.percentile(told, [5, 50, 95])
        print(
            f"{where}, {compound}: mean {off.mean():.2f}, most {off.max():.2f} points; "
            f"read {np.round(100 * ends[0], 1)}, directly {np.round(100 * ends[1], 1)}",
            flush=True,
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
