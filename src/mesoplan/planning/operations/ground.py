"""Where the points of a placement may be: its zone of the face, or its flat patch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mesoplan.domain.case import Case
from mesoplan.domain.plan import KeptClear, OnMesh, OnPatch, Place, ZonePlacement
from mesoplan.domain.writing import quantity_text
from mesoplan.imaging.drawn_patch import DrawnPatch, drawn_patch
from mesoplan.imaging.face_zones import NO_INJECTION_ZONES
from mesoplan.imaging.patch_placement import (
    Patch,
    RoundPlace,
    clearance_of_places_mm,
    patch_border_distance_mm,
    patch_of_area,
)
from mesoplan.imaging.placement import DEFAULT_CLEARANCES_MM
from mesoplan.kernels.mesh import Floats
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.operations.face_ground import Along, FaceGround, face_ground
from mesoplan.planning.operations.refusals import CannotDo
from mesoplan.planning.placement import ON_THE_BORDER_MM, face_of, lesions_on_face, places_on_patch

AT_KEPT_CLEAR = "at the edge of a place that is kept clear"
_DECIMALS = 3
_AROUND = np.array([[np.cos(angle), np.sin(angle)] for angle in np.radians(np.arange(0, 360, 2))])
_JUST_OUTSIDE_MM = 2e-3


@dataclass(frozen=True)
class Moved:
    """Where a point came to; `stopped` says why it did not get farther."""

    at: Place
    stopped: str | None = None


@dataclass(frozen=True)
class FaceZoneGround:
    """The ground of a placement on the face."""

    face: FaceGround
    knowledge: Knowledge

    def open_ones(self, places: Sequence[Place]) -> list[bool]:
        """Return at which places a point may be."""
        return [bool(one) for one in self.face.is_open(self._checked(places))]

    def brought(self, places: Sequence[Place]) -> list[Moved]:
        """Return each place, or the nearest open one of the zone."""
        asked = self._checked(places)
        return [self._moved(at, at == wanted) for at, wanted in zip(self.face.brought(asked), asked, strict=True)]

    def shifted(self, places: Sequence[Place], right_mm: float, up_mm: float, along: Along) -> list[Moved]:
        """Return each place moved by millimetres, as far as it may go."""
        found = self.face.shifted(self._checked(places), right_mm, up_mm, along)
        return [self._moved(at, got_there) for at, got_there in found]

    def positions_mm(self, places: Sequence[Place]) -> Floats:
        """Return positions (n, 3)."""
        return self.face.positions_mm(self._checked(places))

    def _moved(self, at: OnMesh, got_there: bool) -> Moved:
        return Moved(at) if got_there else Moved(at, self._why(at))

    def _why(self, at: OnMesh) -> str:
        held_by = self.face.held_by(at)
        if held_by is None and self.face.is_at_marked(at):
            return AT_KEPT_CLEAR
        if held_by is None:
            return f"at the edge of {self.knowledge.zones[self.face.zone].title}"
        distance = quantity_text(DEFAULT_CLEARANCES_MM[held_by], "mm")
        return f"{distance} from {self.knowledge.zones[held_by].title}, which takes no injection"

    def _checked(self, places: Sequence[Place]) -> list[OnMesh]:
        found = [place for place in places if isinstance(place, OnMesh)]
        if len(found) < len(places):
            title = self.knowledge.zones[self.face.zone].title
            raise CannotDo(f"{title} lies on the face: a place there is a triangle with its weights.")
        if not np.isfinite([place.weights for place in found]).all():
            raise CannotDo("The weights of a place are numbers from 0 to 1.")
        return found


@dataclass(frozen=True)
class PatchGround:
    """The ground of a placement on neck or body: a rectangle about its centre, or what was drawn."""

    zone: str
    patch: Patch | DrawnPatch
    knowledge: Knowledge
    marked: tuple[RoundPlace, ...] = ()

    def open_ones(self, places: Sequence[Place]) -> list[bool]:
        """Return which places lie on the patch, and in none that is kept clear."""
        at = np.array([[place.x_mm, place.y_mm] for place in self._checked(places)]).reshape(-1, 2)
        return [bool(one) for one in self._clearance_mm(at) >= -ON_THE_BORDER_MM]

    def _clearance_mm(self, at: Floats) -> Floats:
        if isinstance(self.patch, DrawnPatch):
            inside = self.patch.clearance_mm(at)
        else:
            inside = patch_border_distance_mm(at, self.patch)
        return np.minimum(inside, clearance_of_places_mm(at, self.marked))

    def brought(self, places: Sequence[Place]) -> list[Moved]:
        """Return each place, or the nearest one of the patch."""
        return [self._stopped(place.x_mm, place.y_mm, place) for place in self._checked(places)]

    def shifted(self, places: Sequence[Place], right_mm: float, up_mm: float, along: Along) -> list[Moved]:
        """Return each place moved by millimetres, as far as the patch goes; it looks the same from every side."""
        return [self._stopped(place.x_mm + right_mm, place.y_mm + up_mm) for place in self._checked(places)]

    def positions_mm(self, places: Sequence[Place]) -> Floats:
        """Return positions (n, 3) with 0 as the third coordinate."""
        return np.array([[place.x_mm, place.y_mm, 0.0] for place in self._checked(places)]).reshape(-1, 3)

    def _kept_in(self, x_mm: float, y_mm: float) -> tuple[float, float]:
        if isinstance(self.patch, DrawnPatch):
            ((x, y),) = self.patch.nearest_inside(np.array([[x_mm, y_mm]])).tolist()
            return x, y
        width, height = self.patch.width_mm / 2, self.patch.height_mm / 2
        return min(max(x_mm, -width), width), min(max(y_mm, -height), height)

    def _beside_marked(self, x_mm: float, y_mm: float) -> tuple[float, float]:
        """Return the open place nearest to one that is kept clear: on the edge of what is marked."""
        edges = [
            (one.x_mm, one.y_mm) + around * (one.radius_mm + _JUST_OUTSIDE_MM)
            for one in self.marked
            for around in (_AROUND, self._straight_away(one, x_mm, y_mm))
        ]
        found = np.concatenate(edges)
        found = found[self._clearance_mm(found) >= 0]
        if not len(found):
            title = self.knowledge.zones[self.zone].title
            raise CannotDo(f"All of {title} is kept clear around there. Open a place again first.")
        x, y = found[np.linalg.norm(found - (x_mm, y_mm), axis=1).argmin()].tolist()
        return x, y

    @staticmethod
    def _straight_away(marked: RoundPlace, x_mm: float, y_mm: float) -> Floats:
        away = np.array([[x_mm - marked.x_mm, y_mm - marked.y_mm]])
        return away / max(float(np.linalg.norm(away)), ON_THE_BORDER_MM)

    def _stopped(self, x_mm: float, y_mm: float, asked: OnPatch | None = None) -> Moved:
        x, y = self._kept_in(x_mm, y_mm)
        if clearance_of_places_mm(np.array([[x, y]]), self.marked)[0] < -ON_THE_BORDER_MM:
            x, y = self._beside_marked(x, y)
            return Moved(OnPatch(x_mm=round(x, _DECIMALS), y_mm=round(y, _DECIMALS)), AT_KEPT_CLEAR)
        if abs(x - x_mm) <= ON_THE_BORDER_MM and abs(y - y_mm) <= ON_THE_BORDER_MM:
            return Moved(asked or OnPatch(x_mm=round(x, _DECIMALS), y_mm=round(y, _DECIMALS)))
        at = OnPatch(x_mm=round(x, _DECIMALS), y_mm=round(y, _DECIMALS))
        return Moved(at, f"at the edge of {self.knowledge.zones[self.zone].title}")

    def _checked(self, places: Sequence[Place]) -> list[OnPatch]:
        found = [place for place in places if isinstance(place, OnPatch)]
        if len(found) < len(places):
            title = self.knowledge.zones[self.zone].title
            raise CannotDo(f"{title} is a flat patch: a place there is x_mm and y_mm from its centre.")
        return found


Ground = FaceZoneGround | PatchGround


def ground_of(placement: ZonePlacement, marked: Sequence[KeptClear], case: Case, knowledge: Knowledge) -> Ground:
    """Return the ground that the points of a placement move on, clear of the places that were marked on the patient.

    Raises
    ------
    CannotDo
        If the zone takes no injection.
    """
    zone = knowledge.zones[placement.zone]
    if zone.surface == "patch":
        drawn = None if placement.outline is None else drawn_patch(placement.outline)
        patch = drawn or patch_of_area(placement.area.value, aspect=zone.patch_aspect)
        return PatchGround(zone.id, patch, knowledge, places_on_patch(zone.id, marked))
    if zone.id in NO_INJECTION_ZONES:
        raise CannotDo(f"{zone.title} takes no injection, so no point can be set or moved there.")
    face = face_ground(zone.id, face_of(case), placement.outline, lesions_on_face(marked))
    return FaceZoneGround(face, knowledge)
