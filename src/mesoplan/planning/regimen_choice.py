"""Which of the regimens that were found: those that no other beats, and the one that may replace a tested scheme.

Two regimens are compared draw by draw (`planning.regimen_search` reads all under the same draws), and a difference that
the table may be off by is none.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mesoplan.kernels.coverage_interval import Interval
from mesoplan.planning.regimen_search import Regimen

TABLE_ERROR = 0.02
"""How far a difference of two figures of the table may be off: two regimens closer than this are the same."""


def front(found: Sequence[Regimen]) -> list[Regimen]:
    """Return those that no other beats: fewer punctures, fewer millilitres or more per cent covered, none of it worse.

    Fewest punctures first, then fewest millilitres, then most covered. Of those that are alike in all three the first
    stays.
    """
    if not found:
        return []
    costs = np.array([one.costs for one in found])
    no_worse = (costs[:, None] <= costs[None]).all(axis=2)
    better = (costs[:, None] < costs[None]).any(axis=2)
    alike = (costs[:, None] == costs[None]).all(axis=2)
    earlier = np.triu(np.ones((len(found), len(found)), dtype=bool), 1)
    beaten = ((no_worse & better) | (alike & earlier)).any(axis=0)
    kept = [one for one, out in zip(found, beaten.tolist(), strict=True) if not out]
    return sorted(kept, key=lambda one: one.costs)


def interval_of_gain(first: Regimen, second: Regimen) -> Interval:
    """Return by how much the second covers more than the first, over the draws that both were read under."""
    low, middle, high = np.percentile(second.covered - first.covered, (5, 50, 95))
    return Interval(float(low), float(middle), float(high))


def covers_more(first: Regimen, second: Regimen) -> bool:
    """Return whether the second covers more, whatever k / D and porosity are, by more than the table may be off."""
    return interval_of_gain(first, second).low > TABLE_ERROR


def covers_no_less(first: Regimen, second: Regimen) -> bool:
    """Return whether the second covers as much as the first, to what the table may be off."""
    return interval_of_gain(first, second).low >= -TABLE_ERROR


def reaches(one: Regimen, wanted: float) -> bool:
    """Return whether a regimen covers what is wanted of what its lattice fills."""
    return one.coverage.middle >= wanted * one.filled


def choose(own: Regimen, others: Sequence[Regimen], wanted: float) -> Regimen:
    """Return the regimen with the fewest punctures that covers what is wanted, where it is more than the own scheme.

    Parameters
    ----------
    own
        The scheme that was tested, which stays unless another is told apart from it.
    others
        What may be chosen instead.
    wanted
        Coverage wanted, 0 to 1, of the middle over the draws, in what the lattice fills.

    Returns
    -------
    Regimen
        Where the own scheme covers what is wanted: the one with fewest punctures, fewer than its own, that covers no
        less. Where it does not: the one with fewest punctures that does, and covers more whatever the draws. Of equal
        punctures the one that covers more. Else the own scheme.
    """
    reaching = [one for one in others if reaches(one, wanted)]
    if reaches(own, wanted):
        fit = [one for one in reaching if one.punctures < own.punctures - 0.5 and covers_no_less(own, one)]
    else:
        fit = [one for one in reaching if covers_more(own, one)]
    return min(fit, key=lambda one: (one.punctures, -one.coverage.middle), default=own)
