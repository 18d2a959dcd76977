"""The colours of a change map: two hues that people with any kind of colour vision tell apart, paler towards none.

Redder is vermilion, less red is blue; darker is brown, lighter is teal. Below the floor there is no colour at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mesoplan.imaging.change_map import FULL, Change, ChangeLayer
from mesoplan.imaging.picture_reading import Pixels
from mesoplan.kernels.mesh import Floats

# Vermilion and blue of Okabe and Ito's set (in Wong, Nat Methods 2011, doi:10.1038/nmeth.1618); brown and teal are the
# ends of ColorBrewer's BrBG (Harrower and Brewer 2003, doi:10.1179/000870403235002042). Loss first, growth second.
HUES: dict[Change, tuple[tuple[int, int, int], tuple[int, int, int]]] = {
    Change.REDNESS: ((0, 114, 178), (213, 94, 0)),
    Change.LIGHTNESS: ((140, 81, 10), (1, 102, 94)),
}
FAINTEST, STRONGEST = 0.25, 0.85
STEPS = 4


@dataclass(frozen=True)
class LegendStep:
    """One change and how it is coloured: red, green, blue and opacity, 0 to 255."""

    change: float
    rgba: tuple[int, int, int, int]


def change_picture(layer: ChangeLayer) -> Pixels:
    """The layer as (height, width, 4), to lay over the earlier or the later photo."""
    return _coloured(layer.kind, np.where(layer.shown, layer.change, 0.0))


def legend(kind: Change) -> tuple[LegendStep, ...]:
    """The scale, from the strongest loss over none to the strongest growth, in units of a* or L*."""
    full = FULL[kind]
    values = np.linspace(-full, full, 2 * STEPS + 1)
    return tuple(
        LegendStep(float(value), (int(row[0]), int(row[1]), int(row[2]), int(row[3])))
        for value, row in zip(values, _coloured(kind, values), strict=True)
    )


def _coloured(kind: Change, change: Floats) -> Pixels:
    """Opacity grows in line with the change, from what can be made out to what leaves the skin to be seen."""
    less, more = (np.array(hue, dtype=np.uint8) for hue in HUES[kind])
    share = np.clip(np.abs(change) / FULL[kind], 0.0, 1.0)
    opacity = np.where(share > 0, FAINTEST + share * (STRONGEST - FAINTEST), 0.0)
    hue = np.where((change > 0)[..., None], more, less)
    return np.concatenate([hue, np.round(opacity * 255).astype(np.uint8)[..., None]], axis=-1)
