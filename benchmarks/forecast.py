"""Measure the forecast's kernels: how right, how fast, and the same work done by others.

Run: make bench, or with the peers in an environment of their own (forecast_peers.py says how to make it):
    .venv/bin/python benchmarks/forecast.py --peers PYTHON             a minute without peers, some ten with them
    .venv/bin/python benchmarks/forecast.py --peers PYTHON --short     a third of it, for a look

Patients are made up from the prior: monthly sessions, one to six scores, asked for the chance that half of the first
score is reached by each of twelve sessions. The error of a patient is the largest over the twelve. The reference has
2^18 draws of the same method; that is checked in turn against a plain sample of the prior and against NUTS.

Peers are compared one core against one core, by the processor's time. The gain is the algorithm's: this one is made for
this model, in which three of five unknowns enter linearly; a peer takes any model.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.forecast_peers import (  # noqa: E402
    ASKED,
    MEAN,
    SHARES,
    SIGMA,
    SPREAD,
    TREATMENT,
    WEEKS,
    clinic,
    clinic_prior,
    clinic_truth,
    patients,
)
from benchmarks.machine import load_text, machine  # noqa: E402
from mesoplan.kernels.clinic_fit import fit_clinic, on_executor  # noqa: E402
from mesoplan.kernels.patient_posterior import PatientPrior, Posterior, Scores, posterior  # noqa: E402
from mesoplan.kernels.posterior_batch import BATCH_DRAWS, CourseTable, Reached, reach_chances  # noqa: E402
from mesoplan.kernels.response import log_severity, log_student  # noqa: E402

COVARIANCE = np.diag(SPREAD**2)
REFERENCE = 2**18
HALF = math.log(2)


class Patients:
    """Made-up patients as the kernels take them."""

    def __init__(self, count: int, seed: int = 20261123) -> None:
        self.theta, self.weeks, self.values, self.held = patients(count, seed)
        starts = np.concatenate([[0], np.cumsum(self.held.sum(1))])
        weeks = self.weeks[self.held]
        spans = np.tile(np.array(TREATMENT.spans), (count, 1))
        self.table = CourseTable(
            weeks, self.values[self.held], np.full(len(weeks), SIGMA), starts, spans, np.arange(count + 1)
        )
        self.means = np.tile(MEAN, (count, 1))
        self.means[:, 0] = self.values[:, 0]
        self.goals = self.values[:, 0] - HALF

    def chances(self, draws: int = BATCH_DRAWS, threads: int = 2) -> Reached:
        return reach_chances(self.means, COVARIANCE, self.table, WEEKS, self.goals, draws=draws, threads=threads)

    def scores(self, number: int) -> Scores:
        seen = self.held[number]
        return Scores(self.weeks[number, seen], self.values[number, seen], np.array(SIGMA))

    def alone(self, number: int, **asked: int) -> Posterior:
        return posterior(PatientPrior(self.means[number], COVARIANCE), self.scores(number), TREATMENT, **asked)


def times_s(act: Callable[[], object], runs: int) -> tuple[float, float, float]:
    """Least and middle time of an act by the clock, least by the processor; the first run is left out."""
    act()
    by_clock, by_processor = [], []
    for _ in range(runs):
        start, own = time.perf_counter(), time.process_time()
        act()
        by_clock.append(time.perf_counter() - start)
        by_processor.append(time.process_time() - own)
    return min(by_clock), float(np.median(by_clock)), min(by_processor)


def errors_text(off: np.ndarray) -> str:
    """Median, 95 %, 99 % and largest of errors."""
    return " ".join(f"{figure:.4f}" for figure in (*np.quantile(off, [0.5, 0.95, 0.99]), off.max()))


def report_batch(count: int) -> None:
    """Errors and speed of many patients at once, by the number of draws."""
    many = Patients(count, seed=1)
    start = time.process_time()
    exact = many.chances(REFERENCE)
    print(f"{count} patients; reference of 2^18 draws took {time.process_time() - start:.0f} s of processor")
    print("draws   patients/s: least, middle clock, two threads; processor, a core   error: median 95 % 99 % most")
    for draws in (512, BATCH_DRAWS, 1024, 4096):
        found = many.chances(draws)
        least, middle, own = (count / one for one in times_s(lambda draws=draws: many.chances(draws), 9))
        off = np.abs(found.chances - exact.chances).max(axis=1)
        said = "  wanted: 200,000/s, 0.006, 0.015" if draws == BATCH_DRAWS else ""
        print(f"{draws:5d}  {least:12,.0f} {middle:12,.0f} {own:12,.0f}   {errors_text(off)}{said}")
    size = many.chances().effective_sample_size
    few = int((size > BATCH_DRAWS).sum())
    print(
        f"effective sample size of {BATCH_DRAWS}: 1 % {np.quantile(size, 0.01):.0f}, median {np.median(size):.0f}, "
        f"least {size.min():.0f}; {few} of {count} drawn again with four times as many"
    )
    report_reference(many, exact.chances)


def report_reference(many: Patients, exact: np.ndarray, count: int = 40) -> None:
    """The reference against a plain sample: draws of the prior, the baseline's about the first score, all weighted."""
    rng, off, noise = np.random.default_rng(3), [], []
    for number in range(count):
        theta = many.means[number] + SPREAD * rng.standard_normal((REFERENCE, 5))
        theta[:, 0] = many.means[number, 0] + 0.25 * rng.standard_t(5, REFERENCE)
        seen = many.scores(number)
        drawn = log_student(theta[:, 0] - many.means[number, 0], 0.25)
        logs = np.where(theta[:, 1] < 0, -np.inf, -0.5 * ((theta[:, 0] - many.means[number, 0]) / SPREAD[0]) ** 2)
        logs = logs - drawn + log_student(seen.log_values - log_severity(seen.weeks, theta, TREATMENT), SIGMA).sum(1)
        weights = np.exp(logs - logs.max())
        weights /= weights.sum()
        chance = weights @ (log_severity(WEEKS, theta, TREATMENT) <= many.goals[number])
        off.append(np.abs(chance - exact[number]).max())
        noise.append(0.5 * math.sqrt(weights @ weights))
    print(
        f"reference against 2^18 draws of the prior, {count} patients: {errors_text(np.array(off))}; "
        f"one standard error of that sample is {np.median(noise):.4f} in the median, {max(noise):.4f} at most"
    )


