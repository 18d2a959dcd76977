"""Places that are set on a photo one after the other: each click posts its place, and no script is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from mesoplan.clinic.photos.models import Photo

Place = tuple[float, float]
SIZES_PX = (340, 640, 960)
# Which way the arrows move a point, and by which share of the photo's width.
WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
STEP_SHARES = {"coarse": 1 / 25, "fine": 1 / 400}
CROSS_SHARE = 1 / 60


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


@dataclass(frozen=True)
class ClickedPlaces:
    """What is asked for on a photo, in turn, and what was set of it."""

    photo: Photo
    titles: Sequence[str]
    places: list[Place]
    size: int
    step: str

    @property
    def all_set(self) -> bool:
        return len(self.places) == len(self.titles)

    def context(self) -> dict[str, Any]:
        """What the parts of the page show that every such page has."""
        photo, places = self.photo, self.places
        return {
            "photo": photo,
            "places": places,
            "sent": ";".join(f"{x:.1f},{y:.1f}" for x, y in places),
            "marks": [Mark(place, photo.width_px * CROSS_SHARE) for place in places],
            "asked": "" if self.all_set else self.titles[len(places)],
            "steps": _steps(self.titles, len(places)),
            "size": self.size,
            "step": self.step,
            "height": round(self.size * photo.height_px / photo.width_px),
            "sizes": [{"px": px, "words": name} for px, name in zip(SIZES_PX, _size_words(), strict=True)],
        }


def clicked_places(
    request: HttpRequest, photo: Photo, stored: Sequence[Sequence[float]], titles: Sequence[str]
) -> ClickedPlaces:
    """The places as they are stored, or as they were sent with the one that was set, moved or taken back."""
    places = [(x, y) for x, y in stored]
    if request.method == "POST":
        places = _changed(request, photo, len(titles))
    return ClickedPlaces(photo, titles, places, _size(request), _step(request))


def _size_words() -> tuple[str, str, str]:
    return _("Small"), _("Medium"), _("Large")


def _size(request: HttpRequest) -> int:
    act, _sep, asked = request.POST.get("act", "").partition(":")
    text = asked if act == "size" else request.POST.get("size", "")
    return int(text) if text in map(str, SIZES_PX) else SIZES_PX[1]


def _step(request: HttpRequest) -> str:
    sent = request.POST.get("step", "")
    return sent if sent in STEP_SHARES else "coarse"


def _changed(request: HttpRequest, photo: Photo, most: int) -> list[Place]:
    places = _read(request.POST.get("places", ""), photo, most)
    act, _sep, what = request.POST.get("act", "").partition(":")
    if "at.x" in request.POST and len(places) < most:
        places.append(_set(request, photo))
    elif act == "undo":
        places = places[:-1]
    elif act == "move" and what in WAYS and places:
        across, down = WAYS[what]
        step = photo.width_px * STEP_SHARES[_step(request)]
        places[-1] = _within((places[-1][0] + across * step, places[-1][1] + down * step), photo)
    return places


def _read(text: str, photo: Photo, most: int) -> list[Place]:
    """What the page sent back; what it never sends is dropped."""
    places = []
    for pair in text.split(";")[:most]:
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


def _steps(titles: Sequence[str], count: int) -> list[dict[str, str]]:
    told = {"done": _("set"), "now": _("now"), "later": ""}
    states = ["done" if number < count else "now" if number == count else "later" for number in range(len(titles))]
    return [{"state": state, "title": title, "words": told[state]} for state, title in zip(states, titles, strict=True)]
