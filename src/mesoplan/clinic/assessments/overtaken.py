"""What a colleague saved beside what was about to be saved, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.assessments.saving import Change
from mesoplan.clinic.assessments.scoring_sheet import short_name
from mesoplan.clinic.courses.differences import differing
from mesoplan.clinic.shell.vocabulary import title_of
from mesoplan.clinic.shell.writing import date_text
from mesoplan.knowledge.base import Knowledge

_NAMES = {
    "start": gettext_lazy("Wanted start"),
    "jurisdiction": gettext_lazy("Jurisdiction"),
    "note": gettext_lazy("Note"),
    "patient.weight": gettext_lazy("Weight"),
    "patient.phototype": gettext_lazy("Phototype"),
    "patient.face_width": gettext_lazy("Face width"),
    "patient.sex": gettext_lazy("Sex"),
    # A list that is empty on one side has a place of its own.
    "goals": gettext_lazy("Goals by zone"),
    "scores": gettext_lazy("Score"),
    "conditions": gettext_lazy("Conditions"),
    "allergies": gettext_lazy("Allergies"),
    "medications": gettext_lazy("Medicines"),
    "procedures": gettext_lazy("Procedures and earlier events"),
}
_OF_ENTRY = {"on": gettext_lazy("Date"), "note": gettext_lazy("Note"), "zones": gettext_lazy("Zones")}
_WORDS = {
    "yes": gettext_lazy("Yes"),
    "no": gettext_lazy("No"),
    "female": gettext_lazy("Female"),
    "male": gettext_lazy("Male"),
    "live": gettext_lazy("Live"),
    "photo": gettext_lazy("On a photo"),
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_QUIET = ("as_of", "scores.on", "scores.rater")


def differences_of(change: Change, knowledge: Knowledge) -> list[dict[str, str]]:
    """The values that differ between what is stored now and what was sent; what could not be read as typed."""
    theirs, yours = differing(change.before, change.document)
    paths = [path for path in {**theirs, **yours} if not _quiet(path)]
    rows = [
        {"what": _label(path, knowledge), "theirs": _words(path, theirs), "yours": _words(path, yours)}
        for path in paths
    ]
    rows += [{"what": _name(name), "theirs": "", "yours": " ".join(mend.typed)} for name, mend in change.mends.items()]
    return rows


def _name(field: str) -> str:
    return str(_NAMES.get(field) or _NAMES.get(f"patient.{field}") or field)


def _quiet(path: str) -> bool:
    parts = path.split(".")
    return path in _QUIET or (parts[0] == "scores" and parts[-1] in ("on", "rater"))


def _label(path: str, knowledge: Knowledge) -> str:
    """What a value of the document is called on the page."""
    head, _dot, rest = path.partition(".")
    if path in _NAMES:
        return str(_NAMES[path])
    if head == "answers":
        return title_of("terms", rest) if rest in knowledge.terms else rest
    if head == "areas":
        return _("Area of %(zone)s") % {"zone": title_of("zones", rest)} if rest in knowledge.zones else path
    if head == "scores":
        return _score(rest, knowledge)
    if head == "goals":
        return _goal(rest)
    term, _dot, field = rest.rpartition(".")
    if term in knowledge.terms:
        return ", ".join(part for part in (title_of("terms", term), str(_OF_ENTRY.get(field, ""))) if part)
    return title_of("terms", rest) if rest in knowledge.terms else term or rest


def _score(rest: str, knowledge: Knowledge) -> str:
    """ "MASI, Chin, A" of `masi.items.chin.a`."""
    scale_id, *place = rest.split(".")
    scale = knowledge.scales[scale_id]
    titles = {region.id: f"regions.{region.id}" for region in scale.regions}
    names = [title_of("scales", scale_id, titles[one]) for one in place if one in titles]
    names += [short_name(scale, item) for item in scale.items if place[-1:] == [item.id]]
    return ", ".join([title_of("scales", scale_id).partition(",")[0], *names])


def _goal(rest: str) -> str:
    number, _dot, what = rest.partition(".")
    if not number.isdigit():
        return _("Goals by zone")
    told = _("Aim of goal %(number)s") if what == "aim" else _("Zones of goal %(number)s")
    return told % {"number": int(number) + 1}


def _words(path: str, values: Mapping[str, object]) -> str:
    """A value as the page writes it."""
    value = values.get(path)
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_named("zones", str(one)) for one in value)
    text = str(value)
    if path == "jurisdiction":
        return _named("jurisdictions", text)
    if path.startswith("goals.") and path.endswith(".aim"):
        return _named("aims", text)
    if text in _WORDS:
        return str(_WORDS[text])
    return date_text(date.fromisoformat(text)) if _DAY.fullmatch(text) else text


def _named(kind: str, entry: str) -> str:
    return title_of(kind, entry) if entry in knowledge_base.current().shelf(kind) else entry
