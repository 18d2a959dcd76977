"""How long the page of drops takes from a slider's move to its new picture, by the clock and by the processor.

    .venv/bin/python benchmarks/drops.py [--moves 40]

Wanted: 150 ms from a move to the new picture and 400 ms for the interval that follows, both the middle of many moves
after warm-up. The answers are those of the clinic's own pages, asked in this process with an empty database in memory;
the way over the network, the 80 ms that the page waits for a slider to rest, and painting come on top.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mesoplan.clinic.settings_for_tests")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import django
from machine import load_text, machine, middle, percentile

MOVED = {"HX-Request": "true", "HX-Target": "drop", "HX-Trigger": "setting"}
Times = tuple[list[float], list[float]]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moves", type=int, default=40)
    moves = parser.parse_args().moves
    print(machine(), load_text(), sep="; ")
    django.setup()
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    from mesoplan.clinic.accounts.models import User

    client = Client()
    client.force_login(User.objects.create_user("a@b.test", "x" * 12, printed_name="A", role="nurse"))
    asked = {
        "angle": [f"angle={10 + one}" for one in range(moves)],
        "inserted length": [f"angle=20&length={0.6 + one * 3.3 / moves:.2f}" for one in range(moves)],
        "volume": [f"angle=20&length=1.5&volume={0.005 + one * 0.15 / moves:.4f}" for one in range(moves)],
        "spacing": [f"angle=20&length=1.5&spacing={3 + one * 17 / moves:.2f}" for one in range(moves)],
    }
    client.get("/drops?whole=1")
    for what, queries in asked.items():
        _print(f"{what}: picture", _times(client, "/drops", queries, MOVED), 150)
        _print(f"{what}: interval", _times(client, "/drops/reach", queries, {}), 400)


def _times(client: object, path: str, queries: Iterable[str], headers: dict[str, str]) -> Times:
    clock, processor = [], []
    for query in queries:
        begun, used = time.perf_counter(), time.process_time()
        answer = client.get(f"{path}?{query}", headers=headers)  # type: ignore[attr-defined]
        clock.append((time.perf_counter() - begun) * 1000)
        processor.append((time.process_time() - used) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{path}?{query} answered {answer.status_code}")
    return clock, processor


def _print(what: str, times: Times, wanted_ms: float) -> None:
    clock, processor = times
    told = f"clock {middle(clock):.0f} ms, 95 of 100 below {percentile(clock, 95):.0f}, wanted {wanted_ms:.0f}"
    print(f"{what:28} {told}; processor {middle(processor):.0f} ms")


if __name__ == "__main__":
    main()
