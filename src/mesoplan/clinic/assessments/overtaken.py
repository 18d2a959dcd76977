"""What a colleague saved beside what was about to be saved, in words."""

from __future__ import annotations

from mesoplan.clinic.assessments.saving import Change
from mesoplan.clinic.courses.differences import differing
from mesoplan.domain.writing import date_text
from mesoplan.knowledge.base import Knowledge

_NAMES = {
    "start": "Wanted start",
    "jurisdiction": "Jurisdiction",
    "note": "Note",
    "patient.weight": "Weight",
    "patient.phototype": "Phototype",
    "patient.face_width": "Face width",
    "patient.sex": "Sex",
}
_QUIET = ("as_of", "scores.on", "scores.rater")


def differences_of(change: Change, knowledge: Knowledge) -> list[dict[str, str]]:
    """The values that differ between what is stored now and what was sent; what could not be read as typed."""
    theirs, yours = differing(change.before, change.document)
    paths = [path for path in {**theirs, **yours} if not _quiet(path)]
    rows = [
        {"what": _label(path, knowledge), "theirs": _words(theirs.get(path)), "yours": _words(yours.get(path))}
        for path in paths
    ]
    rows += [
        {"what": _NAMES.get(name, _NAMES.get(f"patient.{name}", name)), "theirs": "", "yours": " ".join(mend.typed)}
        for name, mend in change.mends.items()
    ]
    return rows


def _quiet(path: str) -> bool:
    parts = path.split(".")
    return path in _QUIET or (parts[0] == "scores" and parts[-1] in ("on", "rater"))


def _label(path: str, knowledge: Knowledge) -> str:
    head, _, rest = path.partition(".")
    if path in _NAMES:
        return _NAMES[path]
    if head == "answers":
        return knowledge.terms[rest].title if rest in knowledge.terms else rest
    if head == "areas":
        return f"Area, {knowledge.zones[rest].title}" if rest in knowledge.zones else path
    if head == "scores":
        scale, *place = rest.split(".")
        names = [word.replace("_", " ") for word in place if word not in ("items", "scale")]
        return ", ".join([scale.upper(), *names])
    if head == "goals":
        number, _, what = rest.partition(".")
        return f"Goal {int(number) + 1}, {what}" if number.isdigit() else path
    term = rest.rpartition(".")[0] or rest
    return f"{knowledge.terms[term].title}, {rest.rpartition('.')[2]}" if term in knowledge.terms else term


def _words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    text = str(value)
    if len(text) == 10 and text[4:5] == text[7:8] == "-":
        from datetime import date

        return date_text(date.fromisoformat(text))
    return text
