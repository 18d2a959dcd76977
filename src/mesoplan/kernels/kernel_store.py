"""Kernels kept in a folder by what they were made from, so that each is worked out once.

The only file of the kernels that touches a disk; the folder is the caller's. A file is named by the SHA-256 of
skin, depot, depths and the version of the method, and holds nothing about any person or plan. A file that cannot be
read, or is not what it should be, is made anew.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesoplan.kernels.depot import Depot
from mesoplan.kernels.exposure import TAIL_SHARE, DepotKernel, depot_kernel, table_step_mm
from mesoplan.kernels.layered_diffusion import Layers

Floats = NDArray[np.floating[Any]]

METHOD = "hankel-spectral-1"
METHOD_AT_HOURS = "sharp-edges-2"
"""Raised when the method changes what it gives; older files are then not read again."""


def kernel_name(layers: Layers, depot: Depot, depths_mm: Floats, hours: float | None = None) -> str:
    """Return the name under which a kernel is kept."""
    when = None if hours is None else (METHOD_AT_HOURS, hours)
    parts = (METHOD, layers, depot, [float(one) for one in depths_mm], when, table_step_mm(layers, hours), TAIL_SHARE)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def kept_kernel(
    folder: Path,
    layers: Layers,
    depot: Depot,
    depths_mm: Floats,
    *,
    hours: float | None = None,
) -> DepotKernel:
    """Return a kernel from the folder, or make and keep it.

    Parameters are those of :func:`mesoplan.kernels.exposure.depot_kernel`; `folder` exists and can be written.
    """
    file = folder / f"{kernel_name(layers, depot, depths_mm, hours)}.npy"
    values = _read(file, len(depths_mm))
    if values is None:
        values = depot_kernel(layers, depot, depths_mm, hours=hours).values
        _write(file, values)
    return DepotKernel(values, np.asarray(depths_mm, dtype=float), table_step_mm(layers, hours))


def _read(file: Path, depths: int) -> NDArray[np.float32] | None:
    try:
        values = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    whole = values.dtype == np.float32 and values.ndim == 2 and values.shape[1] == depths and len(values) > 1
    return values if whole and bool(np.isfinite(values).all()) and not values[-1].any() else None


def _write(file: Path, values: NDArray[np.float32]) -> None:
    """Under another name first: who reads at the same time sees the whole or nothing."""
    handle, name = tempfile.mkstemp(dir=file.parent, suffix=".part")
    with os.fdopen(handle, "wb") as stream:
        np.save(stream, values)
    os.replace(name, file)
