"""What a page of the editor sends, read: places in a picture become places on the skin."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pydantic import ValidationError

from mesoplan.clinic.courses.faces import drawn_face
from mesoplan.clinic.editor.outlines import OutlineNotRead, sent_corners
from mesoplan.clinic.evidence.titles import title_of
from mesoplan.domain.case import Case
from mesoplan.domain.edits import Batch
from mesoplan.imaging.face_view import View
from mesoplan.imaging.picture_places import places_in_picture
from mesoplan.knowledge.base import Knowledge

_BY_PLACES = {"add": "points", "keep-clear": "at"}
"""The operations that may name places in one view, with the field that holds them."""
_OWN = ("client", "seq", "base", "ops")


class NotRead(ValueError):
    """What was sent is not a batch; the message names the field, in English where the schema words it."""

    def __init__(self, text: str, *, in_english: bool = False) -> None:
        self.in_english = in_english
        super().__init__(text)


def read_document(body: bytes) -> dict[str, Any]:
    """The JSON object that was sent."""
    try:
        document = json.loads(body)
    except ValueError as wrong:
        raise NotRead(_("The changes are not JSON: %(why)s.") % {"why": wrong}) from wrong
    if not isinstance(document, dict):
        raise NotRead(_("The changes are one JSON object with %(fields)s.") % {"fields": "version, client, seq, ops"})
    return document


def read_version(document: Mapping[str, Any]) -> int:
    """The version of the draft that the page was shown last."""
    version = document.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise NotRead(_("version: %(typed)s is not the version of a draft.") % {"typed": repr(version)})
    return version


def read_batch(document: Mapping[str, Any], by: str, case: Case, knowledge: Knowledge) -> Batch:
    """The batch that a page sent in the name of a person."""
    ops = document.get("ops")
    if not isinstance(ops, list):
        raise NotRead(_("%(field)s: a list of operations is wanted.") % {"field": "ops"})
    own = {name: document[name] for name in _OWN if name in document}
    ops = [_on_the_skin(_shaped(op, case), case, knowledge) if isinstance(op, dict) else op for op in ops]
    try:
        return Batch.model_validate({**own, "ops": ops, "by": by})
    except ValidationError as wrong:
        first = wrong.errors()[0]
        told = f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}."
        raise NotRead(told, in_english=True) from wrong


def _shaped(op: dict[str, Any], case: Case) -> dict[str, Any]:
    """An outline whose corners a page has moved in a picture, with the places of the skin that are seen there."""
    corners = op.get("corners")
    if op.get("op") != "reshape-zone" or not isinstance(corners, list):
        return op
    try:
        return {**op, "corners": sent_corners(corners, case)}
    except OutlineNotRead as wrong:
        raise NotRead(str(wrong)) from wrong


def _on_the_skin(op: dict[str, Any], case: Case, knowledge: Knowledge) -> dict[str, Any]:
    """An operation that names places in one view, with the places of the skin that are seen there."""
    view, name = op.get("view"), op.get("op")
    if name not in _BY_PLACES or view is None:
        return op
    points = op.get(_BY_PLACES[name])
    try:
        places = [(float(one["x"]), float(one["y"])) for one in points or ()]
        found = places_in_picture(View(view), places, drawn_face(case))
    except (KeyError, TypeError, ValueError) as wrong:
        raise NotRead(
            _("%(field)s: points are x and y in mm of one of the three views.") % {"field": f"ops.{name}"}
        ) from wrong
    missed = sum(one is None for one in found)
    if missed:
        raise NotRead(_beside_the_face(missed, len(found)))
    at = [{"triangle": one.triangle, "weights": list(one.weights)} for one in found if one is not None]
    kept = {key: value for key, value in op.items() if key not in ("view", _BY_PLACES[name])}
    if name == "keep-clear":
        return {**kept, "at": at}
    zones = dict.fromkeys(one.zone for one in found if one is not None)
    wanted = op.get("zone")
    if wanted is None and len(zones) > 1:
        titles = "; ".join(title_of("zones", zone, knowledge) for zone in zones)
        raise NotRead(_("The places lie in several zones: %(zones)s. Add them zone by zone.") % {"zones": titles})
    return {**kept, "zone": wanted or next(iter(zones), None), "points": [{"at": one} for one in at]}


def _beside_the_face(missed: int, count: int) -> str:
    if count == 1:
        return _("The place lies beside the face. Nothing was added.")
    told = ngettext(
        "%(missed)s of %(count)s places lies beside the face. Nothing was added.",
        "%(missed)s of %(count)s places lie beside the face. Nothing was added.",
        missed,
    )
    return told % {"missed": missed, "count": count}
