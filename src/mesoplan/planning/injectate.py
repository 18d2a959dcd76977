"""Osmolarity and pH of a preparation, as ranges, with what they leave out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mesoplan.domain.evaluation import Interval
from mesoplan.kernels.osmolarity import mixture_osmolarity_mosm_l, stock_osmolarity_mosm_l
from mesoplan.knowledge.schema.citation import Figure
from mesoplan.knowledge.schema.compounds import Compound, Presentation
from mesoplan.planning.contents import Stock


@dataclass(frozen=True)
class StockOsmolarity:
    """Lower and upper osmolarity of one presentation [mosm/L], and how it is known."""

    low: float
    high: float
    calculated: bool
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Range:
    """A computed range with its note. `at_least` is what the known stocks bring where another is unknown."""

    interval: Interval | None
    note: str
    sources: tuple[str, ...]
    at_least: float = 0.0


def stock_osmolarity(compound: Compound, presentation: Presentation) -> StockOsmolarity | None:
    """Return the osmolarity on record, else that of the compound alone from its molar mass, else None.

    A figure per kg of water is taken as if it were per litre.
    """
    stated = presentation.osmolarity
    if stated is not None:
        return StockOsmolarity(stated.low, stated.high, False, stated.sources)
    strength = presentation.strength
    molar_mass = compound.physico_chemistry.molar_mass
    particles = compound.physico_chemistry.osmotic_particles
    if strength is None or molar_mass is None or particles is None or strength.unit != "mg/mL":
        return None
    return StockOsmolarity(
        stock_osmolarity_mosm_l(strength.low, molar_mass.high, particles.low),
        stock_osmolarity_mosm_l(strength.high, molar_mass.low, particles.high),
        True,
        (*strength.sources, *molar_mass.sources, *particles.sources),
    )


def osmolarity_of(stocks: tuple[Stock, ...]) -> Range:
    """Return the osmolarity of a mixture [mosm/L], or None with the stocks that stand in the way."""
    total = sum(stock.volume_ml for stock in stocks)
    if total <= 0 or any(stock.volume_ml < 0 for stock in stocks):
        return Range(None, "Not computed: the volumes drawn are not all positive.", ())
    found = [(stock, stock_osmolarity(stock.compound, stock.presentation)) for stock in stocks]
    known = [(stock, osmolarity) for stock, osmolarity in found if osmolarity is not None]
    volumes = np.array([stock.volume_ml for stock, _ in known])
    bounds = np.array([(osmolarity.low, osmolarity.high) for _, osmolarity in known]).reshape(-1, 2)
    sources = tuple(dict.fromkeys(source for _, osmolarity in known for source in osmolarity.sources))
    unknown = [stock.presentation.title for stock, osmolarity in found if osmolarity is None]
    if unknown:
        at_least = float(volumes @ bounds[:, 0]) / total
        note = f"Not computed: the osmolarity of {' and '.join(unknown)} is not known."
        return Range(None, f"{note} The other stocks alone bring {at_least:.0f} mosm/L.", sources, at_least)
    low, high = mixture_osmolarity_mosm_l(volumes, bounds)
    calculated = [stock.compound.title for stock, osmolarity in known if osmolarity.calculated]
    return Range(Interval(low=low, high=high, unit="mosm/L"), _osmolarity_note(calculated), sources, low)


def _osmolarity_note(calculated: list[str]) -> str:
    note = "Calculated, not measured: volumes are added and full dissociation is assumed."
    if calculated:
        note += f" Stock of {' and '.join(calculated)} from molar mass; its excipients are not counted."
    return note


def ph_of(stocks: tuple[Stock, ...]) -> Range:
    """Return the pH range that the stocks span. The pH of a mixture is never computed as a mean.

    Diluents are left out: they are unbuffered, and their own pH says little about the mixture's.
    """
    counted = [stock for stock in stocks if not stock.is_diluent] or list(stocks)
    figures = [stock.presentation.ph for stock in counted if stock.presentation.ph is not None]
    sources = tuple(dict.fromkeys(source for figure in figures for source in figure.sources))
    unknown = [stock.presentation.title for stock in counted if stock.presentation.ph is None]
    if unknown:
        known = f" The other stocks: {_span(figures_low_high(figures))}." if figures else ""
        return Range(None, f"Not known: the pH of {' and '.join(unknown)} is not on record.{known}", sources)
    low, high = figures_low_high(figures)
    note = "Range that the stocks span; the pH of a mixture depends on their buffers and is not their mean."
    if len(counted) == 1:
        note = "pH of the stock as supplied; an unbuffered diluent is not counted."
    return Range(Interval(low=low, high=high, unit="pH"), note, sources)


def figures_low_high(figures: list[Figure]) -> tuple[float, float]:
    """Return the lowest and the highest bound of some figures."""
    return min(figure.low for figure in figures), max(figure.high for figure in figures)


def _span(bounds: tuple[float, float]) -> str:
    low, high = bounds
    return f"{low:g}" if low == high else f"{low:g}–{high:g}"
