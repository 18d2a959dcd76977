"""Chances of landing in words, the same in findings, on the command line and on the plan's sheet.

A chance is written in whole percent, and never as 0 or 100 %: nobody knows hands and skins so well.
"""

from __future__ import annotations

from typing import Literal

from mesoplan.domain.evaluation import LayerChances
from mesoplan.domain.writing import quantity_text
from mesoplan.planning.landing_chances import LandingOdds

Layer = Literal["epidermis", "dermis", "fat"]
LAYERS: tuple[Layer, ...] = ("epidermis", "dermis", "fat")


def whole_percents(chances: LayerChances | LandingOdds) -> dict[Layer, int]:
    """Return the layers from above in whole percent that add up to 100; the largest remainders are rounded up."""
    exact = {layer: 100 * float(getattr(chances, layer)) for layer in LAYERS}
    found = {layer: int(value) for layer, value in exact.items()}
    left = 100 - sum(found.values())
    for layer in sorted(LAYERS, key=lambda one: found[one] - exact[one])[:left]:
        found[layer] += 1
    return found


def percent_text(chance: float) -> str:
    """Return "8 %", "under 1 %" or "over 99 %"."""
    if chance < 0.005:
        return f"under {_percent(1)}"
    return f"over {_percent(99)}" if chance >= 0.995 else _percent(round(100 * chance))


def layers_text(chances: LayerChances | LandingOdds) -> str:
    """Return "dermis 38 %, fat 62 %"; layers below 1 % are left out."""
    shown = {layer: percent for layer, percent in whole_percents(chances).items() if percent > 0}
    if len(shown) == 1:
        return f"{next(iter(shown))} {percent_text(1.0)}"
    return ", ".join(f"{layer} {_percent(percent)}" for layer, percent in shown.items())


def _percent(whole: int) -> str:
    return quantity_text(whole, "%", decimals=0)
