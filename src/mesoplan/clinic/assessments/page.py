"""All that the page of an assessment shows, from its document: one value, so that a part shows what the page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from mesoplan.clinic.assessments import draft, picks, questions
from mesoplan.clinic.assessments.draft import Document
from mesoplan.clinic.assessments.needs import Need, needs_of
from mesoplan.clinic.assessments.scoring_sheet import Sheet, only_change, sheets
from mesoplan.clinic.assessments.screening import Screening, screening_of
from mesoplan.clinic.assessments.zones import ZonePicker, picker
from mesoplan.clinic.shell.parts import UnitField
from mesoplan.clinic.shell.vocabulary import title_of
from mesoplan.domain.case import Phototype
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.case_reading import AREA_CM2, FACE_WIDTH_MM, WEIGHT_KG


@dataclass(frozen=True)
class Mend:
    """What was typed in a field that could not be read, and why."""

    text: str
    typed: tuple[str, ...]


Mends = Mapping[str, Mend]


@dataclass(frozen=True)
class GoalPart:
    number: int
    aim: str
    picker: ZonePicker
    mend: str

    @property
    def index(self) -> int:
        return self.number - 1


@dataclass(frozen=True)
class Page:
    """The draft as the page shows it. `before` is the draft before the change that is being answered."""

    document: Document
    knowledge: Knowledge
    mends: Mends = field(default_factory=dict)
    earlier: Document | None = None
    before: Document | None = None
    query: str = ""
    undo: Mapping[str, Any] | None = None

    @cached_property
    def screening(self) -> Screening:
        return screening_of(self.document, self.knowledge, self.before)

    @cached_property
    def groups(self) -> list[questions.Group]:
        return questions.groups(self.document, self.knowledge, self.screening.blocking)

    @cached_property
    def open_count(self) -> int:
        return sum(len(group.open_terms) for group in self.groups)

    @cached_property
    def asked(self) -> set[str]:
        return {question.term.id for group in self.groups for question in group.questions}

    @cached_property
    def sheets(self) -> list[Sheet]:
        return sheets(self.document, self.knowledge, self.earlier)

    @property
    def only_change(self) -> list[str]:
        return only_change(self.document, self.knowledge)

    @cached_property
    def needs(self) -> list[Need]:
        return needs_of(self.document, self.knowledge)

    @cached_property
    def goals(self) -> list[GoalPart]:
        """The goals, and one empty to begin with."""
        given = self.document.get("goals") or [{"aim": "", "zones": []}]
        return [
            GoalPart(
                number,
                goal.get("aim", ""),
                picker(f"goal.{number - 1}.zones", goal.get("zones", ()), self.knowledge, goal.get("aim", "")),
                self._text(f"goal.{number - 1}.zones") or self._text(f"goal.{number - 1}.aim"),
            )
            for number, goal in enumerate(given, start=1)
        ]

    @cached_property
    def aims(self) -> list[Mapping[str, str]]:
        return [{"id": aim, "title": title_of("aims", aim)} for aim in self.knowledge.aims]

    @property
    def jurisdictions(self) -> list[Mapping[str, str]]:
        return [{"id": one, "title": title_of("jurisdictions", one)} for one in self.knowledge.jurisdictions]

    @property
    def jurisdiction(self) -> str:
        return str(self.document.get("jurisdiction", "unknown"))

    @property
    def start(self) -> str:
        return self._typed("start", str(self.document.get("start", "")))

    @property
    def weight(self) -> UnitField:
        return self._measure("weight", _("Weight"), "kg", 0.5, WEIGHT_KG, self.document["patient"].get("weight"))

    @property
    def face_width(self) -> UnitField:
        said = self.document["patient"].get("face_width")
        return self._measure("face_width", _("Face width"), "mm", 1, FACE_WIDTH_MM, said)

    @cached_property
    def areas(self) -> list[UnitField]:
        """Zones that are no part of the face map: their area is measured and typed."""
        typed = self.document.get("areas", {})
        zones = [self.knowledge.zones[zone] for zone in draft.chosen_zones(self.document)]
        return [
            self._measure(f"area.{zone.id}", title_of("zones", zone.id), "cm²", 5, AREA_CM2, typed.get(zone.id))
            for zone in zones
            if zone.surface == "patch"
        ]

    @property
    def phototypes(self) -> list[str]:
        return [each.value for each in Phototype]

    @property
    def phototype(self) -> str:
        return str(self.document["patient"].get("phototype", ""))

    @property
    def sex(self) -> str:
        return str(self.document["patient"].get("sex", ""))

    @property
    def listed(self) -> list[picks.Listed]:
        return picks.listed(self.document, self.knowledge, self.asked)

    @property
    def found(self) -> list[picks.Pick]:
        return picks.found(self.query, self.document, self.knowledge)

    @property
    def note(self) -> str:
        return self._typed("note", str(self.document.get("note", "")))

    @property
    def words(self) -> Mapping[str, str]:
        return {"note": self._text("note"), "start": self._text("start")}

    def where(self, reference: str) -> ZonePicker:
        entry = draft.entry_of(self.document, reference) or {}
        return picker(f"where.{reference}", entry.get("zones", ()), self.knowledge)

    def _text(self, name: str) -> str:
        return self.mends[name].text if name in self.mends else ""

    def _typed(self, name: str, kept: str) -> str:
        return " ".join(self.mends[name].typed) if name in self.mends else kept

    def _measure(
        self, name: str, label: str, unit: str, step: float, bounds: tuple[float, float], said: object
    ) -> UnitField:
        return UnitField(
            name=name,
            label=label,
            unit=unit,
            text=self._typed(name, _number(said)),
            step=step,
            low=bounds[0],
            high=bounds[1],
            error=self._text(name),
            placeholder=_("not asked") if name == "weight" else _("not measured"),
        )


def _number(said: object) -> str:
    """The number of "62 kg" or {"value": 62, "unit": "kg"}, in the unit of the field."""
    if isinstance(said, Mapping):
        return f"{said['value']:g}"
    return str(said).partition(" ")[0] if said else ""
