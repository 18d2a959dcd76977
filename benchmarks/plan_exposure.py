"""Measure the exposure of a whole plan on a face: with kernels made, kept on disk, and after a point moved.

Run: .venv/bin/python benchmarks/plan_exposure.py

Four zones of the template face, a lattice of 10 mm, tranexamic acid; one thread.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.machine import load_text, machine  # noqa: E402
from mesoplan.domain.plan import OnMesh, Plan, Point  # noqa: E402
from mesoplan.imaging.coverage_drawing import covered_on_face_svg  # noqa: E402
from mesoplan.imaging.face_view import View  # noqa: E402
from mesoplan.planning import exposure_figures  # noqa: E402
from mesoplan.planning.placement import face_of, place_in_zone  # noqa: E402
from mesoplan.planning.plan_exposure import covered_zones, plan_exposure  # noqa: E402
from tests.planning.hand_made import MELASMA_PROTOCOL, melasma_case, plan_by_hand, rebuilt, shipped  # noqa: E402

ZONES = ("malar-right", "malar-left", "forehead", "chin")
MOVES = 30
REMEMBERED = (exposure_figures._kernel, exposure_figures.at_nodes, exposure_figures.figures_of)


def plan_on_face() -> Plan:
    """Return the plan."""
    case, knowledge, plans = melasma_case(), shipped(), []
    for zone in ZONES:
        points = place_in_zone(zone, case, knowledge, spacing_mm=10.0, edge_margin_mm=3.0).points
        drawn = {"tranexamic-acid-100": 0.4, "sodium-chloride-0.9": 9.6}
        plans.append(plan_by_hand(drawn, zone=zone, goal="melasma", points=points, volume_ml=0.05))
    placements = tuple(placement for plan in plans for placement in plan.placements)
    return rebuilt(plans[0], protocol=MELASMA_PROTOCOL, placements=placements)


def moved(plan: Plan, number: int) -> Plan:
    """Return the plan with one point of its first zone a little elsewhere, never twice at the same place."""
    first, *others = plan.placements
    was = first.points[5].at
    if not isinstance(was, OnMesh):
        raise TypeError("the plan is on the face")
    a, b, c = was.weights
    step = 0.3 * (number + 1) / MOVES
    at = OnMesh(triangle=was.triangle, weights=(a * (1 - step), b * (1 - step), c + step * (a + b)))
    points: list[Point] = [*first.points]
    points[5] = points[5].model_copy(update={"at": at})
    return rebuilt(plan, placements=(first.model_copy(update={"points": tuple(points)}), *others))


def main() -> None:
    """Print milliseconds by the processor; where nothing else runs the clock says the same."""
    plan, case, knowledge = plan_on_face(), melasma_case(), shipped()
    print(f"{machine()}; {load_text()}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for words in ("first, all compiled code read and all kernels made", "new process would read kernels from disk"):
            for one in REMEMBERED:
                one.cache_clear()
            began = time.process_time()
            plan_exposure(plan, case, knowledge, folder)
            print(f"{words}: {1e3 * (time.process_time() - began):.0f} ms")
        figures, colours = [], []
        face = face_of(case)
        for number in range(MOVES):
            there = moved(plan, number)
            began = time.process_time()
            exposure = plan_exposure(there, case, knowledge, folder)
            figures.append(time.process_time() - began)
            covered = covered_zones(exposure, there, case, knowledge, folder)
            for view in View:
                covered_on_face_svg(view, covered, face)
            colours.append(time.process_time() - began)
    for words, taken in (
        ("one point moved, figures with intervals", figures),
        ("and the colours of three views", colours),
    ):
        ordered = sorted(1e3 * one for one in taken)
        print(f"{words}: p50 {ordered[len(ordered) // 2]:.1f} ms, p95 {ordered[int(len(ordered) * 0.95)]:.1f} ms")


if __name__ == "__main__":
    main()
