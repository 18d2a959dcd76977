"""Small pieces of SVG: numbers, paths, elements. Pictures are in mm with y up; SVG counts y down."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

import numpy as np

from mesoplan.kernels.mesh import Floats


def number(value: float) -> str:
    """A coordinate to 0.01 mm, as short as can be."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def element(name: str, content: str = "", /, **attributes: object) -> str:
    """One element; underscores in attribute names become hyphens, `class_` is the class, None is left out."""
    parts = [name]
    for key, value in attributes.items():
        if value is not None:
            text = number(value) if isinstance(value, float) else str(value)
            parts.append(f"{key.rstrip('_').replace('_', '-')}={quoteattr(text)}")
    head = " ".join(parts)
    return f"<{head}>{content}</{name}>" if content else f"<{head}/>"


def text(words: str, x: float, y: float, /, **attributes: object) -> str:
    """A line of text whose baseline starts at (x, y), y up."""
    return element("text", escape(words), x=float(x), y=float(-y), **attributes)


def path_data(points: Floats, *, closed: bool = False) -> str:
    """Straight strokes through points (n, 2), y up."""
    strokes = " ".join(f"{number(x)},{number(-y)}" for x, y in points.tolist())
    return f"M{strokes}{'Z' if closed else ''}" if strokes else ""


def smooth_path_data(points: Floats) -> str:
    """A closed line of curves that touches the middle of each side of the polygon (n, 2), y up."""
    middles = (points + np.roll(points, -1, axis=0)) / 2
    start = middles[-1]
    curves = [
        f"Q{number(corner[0])},{number(-corner[1])} {number(middle[0])},{number(-middle[1])}"
        for corner, middle in zip(points.tolist(), middles.tolist(), strict=True)
    ]
    return f"M{number(start[0])},{number(-start[1])}{''.join(curves)}Z"


def smooth_line(points: Floats, *, closed: bool, samples: int = 4) -> Floats:
    """A quadratic B-spline sampled along its control points (n, d): it rounds corners off, for display only."""
    if closed:
        before, after = np.roll(points, 1, axis=0), np.roll(points, -1, axis=0)
    else:
        before = np.concatenate([2 * points[:1] - points[1:2], points[:-1]])
        after = np.concatenate([points[1:], 2 * points[-1:] - points[-2:-1]])
    t = (np.arange(samples) / samples)[None, :, None]
    curve = 0.5 * (1 - t) ** 2 * before[:, None] + (0.5 + t * (1 - t)) * points[:, None] + 0.5 * t**2 * after[:, None]
    flat = curve.reshape(-1, points.shape[1])
    return flat if closed else np.concatenate([flat, points[-1:] * 0.5 + after[-1:] * 0.5])[samples // 2 : -1]
