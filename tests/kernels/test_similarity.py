"""The least squares fit by turn, size and shift is found, and nothing near it fits better."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.kernels.mesh import Floats
from mesoplan.kernels.similarity import Similarity, best_similarity, residual_rms

seeds = st.integers(0, 2**32 - 1)


def a_turn(chance: np.random.Generator) -> Floats:
    found, _ = np.linalg.qr(chance.normal(size=(3, 3)))
    return np.asarray(found * np.sign(np.linalg.det(found)))


@given(seeds, st.floats(0.1, 10))
def test_a_similarity_that_was_applied_is_found(seed: int, size: float) -> None:
    chance = np.random.default_rng(seed)
    source, turn, shift = chance.normal(size=(12, 3)), a_turn(chance), chance.normal(size=3)
    found = best_similarity(source, Similarity(size, turn, shift)(source), chance.uniform(0.1, 1, 12))
    assert found.size == pytest.approx(size)
    assert found.turn == pytest.approx(turn, abs=1e-6)
    assert found.shift == pytest.approx(shift, abs=1e-5 * max(1, size))


@given(seeds)
def test_no_similarity_near_it_fits_better(seed: int) -> None:
    """The slow way: step aside in each of the seven directions and look."""
    chance = np.random.default_rng(seed)
    source, target, weights = chance.normal(size=(9, 3)), chance.normal(size=(9, 3)), chance.uniform(0.1, 1, 9)
    best = best_similarity(source, target, weights)
    least = residual_rms(best(source), target, weights)
    assert np.linalg.det(best.turn) == pytest.approx(1.0)
    for axis in range(3):
        for step in (-1e-3, 1e-3):
            moved = Similarity(best.size, best.turn, best.shift + step * np.eye(3)[axis])
            turned = Similarity(best.size, _about(axis, step) @ best.turn, best.shift)
            sized = Similarity(best.size * (1 + step), best.turn, best.shift)
            about_middle = [moved, _kept_in_place(turned, best, source, weights)]
            for other in [*about_middle, _kept_in_place(sized, best, source, weights)]:
                assert residual_rms(other(source), target, weights) >= least - 1e-9


def _about(axis: int, angle: float) -> Floats:
    cosine, sine = np.cos(angle), np.sin(angle)
    turn = np.eye(3)
    first, second = (one for one in range(3) if one != axis)
    turn[[first, first, second, second], [first, second, first, second]] = [cosine, -sine, sine, cosine]
    return turn


def _kept_in_place(changed: Similarity, best: Similarity, source: Floats, weights: Floats) -> Similarity:
    middle = weights @ source / weights.sum()
    return Similarity(changed.size, changed.turn, changed.shift + best(middle) - changed(middle))


def test_points_that_weigh_nothing_do_not_count() -> None:
    chance = np.random.default_rng(5)
    source, target = chance.normal(size=(8, 3)), chance.normal(size=(8, 3))
    spoiled = target.copy()
    spoiled[-1] += 100
    weights = np.array([1.0] * 7 + [0.0])
    assert best_similarity(source, spoiled, weights).turn == pytest.approx(best_similarity(source[:7], target[:7]).turn)
    assert residual_rms(source, spoiled, weights) == pytest.approx(residual_rms(source[:7], target[:7]))


def test_a_mirror_image_is_not_mirrored_back() -> None:
    source = np.random.default_rng(1).normal(size=(8, 3))
    assert np.linalg.det(best_similarity(source, source * [-1, 1, 1]).turn) == pytest.approx(1.0)


def test_points_on_one_line_have_no_turn() -> None:
    line = np.outer(np.arange(5.0), [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="one line"):
        best_similarity(line, line)
