"""Measure landing, exposure and coverage, and the distance to the machine's limit; then the same work done by others.

Run: make bench, or with the peers in an environment of their own:
    .venv/bin/python benchmarks/exposure.py --peers PYTHON     (a Python with fipy, py-pde and ngsolve)

Standard case: 100 x 100 x 5 mm of skin in voxels of 0.5 x 0.5 x 0.1 mm, 200 depots of 0.01 mL at 2.5 mm, three solutes.
BLAS is held to one thread, so that "one core" is one core. Printed are the least and the middle of many runs by the
clock, and the least by the processor, which counts what all threads of this process computed. Where a machine does
other things as well, the middle is what was felt, and the processor's time is what the work takes; peers are compared
by that.

What is compared with other programs is an algorithm, not a program: depots are alike and the equation is linear, so a
kernel worked out once and added up does what a general solver does anew for each plan. Whoever writes the same sum on
top of one of them gets the same gain.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.exposure_peers import PEERS, ball_exposure, places  # noqa: E402
from benchmarks.machine import load_text, machine  # noqa: E402
from mesoplan.kernels.coverage import coverage, moves_gain  # noqa: E402
from mesoplan.kernels.coverage_interval import interval, parameter_draws, parameter_nodes, read_between  # noqa: E402
from mesoplan.kernels.depot import Depot, injected_depot  # noqa: E402
from mesoplan.kernels.exposure import (  # noqa: E402
    KernelTable,
    Plane,
    by_solute,
    depot_kernel,
    depots_at,
    empty_field,
    exposure_field,
    kernel_table,
    layer_midpoints_mm,
)
from mesoplan.kernels.kernel_store import kept_kernel  # noqa: E402
from mesoplan.kernels.landing import Border, Tips, landing_chances  # noqa: E402
from mesoplan.kernels.lattice_coverage import lattice_coverage  # noqa: E402
from mesoplan.kernels.layered_diffusion import Layers  # noqa: E402
from mesoplan.kernels.solutes import SkinLayers, solute  # noqa: E402
from mesoplan.kernels.superposition import split_rows  # noqa: E402

SOLUTES = ((0.36, 1.0), (0.08, 0.2), (0.01, 0.03))
BALL = injected_depot(0.01, 2.5, 0.3)
WHOLE, PLANE = layer_midpoints_mm(0.0, 5.0, 50), Plane(0.25, 0.25, 0.5, 200, 200)
EVERYWHERE = np.ones((200, 200), dtype=bool)
SKIN = SkinLayers(0.2, 1.6, 3.4)
DERMIS = layer_midpoints_mm(0.2, 1.6, 16)


def times_s(act: Callable[[], object], runs: int = 60) -> tuple[float, float, float]:
    """Least and middle time of an act by the clock, least by the processor; the first run is left out."""
    act()
    by_clock, by_processor = [], []
    for _ in range(runs):
        start, own = time.perf_counter(), time.process_time()
        act()
        by_clock.append(time.perf_counter() - start)
        by_processor.append(time.process_time() - own)
    return min(by_clock), float(np.median(by_clock)), min(by_processor)


def line(what: str, taken: tuple[float, float, float], wanted: str = "", count: int = 0) -> None:
    """Print one figure: times in ms, or how many a second."""
    figures = [count / one for one in taken] if count else [one * 1e3 for one in taken]
    columns = " ".join(f"{figure:11,.{0 if count else 2}f}" for figure in figures)
    print(f"{what:58s} {columns} {'/s' if count else 'ms'}  {wanted}")


def in_dermis(volume_ml: float, depth_mm: float, porosity: float = 0.3) -> Depot:
    """A depot held by the dermis."""
    return injected_depot(volume_ml, depth_mm, porosity, layer_top_mm=0.2, layer_bottom_mm=1.6)


def layered(spread: float, cleared: float) -> Layers:
    """Skin of four layers as a solute meets it, 5 mm deep."""
    return SKIN.layers(spread, cleared)


def write_limit(field: np.ndarray) -> tuple[float, float, float]:
    """Times of writing the same bytes by two threads, nothing computed."""
    return times_s(lambda: split_rows(lambda first, last: field[first:last].fill(0.0), len(field), 2))


def report_landing() -> None:
    """300 points against drawing 10,000 needles each with plain NumPy."""
    rng = np.random.default_rng(1)
    angle, length, thick = rng.uniform(10, 90, 300), rng.uniform(0.5, 6, 300), rng.uniform(1, 2, 300)
    tips = Tips(angle, length, 2.5, 0.25)

    def drawn() -> np.ndarray:
        normal = rng.standard_normal
        at = np.sin(np.radians(angle[:, None] + 2.5 * normal((300, 10_000))))
        depth = np.maximum(length[:, None] + 0.25 * normal((300, 10_000)), 0) * at
        border, epidermis = thick[:, None] + 0.3 * normal((300, 10_000)), 0.2 + 0.03 * normal((300, 10_000))
        return np.array([(depth < epidermis).mean(1), (depth > border).mean(1), (depth > 2.5).mean(1)])

    line(
        "landing of 300 points, integrated",
        times_s(lambda: landing_chances(tips, Border(0.2, 0.03), Border(thick, 0.3), 2.5)),
        "wanted: 10 ms",
    )
    line("the same with 10,000 draws each, plain NumPy", times_s(drawn, 3))
    exact = landing_chances(tips, Border(0.2, 0.03), Border(thick, 0.3), 2.5)
    print(f"  drawing is off by up to {100 * np.abs(drawn()[1] - exact.fat).max():.1f} percentage points")


def report_fields(skins: list[Layers]) -> KernelTable:
    """Kernels, whole fields of three solutes, and the machine's own limit."""
    kernels = [depot_kernel(one, BALL, WHOLE) for one in skins]
    line("three kernels in layered skin, built", times_s(lambda: [depot_kernel(one, BALL, WHOLE) for one in skins], 7))
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder)
        line(
            "three kernels, read from the folder",
            times_s(lambda: [kept_kernel(store, one, BALL, WHOLE) for one in skins], 9),
        )
    table, depots = kernel_table([kernels]), depots_at(*places())
    out = exposure_field(table, depots, PLANE)
    limit = write_limit(out)
    both = times_s(lambda: exposure_field(table, depots, PLANE, out=out), 200)
    line("exposure of three solutes, two threads", both, "wanted: 2 ms")
    line(
        "exposure of three solutes, one thread",
        times_s(lambda: exposure_field(table, depots, PLANE, out=out, threads=1), 200),
    )
    line(f"writing the same {out.nbytes / 1e6:.1f} MB, two threads", limit)
    print(f"  times the write limit: least {both[0] / limit[0]:.1f}, middle {both[1] / limit[1]:.1f}  wanted: 4")

    def cold() -> None:
        built = kernel_table([[depot_kernel(one, BALL, WHOLE) for one in skins]])
        exposure_field(built, depots, PLANE)

    line("cold: kernels built, tables, fields in new memory", times_s(cold, 7), "wanted: 500 ms")
    return table


