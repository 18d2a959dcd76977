"""Compiled loops of :mod:`patient_posterior`: weighted draws about the mode of a patient's posterior.

Given log k and log T_off the curve is linear in b0, B and A. So the draws come in nodes: each node is one pair of log k
and log T_off, all curves of a node share their exponentials, and b0, B and A are drawn from the normal that is exact
but for the tails of the rating errors. The chance that a line b0 - h B - g A lies below a goal is known for that normal
(:func:`normal_below`); only what the weights change in it is left to sampling.

Arrays: as in :mod:`posterior_mode`; `points` (nodes, 4 SHARE) holds for each node SHARE standard points, one coordinate
after the other, and the logarithm of one over their density; `pairs` (3, nodes) the points of the nodes and one over
their density. Chances of a goal need points that are normal; draws that are kept may be stretched.
"""

from __future__ import annotations

import math

import numpy as np

from mesoplan.kernels.posterior_mode import (
    BACKGROUND_WEEKS,
    EXPECTED,
    TAIL,
    compiled,
    exponential,
    fill_shares,
    find_mode,
    grade_chance,
)

SHARE = 64
_LEAST, _MOST = 1e-90, 1e90


@compiled
def normal_below(x):  # type: ignore[no-untyped-def]
    """Chance that a standard normal is at most x, to 1e-7 (Abramowitz and Stegun 26.2.17)."""
    away = abs(x)
    t = 1.0 / (1.0 + 0.2316419 * away)
    series = 0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429)))
    above = 0.3989422804014327 * exponential(-0.5 * away * away) * t * series
    return 1.0 - above if x > 0.0 else above


@compiled
def place_nodes(theta, factor, pairs, widened, at):  # type: ignore[no-untyped-def]
    """Write to at (2, nodes) log k and log T_off of each node, spread as the mean curvature says times a factor."""
    for node in range(pairs.shape[1]):
        waning = widened * pairs[1, node] * factor[4, 4]
        at[0, node] = theta[3] + (widened * pairs[0, node] - factor[4, 3] * waning) * factor[3, 3]
        at[1, node] = theta[4] + waning


@compiled
def couple_nodes(mean, precision, at, normal, sums):  # type: ignore[no-untyped-def]
    """Write to normal and sums what each node has from the prior, as :func:`fill_nodes` needs it."""
    for node in range(normal.shape[1]):
        rate, waning = at[0, node] - mean[3], at[1, node] - mean[4]
        own = precision[3, 3] * rate * rate + 2.0 * precision[4, 3] * rate * waning + precision[4, 4] * waning * waning
        normal[12, node] = 0.5 * own
        for row in range(3):
            coupled = precision[row, 3] * rate + precision[row, 4] * waning
            normal[9 + row, node] = coupled
            sums[12 + row, node] = -coupled
            for column in range(3):
                sums[12 + row, node] += precision[row, column] * mean[column]
        for half in range(0, 12, 6):
            sums[half, node], sums[half + 1, node], sums[half + 2, node] = (
                precision[0, 0],
                precision[1, 0],
                precision[1, 1],
            )
            sums[half + 3, node], sums[half + 4, node] = precision[2, 0], precision[2, 1]
            sums[half + 5, node] = precision[2, 2]


@compiled
def add_seen(seen, works, shares, sums):  # type: ignore[no-untyped-def]
    """Add to sums what each score or grade says of b0, B and A at each node."""
    for number in range(len(seen)):
        weight, target, own, background = works[number, 0], works[number, 1], works[number, 2], -works[number, 3]
        for half in range(0, 12, 6):
            held = weight * EXPECTED if half and seen[number, 2] > 0.0 else weight
            for node in range(sums.shape[1]):
                share = shares[number, node]
                sums[half, node] += held * own
                sums[half + 1, node] -= held * own * background
                sums[half + 2, node] += held * background * background
                sums[half + 3, node] -= held * own * share
                sums[half + 4, node] += held * background * share
                sums[half + 5, node] += held * share * share
        for node in range(sums.shape[1]):
            sums[12, node] += weight * own * target
            sums[13, node] -= weight * background * target
            sums[14, node] -= weight * shares[number, node] * target


