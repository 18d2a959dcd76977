"""The machine on which figures were measured, in one line; and how times are summed up."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles

from mesoplan import __version__


def machine() -> str:
    """Return cores, processor, system, Python and release."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{cores} cores, {_processor()}, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, mesoplan {__version__}"
    )


def load_text() -> str:
    """Return the load of the last minute: figures of a busy machine are worth less."""
    return f"load before: {os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else "load not known"


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or "processor not named"


def percentile(times: Sequence[float], percent: int) -> float:
    """Return a percentile of measured times, between neighbours by weight."""
    return quantiles(times, n=100, method="inclusive")[percent - 1]


def middle(times: Sequence[float]) -> float:
    """Return the median."""
    return median(times)


if __name__ == "__main__":
    print(machine())
