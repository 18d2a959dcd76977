"""What the page Before and after shows: two visits, one view, what differs, and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mesoplan.clinic.photos.comparing import Aligned, Compared, Part, compared
from mesoplan.clinic.photos.comparing_rows import ChangeRow, Map, Told
from mesoplan.clinic.photos.models import Photo, PhotoSet, View
from mesoplan.clinic.photos.page import Slot
from mesoplan.clinic.shell.templatetags.mesoplan import moment
from mesoplan.clinic.shell.writing import date_text, quantity_text
from mesoplan.imaging.change_map import Matching
from mesoplan.imaging.photo_alignment import AlignmentKind

RULER_MM = 10


@dataclass(frozen=True)
class ComparePage:
    """Two visits beside each other. Both sets are none where there are not two to choose from."""

    sets: list[PhotoSet]
    earlier: PhotoSet | None
    later: PhotoSet | None
    view: View

    @property
    def choices(self) -> list[tuple[PhotoSet, str]]:
        """The visits, the earliest first; two of one day by the time at which they were added."""
        days = [one.taken_on for one in self.sets]
        return [(one, _set_words(one, days.count(one.taken_on) > 1)) for one in self.sets]

    @property
    def views(self) -> list[View]:
        return list(View)

    @cached_property
    def slots(self) -> tuple[Slot, Slot] | None:
        if self.earlier is None or self.later is None or self.earlier == self.later:
            return None
        return self._slot(self.earlier), self._slot(self.later)

    def _slot(self, photo_set: PhotoSet) -> Slot:
        photo = photo_set.photos.filter(view=self.view, deleted_at__isnull=True).first()
        return Slot(self.view, photo)

    @property
    def photos(self) -> list[Photo]:
        """What is seen on the page."""
        return [slot.photo for slot in self.slots or () if slot.photo]

    @property
    def missing(self) -> str:
        """Why these two cannot be laid on each other, before anything was measured."""
        if self.earlier is not None and self.earlier == self.later:
            return _("Both are the same visit. Choose two.")
        if self.slots is None:
            return ""
        days = [date_text(one.taken_on) for one in (self.earlier, self.later) if one]
        for slot, day in zip(self.slots, days, strict=True):
            if slot.photo is None:
                told = _("There is no photo of this view of %(day)s. Choose another view or visit.")
                return told % {"day": day}
        for slot, day in zip(self.slots, days, strict=True):
            if slot.face is None:
                told = _("On the photo of %(day)s no face is measured, so nothing can be laid on it.")
                return told % {"day": day}
        return ""

    @cached_property
    def compared(self) -> Compared | None:
        if self.missing or self.slots is None or len(self.photos) < 2:
            return None
        return compared(*self.photos)

    @property
    def aligned(self) -> Aligned | None:
        return self.compared.aligned if self.compared else None

    @property
    def by_two_models(self) -> bool:
        """Refused without anything measured: the nets that read both photos are not the same."""
        return self.compared is not None and not self.compared.findings

    @property
    def conditions(self) -> list[Told]:
        return [Told(one) for one in self.compared.findings] if self.compared else []

    @property
    def differing(self) -> list[Told]:
        """What is not fine, the refused first."""
        order = ("block", "warn")
        told = [one for one in self.conditions if not one.is_fine]
        return sorted(told, key=lambda one: order.index(one.severity))

    @property
    def on_skin(self) -> bool:
        return self.aligned is not None and self.aligned.matching is Matching.SKIN

    @property
    def how(self) -> str:
        """How the later photo was laid on the earlier."""
        if self.aligned is None:
            return ""
        said = {"apart": quantity_text(self.aligned.apart_mm, "mm")}
        return {
            AlignmentKind.AFFINE: _(
                "The later photo is turned, sized and sheared until the skin agrees. The mesh is then %(apart)s apart "
                "in the mean."
            ),
            AlignmentKind.SIMILARITY: _(
                "The later photo is turned and sized by points that neither mouth nor brow moves; the skin itself "
                "could not be followed. The mesh is then %(apart)s apart in the mean."
            ),
            AlignmentKind.BY_MESH: _(
                "The later photo is also bent to fit, because turn or expression differ. Colours can be compared in "
                "it, shapes cannot: before the bending the mesh was %(apart)s apart in the mean."
            ),
        }[self.aligned.kind] % said

    @property
    def maps(self) -> list[Map]:
        if self.aligned is None:
            return []
        return [Map(layer, self.address(Part(layer.change.value))) for layer in self.aligned.layers]

    @property
    def pictures(self) -> tuple[str, str]:
        return self.address(Part.EARLIER), self.address(Part.LATER)

    def address(self, part: Part) -> str:
        earlier, later = self.photos
        return reverse("photos:compared", args=[earlier.address, later.address, part.value])

    @property
    def rows(self) -> list[ChangeRow]:
        """Zones that both photos see."""
        return [row for row in self._zones if row.redness]

    @property
    def unseen(self) -> list[str]:
        """Zones without a number."""
        return [row.title for row in self._zones if not row.redness]

    @property
    def _zones(self) -> list[ChangeRow]:
        return [ChangeRow(zone) for zone in self.aligned.zones] if self.aligned else []

    @property
    def ruler(self) -> dict[str, str]:
        """10 mm in the lower right corner, to the scale of the earlier photo."""
        if self.aligned is None:
            return {}
        end, base = 0.97 * self.aligned.width_px, 0.975 * self.aligned.height_px
        length = RULER_MM / self.aligned.mm_per_px
        return {
            "path": f"M{end - length:.0f} {base - 8:.0f}v8h{length:.0f}v-8",
            "y": f"{base - 14:.0f}",
            "words": quantity_text(RULER_MM, "mm"),
            "font": f"{self.aligned.width_px / 30:.0f}",
            "middle": f"{self.aligned.height_px / 2:.0f}",
            "right": pgettext("right side", "R"),
            "left": pgettext("left side", "L"),
            "end": f"{end:.0f}",
            "start": f"{0.03 * self.aligned.width_px:.0f}",
        }


def compare_page(sets: list[PhotoSet], earlier: str, later: str, view: str) -> ComparePage:
    """The page of two sets by their addresses; without any, of the first and the last. The earlier day comes first."""
    in_order = sorted(sets, key=lambda one: (one.taken_on, one.pk))
    by_address = {one.address: one for one in in_order}
    if len(in_order) < 2:
        return ComparePage(in_order, None, None, View.FRONT)
    last = by_address.get(later)
    first = by_address.get(earlier) or in_order[0 if last != in_order[0] else -1]
    last = last or in_order[-1 if first != in_order[-1] else 0]
    first, last = sorted((first, last), key=in_order.index)
    return ComparePage(in_order, first, last, View(view) if view in View.values else _view_of_both(first, last))


def _view_of_both(first: PhotoSet, last: PhotoSet) -> View:
    """The first view that both visits have a photo of."""
    both = [{photo.view for photo in one.photos.all() if photo.deleted_at is None} for one in (first, last)]
    return next((view for view in View if all(view.value in views for views in both)), View.FRONT)


def _set_words(photo_set: PhotoSet, by_time: bool) -> str:
    day = date_text(photo_set.taken_on)
    if not by_time:
        return day
    if timezone.localdate(photo_set.added_at) == photo_set.taken_on:
        return moment(photo_set.added_at)
    return _("%(day)s, added %(moment)s") % {"day": day, "moment": moment(photo_set.added_at)}
