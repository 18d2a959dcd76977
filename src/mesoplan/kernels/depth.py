"""Vertical depth of a needle's tip from its angle and inserted length."""

from __future__ import annotations

import math


def tip_depth_mm(angle_deg: float, inserted_mm: float) -> float:
    """Return the vertical depth of the tip.

    Parameters
    ----------
    angle_deg : float
        Angle between needle and skin surface [deg], 0 to 90.
    inserted_mm : float
        Length of needle under the surface [mm], >= 0.

    Returns
    -------
    float
        Depth [mm] = sin(angle) x inserted length. Flat, uncompressed skin is assumed; a pressed or tented skin is
        deeper or shallower.

    Raises
    ------
    ValueError
        Outside these ranges.

    References
    ----------
    Knowledge source S24 (depth of hyaluronic acid injections, geometry checked by ultrasound).

    Examples
    --------
    >>> round(tip_depth_mm(30, 5), 2)
    2.5
    """
    if not 0 <= angle_deg <= 90 or inserted_mm < 0:
        raise ValueError(f"angle {angle_deg} deg and length {inserted_mm} mm are not 0 to 90 deg and >= 0 mm")
    return math.sin(math.radians(angle_deg)) * inserted_mm


def tip_depth_range_mm(
    angle_deg: float, inserted_mm: float, angle_tolerance_deg: float, length_tolerance_mm: float
) -> tuple[float, float]:
    """Return the shallowest and deepest tip for a hand that strays by the given tolerances.

    Parameters
    ----------
    angle_deg, inserted_mm : float
        Intended angle [deg] and inserted length [mm].
    angle_tolerance_deg, length_tolerance_mm : float
        Half widths [deg], [mm]; both strays are taken at once, so this is an outer range, not a probability.

    Returns
    -------
    tuple of float
        Shallowest and deepest depth [mm].
    """
    low = tip_depth_mm(max(0.0, angle_deg - angle_tolerance_deg), max(0.0, inserted_mm - length_tolerance_mm))
    high = tip_depth_mm(min(90.0, angle_deg + angle_tolerance_deg), inserted_mm + length_tolerance_mm)
    return low, high
