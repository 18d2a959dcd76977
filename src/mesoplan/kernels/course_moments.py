"""Compiled loops of :mod:`clinic_fit`: what one patient's scores say about what all patients of a clinic share.

A patient's own unknowns are b0 and A. For given values of what is shared the rest of the curve is known, so they enter
linearly; they are integrated out by adaptive Gauss-Hermite quadrature: nodes about the patient's own mode, spread by
the curvature there. The slope of a patient's log likelihood is the mean, over that patient's posterior, of the slope of
what could be written down if b0 and A were known (Fisher's identity), so it needs no differences.

`shared` is in the order of :data:`mesoplan.kernels.clinic_fit.SHARED`.
"""

from __future__ import annotations

import math

import numpy as np

from mesoplan.kernels.posterior_mode import BACKGROUND_WEEKS, EXPECTED, TAIL, compiled, exponential, share_slopes

COUNT, MOST_NODES, MOST_STEPS = 10, 1024, 30
_LEAST, _MOST = 1e-90, 1e90
_STUDENT = math.lgamma((TAIL + 1) / 2) - math.lgamma(TAIL / 2) - 0.5 * math.log(TAIL * math.pi)


@compiled
def fill_curve(weeks, spans, shared, curve):  # type: ignore[no-untyped-def]
    """Write for each score the background's share, g and its derivatives by log k and log T_off (4, m)."""
    rate, per_week_off = math.exp(shared[4]), math.exp(-shared[5])
    for number in range(len(weeks)):
        share, by_rate, by_waning = share_slopes(weeks[number], spans, rate, per_week_off)
        curve[0, number] = 1.0 - math.exp(-max(weeks[number], 0.0) / BACKGROUND_WEEKS)
        curve[1, number], curve[2, number], curve[3, number] = share, by_rate, by_waning


@compiled
def normal_sums(values, widths, curve, shared, expected_effect, baseline, effect, part):  # type: ignore[no-untyped-def]
    """Precision (00, 10, 11) and its product with the middle, if the errors were normals that pull as they do here."""
    own_00, own_11 = math.exp(-2.0 * shared[1]), math.exp(-2.0 * shared[7])
    a, b, c = own_00, 0.0, own_11
    first, second = own_00 * shared[0], own_11 * expected_effect
    for number in range(len(values)):
        line, share = values[number] + shared[2] * curve[0, number], curve[1, number]
        away = line - baseline + effect * share
        weight = part * (TAIL + 1.0) / (widths[number] + away * away)
        a += weight
        b -= weight * share
        c += weight * share * share
        first += weight * line
        second -= weight * line * share
    return a, b, c, first, second


@compiled
def own_mode(values, widths, curve, shared, expected_effect):  # type: ignore[no-untyped-def]
    """Mode of b0 and A, and the lower Cholesky factor of the mean curvature there (00, 10, 11)."""
    baseline, effect = shared[0], expected_effect
    if len(values) > 0:
        baseline = values[0]
    for _ in range(MOST_STEPS):
        a, b, c, first, second = normal_sums(values, widths, curve, shared, expected_effect, baseline, effect, 1.0)
        effect_next = (a * second - b * first) / (a * c - b * b)
        baseline_next = (first - b * effect_next) / a
        moved = a * (baseline_next - baseline) ** 2 + c * (effect_next - effect) ** 2
        baseline, effect = baseline_next, effect_next
        if moved < 1e-4:
            break
    a, b, c, _, _ = normal_sums(values, widths, curve, shared, expected_effect, baseline, effect, EXPECTED)
    root = math.sqrt(a)
    return baseline, effect, root, b / root, math.sqrt(c - b * b / a)


@compiled
def add_score(value, width, rater, shares, room, count, middle):  # type: ignore[no-untyped-def]
    """Take one score into the tails and slopes of all nodes; `middle` is the tail at the mode."""
    background, share, by_rate, by_waning = shares
    over, seventh = 1.0 / middle, (7 + rater) * MOST_NODES
    for node in range(count):
        away = value - room[node] + share * room[MOST_NODES + node]
        tail = width + away * away
        pull = (TAIL + 1.0) * away / tail
        room[3 * MOST_NODES + node] = min(max(room[3 * MOST_NODES + node] * tail * over, _LEAST), _MOST)
        room[4 * MOST_NODES + node] -= background * pull
        room[5 * MOST_NODES + node] -= by_rate * pull
        room[6 * MOST_NODES + node] -= by_waning * pull
        room[seventh + node] += away * pull - 1.0


