"""A clinic's fit: it finds what made-up courses were made with, and runs anywhere with the same bits."""

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from mesoplan.kernels.clinic_fit import (
    SHARED,
    ClinicPrior,
    RatedCourses,
    course_sums,
    fit_clinic,
    interval_term,
    on_executor,
    quadrature,
)
from mesoplan.kernels.patient_posterior import NO_SCORES, Scores
from mesoplan.kernels.posterior_batch import CourseTable, course_table
from mesoplan.kernels.response import Treatment, log_severity_at

Floats = NDArray[np.float64]
MEAN = np.array([2.3, math.log(0.5), 0.2, 0.85, math.log(0.06), math.log(14), 0.05, *np.log([0.3, 0.13, 0.2])])
PRIOR = ClinicPrior(MEAN, np.diag(np.square([1, 0.7, 0.12, 0.42, 0.41, 0.53, 0.1, 0.5, 0.25, 0.25])))
TRUTH = np.array([2.1, math.log(0.45), 0.28, 1.1, math.log(0.08), math.log(10), 0.12, *np.log([0.36, 0.15, 0.24])])
SCORED = np.array([0.0, 4, 8, 12, 16, 20, 28])


def made_up(count: int, truth: Floats, seed: int) -> RatedCourses:
    """Four monthly or eight fortnightly sessions, one to seven scores, three of ten by another rater."""
    generator = np.random.default_rng(seed)
    kept = generator.random((count, 7)) < np.array([1, 0.7, 0.8, 0.6, 0.7, 0.4, 0.4])
    interval = np.where(generator.random(count) < 0.6, 4.0, 2.0)
    stop = np.where(interval == 4.0, 3, 7) * interval + 1.5 * interval
    term = np.log(1 / interval) / math.log(4)
    baseline = truth[0] + math.exp(truth[1]) * generator.standard_normal(count)
    effect = truth[3] + truth[6] * term + math.exp(truth[7]) * generator.standard_normal(count)
    on, off = np.minimum(SCORED, stop[:, None]), np.maximum(SCORED - stop[:, None], 0)
    share = (1 - np.exp(-math.exp(truth[4]) * on)) * np.exp(-off / math.exp(truth[5]))
    eta = baseline[:, None] - truth[2] * (1 - np.exp(-SCORED / 8)) - effect[:, None] * share
    other = (generator.random((count, 7)) < 0.3) & (SCORED > 0)
    scores = eta + np.exp(np.where(other, truth[9], truth[8])) * generator.standard_t(5, (count, 7))
    starts = np.concatenate([[0], np.cumsum(kept.sum(1))])
    weeks = np.broadcast_to(SCORED, (count, 7))[kept]
    spans = np.stack([np.zeros(count), stop], axis=1)
    table = CourseTable(weeks, scores[kept], np.ones(len(weeks)), starts, spans, np.arange(count + 1))
    return RatedCourses(table, other[kept], term)


def test_two_thousand_courses_tell_what_they_were_made_with() -> None:
    fit = fit_clinic(made_up(2000, TRUTH, 2).parts(500), PRIOR)
    off = (fit.shared - TRUTH) / np.sqrt(np.diag(fit.covariance))
    assert np.abs(off).max() < 3, dict(zip(SHARED, off.round(1).tolist(), strict=True))
    assert fit.converged
    assert np.abs(fit.node_error).max() < 0.1
    gained, error = fit.effect_of_clinic()
    assert gained == pytest.approx(TRUTH[3] - MEAN[3], abs=3 * error)
    assert error < 0.15 * 0.42


def test_stated_errors_are_as_large_as_the_errors() -> None:
    """Over 40 clinics of 150 courses, each with values of its own: (found - true) / stated has a variance near 1."""
    generator, away = np.random.default_rng(9), []
    for seed in range(40):
        truth = generator.multivariate_normal(MEAN, PRIOR.covariance)
        truth[2] = abs(truth[2])
        fit = fit_clinic(made_up(150, truth, seed).parts(), PRIOR)
        away.append((fit.shared - truth) / np.sqrt(np.diag(fit.covariance)))
    squares = np.square(away).mean(axis=0)
    low, high = stats.chi2(40).ppf([1e-4, 1 - 1e-4]) / 40
    assert ((low < squares) & (squares < high)).all(), squares.round(2)


def test_three_courses_move_a_clinic_a_little() -> None:
    few = [fit_clinic(made_up(count, TRUTH, 3).parts(), PRIOR) for count in (0, 3, 30, 300)]
    errors = [fit.effect_of_clinic()[1] for fit in few]
    assert few[0].effect_of_clinic()[0] == 0.0
    assert errors[0] == pytest.approx(0.42)
    assert errors == sorted(errors, reverse=True)
    assert 0.5 * 0.42 < errors[1] < 0.42
    # What three courses say alone is far less than what the prior says.
    assert abs(few[1].effect_of_clinic()[0]) < 0.42


def test_courses_without_scores_say_nothing() -> None:
    table = course_table([(NO_SCORES, Treatment((0, 4), 4))] * 3)
    fit = fit_clinic([RatedCourses(table, np.empty(0, dtype=bool), np.zeros(3))], PRIOR)
    np.testing.assert_allclose(fit.shared, MEAN, atol=1e-12)
    np.testing.assert_allclose(fit.covariance, PRIOR.covariance, atol=1e-6)


def test_threads_give_the_bits_of_one_process() -> None:
    parts = made_up(600, TRUTH, 4).parts(100)
    alone = fit_clinic(parts, PRIOR)
    with ThreadPoolExecutor(2) as threads:
        shared = fit_clinic(parts, PRIOR, run=on_executor(threads))
    assert np.array_equal(alone.shared, shared.shared)
    assert np.array_equal(alone.covariance, shared.covariance)


