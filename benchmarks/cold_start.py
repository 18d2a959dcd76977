"""How long `mesoplan propose` takes from the start of the process to its end, for each example.

    .venv/bin/python benchmarks/cold_start.py [--runs 10]

Wanted: under 1.5 s on two cores. The file cache is warm, as on a machine in use; nothing else is kept between runs.
“processor” is the time that the process itself computed; it depends far less on what else the machine does.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from machine import load_text, machine, middle

PROJECT = Path(__file__).resolve().parent.parent
WANTED_S = 1.5
PARTS = """
import time
start = time.perf_counter()
from mesoplan.cli.main import _without_collecting
from mesoplan.cli.reading import text_of
from mesoplan.knowledge.case_reading import read_case
from mesoplan.knowledge.loader import load
from mesoplan.planning.propose import propose
from mesoplan.cli.proposals_text import proposals_text
imported = time.perf_counter()
with _without_collecting():
    knowledge = load()
    loaded = time.perf_counter()
    answer = propose(read_case(text_of("examples/melasma.yaml"), "melasma.yaml", knowledge), knowledge)
    proposed = time.perf_counter()
    proposals_text(answer, knowledge)
    written = time.perf_counter()
print(imported - start, loaded - imported, proposed - loaded, written - proposed)
"""


class Run(NamedTuple):
    """The time of one whole process: by the clock, and computed [s]."""

    clock: float
    processor: float


def run(example: Path) -> Run:
    """Return the time of one whole process."""
    command = [sys.executable, "-m", "mesoplan.cli.main", "propose", str(example)]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    clock = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3):
        raise SystemExit(f"{example.name} ended with exit code {process.returncode}")
    return Run(clock, used.ru_utime + used.ru_stime)


def parts(runs: int) -> dict[str, float]:
    """Return the median of each part of one example [s]."""
    rows = []
    for _ in range(runs):
        done = subprocess.run([sys.executable, "-c", PARTS], cwd=PROJECT, capture_output=True, text=True, check=True)
        rows.append([float(word) for word in done.stdout.split()])
    names = ("imports", "knowledge base", "proposing", "writing the text")
    return {name: middle(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10)
    runs = parser.parse_args().runs
    print(machine(), load_text(), sep="; ")
    print(f"{'example':36} median s  worst s  processor s   of {runs} runs")
    worst = 0.0
    for example in sorted((PROJECT / "examples").glob("*.yaml")):
        run(example)
        times = [run(example) for _ in range(runs)]
        slowest = max(one.clock for one in times)
        worst = max(worst, slowest)
        clock, processor = middle([one.clock for one in times]), middle([one.processor for one in times])
        print(f"{example.stem:36} {clock:8.2f} {slowest:8.2f} {processor:12.2f}", flush=True)
    print("melasma by part: " + ", ".join(f"{name} {part:.2f} s" for name, part in parts(runs).items()))
    print(f"worst of all: {worst:.2f} s; wanted: under {WANTED_S} s")


if __name__ == "__main__":
    main()
