"""Where the command line keeps kernels: with other caches of the user, or nowhere."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def kernel_folder(caches: Path | None = None) -> Path | None:
    """Return the folder, made if need be; None where nothing can be written: kernels are then made anew."""
    folder = (caches or Path(platformdirs.user_cache_dir("mesoplan", appauthor=False))) / "kernels"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK | os.X_OK) else None
