"""What trials alone let expect of a course, before anything was scored: the chance under the prior, in NumPy alone."""

from __future__ import annotations

import math

import numpy as np

from mesoplan.domain.course import ClinicOwn
from mesoplan.kernels.response import log_fall
from mesoplan.planning.population import PopulationGroup

DRAWS = 8192
SEED = 20261123


def chance_before_scores(
    group: PopulationGroup, *, interval_days: float, sessions: int, share: float, clinic: ClinicOwn | None = None
) -> float:
    """Return the chance that no more than a share of the first score is left after so many sessions.

    Judged one interval after the last of them, as a forecast does; counted over draws, so it is known to about half a
    percentage point. The same question has the same answer.
    """
    prior = group.prior(0.0, interval_days, clinic)
    drawn = np.random.default_rng(SEED).multivariate_normal(
        prior.mean[1:], prior.covariance[1:, 1:], DRAWS, method="cholesky"
    )
    kept = drawn[drawn[:, 0] >= 0.0]
    unknowns = np.concatenate([np.zeros((len(kept), 1)), kept], axis=1)
    interval = interval_days / 7
    weeks = [interval * number for number in range(sessions)]
    fall = log_fall([interval * sessions], unknowns, weeks, interval)
    return float((fall[:, 0] >= -math.log(share)).mean())
