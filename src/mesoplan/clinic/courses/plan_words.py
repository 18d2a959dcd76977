"""What the editor's scripts say: whole sentences in the reader's language, handed over as data.

A sentence with two forms is a list, one and many.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from mesoplan.clinic.exposure.words import COVERAGE_LAYER

LAYERS = (
    ("points", gettext_lazy("Points")),
    ("zones", gettext_lazy("Zones")),
    ("excluded", gettext_lazy("No injection")),
    ("danger", gettext_lazy("Danger")),
    ("structures", gettext_lazy("All structures")),
    ("changes", gettext_lazy("Changes")),
    COVERAGE_LAYER,
)

SCRIPTS = tuple(
    f"editor/{name}.js"
    for name in (
        "page", "draft", "map", "sync", "words", "geometry", "reading", "tools", "parts", "pointer", "keys",
        "findings", "views", "table", "selection", "coverage", "editing", "outline", "renewal", "fields",
    )
)  # fmt: skip
"""The parts of the editor, so that a browser asks for all of them at once."""


def plan_words() -> dict[str, str | list[str]]:
    """Every sentence by its name; `{n}` and the like are filled in by the page."""
    return {**_selection(), **_acts(), **_moving(), **_sending(), **_fields(), **_findings()}


def _selection() -> dict[str, str | list[str]]:
    return {
        "nothing": _("Nothing selected"),
        "selected": [_("Point {label} selected · {zones}"), _("{n} points selected · {zones}")],
        "corners": _("Outline of {zone}: {n} corners"),
        "corner": [_("Corner {label} selected · {zones}"), _("{n} corners selected · {zones}")],
        "subject": [
            _("1 point of this zone is selected. All points of a zone share these values."),
            _("{n} points of this zone are selected. All points of a zone share these values."),
        ],
        "map": [_("Points of the plan, {n}"), _("Points of the plan, {n}")],
        "outline": [_("Corners of the outline, {n}"), _("Corners of the outline, {n}")],
        "point": _("Point {label}, {zone}, {place}"),
        "cornerAt": _("Corner {label}, {zone}, {place}"),
        "added": _("added"),
        "moved": _("moved"),
        "locked": _("locked"),
        "keys": _(
            "Arrows go to the next point, Space selects, M moves, A adds beside, X removes, K keeps the place "
            "clear, S shapes the zone, Z takes back, Escape goes up."
        ),
        "rightOfMidline": _("{x} mm right of the midline, {y} mm above the pupils"),
        "rightOfMidlineBelow": _("{x} mm right of the midline, {y} mm below the pupils"),
        "leftOfMidline": _("{x} mm left of the midline, {y} mm above the pupils"),
        "leftOfMidlineBelow": _("{x} mm left of the midline, {y} mm below the pupils"),
        "rightOfCentre": _("{x} mm right of the centre, {y} mm above it"),
        "rightOfCentreBelow": _("{x} mm right of the centre, {y} mm below it"),
        "leftOfCentre": _("{x} mm left of the centre, {y} mm above it"),
        "leftOfCentreBelow": _("{x} mm left of the centre, {y} mm below it"),
        "isLarge": _("{view} is the large view."),
    }


def _acts() -> dict[str, str | list[str]]:
    return {
        "selectFirst": _("Nothing is selected. Select a point first."),
        "selectZone": _("Select a point of the zone first: its outline is shaped then."),
        "undo": _("Undo: {what}"),
        "redo": _("Redo: {what}"),
        "no-undo": _("Nothing is left to undo."),
        "no-redo": _("Nothing is left to do again."),
        "undoWord": _("Undo"),
        "keep": _("Keep when lattice is renewed"),
        "unlock": _("Unlock"),
        "tool-add": _("Add: tap the place of the new point."),
        "tool-move": _("Move: tap the place, or use the arrows."),
        "tool-box": _("Box: drag over the points."),
        "tool-shape": _("Shape: drag a corner of the outline, tap its edge for a new corner, X removes one."),
        "noRoom": _("No room beside this point in its zone."),
        "beside": _("The place lies beside the face. Nothing was added."),
        "outside": _("Outside of the zone: the point stops at its edge."),
        "excluded": _("No injection here: the point stops at its edge."),
        "pasted": _("Nothing to paste: two numbers a line are wanted, mm right and mm up in the large view."),
        "tooMany": _("{n} points are too many at once: the most is {most}. Nothing was added."),
        "fewest": _("An outline has three corners at least."),
    }


def _moving() -> dict[str, str | list[str]]:
    return {
        "isLocked": _("Nothing to move: the point is locked. Unlock it first."),
        "pointLocked": _("Point {label} is locked. Unlock it first."),
        "moving": _("Move: arrows 1.0 mm, with Shift 5.0, with Alt 0.1. Enter drops, Escape puts back."),
        "dropped": _("Dropped."),
        "putBack": _("Put back."),
        "renewOffline": _("No network. The lattice is as it was; try again."),
    }


def _sending() -> dict[str, str | list[str]]:
    return {
        "waiting": [_("1 change waits here."), _("{n} changes wait here.")],
        "reloaded": [
            _("1 change from before the page was loaded again is sent now."),
            _("{n} changes from before the page was loaded again are sent now."),
        ],
        "checking": _("Checking …"),
        "stuck": [
            _("Figures are from {at}, before your last change."),
            _("Figures are from {at}, before your last {n} changes."),
        ],
        "loggedOut": _("The log-in ran out. Not checked since {at}. It is sent after the log-in."),
        "noNetwork": _("No network. Not checked since {at}. Tried again in {seconds} s."),
        "noServer": _("The server did not answer as it should. Not checked since {at}. Tried again in {seconds} s."),
        "tooLong": _("These changes are too long to be sent at once."),
        "signWaits": _("Sign waits for the figures."),
        "takeTheirs": _("Take theirs"),
        "close": pgettext("dialog", "Close"),
        "saved": _("Saved {at}."),
        "saving": _("Saving …"),
    }


def _fields() -> dict[str, str | list[str]]:
    return {
        "notNumber": _("{label}: “{typed}” is not a number in {unit}. It was not sent."),
        "notWithin": _("{label} must be between {low} and {high} {unit}. You wrote {typed}. It was not sent."),
        "notWhole": _("A whole number is wanted. It was not sent."),
        "toMend": [_("1 field to mend; the rest is saved."), _("{n} fields to mend; the rest is saved.")],
    }


def _findings() -> dict[str, str | list[str]]:
    return {
        "block": _("Block: {text}"),
        "wait": _("Wait: {text}"),
        "warn": _("Warning: {text}"),
        "info": _("Note: {text}"),
        "new": _("new"),
        "settled": _("settled"),
        "isSettled": _("Settled: {text}"),
    }
