"""Outlines of sampled fields."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.kernels.contours import longest_outline


@given(st.floats(4, 18), st.floats(18, 22), st.floats(18, 22))
def test_the_outline_of_a_hill_is_a_circle(radius: float, x: float, y: float) -> None:
    column, row = np.meshgrid(np.arange(41.0), np.arange(41.0))
    outline = longest_outline(-np.hypot(column - x, row - y), -radius)
    assert np.hypot(outline[:, 0] - x, outline[:, 1] - y) == pytest.approx(radius, abs=0.12)
    nxt = np.roll(outline, -1, axis=0)
    enclosed = abs((outline[:, 0] * nxt[:, 1] - outline[:, 1] * nxt[:, 0]).sum()) / 2
    assert enclosed == pytest.approx(np.pi * radius**2, rel=0.03)


def test_of_two_hills_the_longer_outline_is_given() -> None:
    field = np.zeros((20, 40))
    field[2:6, 2:6] = 1
    field[5:18, 15:35] = 1
    assert longest_outline(field, 0.5)[:, 0].min() > 10


def test_what_touches_the_frame_is_closed_along_it() -> None:
    outline = longest_outline(np.ones((4, 4)), 0.5)
    assert -1 < outline.min() < 0
    assert 3 < outline.max() < 4


def test_nothing_has_no_outline() -> None:
    assert longest_outline(np.zeros((5, 5)), 0.5).shape == (0, 2)
