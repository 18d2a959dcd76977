"""Forecasts of single patients after 0 to 3 follow-up scores, where the truth is known because it was made.

No trial gives its patients, so these are drawn from the population's own draws, not from the normal that a forecast
uses: the check is of the normal form and of the computing. Arms with two means and more are forecast as if each were a
patient, which says whether an early score helps with a later one in the world.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mesoplan.kernels.patient_posterior import PatientPrior, Posterior, Scores, posterior
from mesoplan.kernels.response import DEGREES_OF_FREEDOM, Treatment, log_severity
from mesoplan.planning.population import rarer_than_weekly
from mesoplan.planning.response_forecast import SAME_RATER
from scripts.population.arms import Arm
from scripts.population.priors import MISFIT_SD, RATING_SD
from scripts.population.summary import patients

Draws = Mapping[str, NDArray[np.float64]]
GROUP = "injected-tranexamic-acid"
SCORED_WEEKS = (0.0, 4.0, 8.0, 12.0)
FORECAST_WEEK = 16.0
MONTHLY = Treatment((0.0, 4.0, 8.0, 12.0, 16.0), 4.0)
QUANTILES = (0.025, 0.10, 0.50, 0.90, 0.975)


@dataclass(frozen=True)
class AfterScores:
    """Forecasts of the score at week 16 after so many follow-up scores, over many made patients."""

    scores: int
    patients: int
    median_error: float
    median_absolute_error: float
    width_80: float
    held_80: int
    held_95: int


def made_patients(draws: Draws, count: int, rng: np.random.Generator) -> Iterator[AfterScores]:
    """Yield the quality of forecasts after 0, 1, 2 and 3 scores beyond the first."""
    many = patients(draws, GROUP, rng)
    prior = prior_of(many, 28.0)
    kept = many[many[:, 0] >= 0][:count]
    monthly = rarer_than_weekly(28.0)
    theta = np.column_stack([np.zeros(len(kept)), kept[:, 0], kept[:, 1] + monthly * kept[:, 4], kept[:, 2:4]])
    eta = log_severity([*SCORED_WEEKS, FORECAST_WEEK], theta, MONTHLY)
    seen = eta + SAME_RATER * rng.standard_t(DEGREES_OF_FREEDOM, size=eta.shape)
    for scores in range(len(SCORED_WEEKS)):
        yield _after(prior, seen, scores)


def _after(prior: PatientPrior, seen: NDArray[np.float64], scores: int) -> AfterScores:
    weeks = np.array(SCORED_WEEKS[: scores + 1])
    quantiles = []
    for one in seen:
        held = posterior(_about(prior, one[0]), Scores(weeks, one[: scores + 1], np.array(SAME_RATER)), MONTHLY)
        quantiles.append(_scored(held))
    low95, low80, middle, high80, high95 = np.array(quantiles).T
    came = seen[:, -1]
    relative = np.expm1(middle - came)
    return AfterScores(
        scores=scores,
        patients=len(seen),
        median_error=float(np.median(relative)),
        median_absolute_error=float(np.median(np.abs(relative))),
        width_80=float(np.median(high80 - low80)),
        held_80=int(((low80 <= came) & (came <= high80)).sum()),
        held_95=int(((low95 <= came) & (came <= high95)).sum()),
    )


def _scored(held: Posterior) -> NDArray[np.float64]:
    return np.asarray(held.quantiles([FORECAST_WEEK], QUANTILES, MONTHLY, sigma=SAME_RATER)[:, 0])


def prior_of(many: NDArray[np.float64], interval_days: float) -> PatientPrior:
    """Return the normal prior of draws of the population, for one interval; b0 is set by `_about`."""
    onto = np.zeros((5, 5))
    onto[1, 0] = onto[2, 1] = onto[3, 2] = onto[4, 3] = 1.0
    onto[2, 4] = rarer_than_weekly(interval_days)
    covariance = onto @ np.cov(many.T) @ onto.T
    covariance[0, 0] = 1.0
    return PatientPrior(onto @ many.mean(axis=0), covariance)


def _about(prior: PatientPrior, first: float) -> PatientPrior:
    mean = prior.mean.copy()
    mean[0] = first
    return PatientPrior(mean, prior.covariance)


@dataclass(frozen=True)
class ArmAsPatient:
    """The last mean of an arm, forecast from its baseline alone and from its baseline and its earlier means."""

    study: str
    arm: str
    week: float
    seen: float
    before: tuple[float, float, float]
    after: tuple[float, float, float]


def arm_as_patient(arm: Arm, draws: Draws, rng: np.random.Generator) -> ArmAsPatient:
    """Return forecasts of an arm's last fall by draws that have not seen its study: middle and 80 % interval."""
    many = patients(draws, arm.group, rng)
    interval = arm.interval_days or 14.0
    prior = prior_of(many, interval)
    falls = sorted(arm.falls, key=lambda one: one.week)
    treatment = Treatment(_sessions(arm, interval, falls[-1].week), interval / 7)
    sigma = float(np.sqrt(RATING_SD**2 / arm.size + MISFIT_SD**2))
    earlier = [(0.0, 0.0), *((one.week, -one.value) for one in falls[:-1])]
    return ArmAsPatient(
        study=arm.study,
        arm=arm.arm,
        week=falls[-1].week,
        seen=falls[-1].value,
        before=_fall_quantiles(prior, earlier[:1], sigma, treatment, falls[-1].week),
        after=_fall_quantiles(prior, earlier, sigma, treatment, falls[-1].week),
    )


def _sessions(arm: Arm, interval: float, last_week: float) -> tuple[float, ...]:
    until = arm.treated_until if arm.treated_until is not None else last_week
    count = max(1, round(until / (interval / 7) - 0.5))
    return tuple(number * interval / 7 for number in range(count))


def _fall_quantiles(
    prior: PatientPrior, scores: list[tuple[float, float]], sigma: float, treatment: Treatment, week: float
) -> tuple[float, float, float]:
    weeks, values = (np.array(column) for column in zip(*scores, strict=True))
    held = posterior(prior, Scores(weeks, values, np.full(len(weeks), sigma)), treatment)
    low, middle, high = held.quantiles([week], [0.1, 0.5, 0.9])[:, 0]
    return float(-middle), float(-high), float(-low)
