"""The curve of the response against its equation, the errors against SciPy's, and what is refused."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad, solve_ivp

from mesoplan.kernels.response import (
    Treatment,
    log_fall,
    log_grade_chance,
    log_severity,
    log_severity_at,
    log_student,
    student_quantile,
)

THETA = (2.3, 0.2, 0.85, math.log(0.06), math.log(14.0))
MONTHLY = Treatment((0, 4, 8, 12), 4)

unknowns = st.tuples(
    st.floats(-1, 4), st.floats(0, 0.6), st.floats(-0.5, 2.5), st.floats(-4.5, -1), st.floats(0.5, 4.5)
)


@st.composite
def treatments(draw: st.DrawFn) -> Treatment:
    """Courses with gaps: sessions stop and begin again."""
    interval = draw(st.sampled_from([1.0, 2.0, 3.5, 4.0]))
    gaps = draw(st.lists(st.floats(0.5, 12), max_size=8))
    return Treatment(tuple(np.cumsum([0.0, *gaps]).tolist()), interval)


def effect_by_steps(week: float, theta: Sequence[float], treatment: Treatment) -> float:
    """E(t) by an integrator that knows the equation alone, from border to border of the spans."""
    effect, rate, waning = theta[2], math.exp(theta[3]), math.exp(theta[4])
    borders = sorted({0.0, week, *(edge for span in treatment.spans for edge in span if edge < week)})
    reached = 0.0
    for first, last in pairwise(borders):
        on = any(start <= first < end for start, end in treatment.spans)
        found = solve_ivp(
            lambda _, e, on=on: rate * (effect - e) if on else -e / waning,
            (first, last),
            [reached],
            rtol=1e-9,
            atol=1e-11,
        )
        reached = float(found.y[0, -1])
    return reached


@settings(max_examples=25, deadline=None)
@given(unknowns, treatments(), st.floats(0.1, 60))
def test_the_closed_form_solves_the_equation(theta: tuple[float, ...], treatment: Treatment, week: float) -> None:
    wanted = theta[0] - theta[1] * (1 - math.exp(-week / 8)) - effect_by_steps(week, theta, treatment)
    assert log_severity_at(week, theta, treatment) == pytest.approx(wanted, abs=1e-7)


@settings(max_examples=50, deadline=None)
@given(st.lists(unknowns, min_size=1, max_size=4), treatments(), st.lists(st.floats(-4, 80), min_size=1, max_size=6))
def test_all_draws_at_once_are_the_plain_form(
    thetas: list[tuple[float, ...]], treatment: Treatment, weeks: list[float]
) -> None:
    wanted = [[log_severity_at(week, theta, treatment) for week in weeks] for theta in thetas]
    np.testing.assert_allclose(log_severity(weeks, np.array(thetas), treatment), wanted, atol=1e-12)


@pytest.mark.parametrize(
    ("sessions", "interval", "spans"),
    [
        ((), 4, ()),
        ((0,), 4, ((0, 6),)),
        ((0, 4, 8), 4, ((0, 14),)),
        ((0, 1, 2, 3), 1, ((0, 4.5),)),
        # The third session came 6 weeks after the second, the last moment that counts as without a gap.
        ((0, 4, 10), 4, ((0, 16),)),
        ((0, 4, 11), 4, ((0, 10), (11, 17))),
    ],
)
def test_on_treatment_until_one_and_a_half_intervals_after_a_session(
    sessions: tuple[float, ...], interval: float, spans: tuple[tuple[float, float], ...]
) -> None:
    assert Treatment(sessions, interval).spans == spans


@pytest.mark.parametrize(
    ("week", "percent_left"),
    [(-2, 100), (0, 100), (8, 64), (12, 55), (16, 50), (20, 45)],
)
def test_the_middle_of_the_priors_falls_as_the_trials_do(week: float, percent_left: float) -> None:
    """-36, -45, -50, -54 % after 8, 12, 16 and 20 weeks of treatment."""
    on = MONTHLY.continued(3)
    assert 100 * math.exp(-log_fall([week], THETA, on.session_weeks, 4)[0, 0]) == pytest.approx(percent_left, abs=1.2)


def test_without_treatment_only_the_background_falls() -> None:
    fall = log_fall([400.0], THETA, (), 4)[0, 0]
    assert fall == pytest.approx(THETA[1])


def test_after_the_last_session_the_effect_halves_in_ten_weeks() -> None:
    """The end of treatment is week 18; T_off 14 weeks is a half-time of 9.7."""
    background = THETA[1] * -np.expm1(-np.array([18.0, 18 + 14 * math.log(2)]) / 8)
    at_end, later = log_fall([18.0, 18 + 14 * math.log(2)], THETA, MONTHLY.session_weeks, 4)[0] - background
    assert later == pytest.approx(at_end / 2)


def test_a_course_goes_on_at_its_interval_or_another() -> None:
    assert MONTHLY.continued(2).session_weeks == (0, 4, 8, 12, 16, 20)
    assert MONTHLY.continued(2, 2.0).session_weeks == (0, 4, 8, 12, 14, 16)
    assert Treatment((), 2).continued(2).session_weeks == (0, 2)


@pytest.mark.parametrize(
    ("sessions", "interval", "field"),
    [
        ((1, 4), 4, "session_weeks"),
        ((0, 8, 4), 4, "session_weeks: out of order"),
        ((0, 4, 4), 4, "session_weeks: out of order"),
        ((0, math.nan), 4, "session_weeks"),
        ((0, 4), 0, "interval_weeks"),
        ((0, 4), math.inf, "interval_weeks"),
    ],
)
def test_a_treatment_out_of_order_is_refused(sessions: tuple[float, ...], interval: float, field: str) -> None:
    with pytest.raises(ValueError, match=field):
        Treatment(sessions, interval)


def test_rating_errors_are_student_s() -> None:
    away = np.linspace(-3, 3, 13)
    np.testing.assert_allclose(log_student(away, 0.2), stats.t(5, scale=0.2).logpdf(away), atol=1e-12)
    shares = np.array([1e-6, 0.001, 0.025, 0.3, 0.5, 0.9, 0.9999])
    np.testing.assert_allclose(student_quantile(shares), stats.t(5).ppf(shares), rtol=1e-8)
    assert quad(lambda x: float(np.exp(log_student(x, 0.13))), -20, 20, points=[0])[0] == pytest.approx(1, abs=1e-6)


@settings(max_examples=50, deadline=None)
@given(st.floats(-4, 2), st.floats(0.05, 1), st.lists(st.floats(-3, 1), min_size=1, max_size=5, unique=True))
def test_the_grades_of_a_scale_share_one_chance(change: float, spread: float, cuts: list[float]) -> None:
    bounds = np.array([-np.inf, *sorted(cuts), np.inf])
    chances = np.exp(log_grade_chance(change, bounds[:-1], bounds[1:], spread))
    assert chances.sum() == pytest.approx(1, abs=1e-9)
    below = 1 / (1 + np.exp(-(bounds[1:-1] - change) / spread))
    np.testing.assert_allclose(np.cumsum(chances)[:-1], below, atol=1e-9)
