"""Fit the population model to the trial table and write the file that forecasts read.

.venv/bin/python -m pip install -e '.[fit]'
.venv/bin/python -m scripts.fit_population            write src/mesoplan/planning/data/population.json
.venv/bin/python -m scripts.fit_population --check    only say whether that file belongs to the table as it is

A minute or two of processor time on one core, mostly compiling.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from mesoplan.knowledge.loader import load
from scripts.population.arms import Arm, arms_of, sha256_of

TARGET = Path(__file__).resolve().parent.parent / "src/mesoplan/planning/data/population.json"
SEED = 2026
WARM, DRAWS, CHAINS = 600, 1000, 4
SOFTWARE = ("numpyro", "jax", "numpy")
NOT_SHOWN = "_scatter"
"""Standardised departures of single arms and studies: sampled, not reported one by one."""


def main() -> int:
    """Fit and write, or check."""
    parser = argparse.ArgumentParser(description="Fit the population model to the trial table.")
    parser.add_argument("--check", action="store_true", help="only say whether the file belongs to the table")
    options = parser.parse_args()
    table = arms_of(load().trials.values())
    if options.check:
        held = json.loads(TARGET.read_text(encoding="utf-8"))
        if held["table_sha256"] != sha256_of(table):
            print(f"{TARGET.name} was fitted to another table; run python -m scripts.fit_population")
            return 1
        return 0
    record = fitted(table)
    TARGET.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(record["diagnostics"], indent=1))
    return 0


def fitted(table: tuple[Arm, ...]) -> dict[str, Any]:
    """Return the file's content: outliers are in the table and its hash, but not in the fit."""
    from scripts.population.sampling import sample
    from scripts.population.summary import FORECAST, clinic_record, group_record, hyper_record

    counted = tuple(arm for arm in table if not arm.outlier)
    draws, diagnostics = sample(counted, seed=SEED, warm=WARM, draws=DRAWS, chains=CHAINS)
    rng = np.random.default_rng(SEED)
    groups = {group: group_record(draws, group, counted, rng) for group in FORECAST}
    for group, record in groups.items():
        record |= clinic_record(draws, group, rng)
    return {
        "table_sha256": sha256_of(table),
        "arms": len(counted),
        "studies": sorted({arm.study for arm in counted}),
        "left_out_as_outliers": sorted({arm.study for arm in table if arm.outlier}),
        "software": {"python": platform.python_version(), **{name: version(name) for name in SOFTWARE}},
        "seed": SEED,
        "diagnostics": diagnostics,
        "groups": groups,
        "hyper_parameters": hyper_record(draws),
    }


if __name__ == "__main__":
    sys.exit(main())
