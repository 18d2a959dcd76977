"""A posted plan page: reads every field, keeps what was typed, and gives the plan that follows from it.

Fields that are missing from the post stay as they are kept, so that a form that a colleague's save has overtaken can
still be laid over the newer draft.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _

from mesoplan.clinic.courses.plan_fields import (
    ALL_ZONES,
    DRAW,
    PATTERN_WORDS,
    SHARED_VALUES,
    ZONE_VALUES,
    ZoneValue,
    by_zone,
    field_name,
    kept_value,
    text_of,
)
from mesoplan.clinic.evidence.titles import title_of
from mesoplan.clinic.shell.numbers import Unreadable, read_number
from mesoplan.clinic.shell.templatetags.mesoplan import english
from mesoplan.clinic.shell.writing import date_text
from mesoplan.domain.case import Case
from mesoplan.domain.plan import Draw, Plan, Preparation, ZonePlacement
from mesoplan.domain.quantities import Volume
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.plan_reading import plan_problems
from mesoplan.planning.editing import (
    CannotBeEdited,
    made_up_again,
    renew_lattice,
    with_sessions,
    with_values,
    with_zone,
    without_zone,
)
from mesoplan.planning.point_numbers import renumbered, zones_of
from mesoplan.planning.sharing import joined, parted

MOST_SYRINGES = 60


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field; `where` names the zone or the part for the list at the top. What the engine says
    of the whole plan is in English."""

    field: str
    text: str
    where: str = ""
    of_engine: bool = False

    @property
    def summary(self) -> str:
        return format_html(_("{where}: {text}"), where=self.where, text=self.text) if self.where else self.text


