"""Six points set on a photo on which no face was found: each click posts its place, nothing is kept before all fit."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.photos import words
from mesoplan.clinic.photos.actions import place_points
from mesoplan.clinic.photos.addresses import check_shown, photo_at
from mesoplan.clinic.photos.measuring import SIX
from mesoplan.clinic.photos.models import Photo, View
from mesoplan.clinic.photos.page import Outline, outline
from mesoplan.clinic.requests import require
from mesoplan.imaging.clicked_face import ClickedFace, Clicks, ClicksRefused, clicked_face
from mesoplan.imaging.face_zones import face_zone_ids
from mesoplan.workflow import Act

Place = tuple[float, float]
SIZES_PX = (340, 640, 960)
# Which way the arrows move a point, and by which share of the photo's width.
WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
STEP_SHARES = {"coarse": 1 / 25, "fine": 1 / 400}
CROSS_SHARE = 1 / 60


@dataclass(frozen=True)
class Laid:
    """What the points make: the template on the photo, or why not."""

    face: ClickedFace | None = None
    told: str = ""


@dataclass(frozen=True)
class Mark:
    """A point as it is drawn on the photo."""

    place: Place
    arm: float

    @property
    def cross(self) -> str:
        (x, y), arm = self.place, self.arm
        return f"M{x - arm:.0f} {y:.0f}H{x + arm:.0f}M{x:.0f} {y - arm:.0f}V{y + arm:.0f}"

    @property
    def label_x(self) -> str:
        return f"{self.place[0] + 2 * self.arm:.0f}"

    @property
    def y(self) -> str:
        return f"{self.place[1]:.0f}"

    @property
    def font(self) -> str:
        return f"{1.6 * self.arm:.0f}"


@require_http_methods(["GET", "POST"])
def clicks(request: HttpRequest, address: str) -> HttpResponse:
    person = require(request, Act.ADD_PHOTOS)
    photo = photo_at(address)
    check_shown(photo.photo_set.patient)
    size, places = _size(request), _changed(request, photo)
    laid = _laid(photo, places)
    if request.POST.get("act") == "keep" and laid.face is not None:
        place_points(photo=photo, places=places, by=person)
        return redirect("photos:set", photo.photo_set.address)
    context = {
        "strip": strip_of(photo.photo_set.patient, person),
        "photo": photo,
        "places": places,
        "sent": ";".join(f"{x:.1f},{y:.1f}" for x, y in places),
        "marks": [Mark(place, photo.width_px * CROSS_SHARE) for place in places],
        "outlines": _outlines(laid),
        "told": laid.told,
        "asked": words.SIX_POINTS[len(places)] if len(places) < SIX else "",
        "steps": _steps(len(places)),
        "size": size,
        "step": _step(request),
        "height": round(size * photo.height_px / photo.width_px),
        "sizes": [{"px": px, "words": name} for px, name in zip(SIZES_PX, _size_words(), strict=True)],
    }
    return render(request, "photos/clicks.html", context, status=422 if laid.told else 200)


def _size_words() -> tuple[str, str, str]:
    return _("Small"), _("Medium"), _("Large")


def _size(request: HttpRequest) -> int:
    act, _sep, asked = request.POST.get("act", "").partition(":")
    text = asked if act == "size" else request.POST.get("size", "")
    return int(text) if text in map(str, SIZES_PX) else SIZES_PX[1]


def _step(request: HttpRequest) -> str:
    sent = request.POST.get("step", "")
    return sent if sent in STEP_SHARES else "coarse"


def _changed(request: HttpRequest, photo: Photo) -> list[Place]:
    """The points that were sent, with the one that was set, moved or taken back."""
    if request.method != "POST":
        return [(x, y) for x, y in photo.clicks]
    places = _read(request.POST.get("places", ""), photo)
    act, _sep, what = request.POST.get("act", "").partition(":")
    if "at.x" in request.POST and len(places) < SIX:
        places.append(_set(request, photo))
    elif act == "undo":
        places = places[:-1]
    elif act == "move" and what in WAYS and places:
        across, down = WAYS[what]
        step = photo.width_px * STEP_SHARES[_step(request)]
        places[-1] = _within((places[-1][0] + across * step, places[-1][1] + down * step), photo)
    return places


def _read(text: str, photo: Photo) -> list[Place]:
    """What the page sent back; what it never sends is dropped."""
    places = []
    for pair in text.split(";")[:SIX]:
        try:
            x, y = map(float, pair.split(","))
        except ValueError:
            continue
        if isfinite(x) and isfinite(y):
            places.append(_within((x, y), photo))
    return places


def _set(request: HttpRequest, photo: Photo) -> Place:
    """Where the photo was clicked; Enter on it says the corner and means the middle."""
    sent = [request.POST.get(name, "") for name in ("at.x", "at.y")]
    x, y = (float(text) if text.isascii() and text.isdigit() else 0.0 for text in sent)
    if (x, y) == (0.0, 0.0):
        return photo.width_px / 2, photo.height_px / 2
    scale = photo.width_px / _size(request)
    return _within((x * scale, y * scale), photo)


def _within(place: Place, photo: Photo) -> Place:
    x, y = place
    return min(max(x, 0.0), float(photo.width_px)), min(max(y, 0.0), float(photo.height_px))


def _laid(photo: Photo, places: list[Place]) -> Laid:
    if len(places) != SIX:
        return Laid()
    photo_set = photo.photo_set
    try:
        face = clicked_face(Clicks(*places), on=photo_set.taken_on, interpupillary_mm=photo_set.interpupillary_mm)
    except ClicksRefused as refused:
        return Laid(told=str(words.CLICKS_REFUSED[refused.code]))
    return Laid(face)


def _outlines(laid: Laid) -> list[Outline]:
    if laid.face is None:
        return []
    read = laid.face.record.zones
    return [outline(zone, View.FRONT, zone in read, laid.face.points_px) for zone in face_zone_ids()]


def _steps(count: int) -> list[dict[str, str]]:
    told = {"done": _("set"), "now": _("now"), "later": ""}
    states = ["done" if number < count else "now" if number == count else "later" for number in range(SIX)]
    return [
        {"state": state, "title": str(title), "words": told[state]}
        for state, title in zip(states, words.SIX_POINTS, strict=True)
    ]