@compiled
def fill_nodes(mean, precision, seen, works, shares, at, normal):  # type: ignore[no-untyped-def]
    """Write for each node the normal from which b0, B and A are drawn.

    `normal` (13, nodes): the middle of b0, B, A; the lower Cholesky factor of their precision (00, 10, 11, 20, 21, 22);
    then the part of the prior that couples them to the node (3), and the node's own.
    """
    sums = np.empty((15, normal.shape[1]))
    couple_nodes(mean, precision, at, normal, sums)
    add_seen(seen, works, shares, sums)
    for node in range(normal.shape[1]):
        a = math.sqrt(sums[0, node])
        b, d = sums[1, node] / a, sums[3, node] / a
        c = math.sqrt(sums[2, node] - b * b)
        e = (sums[4, node] - d * b) / c
        first = sums[12, node] / a
        second = (sums[13, node] - b * first) / c
        third = (sums[14, node] - d * first - e * second) / (sums[5, node] - d * d - e * e)
        second = (second - e * third) / c
        normal[0, node], normal[1, node], normal[2, node] = (first - b * second - d * third) / a, second, third
    for node in range(normal.shape[1]):
        a = math.sqrt(sums[6, node])
        b, d = sums[7, node] / a, sums[9, node] / a
        c = math.sqrt(sums[8, node] - b * b)
        e = (sums[10, node] - d * b) / c
        normal[3, node], normal[4, node], normal[5, node], normal[6, node], normal[7, node] = a, b, c, d, e
        normal[8, node] = math.sqrt(sums[11, node] - d * d - e * e)


@compiled
def draw_node(mean, precision, seen, works, shares, normal, node, top, density, widened, points, room):  # type: ignore[no-untyped-def]
    """Write one node's draws to room, SHARE numbers each: b0, B, A and the weight, relative to the mode's `top`."""
    m0, m1, m2 = normal[0, node], normal[1, node], normal[2, node]
    a, b, c = widened / normal[3, node], normal[4, node], widened / normal[5, node]
    d, e, f = normal[6, node], normal[7, node], widened / normal[8, node]
    b, d, e = b / widened, d / widened, e / widened
    p00, p10, p11 = 0.5 * precision[0, 0], precision[1, 0], 0.5 * precision[1, 1]
    p20, p21, p22 = precision[2, 0], precision[2, 1], 0.5 * precision[2, 2]
    r0, r1, r2, own = normal[9, node], normal[10, node], normal[11, node], top - normal[12, node]
    u0, u1, u2 = m0 - mean[0], m1 - mean[1], m2 - mean[2]
    for one in range(SHARE):
        t = f * points[2 * SHARE + one]
        s = c * (points[SHARE + one] - e * t)
        r = a * (points[one] - b * s - d * t)
        x, y, z = r + u0, s + u1, t + u2
        far = x * (p00 * x + p10 * y + p20 * z + r0) + y * (p11 * y + p21 * z + r1) + z * (p22 * z + r2)
        room[one], room[SHARE + one], room[2 * SHARE + one] = m0 + r, m1 + s, m2 + t
        room[3 * SHARE + one] = own - far + points[3 * SHARE + one]
        room[4 * SHARE + one] = 1.0
    for number in range(len(seen)):
        if seen[number, 2] > 0.0:
            background, share, over = -works[number, 3], shares[number, node], works[number, 7]
            width, value = TAIL * seen[number, 2] * seen[number, 2] * over, seen[number, 1]
            for one in range(SHARE):
                away = value - room[one] + background * room[SHARE + one] + share * room[2 * SHARE + one]
                tail = room[4 * SHARE + one] * (width + over * away * away)
                room[4 * SHARE + one] = min(max(tail, _LEAST), _MOST)
    level = density / (normal[3, node] * normal[5, node] * normal[8, node])
    for one in range(SHARE):
        tail = room[4 * SHARE + one]
        chance = level * exponential(room[3 * SHARE + one]) / (tail * tail * tail)
        room[3 * SHARE + one] = chance if room[SHARE + one] >= 0.0 else 0.0
    for number in range(len(seen)):
        if seen[number, 2] < 0.0:
            background, share, over = -works[number, 3], shares[number, node], works[number, 7]
            low, high, spread = seen[number, 3], seen[number, 4], -seen[number, 2]
            for one in range(SHARE):
                change = -background * room[SHARE + one] - share * room[2 * SHARE + one]
                given, _, _ = grade_chance(change, low, high, spread)
                room[3 * SHARE + one] *= given * over


@compiled
def add_node(room, backgrounds, ahead, node, goal, totals, chances):  # type: ignore[no-untyped-def]
    """Add to totals what a node's draws weigh, and to chances (w,) what its weights change in their normal's chances.

    That is the sum over draws at or below the goal of the weight less the node's mean weight.
    """
    total, squares = 0.0, 0.0
    for one in range(SHARE):
        weight = room[3 * SHARE + one]
        total += weight
        squares += weight * weight
    middle = total / SHARE
    for one in range(SHARE):
        room[4 * SHARE + one] = room[3 * SHARE + one] - middle
    for week in range(len(chances)):
        background, share, gained = backgrounds[week], ahead[week, node], 0.0
        for one in range(SHARE):
            line = room[one] - background * room[SHARE + one] - share * room[2 * SHARE + one]
            gained += room[4 * SHARE + one] if line <= goal else 0.0
        chances[week] += gained
    totals[node] = total
    return squares