def report_plans() -> None:
    """Whole plans, lattices, moves and intervals over the dermis."""
    kinds = [in_dermis(volume, depth) for volume in (0.002, 0.005, 0.01) for depth in (0.6, 0.9, 1.2)]
    rows = [[depot_kernel(layered(*one), kind, DERMIS) for one in SOLUTES] for kind in kinds]
    three, one = kernel_table(rows), kernel_table([row[:1] for row in rows])
    rng = np.random.default_rng(2)
    depots = depots_at(*places(), kinds=rng.integers(0, len(kinds), 200))
    for table, said in ((three, "three solutes"), (one, "one solute")):
        field = exposure_field(table, depots, PLANE)

        def plan(table: KernelTable = table, field: np.ndarray = field) -> None:
            coverage(table, exposure_field(table, depots, PLANE, out=field), EVERYWHERE, [0.5])

        line(f"whole plans with coverage, {said}", times_s(plan, 100), "wanted: 500/s", 1)
        level = coverage(table, field, EVERYWHERE, [0.5]).mean * 0.5
        who = rng.integers(0, 200, 2000)
        to = (who, depots.x_mm[who] + rng.normal(0, 1, 2000), depots.y_mm[who] + rng.normal(0, 1, 2000))
        line(
            f"tried moves of a point, {said}",
            times_s(
                lambda table=table, field=field, level=level, to=to: moves_gain(
                    table, field, EVERYWHERE, depots, PLANE, level, to
                ),
                9,
            ),
            "wanted: 50,000/s",
            2000,
        )
        kind, spacing = rng.integers(0, len(kinds), 20_000), rng.uniform(4, 15, 20_000)
        line(
            f"ideal lattices, 12 x 12 x 16 samples a cell, {said}",
            times_s(
                lambda table=table, kind=kind, spacing=spacing: lattice_coverage(table, kind, spacing, "square", 0.5), 5
            ),
            "wanted: 100,000/s",
            20_000,
        )
    rough, fine = (lattice_coverage(three, kind[:500], spacing[:500], "square", 0.5, samples=n) for n in (6, 24))
    off = 100 * np.abs(rough - fine)
    print(f"  12 x 12 samples against 48 x 48: {off.mean():.2f} points on average, {off.max():.1f} at most")