def report_one() -> None:
    """One patient from Python, the compiled code loaded."""
    some = Patients(64, seed=2)
    turn = iter(range(10**9))

    def drawn() -> Posterior:
        return some.alone(next(turn) % 64)

    def asked() -> np.ndarray:
        number = next(turn) % 64
        return some.alone(number).chance_reached(WEEKS, some.goals[number])

    def banded() -> np.ndarray:
        return some.alone(next(turn) % 64).quantiles(np.arange(49.0), [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975])

    print("\nOne patient from Python: least, middle by the clock, processor")
    for act, said in (
        (drawn, "8192 draws                                wanted: 1 ms"),
        (asked, "and the chance by each of twelve sessions wanted: 1 ms"),
        (banded, "and seven quantiles at 49 weeks"),
    ):
        print("  " + " ".join(f"{one * 1e3:8.2f}" for one in times_s(act, 200)) + f" ms  {said}")


def share_below(values: np.ndarray, weights: np.ndarray, at: float) -> float:
    """The share of weighted draws below a number, read between the values that they take."""
    places, which = np.unique(values, return_inverse=True)
    held = np.bincount(which, weights)
    return float(np.interp(at, places, np.cumsum(held) - 0.5 * held))


def report_calibration(count: int) -> None:
    """Simulation-based calibration: ranks of the truth over patients of the prior.

    log k and log T_off take only the 128 values of the nodes. So ranks are read between them, and in 16 bins, each of
    which holds as many nodes as any other when nothing was learnt; in 20 a chi-squared test finds the nodes themselves.
    """
    from scipy.stats import chisquare, kstest

    # The truth must come from the prior that is used, so the baseline is drawn about the prior's mean, not the score.
    rng, ranks = np.random.default_rng(4), []
    for _ in range(count):
        theta = MEAN + SPREAD * rng.standard_normal(5)
        while theta[1] < 0:
            theta = MEAN + SPREAD * rng.standard_normal(5)
        weeks = np.concatenate([[0.0], np.sort(rng.choice(np.arange(4.0, 64, 4), rng.integers(0, 6), replace=False))])
        values = log_severity(weeks, theta, TREATMENT)[0] + SIGMA * rng.standard_t(5, len(weeks))
        held = posterior(PatientPrior(MEAN, COVARIANCE), Scores(weeks, values, np.array(SIGMA)), TREATMENT)
        true = np.concatenate([theta, log_severity([16.0, 60.0], theta, TREATMENT)[0]])
        asked = np.concatenate([held.draws, held.log_severity([16.0, 60.0])], axis=1)
        ranks.append([share_below(own, held.weights, one) for own, one in zip(asked.T, true, strict=True)])
    print(f"\nSimulation-based calibration, {count} patients: p of uniform ranks, chi-squared (16 bins) and Kolmogorov")
    said = ("b0", "B", "A", "log k", "log T_off", "eta(16)", "eta(60)")
    for name, each in zip(said, np.array(ranks).T, strict=True):
        counts = np.histogram(each, bins=16, range=(0, 1))[0]
        print(f"  {name:9s} {chisquare(counts).pvalue:.3f} {kstest(each, 'uniform').pvalue:.3f}")


