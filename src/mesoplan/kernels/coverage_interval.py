"""Coverage as an interval over what is not known of diffusion, clearance and porosity.

If D and k of all layers grow by the same factors, the exposure is (1 / k) times a shape that depends on k / D alone.
Coverage relative to the plan's own mean has lost the factor 1 / k, so a thousand draws of D and k are a thousand
points on one curve over k / D. The curve is worked out at a few nodes, for a few porosities (these change the depot's
size), and read off between them: cubic in the logarithms of k / D and of the porosity. The kernels of the nodes can be
kept, so that a new plan costs one sum for each node.

Reading between the nodes is off by 0.1 to 0.5 percentage points on average, and by up to 3.4 where a depot turns from
ball to wheal or nearly all is covered; the intervals are tens of points wide (docs/validation/exposure.md). They cover
the stated ranges, and nothing else that may be wrong with the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesoplan.kernels.solutes import POROSITY, Range, Solute

Floats = NDArray[np.floating[Any]]

DRAWS = 1000
SEED = 20261123


@dataclass(frozen=True)
class ParameterNodes:
    """Values at which coverage is worked out: k / D [1/mm2] (a,) and porosity (b,), both rising."""

    decay_per_mm2: Floats
    porosity: Floats


def parameter_nodes(
    solute: Solute, *, decays: int = 11, porosities: int = 6, porosity: Range = POROSITY
) -> ParameterNodes:
    """Return nodes that span the solute's ranges, even in the logarithm of k / D and of the porosity."""
    low = solute.clearance_per_h.low / solute.diffusivity_mm2_h.high
    high = solute.clearance_per_h.high / solute.diffusivity_mm2_h.low
    return ParameterNodes(np.geomspace(low, high, decays), np.geomspace(porosity.low, porosity.high, porosities))


def parameter_draws(
    solute: Solute, count: int = DRAWS, *, seed: int = SEED, porosity: Range = POROSITY
) -> tuple[Floats, Floats]:
    """Return k / D [1/mm2] and porosity of each draw, (count,) each; the same seed gives the same draws.

    Two plans compared on the same draws differ by the plans, not by the draws.
    """
    spread, clearance, porosities = transport_draws(solute, count, seed=seed, porosity=porosity)
    return clearance / spread, porosities


def transport_draws(
    solute: Solute, count: int = DRAWS, *, seed: int = SEED, porosity: Range = POROSITY
) -> tuple[Floats, Floats, Floats]:
    """Return D [mm2/h], k [1/h] and porosity of the same draws, (count,) each."""
    generator = np.random.default_rng(seed)
    clearance = solute.clearance_per_h.draws(count, generator)
    spread = solute.diffusivity_mm2_h.draws(count, generator)
    return spread, clearance, porosity.draws(count, generator)


def read_between(nodes: ParameterNodes, values: Floats, decay_per_mm2: Floats, porosity: Floats) -> Floats:
    """Return values (a, b) of the nodes read off at draws (n,); draws outside are held to the border.

    Cubic through the four nearest nodes each way, cut to what a fraction can be; at least four nodes each way, even
    in the logarithm.
    """
    read = reading_weights(nodes, decay_per_mm2, porosity) @ values.ravel()
    return np.asarray(np.clip(read, 0.0, 1.0))


def reading_weights(nodes: ParameterNodes, decay_per_mm2: Floats, porosity: Floats) -> Floats:
    """Return by what each node counts at each draw, (n, a * b): one product reads as many values as are wanted."""
    across, by_decay = four_nearest(nodes.decay_per_mm2, decay_per_mm2)
    along, by_porosity = four_nearest(nodes.porosity, porosity)
    weights = np.zeros((len(across), len(nodes.decay_per_mm2), len(nodes.porosity)))
    draw = np.arange(len(across))[:, None, None]
    weights[draw, across[:, :, None], along[:, None, :]] = by_decay[:, :, None] * by_porosity[:, None, :]
    return weights.reshape(len(across), -1)


def four_nearest(nodes: Floats, at: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Return the numbers of the four nodes about each place, and their weights, (n, 4) each.

    Nodes are even in their logarithm and rise; places outside are held to the border.
    """
    if len(nodes) < 4:
        raise ValueError("reading between nodes needs four of them each way")
    step = np.log(nodes[-1] / nodes[0]) / (len(nodes) - 1)
    place = np.clip(np.log(np.asarray(at) / nodes[0]) / step, 0.0, len(nodes) - 1.0)
    first = np.clip(np.floor(place).astype(np.intp) - 1, 0, len(nodes) - 4)
    t = place - first
    weights = np.stack(
        [
            -(t - 1) * (t - 2) * (t - 3) / 6,
            t * (t - 2) * (t - 3) / 2,
            -t * (t - 1) * (t - 3) / 2,
            t * (t - 1) * (t - 2) / 6,
        ],
        axis=1,
    )
    return first[:, None] + np.arange(4), weights


@dataclass(frozen=True)
class Interval:
    """Middle and 90 % interval over the draws."""

    low: float
    middle: float
    high: float


def interval(values: Floats) -> Interval:
    """Return the 5th, 50th and 95th percentile of values over the draws (n,).

    Raises ValueError where a value is not finite: an interval over what is not known would be a lie.
    """
    if values.ndim != 1 or len(values) == 0 or not np.isfinite(values).all():
        raise ValueError("an interval needs finite values, one a draw")
    low, middle, high = np.percentile(values, [5, 50, 95])
    return Interval(float(low), float(middle), float(high))


def difference(first: Floats, second: Floats) -> tuple[Interval, bool]:
    """Return by how much a second plan is above a first over the same draws, and whether 0 lies outside that."""
    gained = interval(second - first)
    return gained, gained.low > 0 or gained.high < 0
