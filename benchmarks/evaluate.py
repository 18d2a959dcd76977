"""How long one evaluation of a plan of 200 points takes inside a running process.

    .venv/bin/python benchmarks/evaluate.py [--runs 300]

Wanted: under 20 ms at the 95th percentile. The plan is that of an example, its points made 200 by adding
points between those of the lattice; before each evaluation one point is moved, as an editor does.
"""

from __future__ import annotations

import argparse
import time
from datetime import date
from pathlib import Path

from machine import load_text, machine, percentile

from mesoplan.domain.case import Case
from mesoplan.domain.plan import OnMesh, Plan, Point, ZonePlacement
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.case_reading import read_case
from mesoplan.knowledge.loader import load
from mesoplan.planning.evaluate import evaluate
from mesoplan.planning.propose import propose

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "melasma.yaml"
POINTS = 200
WANTED_MS = 20.0


def plan_of_200(case: Case, knowledge: Knowledge) -> Plan:
    """Return the first proposal with points added inside the same triangles until there are 200."""
    plan = propose(case, knowledge, top=1).proposals[0].plan
    placements = list(plan.placements)
    missing = POINTS - plan.punctures()
    for added in range(missing):
        at = added % len(placements)
        placements[at] = _with_one_more(placements[at], added)
    return plan.model_copy(update={"placements": tuple(placements)})


def _with_one_more(placement: ZonePlacement, number: int) -> ZonePlacement:
    source = placement.points[number % len(placement.points)].at
    assert isinstance(source, OnMesh)
    share = 0.2 + 0.2 * (number % 3)
    weights = (share, (1 - share) / 2, (1 - share) / 2)
    point = Point(id=f"added-{number}", at=OnMesh(triangle=source.triangle, weights=weights), origin="added")
    return placement.model_copy(update={"points": (*placement.points, point)})


def moved(plan: Plan, run: int) -> Plan:
    """Return the plan with one point moved within its triangle."""
    index = run % len(plan.placements)
    placement = plan.placements[index]
    point = placement.points[0]
    assert isinstance(point.at, OnMesh)
    share = 0.1 + 0.8 * (run % 97) / 97
    at = OnMesh(triangle=point.at.triangle, weights=(share, (1 - share) / 2, (1 - share) / 2))
    points = (point.model_copy(update={"at": at, "origin": "moved"}), *placement.points[1:])
    placements = list(plan.placements)
    placements[index] = placement.model_copy(update={"points": points})
    return plan.model_copy(update={"placements": tuple(placements)})


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=300)
    runs = parser.parse_args().runs
    print(machine(), load_text(), sep="; ")
    knowledge = load()
    case = read_case(EXAMPLE.read_text(encoding="utf-8"), EXAMPLE.name, knowledge, today=date(2026, 11, 23))
    plan = plan_of_200(case, knowledge)
    evaluate(case, plan, knowledge)
    clock, processor = [], []
    for run in range(runs):
        edited = moved(plan, run)
        start, computed = time.perf_counter(), time.process_time()
        evaluate(case, edited, knowledge)
        clock.append((time.perf_counter() - start) * 1000)
        processor.append((time.process_time() - computed) * 1000)
    print(f"{plan.punctures()} points in {len(plan.placements)} zones, {runs} runs")
    for name, times in (("by the clock", clock), ("processor time", processor)):
        p50, p95 = percentile(times, 50), percentile(times, 95)
        print(f"{name:15} p50 {p50:.1f} ms, p95 {p95:.1f} ms, worst {max(times):.1f} ms")
    print(f"wanted: p95 under {WANTED_MS:g} ms")


if __name__ == "__main__":
    main()
