"""What a form sends, field by field, into the draft. A value that does not fit changes nothing and says why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext

from mesoplan.clinic.assessments import draft
from mesoplan.clinic.assessments.draft import Document
from mesoplan.clinic.shell.numbers import Unreadable, read_number
from mesoplan.clinic.shell.vocabulary import title_of
from mesoplan.clinic.shell.writing import date_text, number_text, unit_text
from mesoplan.domain.case import Phototype
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.case_reading import AREA_CM2, FACE_WIDTH_MM, WEIGHT_KG

LONGEST_NOTE = 2000
LONGEST_LINE = 200


class Unfit(ValueError):
    """What was typed does not fit the field. The message stands at the field."""


@dataclass(frozen=True)
class Hand:
    """Who fills the form, on which day, against which knowledge."""

    knowledge: Knowledge
    day: date
    rater: str


Values = list[str]
Setter = Callable[[Document, str, Values, Hand], None]


def put(document: Document, name: str, values: Values, hand: Hand) -> None:
    """Write the field `name` ("answer.keloid", "goal.0.zones") into the draft.

    Raises
    ------
    Unfit
        With what the field must hold and what was typed; the draft is as it was.
    KeyError
        If no form has such a field.
    """
    head, _, rest = name.partition(".")
    SETTERS[head](document, rest, values, hand)


def _one(values: Values) -> str:
    return values[-1].strip() if values else ""


def _set_start(document: Document, _: str, values: Values, hand: Hand) -> None:
    day = _day(gettext("Wanted start"), _one(values))
    if day < hand.day:
        told = gettext("Wanted start must be today, %(today)s, or later. You wrote %(typed)s.")
        raise Unfit(told % {"today": date_text(hand.day), "typed": date_text(day)})
    document["start"] = day.isoformat()


def _day(label: str, typed: str) -> date:
    if not typed:
        told = gettext("Enter a day for “%(label)s”, such as %(example)s.")
        raise Unfit(told % {"label": label, "example": date_text(date(2026, 11, 30))})
    try:
        return date.fromisoformat(typed)
    except ValueError:
        told = gettext("%(label)s must be a day of the calendar, such as 2026-11-30. You wrote %(typed)s.")
        raise Unfit(told % {"label": label, "typed": typed}) from None


def _set_jurisdiction(document: Document, _: str, values: Values, hand: Hand) -> None:
    document["jurisdiction"] = _known(_one(values), hand.knowledge.jurisdictions, gettext("Jurisdiction"))


def _known(value: str, known: Mapping[str, object], label: str) -> str:
    if value not in known:
        told = gettext("%(label)s must be one of the list. “%(typed)s” is not on it.")
        raise Unfit(told % {"label": label, "typed": value})
    return value


def _set_sex(document: Document, _: str, values: Values, hand: Hand) -> None:
    _choose(document, "sex", _one(values), draft.SEXES, gettext("Sex"))


def _set_phototype(document: Document, _: str, values: Values, hand: Hand) -> None:
    _choose(document, "phototype", _one(values), tuple(Phototype), gettext("Phototype"))


def _choose(document: Document, field: str, value: str, allowed: tuple[str, ...], label: str) -> None:
    if not value:
        document["patient"].pop(field, None)
        return
    if value not in allowed:
        told = gettext("%(label)s must be one of %(allowed)s. “%(typed)s” is not.")
        raise Unfit(told % {"label": label, "allowed": ", ".join(allowed), "typed": value})
    document["patient"][field] = value


def _set_weight(document: Document, _: str, values: Values, hand: Hand) -> None:
    _measure(document["patient"], "weight", _one(values), gettext("Weight"), "kg", WEIGHT_KG)


def _set_face_width(document: Document, _: str, values: Values, hand: Hand) -> None:
    _measure(document["patient"], "face_width", _one(values), gettext("Face width"), "mm", FACE_WIDTH_MM)


def _set_area(document: Document, zone: str, values: Values, hand: Hand) -> None:
    known = _known(zone, hand.knowledge.zones, gettext("Zone"))
    label = gettext("Area of %(zone)s") % {"zone": title_of("zones", known)}
    areas = dict(document.get("areas", {}))
    _measure(areas, zone, _one(values), label, "cm2", AREA_CM2)
    document["areas"] = areas


def _measure(into: Document, key: str, typed: str, label: str, unit: str, bounds: tuple[float, float]) -> None:
    """Nothing typed is "not asked", and taken out."""
    if not typed:
        into.pop(key, None)
        return
    into[key] = f"{read_within(typed, label, unit, bounds):g} {unit}"


def read_within(typed: str, label: str, unit: str, bounds: tuple[float, float]) -> float:
    """The number typed, in `unit`.

    Raises
    ------
    Unfit
        "Weight must be between 20 and 350 kg. You wrote 500."
    """
    low, high = bounds
    shown = unit_text(unit)
    plain = typed.removesuffix(shown).removesuffix(unit).strip()
    try:
        value = read_number(plain, label=label, unit=shown)
    except Unreadable as refused:
        raise Unfit(str(refused)) from refused
    if not low <= value <= high:
        told = gettext("%(label)s must be between %(low)s and %(high)s %(unit)s. You wrote %(typed)s.")
        figures = {"low": number_text(low), "high": number_text(high), "unit": shown}
        raise Unfit(told % {"label": label, "typed": typed, **figures})
    return round(value, 3)


def _set_goal(document: Document, place: str, values: Values, hand: Hand) -> None:
    number, _, what = place.partition(".")
    goals = document.setdefault("goals", [])
    index = int(number) if number.isdigit() else len(goals) + 1
    if index > len(goals):
        raise Unfit(gettext("This goal is no longer there. Add it again."))
    changed = {"aim": "", "zones": [], **(goals[index] if index < len(goals) else {})}
    if what == "aim":
        changed["aim"] = _known(_one(values), hand.knowledge.aims, gettext("Aim")) if _one(values) else ""
    else:
        changed["zones"] = [
            _known(zone, hand.knowledge.zones, gettext("Zone")) for zone in dict.fromkeys(values) if zone
        ]
    _refuse_twice(changed, index, goals)
    goals[index : index + 1] = [changed]


def _refuse_twice(changed: Document, index: int, goals: list[Document]) -> None:
    for number, other in enumerate(goals):
        twice = [zone for zone in changed["zones"] if zone in other.get("zones", ())]
        if number != index and changed["aim"] and other.get("aim") == changed["aim"] and twice:
            told = gettext("%(zone)s is named twice: goal %(number)s has the same aim there. Take it out of one.")
            raise Unfit(told % {"zone": title_of("zones", twice[0]), "number": number + 1})


def _set_answer(document: Document, term_id: str, values: Values, hand: Hand) -> None:
    term = hand.knowledge.terms[_known(term_id, hand.knowledge.terms, gettext("Question"))]
    answer = _one(values)
    codes = draft.codes_meaning(document, term_id, hand.knowledge)
    if codes and answer != "yes":
        raise Unfit(gettext("%(code)s is listed and means this. Remove it from the list first.") % {"code": codes[0]})
    if answer == "yes" and not codes:
        draft.say_yes(document, term)
    elif answer == "no":
        draft.say_no(document, term_id)
    elif not answer:
        draft.forget(document, term_id)
    elif answer != "yes":
        raise Unfit(gettext("An answer is Yes, No or Not asked. “%(typed)s” is none of them.") % {"typed": answer})


def _set_on(document: Document, reference: str, values: Values, hand: Hand) -> None:
    entry, typed = draft.entry_of(document, reference), _one(values)
    if entry is None:
        return
    if not typed:
        entry.pop("on", None)
        return
    day = _day(gettext("The date"), typed)
    if day > hand.day:
        told = gettext("The date must be today, %(today)s, or earlier. You wrote %(typed)s.")
        raise Unfit(told % {"today": date_text(hand.day), "typed": date_text(day)})
    entry["on"] = day.isoformat()


def _set_where(document: Document, reference: str, values: Values, hand: Hand) -> None:
    """No zone chosen is "where was not said", which counts everywhere."""
    entry = draft.entry_of(document, reference)
    zones = [_known(zone, hand.knowledge.zones, gettext("Zone")) for zone in dict.fromkeys(values) if zone]
    if entry is not None and zones:
        entry["zones"] = zones
    elif entry is not None:
        entry.pop("zones", None)


def _set_words(document: Document, reference: str, values: Values, hand: Hand) -> None:
    entry = draft.entry_of(document, reference)
    if entry is not None:
        _write(entry, "note", _one(values), LONGEST_LINE)


def _set_note(document: Document, _: str, values: Values, hand: Hand) -> None:
    _write(document, "note", _one(values), LONGEST_NOTE)


def _write(into: Document, key: str, text: str, longest: int) -> None:
    if len(text) > longest:
        told = gettext("The note must have at most %(most)s characters. You wrote %(count)s.")
        raise Unfit(told % {"most": longest, "count": len(text)})
    if text:
        into[key] = text
    else:
        into.pop(key, None)


def _set_score(document: Document, place: str, values: Values, hand: Hand) -> None:
    scale_id, _, rest = place.partition(".")
    region, _, item = rest.partition(".")
    scale = hand.knowledge.scales[_known(scale_id, hand.knowledge.scales, gettext("Scale"))]
    _known(region, {one.id: one for one in scale.regions}, gettext("Region"))
    grades = {one.id: {str(grade.score) for grade in one.grades} for one in scale.items}
    typed = _one(values)
    if typed and typed not in grades[_known(item, grades, gettext("Item"))]:
        told = gettext("%(typed)s is no grade of %(item)s. Choose one of %(grades)s.")
        raise Unfit(told % {"typed": typed, "item": item.upper(), "grades": ", ".join(sorted(grades[item]))})
    kept = draft.score_record(document, scale_id) or {"items": {}}
    if str(kept["items"].get(region, {}).get(item, "")) == typed:
        return
    record = _record(document, scale_id, hand)
    given = record["items"].setdefault(region, {})
    if typed:
        given[item] = int(typed)
    else:
        given.pop(item, None)
    record["items"] = {name: scored for name, scored in record["items"].items() if scored}
    _drop_empty(document)


def _set_mode(document: Document, scale_id: str, values: Values, hand: Hand) -> None:
    mode = _known(_one(values), {"live": 1, "photo": 1}, gettext("Live or photo"))
    kept = draft.score_record(document, _known(scale_id, hand.knowledge.scales, gettext("Scale"))) or {"mode": "live"}
    if kept["mode"] != mode:
        _record(document, scale_id, hand)["mode"] = mode
        _drop_empty(document)


def _record(document: Document, scale_id: str, hand: Hand) -> Document:
    """The record of a scale; whoever scores last is its rater, and the day is that day."""
    record = draft.score_record(document, scale_id)
    if record is None:
        record = {"scale": scale_id, "mode": "live", "items": {}}
        document.setdefault("scores", []).append(record)
    record |= {"rater": hand.rater, "on": hand.day.isoformat()}
    return record


def _drop_empty(document: Document) -> None:
    document["scores"] = [
        record for record in document.get("scores", ()) if record["items"] or record["mode"] != "live"
    ]


# In the order in which a whole form is read: an answer makes the entry that its date and place belong to.
SETTERS: Final[Mapping[str, Setter]] = MappingProxyType(
    {
        "sex": _set_sex,
        "goal": _set_goal,
        "start": _set_start,
        "jurisdiction": _set_jurisdiction,
        "weight": _set_weight,
        "phototype": _set_phototype,
        "face_width": _set_face_width,
        "area": _set_area,
        "answer": _set_answer,
        "on": _set_on,
        "where": _set_where,
        "words": _set_words,
        "score": _set_score,
        "mode": _set_mode,
        "note": _set_note,
    }
)
