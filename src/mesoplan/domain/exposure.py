"""The exposure of a plan: how evenly its layer is reached, how long the skin holds it, and what the blood gets.

Every figure that rests on how fast a solute spreads and is cleared is a middle with its 90 % interval over the stated
ranges. What could not be computed says why; it is never 0. Nothing here says what an exposure does to the skin.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mesoplan.domain.case import Identifier, Value
from mesoplan.domain.plan import Place

FLAT_ENOUGH = 0.1
"""Stretch beyond which the figures of a zone that is laid flat are said to be rough (basis: proposal)."""


class Spread(Value):
    """The 5th, 50th and 95th percentile over the draws of what is not known."""

    low: float
    middle: float
    high: float


class HistogramStep(Value):
    """The part of the layer that gets at least a share of its mean exposure."""

    share: float
    reached: Spread


class ExposureSpot(Value):
    """A place on the skin with its exposure over the layer's thickness, as a share of the layer's mean."""

    at: Place
    share: float


class ZoneFigures(Value):
    """What was computed of one solute in one zone.

    Attributes
    ----------
    coverage : Spread
        Part of the layer under the zone, 0 to 1, that gets at least `Exposure.covered_from` of the mean.
    mean_exposure : Spread or None
        Mean over that layer; None where the amount in a point is not known in mg.
    hours_half : Spread
        Hours until half of what was injected in the zone is left in skin and fat.
    cold, hot : places that get least, away from the edge that was left out on purpose, and more than twice the mean
    nodes : coverage at the nodes of k / D (rows) and porosity, from which two plans are compared on the same draws
    """

    coverage: Spread
    mean_exposure: Spread | None
    mean_unit: Literal["mg h/mL"] = "mg h/mL"
    histogram: tuple[HistogramStep, ...]
    cold: tuple[ExposureSpot, ...]
    hot: tuple[ExposureSpot, ...]
    hours_half: Spread
    nodes: tuple[tuple[float, ...], ...]


class HourFigures(Value):
    """What was computed of one solute in one zone at one hour after the injection.

    A share below 1e-9 is given as 0: so little is left that rounding hides it.

    Attributes
    ----------
    hours : float
    of_injected : Spread
        Mean concentration in the layer under the zone, as a share of the concentration that was injected.
    mean : Spread or None
        The same; None where the amount in a point is not known in mg.
    left : Spread
        Share of the zone's own dose that is still in skin and fat.
    half_or_more : float or None
        Part of the layer that holds at least half of that hour's mean, at the middle of the ranges; None where less
        than a millionth of the dose is left in the layer there.
    highest : ExposureSpot or None
        The place that holds most over the thickness of the layer, with its share of that hour's mean; at the middle of
        the ranges as well.
    """

    hours: float
    of_injected: Spread
    mean: Spread | None
    mean_unit: Literal["mg/mL"] = "mg/mL"
    left: Spread
    half_or_more: float | None
    highest: ExposureSpot | None


class ZoneExposure(Value):
    """One compound in one zone, from whichever syringes it comes."""

    zone: Identifier
    compound: Identifier
    preparations: tuple[Identifier, ...]
    solute: Identifier | None = Field(description="Class of solute whose ranges were taken; none where none can be")
    layer: Literal["epidermis", "upper-dermis", "dermis", "subcutis"]
    layer_mm: tuple[float, float] | None
    points: int = Field(description="Points of the zone that carry it")
    points_beside: int = Field(default=0, description="Points of adjoining zones that were counted too")
    stretch: tuple[float, float] = Field(
        default=(1.0, 1.0), description="Least and greatest stretch of the skin when the zone is laid flat"
    )
    figures: ZoneFigures | None
    at_hours: tuple[HourFigures, ...] = Field(
        default=(), description="Concentration at the hours that were asked about, the earliest first"
    )
    not_computed: str | None = Field(default=None, description="Why there are no figures")


class BloodLevel(Value):
    """What one session brings into the blood of one compound.

    `toxic_mg_l` is the least level that a source calls toxic; None where no source was found, which does not mean that
    none is.
    """

    compound: Identifier
    dose_mg: float | None
    peak_mg_l: Spread | None
    peak_hours: Spread | None
    rate_mg_h: Spread | None = Field(description="The fastest rate at which the blood takes it up")
    toxic_mg_l: float | None
    sources: tuple[str, ...] = ()
    kinetics: tuple[str, ...] = Field(default=(), description="Where the body's kinetics come from")
    not_computed: str | None = None


class ParameterRange(Value):
    """A range that the intervals are over."""

    solute: Identifier
    what: Literal["diffusion", "clearance", "porosity"]
    low: float
    high: float
    unit: str
    basis: Literal["sourced", "derived", "assumed"]
    source: str


class Exposure(Value):
    """All that was computed of one plan for one case."""

    case: Identifier
    covered_from: float = Field(description="Share of the mean exposure from which the layer counts as covered")
    layer_by_hand: bool = Field(description="The plan names no layer; the dermis was taken")
    zones: tuple[ZoneExposure, ...]
    blood: tuple[BloodLevel, ...]
    ranges: tuple[ParameterRange, ...]
    draws: int
    knowledge_release: str
    knowledge_sha256: str
    engine: str
    limits: str = (
        "Says where what is injected goes, not what it does: it predicts no effect. Flat skin of one thickness, no "
        "back-leak, one compartment for the body."
    )


class ExposureDifference(Value):
    """By how much the coverage of a second plan is above that of a first in one zone, over the same draws."""

    zone: Identifier
    compound: Identifier
    gained: Spread
    differs: bool
