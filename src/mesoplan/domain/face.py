"""The patient's own face as it was measured: the mesh of the template with the patient's millimetres. No picture."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

VERTEX_COUNT = 468
Millimetres = Annotated[float, Field(ge=-300, le=300)]
Share = Annotated[float, Field(gt=0, lt=1)]


class FaceSource(StrEnum):
    """What the shape of a face was taken from."""

    PHOTOS = "photos"
    CLICKS = "clicks"


class FaceView(StrEnum):
    """From where a zone was seen. An oblique shows the named side of the patient."""

    FRONT = "front"
    RIGHT_OBLIQUE = "right-oblique"
    LEFT_OBLIQUE = "left-oblique"


class ScaleBasis(StrEnum):
    """What the millimetres of a face rest on, the most trusted first."""

    STICKER = "sticker"
    INTERPUPILLARY = "interpupillary-distance"
    FACE_WIDTH = "face-width"
    IRIS = "iris"
    POPULATION = "population-mean"


class MeasuredZone(BaseModel):
    """How well a zone of the face was seen; its area follows from the mesh.

    Attributes
    ----------
    view : FaceView
        The view that sees it best.
    error : float
        What its area may be off by, as a share of it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    view: FaceView
    error: Share


class FaceTurn(BaseModel):
    """How the head is turned towards the camera of a view, in degrees.

    Attributes
    ----------
    yaw_deg, pitch_deg, roll_deg : float
        Above 0 it looks to the patient's left, up, and leans to the patient's right shoulder.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    yaw_deg: Annotated[float, Field(ge=-90, le=90)]
    pitch_deg: Annotated[float, Field(ge=-90, le=90)] = 0.0
    roll_deg: Annotated[float, Field(ge=-180, le=180)] = 0.0


class OwnFace(BaseModel):
    """One measurement of a face.

    Attributes
    ----------
    scale_error : float
        What lengths may be off by, as a share.
    model_sha256 : str or None
        Of the file of the net that found the points; places of two nets are not to be mixed.
    vertices_mm : 468 of (x, y, z)
        In the axes of the head: x to the patient's left, y up, z forward; the order is that of the template.
    zones : zone id to how it was measured
        A zone that is not named was not seen well enough: it has no area.
    turns : view to turn of the head
        As it was in the photo of each view; without one, a view is as on the template.
    photos : str or None
        Names the photos where they are kept, so that a plan can be drawn on them; no picture and no place of one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    on: date
    source: FaceSource
    scale: ScaleBasis
    scale_error: Share
    model_sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    vertices_mm: tuple[tuple[Millimetres, Millimetres, Millimetres], ...]
    zones: dict[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.\-]*$", max_length=80)], MeasuredZone]
    turns: dict[FaceView, FaceTurn] = Field(default_factory=dict)
    photos: str | None = Field(default=None, pattern=r"^[0-9a-f]{16,64}$")

    @cached_property
    def _told_apart(self) -> int:
        return hash((self.on, self.source, self.photos, self.vertices_mm, tuple(self.turns.items())))

    def __hash__(self) -> int:
        """As of all its values, but counted once: what is derived from a face is remembered by it."""
        return self._told_apart

    @model_validator(mode="after")
    def _whole(self) -> OwnFace:
        if len(self.vertices_mm) != VERTEX_COUNT:
            raise ValueError(f"a face has {VERTEX_COUNT} vertices (given: {len(self.vertices_mm)})")
        return self
