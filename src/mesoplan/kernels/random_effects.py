"""Effects of several studies as one: DerSimonian and Laird's random effects, with the interval for a new study.

The mean says where the studies lie together; the prediction interval says what one more study, such as a new clinic,
must expect. The second is the one to show to somebody who decides.

References
----------
DerSimonian R, Laird N. Controlled Clinical Trials 1986;7:177-188 (the moment estimate of tau squared).
Higgins JPT, Thompson SG, Spiegelhalter DJ. J R Stat Soc A 2009;172:137-159 (the prediction interval, t with k - 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FEWEST_TO_PREDICT = 4
"""With two studies the prediction interval has no degree of freedom; with three t is 12.7 and it says nothing."""


@dataclass(frozen=True)
class Pooled:
    """What studies say together. `predicted` is absent where they are too few to tell how they spread."""

    studies: int
    mean: float
    standard_error: float
    interval: tuple[float, float]
    predicted: tuple[float, float] | None
    tau: float
    i_squared: float


def pool(effects: Floats, standard_errors: Floats, *, level: float = 0.95) -> Pooled:
    """Return the random-effects summary of `effects` (k,) with their `standard_errors` (k,).

    Raises
    ------
    ValueError
        If there is no effect, the lengths differ, or a standard error is not a positive number.
    """
    if effects.shape != standard_errors.shape or effects.ndim != 1 or not effects.size:
        raise ValueError(f"{effects.shape} effects and {standard_errors.shape} standard errors cannot be pooled")
    if not (np.isfinite(effects).all() and np.isfinite(standard_errors).all() and (standard_errors > 0).all()):
        raise ValueError("every effect must be a number and every standard error more than 0")
    studies, variances = effects.size, standard_errors**2
    tau_squared, q = _between(effects, variances)
    weights = 1 / (variances + tau_squared)
    mean, error = float(np.average(effects, weights=weights)), float(1 / np.sqrt(weights.sum()))
    half = _normal_quantile(level) * error
    return Pooled(
        studies=studies,
        mean=mean,
        standard_error=error,
        interval=(mean - half, mean + half),
        predicted=_predicted(studies, mean, tau_squared + error**2, level),
        tau=sqrt(tau_squared),
        i_squared=max(0.0, 1 - (studies - 1) / q) if q > 0 else 0.0,
    )


def _between(effects: Floats, variances: Floats) -> tuple[float, float]:
    """Return tau squared by the method of moments, and Cochran's Q."""
    weights = 1 / variances
    q = float((weights * (effects - np.average(effects, weights=weights)) ** 2).sum())
    scale = float(weights.sum() - (weights**2).sum() / weights.sum())
    freedom = effects.size - 1
    return (max(0.0, (q - freedom) / scale) if scale > 0 else 0.0), q


def _predicted(studies: int, mean: float, variance: float, level: float) -> tuple[float, float] | None:
    if studies < FEWEST_TO_PREDICT:
        return None
    from scipy.special import stdtrit

    half = float(stdtrit(studies - 2, 0.5 + level / 2)) * sqrt(variance)
    return mean - half, mean + half


def _normal_quantile(level: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(0.5 + level / 2)
