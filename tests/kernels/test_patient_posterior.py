"""One patient's posterior against a large plain sample, by simulated patients, and by what must not change it."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from mesoplan.kernels.patient_posterior import (
    NO_GRADES,
    NO_SCORES,
    Grades,
    PatientPrior,
    Scores,
    posterior,
    prior_tail,
    weighted_quantiles,
)
from mesoplan.kernels.response import Treatment, log_grade_chance, log_severity, log_student

Floats = NDArray[np.float64]
COVARIANCE = np.diag(np.square([0.6, 0.12, 0.52, 0.41, 0.53]))
COVARIANCE[1, 2] = COVARIANCE[2, 1] = -0.02
COVARIANCE[2, 3] = COVARIANCE[3, 2] = -0.05
PRIOR = PatientPrior(np.array([2.3, 0.2, 0.85, math.log(0.06), math.log(14.0)]), COVARIANCE)
MONTHLY = Treatment((0, 4, 8, 12, 16, 20), 4)
WEEKS = np.array([4.0, 8, 12, 16, 20, 24, 40])


def slow_posterior(
    prior: PatientPrior, scores: Scores, treatment: Treatment, grades: Grades = NO_GRADES, count: int = 300_000
) -> tuple[Floats, Floats]:
    """Draws of the prior, each with the likelihood of all scores as its weight: nothing clever."""
    generator = np.random.default_rng(1)
    # Scores leave next to nothing of the baseline's wide prior, so it is drawn about the first one instead.
    covariance = prior.covariance.copy()
    theta = generator.multivariate_normal(prior.mean, covariance, count)
    log_weights = np.where(theta[:, 1] >= 0, 0.0, -np.inf)
    if len(scores.weeks):
        theta[:, 0] = scores.log_values[0] + 0.25 * generator.standard_t(5, count)
        drawn = stats.t(5, scores.log_values[0], 0.25).logpdf(theta[:, 0])
        log_weights += stats.norm(prior.mean[0], math.sqrt(covariance[0, 0])).logpdf(theta[:, 0]) - drawn
    log_weights += log_student(scores.log_values - log_severity(scores.weeks, theta, treatment), scores.sigma).sum(1)
    change = log_severity(grades.weeks, theta, treatment) - theta[:, :1]
    log_weights += log_grade_chance(change, grades.low, grades.high, grades.spread).sum(1)
    weights = np.exp(log_weights - log_weights.max())
    return theta, weights / weights.sum()


@pytest.mark.parametrize(
    ("scores", "grades"),
    [
        (NO_SCORES, NO_GRADES),
        (Scores(np.array([0.0]), np.array([2.5]), np.array(0.13)), NO_GRADES),
        (Scores(np.array([0.0, 8]), np.array([2.5, 2.6]), np.array(0.13)), NO_GRADES),
        (
            Scores(np.array([0.0, 8, 12, 16]), np.array([2.5, 2.0, 2.9, 1.7]), np.array([0.13, 0.2, 0.13, 0.13])),
            NO_GRADES,
        ),
        # Treatment ends in week 26; two scores after it.
        (Scores(np.array([0.0, 12, 30, 44]), np.array([2.5, 1.7, 1.6, 2.1]), np.array(0.13)), NO_GRADES),
        (NO_SCORES, Grades(np.array([8.0, 16]), np.array([-0.7, -1.4]), np.array([-0.3, -0.7]), np.array(0.2))),
        (
            Scores(np.array([0.0, 8]), np.array([2.5, 2.2]), np.array(0.13)),
            Grades(np.array([12.0]), np.array([-math.inf]), np.array([-0.7]), np.array(0.15)),
        ),
    ],
    ids=["no score", "baseline alone", "no fall", "one odd score", "after treatment", "grades alone", "both"],
)
def test_agrees_with_a_large_plain_sample(scores: Scores, grades: Grades) -> None:
    found = posterior(PRIOR, scores, MONTHLY, grades=grades)
    theta, weights = slow_posterior(PRIOR, scores, MONTHLY, grades)
    wanted = log_severity(WEEKS, theta, MONTHLY)
    goal = 2.5 - math.log(2)
    np.testing.assert_allclose(found.chance_reached(WEEKS, goal), weights @ (wanted <= goal), atol=0.012)
    shares = [0.025, 0.25, 0.5, 0.75, 0.975]
    spread = np.sqrt(weights @ wanted**2 - (weights @ wanted) ** 2)
    off = found.quantiles(WEEKS, shares) - weighted_quantiles(wanted, weights, shares)
    assert np.abs(off / spread).max() < 0.09
    assert np.abs((found.mean() - weights @ theta) / np.sqrt(np.diag(COVARIANCE))).max() < 0.02
    assert not found.low_sample


def test_without_scores_the_posterior_is_the_prior_cut_at_no_background() -> None:
    mean = posterior(PRIOR, NO_SCORES, MONTHLY).mean()
    cut = stats.truncnorm(-0.2 / 0.12, np.inf, 0.2, 0.12).mean()
    assert mean[1] == pytest.approx(cut, abs=0.002)
    assert mean[2] == pytest.approx(0.85 + COVARIANCE[1, 2] / COVARIANCE[1, 1] * (cut - 0.2), abs=0.005)
    assert mean[[3, 4]] == pytest.approx(PRIOR.mean[[3, 4]], abs=0.03)


def simulated(generator: np.random.Generator, prior: PatientPrior) -> tuple[Floats, Scores]:
    """A patient of the prior with one to six scores."""
    theta = generator.multivariate_normal(prior.mean, prior.covariance)
    while theta[1] < 0:
        theta = generator.multivariate_normal(prior.mean, prior.covariance)
    weeks = np.array([0.0, *np.sort(generator.choice(np.arange(2.0, 30, 2), generator.integers(0, 6), replace=False))])
    values = log_severity(weeks, theta, MONTHLY)[0] + 0.13 * generator.standard_t(5, len(weeks))
    return theta, Scores(weeks, values, np.array(0.13))


def test_true_values_lie_anywhere_in_their_posterior() -> None:
    """Simulation-based calibration: over patients of the prior the rank of the truth is uniform."""
    generator = np.random.default_rng(7)
    ranks = []
    for _ in range(400):
        theta, scores = simulated(generator, PRIOR)
        found = posterior(PRIOR, scores, MONTHLY, draws=1024)
        true = np.concatenate([theta, log_severity([16.0, 40.0], theta, MONTHLY)[0]])
        drawn = np.concatenate([found.draws, found.log_severity([16.0, 40.0])], axis=1)
        ranks.append(found.weights @ (drawn < true))
    for number, each in enumerate(np.array(ranks).T):
        counts = np.histogram(each, bins=8, range=(0, 1))[0]
        assert stats.chisquare(counts).pvalue > 1e-3, number


def test_forecasts_narrow_with_each_score() -> None:
    scores = [2.5, 2.3, 2.1, 1.95, 1.85, 1.8]
    widths = []
    for count in (1, 2, 3, 4, 6):
        given_so_far = Scores(np.arange(count) * 4.0, np.array(scores[:count]), np.array(0.13))
        low, high = posterior(PRIOR, given_so_far, MONTHLY).quantiles([24.0], [0.1, 0.9])[:, 0]
        widths.append(high - low)
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 0.5 * widths[0]


def test_a_score_is_wider_spread_than_what_it_rates() -> None:
    scores = Scores(np.array([0.0, 8, 16]), np.array([2.5, 2.1, 1.9]), np.array(0.13))
    found = posterior(PRIOR, scores, MONTHLY)
    latent, rated = (np.ptp(found.quantiles([20.0], [0.05, 0.95], sigma=sigma)) for sigma in (None, 0.2))
    # In variances: the error's 0.2^2 x 5 / 3 comes on top; quantiles of the sum only about so.
    assert rated**2 == pytest.approx(latent**2 + (2 * 2.015 * 0.2) ** 2, rel=0.15)


def test_another_course_can_be_asked_about_without_drawing_anew() -> None:
    scores = Scores(np.array([0.0, 8]), np.array([2.5, 2.1]), np.array(0.13))
    found = posterior(PRIOR, scores, Treatment((0, 4, 8), 4))
    goes_on, stops = found.quantiles([40.0], [0.5], MONTHLY.continued(4)), found.quantiles([40.0], [0.5])
    assert goes_on[0, 0] < stops[0, 0] - 0.2
    share = found.weights @ found.fall_by_injections([20.0], MONTHLY)
    whole = found.weights @ (found.draws[:, :1] - found.log_severity([20.0], MONTHLY))
    assert 0 < share[0] < whole[0]


course = st.lists(st.tuples(st.floats(-2, 60), st.floats(-3, 6), st.sampled_from([0.05, 0.13, 0.2])), max_size=24)


@settings(max_examples=60, deadline=None)
@given(course)
def test_any_scores_give_finite_draws_whose_weights_sum_to_one(rows: list[tuple[float, float, float]]) -> None:
    weeks, values, sigma = np.array(sorted(rows)).reshape(-1, 3).T
    found = posterior(PRIOR, Scores(weeks, values, sigma), MONTHLY, draws=512)
    assert np.isfinite(found.draws).all()
    assert np.isfinite(found.weights).all()
    assert found.weights.sum() == pytest.approx(1)
    assert (found.draws[found.weights > 0, 1] >= 0).all()
    assert 1 <= found.effective_sample_size <= len(found.draws)
    assert np.isfinite(found.quantiles([20.0], [0.1, 0.9])).all()


@settings(max_examples=25, deadline=None)
@given(st.floats(-2, 2), st.permutations([(8.0, 2.1), (8.0, 2.3), (8.0, 1.9)]))
def test_neither_the_unit_of_the_scale_nor_the_order_of_raters_matters(
    moved: float, same_week: list[tuple[float, float]]
) -> None:
    """Half the score on a scale of half the length: the same course, moved on the log scale."""
    first = posterior(PRIOR, Scores(np.array([0.0, 8, 8, 8]), np.array([2.5, 1.9, 2.1, 2.3]), np.array(0.13)), MONTHLY)
    weeks, values = np.array([(0.0, 2.5), *same_week]).T
    shifted = PatientPrior(PRIOR.mean + np.array([moved, 0, 0, 0, 0]), COVARIANCE)
    second = posterior(shifted, Scores(weeks, values + moved, np.array(0.13)), MONTHLY)
    np.testing.assert_allclose(second.draws, first.draws + np.array([moved, 0, 0, 0, 0]), atol=1e-5)
    np.testing.assert_allclose(second.weights, first.weights, atol=1e-7)


def test_the_same_question_has_the_same_answer() -> None:
    scores = Scores(np.array([0.0, 8]), np.array([2.5, 2.1]), np.array(0.13))
    first, second = posterior(PRIOR, scores, MONTHLY), posterior(PRIOR, scores, MONTHLY)
    assert np.array_equal(first.weights, second.weights)


def test_more_draws_are_taken_where_few_count() -> None:
    """Scores that no curve goes through: the answer says how little it rests on."""
    scores = Scores(np.arange(30.0), np.linspace(2.4, 9, 30), np.array(0.01))
    found = posterior(PRIOR, scores, MONTHLY, draws=512)
    assert len(found.weights) == 4 * 512
    assert found.low_sample


def test_scores_of_the_prior_are_rarely_in_its_tail() -> None:
    generator = np.random.default_rng(3)
    tails = [prior_tail(PRIOR, simulated(generator, PRIOR)[1], MONTHLY, draws=2000) for _ in range(200)]
    assert stats.kstest(tails, "uniform").pvalue > 1e-3


@pytest.mark.parametrize(
    ("scores", "within"),
    [
        ([2.5, 2.3, 2.1, 1.9], True),
        ([2.5, 2.5, 2.5, 2.5], True),
        ([2.5, 0.5, 0.4, 0.3], False),
        ([2.5, 3.2, 3.9, 4.4], False),
    ],
)
def test_a_patient_outside_of_the_prior_is_noticed(scores: list[float], within: bool) -> None:
    """A fall of seven eighths in four weeks, or a severity that doubles each month, is not what trials show."""
    seen = Scores(np.array([0.0, 4, 8, 12]), np.array(scores), np.array(0.13))
    assert (prior_tail(PRIOR, seen, MONTHLY) >= 0.01) is within


def test_a_flattened_prior_follows_the_scores_more() -> None:
    scores = Scores(np.array([0.0, 4, 8, 12]), np.array([2.5, 3.2, 3.9, 4.4]), np.array(0.13))
    held, free = (posterior(prior, scores, MONTHLY) for prior in (PRIOR, PRIOR.flattened()))
    assert np.array_equal(PRIOR.flattened().covariance, 9 * PRIOR.covariance)
    last = [one.quantiles([12.0], [0.5])[0, 0] for one in (held, free)]
    assert last[0] < last[1] < 4.6


def test_quantiles_of_weighted_values() -> None:
    values, weights = np.array([[1.0], [2.0], [4.0]]), np.array([0.25, 0.5, 0.25])
    assert weighted_quantiles(values, weights, [0.125, 0.5, 0.6875])[:, 0].tolist() == [1.0, 2.0, 3.0]
    with pytest.raises(ValueError, match="probabilities"):
        weighted_quantiles(values, weights, [0.5, 1.0])


@pytest.mark.parametrize(
    ("weeks", "values", "sigma", "field"),
    [
        ([0.0, 8, 4], [2.5, 2.1, 2.0], 0.13, "weeks: out of order"),
        ([0.0, 8], [2.5], 0.13, "log_values"),
        ([0.0, 8], [2.5, -math.inf], 0.13, "log_values.*score of 0"),
        ([0.0, math.nan], [2.5, 2.1], 0.13, "weeks"),
        ([0.0, 8], [2.5, 2.1], 0.0, "sigma"),
        ([0.0, 8], [2.5, 2.1], math.nan, "sigma"),
    ],
)
def test_scores_that_would_give_a_silent_number_are_refused(
    weeks: list[float], values: list[float], sigma: float, field: str
) -> None:
    with pytest.raises(ValueError, match=field):
        Scores(np.array(weeks), np.array(values), np.array(sigma))


@pytest.mark.parametrize(
    ("low", "high", "spread", "field"),
    [(-0.3, -0.7, 0.2, "low, high"), (-0.7, -0.7, 0.2, "low, high"), (-0.7, -0.3, 0.0, "spread")],
)
def test_grades_without_room_are_refused(low: float, high: float, spread: float, field: str) -> None:
    with pytest.raises(ValueError, match=field):
        Grades(np.array([8.0]), np.array([low]), np.array([high]), np.array([spread]))


def test_priors_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="mean"):
        PatientPrior(np.array([2.3, 0.2, math.nan, -2.8, 2.6]), COVARIANCE)
    with pytest.raises(ValueError, match="covariance"):
        PatientPrior(PRIOR.mean, np.diag([1.0, 1, 0, 1, 1]))
    with pytest.raises(ValueError, match="draws"):
        posterior(PRIOR, NO_SCORES, MONTHLY, draws=1000)
