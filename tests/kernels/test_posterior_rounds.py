"""Draws in rounds against a plain large sample from the prior, where one normal does not fit and where it does."""

from __future__ import annotations

import numpy as np
import pytest

from mesoplan.kernels.patient_posterior import PatientPrior, Scores, posterior, weighted_quantiles
from mesoplan.kernels.posterior_rounds import posterior_in_rounds
from mesoplan.kernels.response import Treatment, log_severity, log_student

PRIOR = PatientPrior(np.array([2.25, 0.25, 1.1, -2.85, 3.2]), np.diag([1.0, 0.16, 0.65, 0.68, 0.55]) ** 2)
MONTHLY = Treatment((0.0, 4.0, 8.0), 4.0)
WEEKS, ASKED = np.array([0.0, 4.0, 8.0, 12.0]), [0.0, 12.0, 16.0]
PROBABILITIES = [0.1, 0.5, 0.9]


def plain(scores: Scores) -> np.ndarray:
    """Quantiles of 2 million draws of the prior, the first score's own spread taken for b0, weighted."""
    rng = np.random.default_rng(7)
    theta = rng.multivariate_normal(PRIOR.mean, PRIOR.covariance, 2_000_000)
    # Draws of b0 near the first scores count at all; the prior there is as good as flat and enters as a weight.
    theta[:, 0] = rng.normal(float(np.mean(scores.log_values[:2])), 0.5, len(theta))
    theta = theta[theta[:, 1] >= 0]
    log_weights = -0.5 * ((theta[:, 0] - PRIOR.mean[0]) ** 2) / PRIOR.covariance[0, 0]
    log_weights += 0.5 * ((theta[:, 0] - float(np.mean(scores.log_values[:2]))) / 0.5) ** 2
    log_weights += log_student(
        scores.log_values - log_severity(scores.weeks, theta, MONTHLY), np.broadcast_to(scores.sigma, 4)
    ).sum(axis=1)
    weights = np.exp(log_weights - log_weights.max())
    weights /= weights.sum()
    kept = weights > 1e-9
    return weighted_quantiles(
        log_severity(ASKED, theta[kept], MONTHLY), weights[kept] / weights[kept].sum(), PROBABILITIES
    )


@pytest.mark.parametrize("values", [[9.6, 14.4, 15.6, 3.6], [9.6, 7.2, 6.0, 5.5], [9.6, 2.0, 9.0, 8.5]])
def test_quantiles_are_those_of_a_plain_large_sample(values: list[float]) -> None:
    scores = Scores(WEEKS, np.log(np.array(values) + 0.05), np.full(4, 0.13))
    found = posterior_in_rounds(PRIOR, scores, MONTHLY)
    assert found.effective_sample_size > 500
    assert np.abs(found.quantiles(ASKED, PROBABILITIES) - plain(scores)).max() < 0.06


def test_where_one_normal_fits_it_is_the_fast_way_again() -> None:
    scores = Scores(WEEKS[:3], np.log([9.6, 7.2, 6.0]), np.full(3, 0.13))
    fast, slow = posterior(PRIOR, scores, MONTHLY), posterior_in_rounds(PRIOR, scores, MONTHLY)
    assert np.abs(fast.quantiles(ASKED, PROBABILITIES) - slow.quantiles(ASKED, PROBABILITIES)).max() < 0.03


def test_the_same_question_has_the_same_answer() -> None:
    scores = Scores(WEEKS, np.log([9.6, 14.4, 15.6, 3.6]), np.full(4, 0.13))
    one, other = (posterior_in_rounds(PRIOR, scores, MONTHLY) for _ in range(2))
    assert np.array_equal(one.draws, other.draws)
