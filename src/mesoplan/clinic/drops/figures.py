"""Chances and coverages as the page writes them: whole percents, and never a certainty that was rounded into one."""

from __future__ import annotations

import math
from dataclasses import dataclass

from mesoplan.clinic.courses.figure_words import LAYER_WORDS
from mesoplan.clinic.courses.landing_cards import chance_text
from mesoplan.clinic.shell.parts import Interval as Shown
from mesoplan.clinic.shell.writing import number_text, with_unit
from mesoplan.kernels.coverage_interval import Interval
from mesoplan.planning.landing_chances import LandingOdds


def share_shown(found: Interval) -> Shown:
    """“57 % (35–84)”."""
    low, high = (number_text(100 * one, decimals=0) for one in (found.low, found.high))
    return Shown(chance_text(found.middle), low, high)


def shown(found: Interval, unit: str) -> Shown:
    """“2.3 h (0.7–7.5)”: as fine as two digits of the middle, which is more than the range deserves."""
    decimals = max(0, 1 - math.floor(math.log10(max(found.middle, 1e-9))))
    low, middle, high = (number_text(one, decimals=decimals) for one in (found.low, found.middle, found.high))
    return Shown(with_unit(middle, unit), low, high)


@dataclass(frozen=True)
class Share:
    """A part of a stacked bar of 100 units."""

    layer: str
    title: str
    text: str
    start: float
    width: float

    @staticmethod
    def of_layers(odds: LandingOdds) -> tuple[Share, ...]:
        """Epidermis, dermis and fat in the order of the skin."""
        start, found = 0.0, []
        for layer, title in LAYER_WORDS.items():
            share = float(getattr(odds, layer))
            found.append(Share(layer, str(title), chance_text(share), round(start, 2), round(100 * share, 2)))
            start += 100 * share
        return tuple(found)
