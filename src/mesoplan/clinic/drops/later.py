"""The lattice some hours after it was set: a map of each hour on one scale of colour, and its figures in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.drops.figures import share_shown
from mesoplan.clinic.drops.lattice_drawing import SIZE, Band, LegendStep, legend, paths_above, side_mm_of
from mesoplan.clinic.shell.parts import Interval as Shown
from mesoplan.clinic.shell.writing import number_text, quantity_text, with_unit
from mesoplan.kernels.coverage_interval import Interval
from mesoplan.planning.drop_view import DropSetting, skin_tried
from mesoplan.planning.lattice_later import Later, lattice_later

STEPS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
"""Shares of the injected concentration at which the colour changes: one scale for all hours and settings."""
_LEAST_PERCENT = 0.01


@dataclass(frozen=True)
class Hour:
    """One hour as the page shows it."""

    after: str
    bands: tuple[Band, ...]
    left: Shown
    mean: Shown
    highest: str


@dataclass(frozen=True)
class LaterFigures:
    """All hours, the side of their maps and the legend that they share."""

    hours: tuple[Hour, ...]
    side_mm: str
    legend: tuple[LegendStep, ...]
    centre: float = SIZE / 2


def later_figures(setting: DropSetting, hours: Sequence[float]) -> LaterFigures:
    """What is drawn of a setting at some hours."""
    side = side_mm_of(setting)
    seen = lattice_later(setting, skin_tried(setting, knowledge_base.current()), hours)
    return LaterFigures(tuple(_hour(one, side) for one in seen), number_text(side), tuple(legend(STEPS)))


def _hour(one: Later, side_mm: float) -> Hour:
    paths = paths_above(one.cell, side_mm, STEPS)
    return Hour(
        after=quantity_text(one.hours, "h"),
        bands=tuple(Band(number, path) for number, path in enumerate(paths, 1) if path),
        left=share_shown(one.left),
        mean=_percent_shown(one.mean),
        highest=with_unit(_percent(one.highest), "%"),
    )


def _percent_shown(found: Interval) -> Shown:
    return Shown(with_unit(_percent(found.middle), "%"), _percent(found.low), _percent(found.high))


def _percent(share: float) -> str:
    """Two digits, and no more than two decimals: what is less is said to be less, not to be 0."""
    percent = 100 * share
    if percent < _LEAST_PERCENT:
        return f"<{number_text(_LEAST_PERCENT)}"
    return number_text(percent, decimals=max(0, min(2, 1 - math.floor(math.log10(percent)))))
