"""Where the clinic keeps kernels, and the compiled code made ready beside whatever is being answered."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import numpy as np
from django.conf import settings

MOST_FILES = 6000
"""About 40 kB each; above it the oldest half of the folder goes."""

_once = threading.Lock()


def folder() -> Path | None:
    """The folder, made if need be; None where nothing can be written: kernels then live as long as the process."""
    try:
        settings.KERNELS.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return settings.KERNELS if os.access(settings.KERNELS, os.W_OK | os.X_OK) else None


def begin_to_warm() -> None:
    """Read or compile what coverage needs, once in a process, in a thread of its own."""
    if settings.WARM_KERNELS and _once.acquire(blocking=False):
        threading.Thread(target=warm_up, name="warm-exposure", daemon=True).start()


def warm_up() -> None:
    """Add one depot up and count one column."""
    from mesoplan.kernels.coverage import coverage
    from mesoplan.kernels.exposure import DepotKernel, Plane, depots_at, exposure_field, kernel_table
    from mesoplan.planning.drop import DEPTH_SLICES

    one = DepotKernel(np.ones((4, DEPTH_SLICES), dtype=np.float32), np.arange(DEPTH_SLICES, dtype=float))
    table = kernel_table([[one]])
    field = exposure_field(table, depots_at(0.0, 0.0), Plane(0.0, 0.0, 1.0, 1, 1), threads=1)
    coverage(table, field, np.ones((1, 1), dtype=bool), [0.5], threads=1)
    forget_the_oldest(settings.KERNELS)


def forget_the_oldest(kept: Path, most: int = MOST_FILES) -> None:
    """Kernels can be made again at any time; a folder that nobody empties must not fill the disk."""
    files = list(kept.glob("*.npy"))
    if len(files) <= most:
        return
    for file in sorted(files, key=lambda one: one.stat().st_mtime)[: len(files) - most // 2]:
        file.unlink(missing_ok=True)