def test_another_division_into_parts_changes_rounding_only() -> None:
    courses = made_up(600, TRUTH, 4)
    whole, parts = course_sums(courses, MEAN, 7), [course_sums(one, MEAN, 7) for one in courses.parts(37)]
    total = sum(parts[1:], parts[0])
    assert total.courses == whole.courses == 600
    np.testing.assert_allclose(total.slope, whole.slope, rtol=1e-10)
    np.testing.assert_allclose(total.outer, whole.outer, rtol=1e-10)


def test_a_cluster_gives_the_bits_of_one_process() -> None:
    import distributed  # slow to import, and no other test needs it

    cluster_of, client_of = cast("Any", distributed.LocalCluster), cast("Any", distributed.Client)
    parts = made_up(600, TRUTH, 4).parts(100)
    with (
        cluster_of(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None) as cluster,
        client_of(cluster) as client,
    ):
        there = fit_clinic(client.scatter(parts), PRIOR, run=on_executor(client.get_executor()))
    assert np.array_equal(there.shared, fit_clinic(parts, PRIOR).shared)


def plain_log_likelihood(scores: Scores, treatment: Treatment, term: float, shared: Floats) -> float:
    """The patient's integral over b0 and A as a sum over a fine grid."""
    values = dict(zip(SHARED, shared.tolist(), strict=True))
    baselines = np.linspace(-2.0, 2.0, 801)[:, None] + scores.log_values[0]
    effects = np.linspace(-2.0, 4.0, 801)
    found = stats.norm.pdf(baselines, values["baseline"], math.exp(values["log_baseline_sd"]))
    found = found * stats.norm.pdf(effects, values["A"] + values["w"] * term, math.exp(values["log_omega"]))
    for week, value in zip(scores.weeks, scores.log_values, strict=True):
        fixed, of_effect = (
            log_severity_at(float(week), (0.0, background, effect, values["log_k"], values["log_t_off"]), treatment)
            for background, effect in ((values["B"], 0.0), (0.0, 1.0))
        )
        away = value - baselines - fixed - effects * of_effect
        found = found * stats.t.pdf(away, 5, scale=math.exp(values["log_sigma_same"]))
    return math.log(found.sum() * (4.0 / 800) * (6.0 / 800))


def test_a_patient_s_likelihood_is_the_integral() -> None:
    treatment = Treatment((0, 4, 8), 4)
    scores = Scores(np.array([0.0, 8, 20]), np.array([2.4, 2.3, 1.7]), np.array(0.13))
    part = RatedCourses(course_table([(scores, treatment)]), np.zeros(3, dtype=bool), np.array([-1.0]))
    wanted = plain_log_likelihood(scores, treatment, -1.0, MEAN)
    assert course_sums(part, MEAN, 15).log_likelihood == pytest.approx(wanted, abs=2e-3)


def test_the_slope_is_that_of_the_likelihood() -> None:
    courses = made_up(50, TRUTH, 5)
    by_differences = [
        (course_sums(courses, MEAN + step, 25).log_likelihood - course_sums(courses, MEAN - step, 25).log_likelihood)
        / 2e-4
        for step in 1e-4 * np.eye(len(SHARED))
    ]
    np.testing.assert_allclose(course_sums(courses, MEAN, 25).slope, by_differences, atol=0.02)


def test_too_few_nodes_are_noticed_and_doubled() -> None:
    fit = fit_clinic(made_up(2000, TRUTH, 2).parts(), PRIOR, nodes=2)
    assert fit.nodes > 2
    assert np.abs(fit.node_error).max() <= 0.1
    exact = fit_clinic(made_up(2000, TRUTH, 2).parts(), PRIOR, nodes=14)
    assert np.abs((fit.shared - exact.shared) / np.sqrt(np.diag(exact.covariance))).max() < 0.15


def test_the_next_patient_of_a_clinic_starts_from_its_fit() -> None:
    fit = fit_clinic(made_up(2000, TRUTH, 2).parts(), PRIOR)
    prior = fit.patient_prior(2.4, 0.6, interval_term(28))
    assert prior.mean[2] == pytest.approx(TRUTH[3] - TRUTH[6], abs=0.15)
    # What patients of one clinic differ by stays, however many there were.
    assert math.sqrt(prior.covariance[2, 2]) == pytest.approx(0.36, abs=0.06)
    assert interval_term(7) == 0.0
    assert interval_term(28) == pytest.approx(-1.0)


def test_quadrature_is_exact_for_moments_of_a_normal() -> None:
    first, second, held = quadrature(7)
    normal = held * np.exp(-0.5 * (first**2 + second**2)) / (2 * math.pi)
    assert normal.sum() == pytest.approx(1)
    assert (normal * first**4 * second**2).sum() == pytest.approx(3)
    with pytest.raises(ValueError, match="nodes"):
        quadrature(33)


def test_what_does_not_fit_together_is_refused() -> None:
    table = made_up(3, TRUTH, 1).table
    with pytest.raises(ValueError, match="other_rater"):
        RatedCourses(table, np.zeros(1, dtype=bool), np.zeros(3))
    with pytest.raises(ValueError, match="interval_term"):
        RatedCourses(table, np.zeros(len(table.weeks), dtype=bool), np.array([0, math.nan, 0]))
    with pytest.raises(ValueError, match="mean"):
        ClinicPrior(MEAN[:5], PRIOR.covariance)
    with pytest.raises(ValueError, match="covariance"):
        ClinicPrior(MEAN, np.zeros((10, 10)))
