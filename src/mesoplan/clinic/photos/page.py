"""What the pages of photos show, worked out of the rows: sets by day, the slots of a set, its zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos import skin_colours, words
from mesoplan.clinic.photos.colour_rows import ColourRow, colour_rows, titles_without
from mesoplan.clinic.photos.measuring import SetFace, ZoneOfFace, clicked_on, face_of, face_together, mesh_on, zones_of
from mesoplan.clinic.photos.models import Photo, PhotoSet, View
from mesoplan.clinic.photos.plan_points import PlannedPoint, PlannedPoints, planned_points
from mesoplan.clinic.shell.vocabulary import title_of
from mesoplan.clinic.shell.writing import number_text
from mesoplan.domain.face import FaceSource, OwnFace
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_zones import NO_INJECTION_ZONES, face_zone_ids, zone_outlines, zone_triangles
from mesoplan.imaging.own_face import view_of
from mesoplan.imaging.photo_scale import PhotoScaleSource
from mesoplan.imaging.photo_zones import MeasuredFace
from mesoplan.kernels.mesh import Floats

# How much more than the face is shown on the page of a set, in what form, and how far its middle lies above.
_ROOM, _WIDTH_PER_HEIGHT, _ROOM_ABOVE = 1.5, 0.8, 0.06


@dataclass(frozen=True)
class Outline:
    """The border of a zone on a photo, as SVG; its number, which the table has too, and where that stands."""

    zone_id: str
    view: View
    read_here: bool
    path: str
    x: str
    y: str

    @property
    def id(self) -> str:
        return f"{self.view.value}-{self.zone_id}"

    @property
    def number(self) -> int:
        return face_zone_ids().index(self.zone_id) + 1

    @property
    def kind(self) -> str:
        if self.zone_id in NO_INJECTION_ZONES:
            return "closed"
        return "read" if self.read_here else "open"


@dataclass(frozen=True)
class Slot:
    """One view of a set: its photo, or the place for one. `read` are the zones whose areas this photo tells."""

    view: View
    photo: Photo | None
    told: str = ""
    read: frozenset[str] = frozenset()
    planned: PlannedPoints | None = None

    @cached_property
    def face(self) -> MeasuredFace | None:
        return face_of(self.photo.measurement) if self.photo and self.photo.measurement else None

    @cached_property
    def points_px(self) -> Floats | None:
        """Where the mesh lies in the photo."""
        if self.face is not None:
            return self.face.photo.points_px
        clicked = clicked_on(self.photo) if self.photo else None
        return clicked.points_px if clicked else None

    @cached_property
    def plan_points(self) -> list[PlannedPoint]:
        """The points of the patient's plan, on the same skin whatever visit the photo is of."""
        mesh = mesh_on(self.photo) if self.photo and self.planned else None
        return self.planned.on(mesh) if mesh and self.planned else []

    @property
    def takes_grey_card(self) -> bool:
        return self.photo is not None and skin_colours.takes_grey_card(self.photo)

    @property
    def by_hand(self) -> bool:
        """Whether the mesh was laid on it by six points."""
        return self.face is None and self.points_px is not None

    @property
    def refusal(self) -> str:
        """Why the photo is not measured."""
        if self.photo is None or not self.photo.refusal:
            return ""
        return words.not_measured(self.photo.refusal, self.photo.refusal_figure)

    @property
    def outlines(self) -> list[Outline]:
        """What says more lies above: zones that another photo tells first."""
        if self.points_px is None:
            return []
        drawn = [outline(zone, self.view, zone in self.read, self.points_px) for zone in face_zone_ids()]
        return sorted(drawn, key=lambda one: ("open", "read", "closed").index(one.kind))

    @property
    def frame(self) -> str:
        """The part of the photo that is shown: the face with room around it; all of it where none was found."""
        if self.photo is None or self.points_px is None:
            return f"0 0 {self.photo.width_px} {self.photo.height_px}" if self.photo else ""
        low, high = self.points_px[:, :2].min(axis=0), self.points_px[:, :2].max(axis=0)
        tall = max((high - low)[1] * _ROOM, (high - low)[0] * _ROOM / _WIDTH_PER_HEIGHT)
        middle, size = (low + high) / 2, np.array([tall * _WIDTH_PER_HEIGHT, tall])
        x, y = middle - size / 2 - [0, tall * _ROOM_ABOVE]
        return f"{x:.0f} {y:.0f} {size[0]:.0f} {size[1]:.0f}"

    @property
    def label_px(self) -> int:
        """Numbers on the photo are as large as the face is, not as the picture is."""
        return 0 if self.points_px is None else round(float(np.ptp(self.points_px[:, 1])) / 26)

    @property
    def point_px(self) -> int:
        """The size of a point of the plan: a ring of about 5 mm."""
        return max(1, round(self.label_px * 0.55))

    @property
    def seen_from(self) -> View | None:
        """The view that the photo is, whatever place it was put in."""
        if self.by_hand:
            return View.FRONT
        return View(view_of(self.face.photo).value) if self.face else None

    @property
    def misplaced(self) -> str:
        """Said where a photo shows another view than its place is for."""
        if self.seen_from in (None, self.view) or self.seen_from is None:
            return ""
        return _("This photo shows another view: %(view)s.") % {"view": self.seen_from.label}

    @property
    def turn(self) -> str:
        """ "8° to the left": how the head is turned, which decides what is seen."""
        if self.face is None:
            return ""
        yaw = self.face.photo.pose.yaw_deg
        degrees = {"degrees": number_text(abs(yaw), decimals=0)}
        if abs(yaw) < 1:
            return _("seen from the front")
        return (_("turned %(degrees)s° to the left") if yaw > 0 else _("turned %(degrees)s° to the right")) % degrees

    @property
    def scale(self) -> str:
        return words.scale_words(self.face.scale) if self.face else ""

    @property
    def length_error(self) -> str:
        return words.percent_text(self.face.scale.relative_error) if self.face else ""


