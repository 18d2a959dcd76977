"""The scales of the chosen aims as forms: regions, items, grades, and the score once nothing is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mesoplan.clinic.assessments.draft import Document, Entry, aims_of, score_record
from mesoplan.clinic.assessments.screening import link_to
from mesoplan.clinic.shell.vocabulary import title_of
from mesoplan.clinic.shell.writing import decimal_sign, number_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.scales import Item, Scale
from mesoplan.knowledge.scoring import MissingItem, formula_with_figures, score

CHANGE = "change"
QUESTIONNAIRE = "quality-of-life"


@dataclass(frozen=True)
class GradeButton:
    value: str
    label: str
    short: str
    unit: str
    chosen: bool
    earlier: bool


@dataclass(frozen=True)
class ItemRow:
    """One item in one region: a row of radio buttons."""

    name: str
    short: str
    title: str
    grades: tuple[GradeButton, ...]


@dataclass(frozen=True)
class RegionBlock:
    id: str
    title: str
    rows: tuple[ItemRow, ...]


@dataclass(frozen=True)
class ScoreLine:
    """A score with its formula and figures, or what it still lacks. Scores of two scales never share a line."""

    id: str
    title: str
    value: str
    highest: str
    formula: str
    missing: str
    started: bool
    notice: str
    source: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """One scale to fill. Its regions are put together when they are drawn: a change mostly draws the lines alone."""

    scale: Scale
    items: Mapping[str, Any]
    before: Mapping[str, Any]
    lines: tuple[ScoreLine, ...]
    mode: str
    rater: str
    on: str
    started: bool
    questionnaire: bool
    copies_sides: bool

    @property
    def title(self) -> str:
        return title_of("scales", self.scale.id)

    @cached_property
    def regions(self) -> tuple[RegionBlock, ...]:
        return tuple(_regions(self.scale, self._labels, self.items, self.before))

    @property
    def wide(self) -> bool:
        return any(len(label) > LONG for labels in self._labels.values() for label in labels)

    @cached_property
    def _labels(self) -> Mapping[str, list[str]]:
        return {item.id: _labels(self.scale, item) for item in self.scale.items}


def sheets(document: Document, knowledge: Knowledge, earlier: Document | None) -> list[Sheet]:
    """The scales of the chosen aims, filled or to be filled; those already filled stay if the aim goes."""
    wanted = [*_scales_of(aims_of(document), knowledge)]
    wanted += [record["scale"] for record in document.get("scores", ())]
    return [sheet_of(scale, document, knowledge, earlier) for scale in dict.fromkeys(wanted)]


def only_change(document: Document, knowledge: Knowledge) -> list[str]:
    """Scales of the chosen aims that judge a change: nothing can be scored before the first session."""
    named = [scale for aim in aims_of(document) for scale in knowledge.aims[aim].score_with]
    return [title_of("scales", one) for one in dict.fromkeys(named) if knowledge.scales[one].kind == CHANGE]


def sheet_of(scale_id: str, document: Document, knowledge: Knowledge, earlier: Document | None) -> Sheet:
    scale = knowledge.scales[scale_id]
    record = score_record(document, scale_id) or {}
    before = (score_record(earlier, scale_id) if earlier else None) or {}
    computed = [scale, *(one for one in knowledge.scales.values() if one.items_of == scale_id)]
    items = record.get("items", {})
    return Sheet(
        scale=scale,
        items=items,
        before=before.get("items", {}),
        lines=tuple(_line(one, items) for one in computed),
        mode=record.get("mode", "live"),
        rater=record.get("rater", ""),
        on=record.get("on", ""),
        started=any(items.values()),
        questionnaire=scale.kind == QUESTIONNAIRE,
        copies_sides=any(region.id.endswith("_right") for region in scale.regions),
    )


LONG = 16  # letters of a grade's label that still fit under its number


def _scales_of(aims: Iterable[str], knowledge: Knowledge) -> list[str]:
    """Scales of the aims and of their protocols, each as the scale whose items are scored; none that judge change."""
    aims = set(aims)
    named = [scale for aim in knowledge.aims.values() if aim.id in aims for scale in aim.score_with]
    named += [
        scale for protocol in knowledge.protocols.values() if protocol.aim in aims for scale in protocol.score_with
    ]
    scored = dict.fromkeys(knowledge.scales[scale].items_of or scale for scale in named)
    fitting = [scale for scale in scored if knowledge.scales[scale].kind != CHANGE]
    return sorted(fitting, key=lambda scale: knowledge.scales[scale].kind == QUESTIONNAIRE)


def _regions(
    scale: Scale, labels: Mapping[str, list[str]], items: Mapping[str, Any], before: Mapping[str, Any]
) -> Iterable[RegionBlock]:
    for region in scale.regions:
        rows = tuple(
            ItemRow(
                name=f"score.{scale.id}.{region.id}.{item.id}",
                short=short_name(scale, item),
                title=title_of("scales", scale.id, f"items.{item.id}"),
                grades=_grades(
                    labels[item.id],
                    item,
                    items.get(region.id, {}).get(item.id),
                    before.get(region.id, {}).get(item.id),
                ),
            )
            for item in scale.items
        )
        yield RegionBlock(region.id, title_of("scales", scale.id, f"regions.{region.id}"), rows)


def _grades(labels: list[str], item: Item, chosen: int | None, earlier: int | None) -> tuple[GradeButton, ...]:
    return tuple(
        GradeButton(
            str(grade.score),
            label,
            _short(grade.label) or label,
            _unit(grade.label),
            grade.score == chosen,
            grade.score == earlier,
        )
        for grade, label in zip(item.grades, labels, strict=True)
    )


def _labels(scale: Scale, item: Item) -> list[str]:
    return [title_of("scales", scale.id, f"items.{item.id}.grades.{grade.score}") for grade in item.grades]


def _short(label: str) -> str:
    """An English label of figures as it fits under a number in every language: "10 to 29 %" as "10–29"; its unit is
    written where there is room. Empty for words."""
    return label.replace("less than ", "< ").replace(" to ", "–").removesuffix(" %") if _unit(label) else ""


def _unit(label: str) -> str:
    return "%" if label.endswith(" %") else ""


def short_name(scale: Scale, item: Item) -> str:
    return item.id.upper() if len(item.id) == 1 else title_of("scales", scale.id, f"items.{item.id}")


def _line(scale: Scale, items: Entry) -> ScoreLine:
    result = score(scale, items)
    change = scale.noticeable_change
    return ScoreLine(
        id=f"line-{scale.id}",
        title=title_of("scales", scale.id).partition(",")[0],
        value="" if result.value is None else number_text(result.value, digits=4),
        highest=number_text(scale.highest),
        formula=formula_with_figures(scale, items).replace(".", decimal_sign()),
        missing=_missing(scale, result.missing),
        started=any(items.values()),
        notice=_noticed(change.low) if change else "",
        source=link_to("scales", scale.id, scale),
    )


def _noticed(points: float) -> str:
    # A number that is not whole takes the plural in each of the languages.
    told = ngettext(
        "Change to be noticed between raters: %(points)s point.",
        "Change to be noticed between raters: %(points)s points.",
        1 if points == 1 else 2,
    )
    return told % {"points": number_text(points)}


def _missing(scale: Scale, missing: tuple[MissingItem, ...]) -> str:
    """ "Forehead: H missing. Chin: A, D, H missing." """
    names = {item.id: short_name(scale, item) for item in scale.items}
    said = []
    for region in scale.regions:
        lacking = [names[one.item] for one in missing if one.region == region.id]
        if lacking:
            where = {"region": title_of("scales", scale.id, f"regions.{region.id}")}
            if len(lacking) <= 3:
                said.append(_("%(region)s: %(items)s missing.") % {**where, "items": ", ".join(lacking)})
            else:
                said.append(_("%(region)s: %(count)s items missing.") % {**where, "count": len(lacking)})
    return " ".join(said)