def report_interval() -> None:
    """One plan of 200 points over 1,000 draws, kernels of the nodes at hand."""
    caffeine = solute("caffeine")
    nodes = parameter_nodes(caffeine)
    start = time.perf_counter()
    tables = [
        [
            kernel_table([[depot_kernel(SKIN.layers(1.0, decay), in_dermis(0.01, 0.9, share), DERMIS)]])
            for share in nodes.porosity
        ]
        for decay in nodes.decay_per_mm2
    ]
    built = time.perf_counter() - start
    draws, depots = parameter_draws(caffeine, 1000), depots_at(*places())
    plane, inside = Plane(0.5, 0.5, 1.0, 100, 100), np.ones((100, 100), dtype=bool)
    out = empty_field(tables[0][0], plane)

    def covered() -> np.ndarray:
        values = [
            [
                coverage(table, exposure_field(table, depots, plane, out=out), inside, [0.5]).reached[0, 0]
                for table in row
            ]
            for row in tables
        ]
        return read_between(nodes, np.array(values), *draws)

    line("coverage over 1,000 draws, columns 1 mm apart", times_s(covered, 7))
    found = interval(covered())
    count = nodes.porosity.size * nodes.decay_per_mm2.size
    print(
        f"  {found.low:.2f} to {found.high:.2f}, middle {found.middle:.2f}; its {count} kernels took {built:.1f} s once"
    )


def report_error() -> float:
    """Whole plan in uniform skin against the closed form; returns the relative L2 error."""
    x = (np.arange(200) + 0.5) * 0.5
    worst = 0.0
    print("\nUniform skin against the closed form, whole plan: relative L2, largest / maximum, coverage [points]")
    for spread, cleared in SOLUTES:
        table = kernel_table([[depot_kernel(Layers((5.0,), (spread,), (cleared,)), BALL, WHOLE)]])
        found = by_solute(table, exposure_field(table, depots_at(*places()), PLANE))[:, :, 0]
        wanted = np.zeros(found.shape)
        for px, py in places().T:
            i, j = (slice(*np.searchsorted(x, [p - 14, p + 14])) for p in (py, px))
            away = np.hypot(x[i, None] - py, x[None, j] - px)[..., None]
            for image in (10 * n + sign * 2.5 for n in range(-2, 3) for sign in (1, -1)):
                wanted[i, j] += ball_exposure(np.hypot(away, WHOLE - image), BALL.radius_mm, spread, cleared)
        off = float(np.linalg.norm(found - wanted) / np.linalg.norm(wanted))
        cover = [(found >= s * found.mean()).mean() - (wanted >= s * wanted.mean()).mean() for s in (0.25, 0.5, 1, 1.5)]
        most = np.abs(found - wanted).max() / wanted.max()
        print(f"  D {spread:g} k {cleared:g}: {off:.1e}  {most:.1e}  {100 * np.abs(cover).max():.3f}")
        worst = max(worst, off)
    return worst