@compiled
def moments(weeks, values, raters, spans, term, shared, grid, room, curve, widths, slope):  # type: ignore[no-untyped-def]
    """Return one patient's log likelihood and write its slope (10,) by what is shared.

    `grid` (3, nodes): both coordinates of the nodes, and the quadrature's weight times exp(half their squared length).
    """
    count, number_of_scores, effect_expected = grid.shape[1], len(values), shared[3] + shared[6] * term
    own_sd, effect_sd = math.exp(shared[1]), math.exp(shared[7])
    fill_curve(weeks, spans, shared, curve)
    for number in range(number_of_scores):
        widths[number] = TAIL * math.exp(2.0 * shared[8 + raters[number]])
    baseline, effect, a, b, c = own_mode(values, widths, curve, shared, effect_expected)
    a, c = 1.0 / a, 1.0 / c
    for node in range(count):
        second = c * grid[1, node]
        first = a * (grid[0, node] - b * second)
        room[node], room[MOST_NODES + node] = baseline + first, effect + second
        x, y = (baseline + first - shared[0]) / own_sd, (effect + second - effect_expected) / effect_sd
        room[2 * MOST_NODES + node] = -0.5 * (x * x + y * y)
        room[3 * MOST_NODES + node] = 1.0
        for row in range(4, 9):
            room[row * MOST_NODES + node] = 0.0
    height = math.log(a * c / (own_sd * effect_sd * 2.0 * math.pi))
    for number in range(number_of_scores):
        line = values[number] + shared[2] * curve[0, number]
        away = line - baseline + effect * curve[1, number]
        middle = widths[number] + away * away
        height += _STUDENT - shared[8 + raters[number]] - 0.5 * (TAIL + 1.0) * math.log(middle / widths[number])
        shares = (curve[0, number], curve[1, number], curve[2, number], curve[3, number])
        add_score(line, widths[number], raters[number], shares, room, count, middle)
    x, y = (baseline - shared[0]) / own_sd, (effect - effect_expected) / effect_sd
    top = 0.5 * (x * x + y * y)
    total, baselines, baseline_squares, effects, effect_squares = 0.0, 0.0, 0.0, 0.0, 0.0
    by_background, by_rate, by_waning, same, other = 0.0, 0.0, 0.0, 0.0, 0.0
    for node in range(count):
        tail = room[3 * MOST_NODES + node]
        weight = grid[2, node] * exponential(room[2 * MOST_NODES + node] + top) / (tail * tail * tail)
        away, apart = room[node] - shared[0], room[MOST_NODES + node] - effect_expected
        total += weight
        baselines += weight * away
        baseline_squares += weight * away * away
        effects += weight * apart
        effect_squares += weight * apart * apart
        by_background += weight * room[4 * MOST_NODES + node]
        by_rate += weight * room[MOST_NODES + node] * room[5 * MOST_NODES + node]
        by_waning += weight * room[MOST_NODES + node] * room[6 * MOST_NODES + node]
        same += weight * room[7 * MOST_NODES + node]
        other += weight * room[8 * MOST_NODES + node]
    slope[0], slope[1] = baselines / total / own_sd**2, baseline_squares / total / own_sd**2 - 1.0
    slope[2], slope[3] = by_background / total, effects / total / effect_sd**2
    slope[4], slope[5], slope[6] = by_rate / total, by_waning / total, slope[3] * term
    slope[7] = effect_squares / total / effect_sd**2 - 1.0
    slope[8], slope[9] = same / total, other / total
    return height - top + math.log(total)


@compiled
def add_courses(weeks, values, raters, starts, spans, span_starts, terms, shared, grid, slopes, outer):  # type: ignore[no-untyped-def]
    """Add the slopes of all patients of a part, and their outer products; return the log likelihood."""
    most = 0
    for one in range(len(starts) - 1):
        most = max(most, starts[one + 1] - starts[one])
    room, all_widths, slope = np.empty(9 * MOST_NODES), np.empty(most), np.empty(COUNT)
    all_curve, total = np.empty((4, most)), 0.0
    for one in range(len(starts) - 1):
        scores = slice(starts[one], starts[one + 1])
        total += moments(
            weeks[scores],
            values[scores],
            raters[scores],
            spans[span_starts[one] : span_starts[one + 1]],
            terms[one],
            shared,
            grid,
            room,
            all_curve,
            all_widths,
            slope,
        )
        for row in range(COUNT):
            slopes[row] += slope[row]
            for column in range(row + 1):
                outer[row, column] += slope[row] * slope[column]
    return total
