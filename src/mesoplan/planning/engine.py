"""The version of the engine that an evaluation and a signature name."""

from __future__ import annotations

from mesoplan import __version__

ENGINE = f"mesoplan {__version__}"
