"""From draws of the population model to the file that forecasts read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesoplan.kernels.response import log_fall
from scripts.population.arms import Arm
from scripts.population.priors import BY_NEEDLE, PATIENT_SD, PRIORS

Draws = Mapping[str, NDArray[np.float64]]

FORECAST = {
    "injected-tranexamic-acid": {"compounds": ["tranexamic-acid"], "route": "injection"},
    "injected-glutathione": {"compounds": ["glutathione"], "route": "injection"},
    "needled-tranexamic-acid": {"compounds": ["tranexamic-acid"], "route": "microneedling"},
    "needled-other": {"compounds": ["ascorbic-acid"], "route": "microneedling"},
}
"""Groups that a course can belong to: every compound named must be in the course."""
AIMS = ["melasma"]
UNKNOWNS = ("background", "asymptote_weekly", "log_k", "log_t_off", "interval")
CHECKED_WEEKS = (8.0, 12.0, 16.0, 24.0)
CHECKED_QUANTILES = (0.025, 0.10, 0.25, 0.50, 0.75, 0.90, 0.975)
FOUR_WEEKLY = (0.0, 4.0, 8.0, 12.0, 16.0)
_DECIMALS = 5


def patients(draws: Draws, group: str, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return one patient of a new clinic for each draw: the columns of `UNKNOWNS`, B not yet cut at 0."""
    n = len(draws["log_k"])

    def scattered(*spreads: NDArray[np.float64] | float) -> NDArray[np.float64]:
        return np.asarray(sum(np.asarray(spread) * rng.standard_normal(n) for spread in spreads))

    background = draws["background"] + scattered(draws["background_between_studies"], PATIENT_SD["background"])
    between = (draws["between_clinics"], draws["between_arms"], draws["between_patients"])
    asymptote = draws["group"][:, BY_NEEDLE.index(group)] + scattered(*between)
    log_k = draws["log_k"] + scattered(draws["log_k_between_arms"], PATIENT_SD["log_k"])
    log_t_off = draws["log_t_off"] + scattered(PATIENT_SD["log_t_off"])
    return np.stack([background, asymptote, log_k, log_t_off, draws["interval"]], axis=1)


def clinics(draws: Draws, group: str, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return what the patients of one new clinic share, for each draw: `UNKNOWNS`, and the log of their spread."""
    n = len(draws["log_k"])

    def scattered(name: str) -> NDArray[np.float64]:
        return np.asarray(draws[name] * rng.standard_normal(n))

    background = draws["background"] + scattered("background_between_studies")
    asymptote = draws["group"][:, BY_NEEDLE.index(group)] + scattered("between_clinics") + scattered("between_arms")
    log_k = draws["log_k"] + scattered("log_k_between_arms")
    columns = [background, asymptote, log_k, draws["log_t_off"], draws["interval"], np.log(draws["between_patients"])]
    return np.stack(columns, axis=1)


def clinic_record(draws: Draws, group: str, rng: np.random.Generator) -> dict[str, Any]:
    """Return the prior of a clinic as a normal."""
    many = np.concatenate([clinics(draws, group, rng) for _ in range(10)])
    return {"clinic_mean": _rounded(many.mean(axis=0)), "clinic_covariance": _rounded(np.cov(many.T))}


def group_record(draws: Draws, group: str, arms: tuple[Arm, ...], rng: np.random.Generator) -> dict[str, Any]:
    """Return one group of the file: what a patient may bring, and how far the normal form is from the draws."""
    many = np.concatenate([patients(draws, group, rng) for _ in range(10)])
    mean, covariance = many.mean(axis=0), np.cov(many.T)
    held = [arm for arm in arms if arm.group == group]
    return {
        **FORECAST[group],
        "aims": AIMS,
        "arms": len(held),
        "studies": sorted({arm.study for arm in held}),
        "mean": _rounded(mean),
        "covariance": _rounded(covariance),
        "between_clinics": round(float(np.sqrt(np.mean(draws["between_clinics"] ** 2))), _DECIMALS),
        "off_by": _off_by(many, mean, covariance, rng),
    }


def _off_by(
    many: NDArray[np.float64], mean: NDArray[np.float64], covariance: NDArray[np.float64], rng: np.random.Generator
) -> dict[str, Any]:
    """Return how far quantiles of the fall differ between the draws and the normal, in log severity."""
    normal = rng.multivariate_normal(mean, covariance, size=len(many))
    exact, close = (np.quantile(_falls(one), CHECKED_QUANTILES, axis=0) for one in (many, normal))
    spread = _falls(many).std(axis=0)
    return {
        "weeks": list(CHECKED_WEEKS),
        "quantiles": list(CHECKED_QUANTILES),
        "largest_log_severity": round(float(np.abs(exact - close).max()), 4),
        "largest_share_of_spread": round(float((np.abs(exact - close) / spread).max()), 4),
    }


def _falls(theta: NDArray[np.float64]) -> NDArray[np.float64]:
    kept = theta[theta[:, 0] >= 0]
    monthly = kept[:, 1] - kept[:, 4]
    unknowns = np.stack([np.zeros(len(kept)), kept[:, 0], monthly, kept[:, 2], kept[:, 3]], axis=1)
    return np.asarray(log_fall(CHECKED_WEEKS, unknowns, FOUR_WEEKLY, 4.0))


def hyper_record(draws: Draws) -> dict[str, dict[str, float]]:
    """Return each hyper-parameter: mean, SD, 95 % interval, and its SD as a share of its prior's."""
    record = {}
    for name, (mean, sd) in PRIORS.items():
        values = draws[name]
        prior_sd = sd if mean else sd * np.sqrt(1 - 2 / np.pi)
        low, high = np.quantile(values, [0.025, 0.975])
        figures = {
            "prior_mean": mean if mean else sd * np.sqrt(2 / np.pi),
            "prior_sd": prior_sd,
            "mean": values.mean(),
            "sd": values.std(),
            "low": low,
            "high": high,
            "share_of_prior_sd": values.std() / prior_sd,
        }
        record[name] = {key: round(float(value), 4) for key, value in figures.items()}
    return record


def _rounded(values: NDArray[np.float64]) -> Any:
    return np.round(values, _DECIMALS).tolist()