class PlanForm:
    """One post over one kept plan."""

    def __init__(self, kept: Plan, case: Case, knowledge: Knowledge, typed: Mapping[str, str]) -> None:
        self.kept, self.case, self.knowledge, self.typed = kept, case, knowledge, typed
        self.errors: list[FieldError] = []

    def edited(self) -> Plan | None:
        """The plan as typed, with the act of the pressed button; None where something is to be mended."""
        plan = self._preparations(self._zones(self.kept))
        sessions = self._sessions()
        if self.errors:
            return None
        try:
            plan = self._acted(self._renewed(self._rescheduled(plan, sessions)))
        except CannotBeEdited as refusal:
            self.errors.append(FieldError("", str(refusal), of_engine=True))
            return None
        problems = list(plan_problems(plan, self.case, self.knowledge))
        self.errors += [FieldError("", str(problem), of_engine=True) for problem in problems]
        return None if problems else renumbered(plan)

    def error_at(self, name: str) -> str:
        return next((error.text for error in self.errors if error.field == name), "")

    # -- zones ---------------------------------------------------------------------------------------------------

    def _zones(self, plan: Plan) -> Plan:
        everywhere = self._values_of_all_zones()
        for zone in zones_of(plan):
            plan = with_values(plan, zone, {**everywhere, **self._zone_values(zone)})
        return plan

    def _values_of_all_zones(self) -> dict[str, Any]:
        """What was typed for every zone; a zone's own field, where it was changed too, has the last word."""
        every, values = list(self.kept.placements), {}
        for value in SHARED_VALUES:
            name, where = field_name(value, ALL_ZONES), _("All zones")
            number = self._number(value, name, kept_value(value, every), where, value.high)
            if number is not None:
                values[value.name] = value.kind(number)
        return values

    def _zone_values(self, zone: str) -> dict[str, Any]:
        own, where = by_zone(self.kept, zone), title_of("zones", zone, self.knowledge)
        values: dict[str, Any] = {}
        needle = self.typed.get(f"needle_{zone}")
        if needle and needle in self.knowledge.needles:
            values["needle"] = needle
        elif needle:
            self.errors.append(FieldError(f"needle_{zone}", _("Choose a needle of the list."), where))
        pattern = self.typed.get(f"pattern_{zone}")
        if pattern in PATTERN_WORDS:
            values["pattern"] = pattern
        elif pattern:
            self.errors.append(FieldError(f"pattern_{zone}", _("Choose a pattern of the list."), where))
        for value in ZONE_VALUES:
            number = self._number(
                value, field_name(value, zone), kept_value(value, own), where, self._longest(value, zone)
            )
            if number is not None:
                values[value.name] = value.kind(number)
        return values

    def _longest(self, value: ZoneValue, zone: str) -> float:
        return (
            longest_inserted(self.typed.get(f"needle_{zone}", ""), self.knowledge)
            if value.name == "inserted"
            else value.high
        )

    def _number(self, value: ZoneValue, name: str, kept: float | None, where: str, high: float) -> float | None:
        """The number typed; None where it stays as kept or cannot be read."""
        text = self.typed.get(name)
        if text is None or text.strip() == text_of(value, kept):
            return None
        try:
            return read_number(text, label=str(value.label), unit=value.unit, low=value.low, high=high)
        except Unreadable as wrong:
            self.errors.append(FieldError(name, str(wrong), where))
            return None

    def _renewed(self, plan: Plan) -> Plan:
        for zone in zones_of(plan):
            if _lattice_of(plan, zone) != _lattice_of(self.kept, zone) or self._act == f"renew:{zone}":
                plan = renew_lattice(plan, zone, self.case, self.knowledge)
        return plan

    # -- recipe --------------------------------------------------------------------------------------------------

    def _preparations(self, plan: Plan) -> Plan:
        preparations = tuple(self._preparation(index, one) for index, one in enumerate(plan.preparations, start=1))
        return plan.model_copy(update={"preparations": preparations})

    def _preparation(self, index: int, preparation: Preparation) -> Preparation:
        draws = tuple(
            self._draw(f"draw_{index}_{place}", draw, english(preparation.title))
            for place, draw in enumerate(preparation.draws, start=1)
        )
        kept = tuple(draw for draw in draws if draw.volume.value > 0)
        if not kept:
            said = _("Draw something: nothing is left in it.")
            self.errors.append(FieldError(f"draw_{index}_1", said, english(preparation.title)))
            return preparation
        return preparation.model_copy(update={"draws": kept, "syringes": self._syringes(index, preparation)})

    def _draw(self, name: str, draw: Draw, where: str) -> Draw:
        number = self._number(DRAW, name, draw.volume.value, where, DRAW.high)
        return draw if number is None else draw.model_copy(update={"volume": Volume(number)})

    def _syringes(self, index: int, preparation: Preparation) -> int:
        text = self.typed.get(f"syringes_{index}", str(preparation.syringes)).strip()
        if text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_SYRINGES:
            return int(text)
        said = (
            _("Syringes must be a whole number from 1 to %(most)s. You wrote %(typed)s.")
            if text
            else _("Syringes must be a whole number from 1 to %(most)s. You wrote nothing.")
        )
        told = said % {"most": MOST_SYRINGES, "typed": text}
        self.errors.append(FieldError(f"syringes_{index}", told, english(preparation.title)))
        return preparation.syringes

    # -- schedule ------------------------------------------------------------------------------------------------

    def _sessions(self) -> tuple[date, ...]:
        kept = self.kept.schedule.sessions
        days = [self._day(f"session_{number}", day) for number, day in enumerate(kept, start=1)]
        days.append(self._day("session_new", None))
        if self._act == "shift" and days and days[0] is not None:
            by = days[0] - kept[0]
            return tuple(day + by for day in kept)
        return tuple(day for day in days if day is not None)

    def _day(self, name: str, kept: date | None) -> date | None:
        text = self.typed.get(name)
        if text is None:
            return kept
        if not text.strip():
            return None
        try:
            day = date.fromisoformat(text.strip())
        except ValueError:
            said = _("A session needs a day of the calendar. You wrote %(typed)s.") % {"typed": text}
            self.errors.append(FieldError(name, said, _("Sessions")))
            return kept
        if not self.case.as_of <= day <= self.case.as_of + timedelta(days=1830):
            said = _("A session must lie within 5 years after the assessment of %(day)s. You wrote %(typed)s.")
            told = said % {"day": date_text(self.case.as_of), "typed": date_text(day)}
            self.errors.append(FieldError(name, told, _("Sessions")))
        return day

    def _rescheduled(self, plan: Plan, sessions: tuple[date, ...]) -> Plan:
        return plan if sessions == plan.schedule.sessions else with_sessions(plan, sessions, self.knowledge)

    # -- acts ----------------------------------------------------------------------------------------------------

    @property
    def _act(self) -> str:
        return self.typed.get("act", "save")

    def _acted(self, plan: Plan) -> Plan:
        act, _colon, zone = self._act.partition(":")
        if act == "remove" and zone in zones_of(plan):
            return without_zone(plan, zone, self.knowledge)
        if act == "add" and self.typed.get("add_zone"):
            return with_zone(plan, self.typed["add_zone"], self.case, self.knowledge)
        if act == "make_up":
            return made_up_again(plan, self.case, self.knowledge)
        if act == "join":
            return joined(plan, self.case, self.knowledge)
        if act == "part":
            return parted(plan, self.case, self.knowledge)
        return plan

    def differences(self) -> Iterator[dict[str, str]]:
        """What is kept now beside what was typed, where the two differ: for the page that tells who was faster."""
        for zone in zones_of(self.kept):
            own, where = by_zone(self.kept, zone), title_of("zones", zone, self.knowledge)
            for value in ZONE_VALUES:
                what = _("%(zone)s: %(value)s") % {"zone": where, "value": value.label}
                yield from self._differing(what, field_name(value, zone), text_of(value, kept_value(value, own)))
            yield from self._differing(_("%(zone)s: needle") % {"zone": where}, f"needle_{zone}", own[0].needle)
            yield from self._differing(_("%(zone)s: pattern") % {"zone": where}, f"pattern_{zone}", own[0].pattern)
        for index, preparation in enumerate(self.kept.preparations, start=1):
            for place, draw in enumerate(preparation.draws, start=1):
                title = title_of("presentations", draw.presentation, self.knowledge)
                yield from self._differing(title, f"draw_{index}_{place}", text_of(DRAW, draw.volume.value))
        for number, day in enumerate(self.kept.schedule.sessions, start=1):
            what = _("Session %(number)s") % {"number": number}
            yield from self._differing(what, f"session_{number}", day.isoformat())

    def _differing(self, what: str, name: str, kept: str) -> Iterator[dict[str, str]]:
        typed = self.typed.get(name)
        if typed is None:
            yield {"what": what, "theirs": self._in_words(kept), "yours": _("not in your form")}
        elif typed.strip() != kept:
            yield {"what": what, "theirs": self._in_words(kept), "yours": self._in_words(typed.strip())}

    def _in_words(self, text: str) -> str:
        """What a form sends for a needle or a pattern, as people call it."""
        if text in PATTERN_WORDS:
            return str(PATTERN_WORDS[text])
        return title_of("needles", text, self.knowledge) if text in self.knowledge.needles else text


def longest_inserted(needle: str, knowledge: Knowledge) -> float:
    """The whole length of a needle: more cannot be inserted."""
    return knowledge.needles[needle].length.high if needle in knowledge.needles else 40.0


def _lattice_of(plan: Plan, zone: str) -> tuple[Any, ...]:
    first: ZonePlacement = by_zone(plan, zone)[0]
    return first.spacing, first.edge_margin, first.lattice_angle, first.pattern