def report_clinic(sizes: tuple[int, ...]) -> None:
    """A clinic's fit by the number of courses, on two threads."""
    print("\nA clinic's fit, two threads; z is (found - true) / standard error over the ten that are shared")
    for count in sizes:
        parts = clinic(count).parts()
        with ThreadPoolExecutor(2) as threads:
            fit_clinic(parts[:1][:1000], clinic_prior(), run=on_executor(threads))
            start, own = time.perf_counter(), time.process_time()
            fit = fit_clinic(parts, clinic_prior(), run=on_executor(threads))
            took, own = time.perf_counter() - start, time.process_time() - own
        away = (fit.shared - clinic_truth()) / np.sqrt(np.diag(fit.covariance))
        print(
            f"  {count:9,d} courses: {took:6.2f} s, processor {own:6.2f} s, {fit.passes} passes, {fit.nodes} nodes, "
            f"their error {np.abs(fit.node_error).max():.3f} SE, largest |z| {np.abs(away).max():.1f}"
            + ("  wanted: 60 s, 3" if count == 10**6 else "")
        )


def ran(python: str, peer: str, *numbers: int) -> dict | None:
    """What a peer printed, or None where it did not run."""
    done = subprocess.run(
        [python, str(Path(__file__).with_name("forecast_peers.py")), peer, *map(str, numbers)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or not done.stdout.strip():
        print(f"  {peer}: did not run: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else '?'}")
        return None
    said: dict = json.loads(done.stdout.strip().splitlines()[-1])
    if "absent" in said:
        print(f"  {peer}: not installed here ({said['absent']})")
        return None
    return said


def report_peers(python: str, numbers: dict[str, tuple[int, int, int]]) -> None:
    """Time and error of each peer, and the ratio to this program at the fewest draws whose error is no worse."""
    print("\nOne core against one core; error: median 95 % 99 % most")
    for peer in ("numpyro-vmapped", "pymc", "scipy-map"):
        said = ran(python, peer, *numbers[peer])
        if said is None:
            continue
        some = Patients(numbers[peer][0])
        exact = some.chances(REFERENCE)
        theirs = np.abs(np.array([one[0] for one in said["answers"]]) - exact.chances).max(axis=1)
        print(f"  {peer}: {said['each_s'] * 1e3:,.2f} ms a patient, {1 / said['each_s']:,.1f}/s, {errors_text(theirs)}")
        for draws in (512, 768, 1024, 4096, 16384):
            ours = np.abs(some.chances(draws).chances - exact.chances).max(axis=1)
            if np.median(ours) <= np.median(theirs):
                break
        many = Patients(4000)
        each = times_s(lambda draws=draws, many=many: many.chances(draws, 1), 7)[2] / 4000
        print(
            f"    this program, {draws} draws: {each * 1e6:.1f} us a patient, {errors_text(ours)}: "
            f"{said['each_s'] / each:,.0f} times"
        )
        if "modes" in said:
            off = np.abs(np.array([some.alone(one).mode for one in range(len(said["modes"]))]) - said["modes"])
            print(f"    modes differ by {(off / SPREAD).max():.1e} of the prior's spread at most")


def report_quantiles(python: str, numbers: tuple[int, int, int]) -> None:
    """Quantiles of the forecast against NUTS, in widths of the prior without the baseline's."""
    said = ran(python, "numpyro-vmapped", *numbers)
    if said is None:
        return
    some = Patients(numbers[0])
    rng = np.random.default_rng(1)
    prior = MEAN + SPREAD * rng.standard_normal((100_000, 5))
    prior[:, 0] = 0.0
    low, high = np.quantile(log_severity(ASKED, prior, TREATMENT), [0.025, 0.975], axis=0)
    theirs = np.array([one[1] for one in said["answers"]])
    ours = np.array([some.alone(one).quantiles(ASKED, SHARES) for one in range(numbers[0])])
    first, second = (np.array(half) for half in said["halves"])
    print(
        f"\nQuantiles {', '.join(f'{100 * one:g}' for one in SHARES)} % of the log severity in weeks 8, 16, 24 and 40, "
        f"{numbers[0]} patients, NUTS of {numbers[1]} draws x {numbers[2]} chains;\n"
        "difference in widths of the prior (2.5 to 97.5 %, the baseline known): median 95 % 99 % most"
    )
    for place, share in enumerate(SHARES):
        off, noise = (
            np.abs(one[:, place] - other[:, place]) / (high - low) for one, other in ((ours, theirs), (first, second))
        )
        print(f"  {100 * share:4g} %: {errors_text(off)}   NUTS, half of its chains against half: {errors_text(noise)}")
    all_off = np.abs(ours - theirs) / (high - low)
    print(f"  within 2 %: {100 * (all_off <= 0.02).mean():.2f} % of all figures  wanted: 0.02")


def main() -> None:
    """Print all figures and the machine."""
    asked = argparse.ArgumentParser(description="Measure the forecast's kernels.")
    asked.add_argument("--peers", metavar="PYTHON", default=sys.executable, help="a Python that has the peers")
    asked.add_argument("--short", action="store_true", help="fewer patients, for a look")
    options = asked.parse_args()
    short = options.short
    print(f"{machine()}\n{load_text()}\n")
    report_batch(1000 if short else 4000)
    report_one()
    report_calibration(500 if short else 5000)
    report_clinic((10_000, 100_000) if short else (10_000, 100_000, 1_000_000))
    report_peers(
        options.peers,
        {
            "numpyro-vmapped": (100, 1000, 1) if short else (400, 1000, 1),
            "pymc": (2, 1000, 4) if short else (8, 1000, 4),
            "scipy-map": (40, 1000, 1) if short else (400, 1000, 1),
        },
    )
    report_quantiles(options.peers, (100, 2000, 4) if short else (1000, 4000, 4))
    if (said := ran(options.peers, "dask", 20_000 if short else 1_000_000, 0, 0)) is not None:
        print(
            f"\nA clinic's fit on Dask's scheduler, two processes: {said['dask_s']:.2f} s, {said['passes']} passes; "
            f"one process, one thread: {said['alone_s']:.2f} s; the same bits: {'yes' if said['same'] else 'NO'}"
        )
    print(f"\n{load_text()}")


if __name__ == "__main__":
    main()