@compiled
def add_normals(normal, widened, backgrounds, ahead, goal, totals, chances):  # type: ignore[no-untyped-def]
    """Add to chances (w,) each node's weight times the chance that its normal gives."""
    for week in range(len(chances)):
        background, held = backgrounds[week], 0.0
        for node in range(len(totals)):
            share = ahead[week, node]
            x = 1.0 / normal[3, node]
            y = (-background - normal[4, node] * x) / normal[5, node]
            z = (-share - normal[6, node] * x - normal[7, node] * y) / normal[8, node]
            middle = normal[0, node] - background * normal[1, node] - share * normal[2, node]
            held += totals[node] * normal_below((goal - middle) / (widened * math.sqrt(x * x + y * y + z * z)))
        chances[week] += held


@compiled
def sample_patient(  # type: ignore[no-untyped-def]
    mean, precision, seen, spans, weeks, goal, close, widened, points, pairs, theta, draws, weights, chances, scratch
):
    """Draw one patient's posterior; return the effective sample size.

    Written: theta, the mode; chances (w,) that the goal is reached at each week; draws (nodes x SHARE, 5) and weights
    (nodes x SHARE,) if there is room for them. `scratch` comes from :func:`scratch_for`.
    """
    nodes, room, factor = pairs.shape[1], scratch[0], scratch[1]
    works, shares, ahead = scratch[2][: len(seen)], scratch[3][: len(seen)], scratch[4]
    at, normal, rates, off, totals, backgrounds = (
        scratch[5],
        scratch[6],
        scratch[7][0],
        scratch[7][1],
        scratch[7][2],
        scratch[8],
    )
    find_mode(mean, precision, seen, spans, close, theta, works, factor, scratch[9])
    place_nodes(theta, factor, pairs, widened, at)
    for node in range(nodes):
        rates[node], off[node] = exponential(at[0, node]), exponential(-at[1, node])
    fill_shares(seen[:, 0], spans, rates, off, shares)
    fill_shares(weeks, spans, rates, off, ahead)
    for week in range(len(weeks)):
        backgrounds[week] = 1.0 - exponential(-max(weeks[week], 0.0) / BACKGROUND_WEEKS)
    fill_nodes(mean, precision, seen, works, shares, at, normal)
    top, squares, total = 0.0, 0.0, 0.0
    for row in range(5):
        for column in range(5):
            top += 0.5 * (theta[row] - mean[row]) * precision[row, column] * (theta[column] - mean[column])
    for week in range(len(weeks)):
        chances[week] = 0.0
    for node in range(nodes):
        draw_node(mean, precision, seen, works, shares, normal, node, top, pairs[2, node], widened, points[node], room)
        if len(draws) > 0:
            for one in range(SHARE):
                row = node * SHARE + one
                draws[row, 0], draws[row, 1], draws[row, 2] = room[one], room[SHARE + one], room[2 * SHARE + one]
                draws[row, 3], draws[row, 4], weights[row] = at[0, node], at[1, node], room[3 * SHARE + one]
        squares += add_node(room, backgrounds, ahead, node, goal, totals, chances)
        total += totals[node]
    add_normals(normal, widened, backgrounds, ahead, goal, totals, chances)
    for week in range(len(weeks)):
        chances[week] = min(max(chances[week] / total, 0.0), 1.0)
    return total * total / squares


@compiled
def scratch_for(most_seen, weeks, nodes):  # type: ignore[no-untyped-def]
    """Arrays that :func:`sample_patient` works in, for up to so many scores."""
    return (
        np.empty(5 * SHARE),
        np.empty((5, 5)),
        np.empty((most_seen, 8)),
        np.empty((most_seen, nodes)),
        np.empty((weeks, nodes)),
        np.empty((2, nodes)),
        np.empty((13, nodes)),
        np.empty((3, nodes)),
        np.empty(weeks),
        np.empty((8, 5)),
    )


@compiled
def sample_patients(  # type: ignore[no-untyped-def]
    which,
    means,
    precisions,
    seen_from,
    seen,
    span_from,
    spans,
    weeks,
    goals,
    widened,
    points,
    pairs,
    modes,
    chances,
    effective,
):
    """The same for the patients numbered in which; row p of the arrays is patient p's, a single row everybody's."""
    none, no_weights, most = np.empty((0, 5)), np.empty(0), 0
    for number in range(len(which)):
        most = max(most, seen_from[which[number] + 1] - seen_from[which[number]])
    scratch = scratch_for(most, weeks.shape[1], pairs.shape[1])
    for number in range(len(which)):
        one = which[number]
        effective[one] = sample_patient(
            means[one],
            precisions[one % len(precisions)],
            seen[seen_from[one] : seen_from[one + 1]],
            spans[span_from[one] : span_from[one + 1]],
            weeks[one % len(weeks)],
            goals[one],
            1e-2,
            widened,
            points,
            pairs,
            modes[one],
            none,
            no_weights,
            chances[one],
            scratch,
        )