def report_peers(python: str, our_error: float) -> None:
    """The exposure of one solute by others, one core against one core."""
    kernel = depot_kernel(Layers((5.0,), SOLUTES[0][:1], SOLUTES[0][1:]), BALL, WHOLE)
    table, depots = kernel_table([[kernel]]), depots_at(*places())
    out = exposure_field(table, depots, PLANE)
    ours = times_s(lambda: exposure_field(table, depots, PLANE, out=out, threads=1), 200)[2]
    build = times_s(lambda: depot_kernel(Layers((5.0,), SOLUTES[0][:1], SOLUTES[0][1:]), BALL, WHOLE), 9)[2]
    print("\nOne solute in uniform skin, one core against one core. The gain is the algorithm's, as said above.")
    print(
        f"  this program: {ours * 1e3:.2f} ms, kernel at hand; {(ours + build) * 1e3:.1f} ms, kernel built;"
        f" error {our_error:.1e}"
    )
    for peer in PEERS:
        ran = subprocess.run(
            [python, str(Path(__file__).with_name("exposure_peers.py")), peer],
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode or not ran.stdout.strip():
            print(f"  {peer}: did not run: {ran.stderr.strip().splitlines()[-1] if ran.stderr.strip() else '?'}")
            continue
        said = json.loads(ran.stdout.strip().splitlines()[-1])
        if "absent" in said:
            print(f"  {peer}: not installed here ({said['absent']})")
        elif peer == "py-pde":
            report_hourly(said)
        else:
            took = said["solved_s"]
            print(
                f"  {peer}: {took:.2f} s and {said['made_s']:.2f} s to set up, error {said['error']:.1e}: "
                f"{took / ours:,.0f} times, {took / (ours + build):,.0f} with our kernel built"
            )


def report_hourly(said: dict[str, float]) -> None:
    """24 hourly fields of one solute beside an explicit solver, whose time for one hour is taken 24 times."""
    skin, depots = Layers((5.0,), SOLUTES[0][:1], SOLUTES[0][1:]), depots_at(*places())
    start = time.process_time()
    tables = [kernel_table([[depot_kernel(skin, BALL, WHOLE, hours=float(hour))]]) for hour in range(1, 25)]
    built = time.process_time() - start
    out = empty_field(tables[0], PLANE)
    ours = times_s(lambda: [exposure_field(one, depots, PLANE, out=out, threads=1) for one in tables], 9)[2]
    theirs = 24 * said["solved_s"]
    print(
        f"  py-pde, 24 hourly fields: {theirs:.1f} s (one hour of {said['steps']} steps measured, times 24; "
        f"{said['made_s']:.0f} s of compiling left out); this program {ours * 1e3:.0f} ms, kernels at hand,\n"
        f"    and {built:.2f} s to build them: {theirs / ours:,.0f} times, {theirs / (ours + built):,.0f} with that"
    )


def main() -> None:
    """Print all figures and the machine."""
    asked = argparse.ArgumentParser(description="Measure landing, exposure and coverage.")
    asked.add_argument("--peers", metavar="PYTHON", default=sys.executable, help="a Python that has the peers")
    python = asked.parse_args().peers
    print(f"{machine()}\n{load_text()}\n")
    print((__doc__ or "").partition("three solutes.\n")[2])
    print(f"{'what':58s} {'least':>11s} {'middle':>11s} {'processor':>11s}")
    report_landing()
    report_fields([layered(*one) for one in SOLUTES])
    report_plans()
    report_interval()
    report_peers(python, report_error())
    print(f"\nload after: {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