@dataclass(frozen=True)
class ZoneRow:
    """A zone in the table of a set."""

    zone: ZoneOfFace
    views: tuple[View, ...]
    by_hand: bool = False

    @property
    def title(self) -> str:
        return title_of("zones", self.zone.zone_id)

    @property
    def anchor(self) -> str:
        """Its outline on the photo that tells it."""
        return f"{self.zone.view.value}-{self.zone.zone_id}" if self.zone.view else ""

    @property
    def number(self) -> int:
        return face_zone_ids().index(self.zone.zone_id) + 1

    @property
    def area(self) -> str:
        return words.area_words(self.zone)

    @property
    def reason(self) -> str:
        return words.reason_words(self.zone, self.views, by_hand=self.by_hand)

    @property
    def takes_injection(self) -> bool:
        return self.zone.takes_injection

    @property
    def view(self) -> str:
        return str(self.zone.view.label) if self.zone.view else ""


@dataclass(frozen=True)
class SetPage:
    """One visit's photos. `refusals` are of files that were just sent and not kept, by view."""

    photo_set: PhotoSet
    photos: list[Photo]
    refusals: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def slots(self) -> list[Slot]:
        """The places of the set, each with what is read from its photo."""
        return [replace(slot, read=self._read_from(slot), planned=self.planned) for slot in self._places]

    @cached_property
    def planned(self) -> PlannedPoints | None:
        """The plan whose points are shown on the photos."""
        return planned_points(self.photo_set.patient)

    @cached_property
    def _places(self) -> list[Slot]:
        by_view = {View(photo.view): photo for photo in self.photos if photo.deleted_at is None}
        return [Slot(view, by_view.get(view), self.refusals.get(view.value, "")) for view in View]

    def _read_from(self, slot: Slot) -> frozenset[str]:
        if self.face is None or slot.seen_from is None:
            return frozenset()
        return frozenset(zone for zone, one in self.face.zones.items() if one.view == slot.seen_from.value)

    @property
    def deleted(self) -> list[Photo]:
        """What can still be brought back."""
        return [photo for photo in self.photos if photo.deleted_at is not None]

    @property
    def any_face(self) -> bool:
        """Whether the mesh lies on any of the photos."""
        return any(slot.points_px is not None for slot in self._places)

    @cached_property
    def together(self) -> SetFace:
        return face_together(self.photo_set, [slot.photo for slot in self._places if slot.photo])

    @property
    def face(self) -> OwnFace | None:
        return self.together.record

    @property
    def not_together(self) -> str:
        """Why the photos do not make one face."""
        return words.not_together(self.together) if self.any_face and self.face is None else ""

    @cached_property
    def rows(self) -> list[ZoneRow]:
        seen = tuple(slot.seen_from for slot in self.slots if slot.seen_from)
        by_hand = self.face is not None and self.face.source is FaceSource.CLICKS
        return [ZoneRow(zone, seen, by_hand) for zone in zones_of(self.face)] if self.face else []

    @property
    def assessed(self) -> int:
        return sum(row.zone.area_cm2 is not None for row in self.rows)

    @cached_property
    def colours(self) -> list[ColourRow]:
        """The colour of the skin by zone; none without a card."""
        return colour_rows(self._kept)

    @property
    def uncoloured(self) -> list[str]:
        """Zones that no photo with a card tells the colour of."""
        return titles_without(self.colours)

    @property
    def unmarked(self) -> list[Photo]:
        """Photos whose grey card is not marked yet."""
        return [photo for photo in self._kept if skin_colours.takes_grey_card(photo) and not photo.card_clicks]

    @property
    def cards(self) -> list[str]:
        """How the card of each photo was read."""
        return [words.card_words(card) for card in skin_colours.cards_of(self._kept)]

    @property
    def _kept(self) -> list[Photo]:
        return [slot.photo for slot in self._places if slot.photo]

    @property
    def scale_error(self) -> str:
        return words.percent_text(self.face.scale_error) if self.face else ""

    @property
    def basis(self) -> str:
        return words.basis_words(self.face.scale) if self.face else ""

    @property
    def trusted(self) -> Slot | None:
        """The photo whose scale the face has: the one that rests on what is trusted most."""
        told = [slot for slot in self.slots if slot.face]
        order = list(PhotoScaleSource)
        return min(told, key=lambda slot: order.index(slot.face.scale.source) if slot.face else 9, default=None)


def outline(zone_id: str, view: View, read_here: bool, points_px: Floats) -> Outline:
    """A zone on a photo; its number stands on the one of its triangles that is nearest to its middle."""
    loops = [points_px[loop, :2] for loop in zone_outlines(zone_id)]
    path = "".join("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in loop) + "Z" for loop in loops)
    centres = points_px[load_face_template().triangles[zone_triangles(zone_id)], :2].mean(axis=1)
    x, y = centres[np.linalg.norm(centres - centres.mean(axis=0), axis=1).argmin()]
    return Outline(zone_id, view, read_here, path, f"{x:.0f}", f"{y:.0f}")


def sets_of(patient: Patient) -> list[PhotoSet]:
    """All sets that hold a photo, the latest day first."""
    rows = patient.photo_sets.filter(photos__deleted_at__isnull=True).distinct().select_related("added_by")
    # Without the 478 points of each: lists show thumbnails.
    photos = Photo.objects.defer("measurement", "clicks")
    return list(rows.prefetch_related(Prefetch("photos", photos)))


def set_page(photo_set: PhotoSet, refusals: Mapping[str, str] | None = None) -> SetPage:
    photos = list(photo_set.photos.select_related("deleted_by"))
    return SetPage(photo_set, photos, refusals or {})
