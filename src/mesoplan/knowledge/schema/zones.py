"""Zones of face, neck and body, and the structures under them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mesoplan.domain.case import Sex, Value
from mesoplan.domain.finding import Override
from mesoplan.knowledge.schema.citation import Cited, Code, Entry, Figure, Id, Sentence, Statement


class Thickness(Figure):
    """Skin thickness of one layer in one study; mean and SD or a range, never mixed between methods."""

    layer: Literal["epidermis", "dermis", "skin", "superficial-fat"]
    kind: Literal["mean", "range"]
    sd: float | None = Field(default=None, gt=0)
    method: Literal["high-frequency-ultrasound", "3d-scan", "histology", "ultrasound", "combined"]
    sex: Sex | None = None
    ages: tuple[int, int] | None = None
    participants: int | None = None


class ZoneBlock(Cited):
    """The zone takes no injection at all."""

    text: Sentence
    override: Override


class ZoneCap(Figure):
    """A most that holds in this zone: computed depth, volume of a point."""

    what: Literal["depth", "volume-per-point"]
    over: Literal["block", "warn"]
    text: Sentence


class Zone(Entry):
    """One zone. `surface` says whether it lies on the face mesh or is a flat patch with a typed area."""

    region: Literal["face", "neck", "body", "submental"]
    side: Literal["right", "left", "middle", "none"]
    surface: Literal["mesh", "patch"]
    codes: tuple[Code, ...] = ()
    parent: Sentence | None = Field(default=None, description="Where no code exists: the coded parent in words")
    skin_bounds: Figure = Field(description="Conservative bounds of total skin thickness, mm")
    thickness: tuple[Thickness, ...] = ()
    vessels: tuple[Statement, ...] = ()
    nerves: tuple[Statement, ...] = ()
    blocked: ZoneBlock | None = None
    caps: tuple[ZoneCap, ...] = ()
    usual_area: Figure | None = Field(default=None, description="cm²; only to check typed areas, never to dose")
    patch_aspect: float = Field(default=1.5, gt=0, description="Width over height of the flat patch drawn for it")


class Anchor(Value):
    """A place by landmark: mm lateral (towards the patient's own side), up and forward from a named landmark."""

    landmark: Id
    lateral_mm: float = 0.0
    up_mm: float = 0.0
    forward_mm: float = 0.0


class DangerStructure(Entry):
    """A vessel, nerve, foramen or region within needle reach, drawn from measured landmark distances."""

    kind: Literal["artery", "vein", "nerve", "foramen", "gland", "region"]
    sides: Literal["both", "middle"]
    shape: Literal["circle", "line", "band"]
    path: tuple[Anchor, ...] = Field(min_length=1)
    reach: Figure = Field(description="Radius of the circle, or half width about the line, mm")
    location: tuple[Statement, ...] = Field(min_length=1)
    depth: tuple[Figure, ...] = Field(default=(), description="Measured depth of the structure, mm")
    ceiling: Figure | None = Field(default=None, description="Greatest depth of the tip there, mm; none = only a note")
    over: Literal["block", "warn"] = "block"
    blocks_families: tuple[Id, ...] = Field(
        default=(), description="Families of compounds that may not be injected there"
    )
