"""Leave one study out, forecast made patients, fit with the outliers: is the population posterior as wide as the world?

.venv/bin/python -m scripts.check_population    write docs/validation/forecast-calibration.md as it comes out

Needs the extra “fit”; some five minutes of processor time on one core.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from mesoplan.knowledge.loader import load
from scripts.population.arms import arms_of, sha256_of
from scripts.population.calibration import LeftOut, left_out
from scripts.population.patients import ArmAsPatient, arm_as_patient, made_patients
from scripts.population.priors import BY_NEEDLE
from scripts.population.sampling import sample, without_each
from scripts.population.tables import calibration_page

TARGET = Path(__file__).resolve().parent.parent / "docs/validation/forecast-calibration.md"
SEED = 2027
WARM, DRAWS = 300, 400
MADE = 500


def main() -> int:
    """Fit once without each study and once with the outliers; write the page."""
    table = arms_of(load().trials.values())
    counted = tuple(arm for arm in table if not arm.outlier)
    rng = np.random.default_rng(SEED)
    held: list[LeftOut] = []
    trajectories: list[ArmAsPatient] = []
    for study, draws in without_each(counted, seed=SEED, warm=WARM, draws=DRAWS):
        held += left_out(study, counted, draws, rng)
        for arm in counted:
            if arm.study == study and len(arm.falls) > 1 and arm.group in BY_NEEDLE:
                trajectories.append(arm_as_patient(arm, draws, rng))
    whole, _ = sample(counted, seed=SEED, warm=WARM, draws=DRAWS, chains=4)
    doubtful, _ = sample(table, seed=SEED, warm=WARM, draws=DRAWS, chains=4)
    made = list(made_patients(whole, MADE, rng))
    page = calibration_page(held, trajectories, made, whole, doubtful, sha256_of(table))
    TARGET.write_text(page, encoding="utf-8")
    print(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
