"""Compiled loops that climb to the mode of one patient's posterior; called by :mod:`posterior_sampling`.

Arrays: `seen` has a row for each score or grade: week, value, scale, low, high. A grade has its spread with the sign
turned as scale and no value; a score has no bounds. `spans` has rows of weeks from and to. The unknowns are in the
order of :data:`mesoplan.kernels.response.UNKNOWNS`. Loops run without Python's lock, and divisions by zero give
infinity instead of an exception, so that loops can become vector instructions; what comes in is checked before.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

BACKGROUND_WEEKS, TAIL, MOST_STEPS = 8.0, 5.0, 40
# Mean curvature of a Student-t over that at its middle: (n + 1) / (n + 3) / s2 against (n + 1) / n / s2.
EXPECTED = TAIL / (TAIL + 3.0)
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10


def compiled(function: Callable[..., Any]) -> Any:
    """Compile at the first call and keep the machine code on disk."""
    return njit(nogil=True, cache=True, error_model="numpy", fastmath={"reassoc", "contract", "nsz", "arcp"})(function)


@compiled
def exponential(x):  # type: ignore[no-untyped-def]
    """exp(x) to 1e-11, x held to -700 to 700: the library's is not made for vector instructions."""
    held = min(max(x, -700.0), 700.0)
    power = np.floor(held * 1.4426950408889634 + 0.5)
    rest = held - power * _LN2_HIGH - power * _LN2_LOW
    series = 1.0 / 5040.0 + rest * (1.0 / 40320.0 + rest * (1.0 / 362880.0))
    series = 1.0 / 24.0 + rest * (1.0 / 120.0 + rest * (1.0 / 720.0 + rest * series))
    series = 1.0 + rest * (1.0 + rest * (0.5 + rest * (1.0 / 6.0 + rest * series)))
    return series * np.int64((np.int64(power) + 1023) << 52).view(np.float64)


@compiled
def share_slopes(week, spans, rate, per_week_off):  # type: ignore[no-untyped-def]
    """g at one week, and its derivatives by log k and log T_off."""
    share, by_rate, by_waning, off_since = 0.0, 0.0, 0.0, 0.0
    for number in range(len(spans)):
        start = spans[number, 0]
        if week <= start:
            break
        if share > 0.0:
            spent = (start - off_since) * per_week_off
            left = math.exp(-spent)
            share, by_rate, by_waning = share * left, by_rate * left, (by_waning + share * spent) * left
        risen = rate * (min(week, spans[number, 1]) - start)
        left = math.exp(-risen)
        by_rate, by_waning = ((1.0 - share) * risen + by_rate) * left, by_waning * left
        share, off_since = 1.0 - (1.0 - share) * left, spans[number, 1]
    if week > off_since and share > 0.0:
        spent = (week - off_since) * per_week_off
        left = math.exp(-spent)
        share, by_rate, by_waning = share * left, by_rate * left, (by_waning + share * spent) * left
    return share, by_rate, by_waning


@compiled
def fill_shares(weeks, spans, rates, per_week_off, shares):  # type: ignore[no-untyped-def]
    """Write g (weeks, nodes) of each node."""
    for row in range(len(weeks)):
        week, share, off_since = weeks[row], shares[row], 0.0
        for node in range(len(rates)):
            share[node] = 0.0
        for number in range(len(spans)):
            start = spans[number, 0]
            if week <= start:
                break
            lasted = min(week, spans[number, 1]) - start
            if start > off_since:
                for node in range(len(rates)):
                    share[node] *= exponential((off_since - start) * per_week_off[node])
            for node in range(len(rates)):
                share[node] = 1.0 - (1.0 - share[node]) * exponential(-rates[node] * lasted)
            off_since = spans[number, 1]
        if week > off_since:
            for node in range(len(rates)):
                share[node] *= exponential((off_since - week) * per_week_off[node])


@compiled
def factorise(square):  # type: ignore[no-untyped-def]
    """Turn a positive definite matrix (5, 5) into its lower Cholesky factor, in place, with one over the diagonal."""
    for row in range(5):
        for column in range(row):
            left = square[row, column]
            for inner in range(column):
                left -= square[row, inner] * square[column, inner]
            square[row, column] = left * square[column, column]
        left = square[row, row]
        for inner in range(row):
            left -= square[row, inner] * square[row, inner]
        square[row, row] = 1.0 / math.sqrt(left)


@compiled
def solve(factor, right):  # type: ignore[no-untyped-def]
    """Solve with such a factor, in place."""
    for row in range(5):
        left = right[row]
        for inner in range(row):
            left -= factor[row, inner] * right[inner]
        right[row] = left * factor[row, row]
    for row in range(4, -1, -1):
        left = right[row]
        for inner in range(row + 1, 5):
            left -= factor[inner, row] * right[inner]
        right[row] = left * factor[row, row]


