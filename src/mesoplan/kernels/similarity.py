"""The turn, size and shift that lay one set of points on another with least squares (Umeyama 1991)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mesoplan.kernels.mesh import Floats


@dataclass(frozen=True, eq=False)
class Similarity:
    """Points p become ``size * turn @ p + shift``.

    Attributes
    ----------
    size : float
    turn : (3, 3) a rotation
    shift : (3,)
    """

    size: float
    turn: Floats
    shift: Floats

    def __call__(self, points: Floats) -> Floats:
        return np.asarray(self.size * points @ self.turn.T + self.shift)


def best_similarity(source: Floats, target: Floats, weights: Floats | None = None) -> Similarity:
    """The similarity without mirroring that brings `source` (n, 3) nearest to `target` (n, 3).

    Parameters
    ----------
    weights : (n,), optional
        How much each pair counts, 0 or more; without them all count the same.

    Raises
    ------
    ValueError
        If the points that count do not span a plane: their turn is not known.
    """
    shares = np.ones(len(source)) if weights is None else weights
    shares = shares / shares.sum()
    middle, aim = shares @ source, shares @ target
    centred = source - middle
    left, stretch, right = np.linalg.svd((target - aim).T @ (centred * shares[:, None]))
    if stretch[1] <= 1e-9 * stretch[0]:
        raise ValueError("points on one line have no turn")
    upright = np.array([1.0, 1.0, np.sign(np.linalg.det(left @ right))])
    turn = left @ np.diag(upright) @ right
    size = float((stretch * upright).sum() / (shares @ (centred**2).sum(axis=1)))
    return Similarity(size, turn, aim - size * turn @ middle)


def residual_rms(found: Floats, target: Floats, weights: Floats | None = None) -> float:
    """Root of the weighted mean square distance between two sets of points (n, 3)."""
    return float(np.sqrt(np.average(((found - target) ** 2).sum(axis=1), weights=weights)))
