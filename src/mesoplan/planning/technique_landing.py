"""Where a technique really lands in a given skin, beside the depth and the layer that its name and its sheets speak of.

A sheet gives a depth, and many hands put the whole needle in; neither knows this skin. So each technique is looked at
with its tip at the depths that are published, and with its usual needle in to the hub at its shallowest and its
steepest angle.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import asin, degrees, radians, sin
from typing import Literal

from mesoplan.kernels.depth import tip_depth_mm
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.protocols import HandTolerance, Needle, Technique
from mesoplan.planning.landing import hand
from mesoplan.planning.landing_chances import LandingOdds, landing_chances_of
from mesoplan.planning.skin import Skin

Way = Literal["published-depth", "whole-needle"]


@dataclass(frozen=True)
class TechniqueWay:
    """One way to hold the needle of a technique: at a published depth, or in to the hub."""

    way: Way
    angle_deg: float
    inserted_mm: float
    depth_mm: float
    odds: LandingOdds


@dataclass(frozen=True)
class TechniqueLanding:
    """A technique as it is published, and where it lands."""

    technique: str
    title: str
    needle: str
    published_mm: tuple[float, float]
    named_layers: tuple[Literal["epidermis", "dermis", "fat"], ...]
    ways: tuple[TechniqueWay, ...]
    sources: tuple[str, ...]


def technique_landings(skin: Skin, knowledge: Knowledge) -> tuple[TechniqueLanding, ...]:
    """Return every technique of the knowledge base in its order, with the chances of the layers in this skin."""
    return tuple(technique_landing(one, skin, knowledge) for one in knowledge.techniques.values())


def technique_landing(technique: Technique, skin: Skin, knowledge: Knowledge) -> TechniqueLanding:
    """Return where one technique lands with the first of its needles."""
    published, needle = technique.published_depth, knowledge.needles[technique.needles[0]]
    held: dict[tuple[float, float], Way] = {}
    for way, angle, inserted in (*_at_published_depths(technique, needle), *_to_the_hub(technique, needle)):
        held.setdefault((angle, inserted), way)
    tolerance = hand(knowledge, technique.id)
    return TechniqueLanding(
        technique=technique.id,
        title=technique.title,
        needle=needle.id,
        published_mm=(published.low, published.high),
        named_layers=technique.named_layers,
        ways=tuple(_way(way, *one, skin, tolerance) for one, way in held.items()),
        sources=tuple(dict.fromkeys((*published.sources, *technique.angle.sources, *skin.sources))),
    )


def _at_published_depths(technique: Technique, needle: Needle) -> Iterator[tuple[Way, float, float]]:
    """Yield the middle angle with the length that reaches each depth, steeper where the needle is too short for that.

    A depth that the needle reaches at no angle of the technique is left out, and so is one of 0 mm, which is no
    injection.
    """
    middle = (technique.angle.low + technique.angle.high) / 2
    for depth in (technique.published_depth.low, technique.published_depth.high):
        if 0 < depth <= tip_depth_mm(technique.angle.high, needle.length.high) + 1e-9:
            angle = max(middle, degrees(asin(min(depth / needle.length.high, 1.0))))
            yield "published-depth", round(angle, 1), round(min(depth / sin(radians(angle)), needle.length.high), 2)


def _to_the_hub(technique: Technique, needle: Needle) -> Iterator[tuple[Way, float, float]]:
    for angle in (technique.angle.low, technique.angle.high):
        yield "whole-needle", angle, needle.length.high


def _way(way: Way, angle: float, inserted: float, skin: Skin, tolerance: HandTolerance) -> TechniqueWay:
    odds = landing_chances_of(skin, angle, inserted, tolerance, None)
    return TechniqueWay(way, angle, inserted, round(tip_depth_mm(angle, inserted), 2), odds)