@compiled
def grade_chance(change, low, high, spread):  # type: ignore[no-untyped-def]
    """Chance of the grade between two bounds for a change with a logistic error, and of lying under each bound."""
    lower, upper = exponential((low - change) / spread), exponential((change - high) / spread)
    above, below = lower / (1.0 + lower), 1.0 / (1.0 + upper)
    # F(high) - F(low) = F(high) (1 - F(low)) (1 - exp((low - high) / spread)): nearly equal numbers are not subtracted.
    return below / (1.0 + lower) * (1.0 - exponential((low - high) / spread)), above, below


@compiled
def working_row(row, theta, spans, work):  # type: ignore[no-untyped-def]
    """Log likelihood of one score or grade, and what a normal in its place would be.

    Written to work: weight and target of that normal, then the derivatives of what it is about by the unknowns, and
    last one over the part of the likelihood that draws are weighted by.
    """
    rate, per_week_off = math.exp(theta[3]), math.exp(-theta[4])
    share, by_rate, by_waning = share_slopes(row[0], spans, rate, per_week_off)
    background = 1.0 - math.exp(-max(row[0], 0.0) / BACKGROUND_WEEKS)
    line = -background * theta[1] - share * theta[2]
    work[2], work[3], work[4] = 1.0, -background, -share
    work[5], work[6] = -theta[2] * by_rate, -theta[2] * by_waning
    if row[2] > 0.0:
        away, width = row[1] - line - theta[0], TAIL * row[2] * row[2]
        work[0], work[1] = (TAIL + 1.0) / (width + away * away), row[1]
        work[7] = 1.0 / (width + away * away)
        return away, -0.5 * (TAIL + 1.0) * math.log(1.0 + away * away / width)
    spread = -row[2]
    chance, above, below = grade_chance(line, row[3], row[4], spread)
    firm = max((above * (1.0 - above) + below * (1.0 - below)) / (spread * spread), 1e-12)
    away = (above + below - 1.0) / spread / firm
    work[0], work[1], work[2], work[7] = firm, line + away, 0.0, 1.0 / chance
    return away, math.log(chance)


@compiled
def assess(theta, mean, precision, seen, spans, works, slope, curvature, expected):  # type: ignore[no-untyped-def]
    """Return the log density without the cut; write its slope (5,) and a positive curvature (5, 5, lower half)."""
    value = 0.0
    for row in range(5):
        pull = 0.0
        for column in range(5):
            pull += precision[row, column] * (mean[column] - theta[column])
            curvature[row, column] = precision[row, column]
        slope[row] = pull
        value -= 0.5 * pull * (mean[row] - theta[row])
    for number in range(len(seen)):
        work = works[number]
        away, log_chance = working_row(seen[number], theta, spans, work)
        value += log_chance
        weight = work[0]
        firm = weight * expected if seen[number, 2] > 0.0 else weight
        for row in range(5):
            slope[row] += weight * away * work[2 + row]
            for column in range(row + 1):
                curvature[row, column] += firm * work[2 + row] * work[2 + column]
    return value


@compiled
def find_mode(mean, precision, seen, spans, close, theta, works, curvature, room):  # type: ignore[no-untyped-def]
    """Climb to the mode, the cut at B left aside; write theta, works there and the factor of the mean curvature.

    Steps are Gauss-Newton's, damped where one would lead down; they end where the next is shorter than the root of
    `close` in units of the posterior's spread.
    """
    slope, step, tried, matrix = room[0], room[1], room[2], room[3:8]
    # Loops instead of slices: these take seconds to compile.
    for row in range(5):
        theta[row] = mean[row]
    damping, value = 0.0, assess(theta, mean, precision, seen, spans, works, slope, curvature, 1.0)
    for _ in range(MOST_STEPS):
        for row in range(5):
            for column in range(row):
                matrix[row, column] = curvature[row, column]
            matrix[row, row] = curvature[row, row] * (1.0 + damping)
            step[row] = slope[row]
        factorise(matrix)
        solve(matrix, step)
        gain = 0.0
        for row in range(5):
            gain += step[row] * slope[row]
            tried[row] = theta[row] + step[row]
        if gain < close:
            break
        reached = assess(tried, mean, precision, seen, spans, works, slope, curvature, 1.0)
        if reached >= value:
            value, damping = reached, 0.2 * damping
            for row in range(5):
                theta[row] = tried[row]
        else:
            damping = max(4.0 * damping, 0.25)
            assess(theta, mean, precision, seen, spans, works, slope, curvature, 1.0)
    assess(theta, mean, precision, seen, spans, works, slope, curvature, EXPECTED)
    factorise(curvature)
