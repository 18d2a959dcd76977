"""Random effects against figures worked by hand, and what must hold for any studies."""

from __future__ import annotations

from math import isclose, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.kernels.random_effects import pool

EFFECT = st.floats(-3, 3)
ERROR = st.floats(0.02, 1)


def test_three_studies_by_hand() -> None:
    """Weights 100, 25, 25: mean -0.4, Q 100 x 0.04 + 25 x 0.01 + 25 x 0.49 = 16.5, C 150 - 11250/150 = 75."""
    found = pool(np.array([-0.6, -0.3, 0.3]), np.array([0.1, 0.2, 0.2]))
    tau_squared = (16.5 - 2) / 75
    weights = [1 / (variance + tau_squared) for variance in (0.01, 0.04, 0.04)]
    mean = (-0.6 * weights[0] - 0.3 * weights[1] + 0.3 * weights[2]) / sum(weights)
    assert isclose(found.tau, sqrt(tau_squared))
    assert isclose(found.i_squared, 1 - 2 / 16.5)
    assert isclose(found.mean, mean)
    assert isclose(found.standard_error, 1 / sqrt(sum(weights)))
    assert found.predicted is None


def test_ten_like_the_published_synthesis() -> None:
    """tau 0.29 and a standard error of 0.093 around -0.713 make -76 % to 0 % for a new clinic, t with 8."""
    half = 2.306004 * sqrt(0.29**2 + 0.093**2)
    assert isclose(np.expm1(-0.713 - half), -0.76, abs_tol=0.01)
    assert isclose(np.expm1(-0.713 + half), 0.0, abs_tol=0.02)


def test_studies_that_agree_have_no_spread() -> None:
    found = pool(np.full(5, -0.5), np.full(5, 0.1))
    assert found.tau == 0
    assert found.i_squared == 0
    assert isclose(found.standard_error, 0.1 / sqrt(5))


def test_one_study_is_itself() -> None:
    found = pool(np.array([-0.5]), np.array([0.1]))
    assert (found.mean, found.studies, found.predicted) == (-0.5, 1, None)
    assert isclose(found.interval[1] - found.interval[0], 2 * 1.959964 * 0.1, rel_tol=1e-6)


@given(st.lists(st.tuples(EFFECT, ERROR), min_size=4, max_size=12))
def test_the_range_for_a_new_clinic_holds_the_interval_of_the_mean(studies: list[tuple[float, float]]) -> None:
    effects, errors = np.array(studies).T
    found = pool(effects, errors)
    assert found.predicted is not None
    assert found.predicted[0] <= found.interval[0] <= found.mean <= found.interval[1] <= found.predicted[1]
    assert effects.min() - 1e-9 <= found.mean <= effects.max() + 1e-9
    assert 0 <= found.i_squared <= 1


@given(st.lists(st.tuples(EFFECT, ERROR), min_size=2, max_size=8), st.floats(-1, 1))
def test_a_shift_of_all_shifts_the_mean(studies: list[tuple[float, float]], shift: float) -> None:
    effects, errors = np.array(studies).T
    before, after = pool(effects, errors), pool(effects + shift, errors)
    assert isclose(after.mean - before.mean, shift, abs_tol=1e-9)
    assert isclose(after.tau, before.tau, abs_tol=1e-6)


@pytest.mark.parametrize(
    ("effects", "errors"),
    [([], []), ([0.1], [0.0]), ([0.1], [-1.0]), ([float("nan")], [0.1]), ([0.1, 0.2], [0.1])],
)
def test_what_cannot_be_pooled_is_refused(effects: list[float], errors: list[float]) -> None:
    with pytest.raises(ValueError, match=r"pooled|standard error"):
        pool(np.array(effects, dtype=float), np.array(errors, dtype=float))
