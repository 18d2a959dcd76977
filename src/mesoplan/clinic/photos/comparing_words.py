"""What is told of two photos that are compared: what differs, by how much, and what to do about it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mesoplan.clinic.shell.writing import number_text, with_unit
from mesoplan.imaging.change_map import Change, ZoneChange
from mesoplan.imaging.photo_conditions import LIMITS, Condition

TITLES: dict[Condition, Promise] = {
    Condition.YAW: gettext_lazy("Turn to the side"),
    Condition.PITCH: gettext_lazy("Chin up or down"),
    Condition.ROLL: gettext_lazy("Lean of the head"),
    Condition.MOUTH_OPENING: gettext_lazy("Opening of the mouth"),
    Condition.MOUTH_WIDTH: gettext_lazy("Width of the mouth"),
    Condition.BROW: gettext_lazy("Height of the brows"),
    Condition.DISTANCE: gettext_lazy("Distance of the camera"),
    Condition.SIZE: gettext_lazy("Size of the face in the picture"),
    Condition.LIGHT_LEVEL: gettext_lazy("Amount of light"),
    Condition.LIGHT_SIDE: gettext_lazy("Light from the side"),
    Condition.LIGHT_TOP: gettext_lazy("Light from above"),
    Condition.WARMTH: gettext_lazy("Colour of the light"),
}
# What each share is a share of; degrees and stops need no word.
_OF: dict[Condition, Promise] = {
    Condition.MOUTH_OPENING: gettext_lazy("of the distance of the pupils"),
    Condition.MOUTH_WIDTH: gettext_lazy("of the distance of the pupils"),
    Condition.BROW: gettext_lazy("of the distance of the pupils"),
    Condition.DISTANCE: gettext_lazy("of the width of the face against the pupils"),
    Condition.SIZE: gettext_lazy("of its size in pixels"),
    Condition.LIGHT_SIDE: gettext_lazy("from one cheek to the other"),
    Condition.LIGHT_TOP: gettext_lazy("from forehead to chin"),
    Condition.WARMTH: gettext_lazy("of red or blue against green"),
}
# The later photo against the earlier: where the difference is above 0, and where it is below.
_TO_DO: dict[Condition, tuple[Promise, Promise]] = {
    Condition.YAW: (
        gettext_lazy("Turned %(size)s further to the patient’s left. Turn the face to the patient’s right."),
        gettext_lazy("Turned %(size)s further to the patient’s right. Turn the face to the patient’s left."),
    ),
    Condition.PITCH: (
        gettext_lazy("The chin is %(size)s higher. Lower it."),
        gettext_lazy("The chin is %(size)s lower. Raise it."),
    ),
    Condition.ROLL: (
        gettext_lazy("Leaning %(size)s further to the patient’s right. Lean the head towards the left shoulder."),
        gettext_lazy("Leaning %(size)s further to the patient’s left. Lean the head towards the right shoulder."),
    ),
    Condition.MOUTH_OPENING: (
        gettext_lazy("The mouth is open wider by %(size)s. Close it as in the earlier photo."),
        gettext_lazy("The mouth is open less by %(size)s. Open it as in the earlier photo."),
    ),
    Condition.MOUTH_WIDTH: (
        gettext_lazy("The mouth is wider by %(size)s, as in a smile. Relax it as in the earlier photo."),
        gettext_lazy("The mouth is narrower by %(size)s. Hold it as in the earlier photo."),
    ),
    Condition.BROW: (
        gettext_lazy("The brows are higher by %(size)s. Relax them."),
        gettext_lazy("The brows are lower by %(size)s. Hold them as in the earlier photo."),
    ),
    Condition.DISTANCE: (
        gettext_lazy("The camera stood further away: the face is wider by %(size)s. Go nearer and zoom out."),
        gettext_lazy("The camera stood nearer: the face is narrower by %(size)s. Go back and zoom in."),
    ),
    Condition.SIZE: (
        gettext_lazy("The face is larger by %(size)s. Zoom out."),
        gettext_lazy("The face is smaller by %(size)s. Zoom in."),
    ),
    Condition.LIGHT_LEVEL: (
        gettext_lazy("The face is brighter by %(size)s. Less light."),
        gettext_lazy("The face is darker by %(size)s. More light."),
    ),
    Condition.LIGHT_SIDE: (
        gettext_lazy("More light from the patient’s left, %(size)s. Place the lamps as for the earlier photo."),
        gettext_lazy("More light from the patient’s right, %(size)s. Place the lamps as for the earlier photo."),
    ),
    Condition.LIGHT_TOP: (
        gettext_lazy("More light from above, %(size)s. Place the lamps as for the earlier photo."),
        gettext_lazy("More light from below, %(size)s. Place the lamps as for the earlier photo."),
    ),
    Condition.WARMTH: (
        gettext_lazy("The light is warmer by %(size)s. Take the same lamps and white balance, or a colour card."),
        gettext_lazy("The light is colder by %(size)s. Take the same lamps and white balance, or a colour card."),
    ),
}
NOT_MEASURED = gettext_lazy("Not compared: too little of the same skin is seen in both photos.")


def measure_of(condition: Condition) -> str:
    """What the figures of a condition are shares of."""
    return str(_OF.get(condition, ""))


def amount(condition: Condition, value: float, *, signed: bool = False) -> str:
    """A difference in its unit: degrees, stops, or percent."""
    unit = LIMITS[condition].unit
    shown, fine = (value, unit == "stops") if unit in ("°", "stops") else (100 * value, abs(value) < 0.1)
    decimals = 1 if fine or (unit == "°" and abs(value) < 1) else 0
    rounded = round(shown, decimals) + 0.0
    text = ("+" if signed and rounded > 0 else "") + number_text(rounded, decimals=decimals)
    if unit == "stops":
        return _("%(count)s stops") % {"count": text}
    return f"{text}°" if unit == "°" else with_unit(text, "%")


def to_do(condition: Condition, difference: float | None) -> str:
    """What differs, and what to do."""
    if difference is None:
        return str(NOT_MEASURED)
    return str(_TO_DO[condition][0 if difference > 0 else 1]) % {"size": amount(condition, abs(difference))}


def change_title(change: Change) -> str:
    return {Change.REDNESS: _("Redness"), Change.LIGHTNESS: _("Lightness and pigment")}[change]


def ends(change: Change) -> tuple[str, str]:
    """What the two ends of the scale of a change mean."""
    if change is Change.REDNESS:
        return _("less red"), _("redder")
    return _("darker, more pigment"), _("lighter, less pigment")


def told_apart(zone: ZoneChange) -> list[str]:
    """Which changes of a zone are more than they may be off by."""
    told = []
    if _beyond(zone.redness, zone.redness_error):
        told.append(_("redder") if (zone.redness or 0) > 0 else _("less red"))
    if _beyond(zone.lightness, zone.lightness_error):
        told.append(_("lighter") if (zone.lightness or 0) > 0 else _("darker"))
    return told


def _beyond(value: float | None, error: float | None) -> bool:
    return value is not None and error is not None and abs(value) > error


def signed_pair(value: float, error: float) -> str:
    """ "+1.2 ± 0.5": the sign always stands, so that losses and gains line up."""
    rounded = round(value, 1) + 0.0
    sign = "+" if rounded > 0 else ""
    return f"{sign}{number_text(rounded, decimals=1)} ± {number_text(error, decimals=1)}"


def share_text(share: float) -> str:
    """ "3 %": whole percent, except that little is not nothing."""
    percent = 100 * share
    if 0 < percent < 0.5:
        return _("under %(share)s") % {"share": with_unit("1", "%")}
    return with_unit(number_text(percent, decimals=0), "%")
