"""What follows from a plan, laid out for pages: findings, doses beside limits, mixtures, where drops land."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mesoplan.clinic.courses.checks import same_finding
from mesoplan.clinic.courses.models import OverrideReason
from mesoplan.clinic.courses.skin_section import SkinSection, section_of
from mesoplan.clinic.evidence.links import (
    RULE_KINDS,
    Link,
    entry_link,
    link_to_finding,
    links_to_sources,
)
from mesoplan.clinic.shell.parts import DoseBar, Interval
from mesoplan.domain.evaluation import Dose, Evaluation, Landing, LandingClass, LimitState, MixtureResult, PairVerdict
from mesoplan.domain.evaluation import Interval as Range
from mesoplan.domain.finding import Finding, Severity
from mesoplan.domain.plan import Plan
from mesoplan.domain.writing import number_text, quantity_text, range_text, volume_text, with_unit
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.doses import measure_text

SEVERITIES = tuple(Severity)
COUNT_WORDS = {
    Severity.BLOCK: ("block", "blocks"),
    Severity.WAIT: ("wait", "waits"),
    Severity.WARN: ("warning", "warnings"),
    Severity.INFO: ("note", "notes"),
}
LANDING_WORDS = {
    LandingClass.EPIDERMAL: "in the epidermis",
    LandingClass.DERMAL: "in the dermis",
    LandingClass.DERMAL_OR_SUBDERMAL: "in the dermis or below it: the skin's range does not tell",
    LandingClass.SUBDERMAL: "below the dermis",
    LandingClass.NOT_ASSESSABLE: "not assessable",
}
SKIN_WORDS = {
    "measured": "measured on this patient",
    "sex-and-age": "studies of this sex and age",
    "all-studies": "all studies of the zone",
    "unknown": "outer bounds; no study of this zone",
}
VERDICT_WORDS = {
    PairVerdict.COMPATIBLE: "compatible",
    PairVerdict.INCOMPATIBLE: "incompatible",
    PairVerdict.USED_IN_TRIAL: "used in a trial; stability not shown",
    PairVerdict.UNKNOWN: "no data, which counts as incompatible",
}


def counts(findings: tuple[Finding, ...] | list[Finding]) -> list[dict[str, str]]:
    """ "1 block", "2 warnings", in the order of weight, only those there are."""
    found = []
    for severity in SEVERITIES:
        number = sum(finding.severity is severity for finding in findings)
        if number:
            one, many = COUNT_WORDS[severity]
            found.append({"severity": severity.value, "words": f"{number} {one if number == 1 else many}"})
    return found


def finding_title(finding: Finding, knowledge: Knowledge) -> str:
    """The title of the rule, so that a card begins with what it is about."""
    for kind in RULE_KINDS:
        if finding.rule in knowledge.shelf(kind):
            return str(getattr(knowledge.shelf(kind)[finding.rule], "title", finding.rule))
    return finding.rule


def finding_cards(
    findings: tuple[Finding, ...],
    knowledge: Knowledge,
    reasons: dict[str, OverrideReason] | None = None,
    plan: Plan | None = None,
) -> list[dict[str, Any]]:
    """What the finding card needs, in the order of weight; with the reason that was given, if one was."""
    return [
        {
            "id": f"finding-{number}",
            "finding": finding,
            "title": " · ".join([finding_title(finding, knowledge), *_about(finding, knowledge, plan)]),
            "sources": [link_to_finding(finding, knowledge)],
            "reason": _reason(finding, reasons or {}),
        }
        for number, finding in enumerate(findings, start=1)
    ]


def _about(finding: Finding, knowledge: Knowledge, plan: Plan | None) -> list[str]:
    """The zone and the syringe that a finding speaks of, so that two of one rule are told apart."""
    subject, named = finding.subject, []
    if subject.zone in knowledge.zones:
        named.append(knowledge.zones[str(subject.zone)].title)
    if plan is not None and len(plan.preparations) > 1:
        named += [one.title for one in plan.preparations if one.id == subject.preparation]
    return named


def key_of(finding: Finding) -> str:
    return same_finding(finding.rule, finding.code, finding.subject.model_dump(mode="json"))


def reasons_by_finding(given: list[OverrideReason]) -> dict[str, OverrideReason]:
    """The newest reason for each finding."""
    return {same_finding(one.rule, one.code, one.subject): one for one in reversed(given)}


def _reason(finding: Finding, reasons: dict[str, OverrideReason]) -> dict[str, Any] | None:
    one = reasons.get(key_of(finding))
    return None if one is None else {"by": one.given_by, "at": one.given_at, "text": one.reason}


@dataclass(frozen=True)
class DoseLine:
    """A dose beside its limit as a bar, or the words that say why there is none."""

    label: str
    bar: DoseBar | None
    words: str
    source: Link


_BAR_STATES = {LimitState.OVER: "over", LimitState.NEAR: "near", LimitState.BELOW: "below"}


@dataclass(frozen=True)
class JudgedDoseBar(DoseBar):
    """A dose bar that says what the evaluation says: a concentration at its limit, for one, is as intended."""

    judged: LimitState = LimitState.NO_LIMIT_KNOWN

    @property
    def state(self) -> str:
        return _BAR_STATES.get(self.judged, "open")


def dose_lines(evaluation: Evaluation, knowledge: Knowledge) -> list[tuple[str, list[DoseLine]]]:
    """The doses of each compound under its name."""
    named = dict.fromkeys(dose.compound for dose in evaluation.doses)
    return [
        (
            knowledge.compounds[one].title,
            [_dose_line(dose, knowledge) for dose in evaluation.doses if dose.compound == one],
        )
        for one in named
    ]


def _dose_line(dose: Dose, knowledge: Knowledge) -> DoseLine:
    label = measure_text(dose.measure).capitalize()
    if dose.zone:
        label = f"{label}, at most in {knowledge.zones[dose.zone].title}"
    source = {
        "title": dose.basis or "what is known",
        "href": entry_link("compounds", dose.compound),
        "review": "" if dose.reviewed or dose.limit is None else "not yet reviewed",
    }
    if dose.value is None:
        said = "not computable" if dose.state is LimitState.NOT_COMPUTABLE else "not known"
        return DoseLine(label, None, said if dose.limit is None else f"{said}; limit {dose.limit_text}", source)
    unit = "points" if dose.unit == "count" else dose.unit
    bar = JudgedDoseBar(label, dose.value, dose.limit, unit, dose.basis or "", source, judged=dose.state)
    return DoseLine(label, bar, "", source)


@dataclass(frozen=True)
class MixtureCard:
    """One preparation once made up."""

    title: str
    letter: str
    made: str
    injected: str
    discarded: str
    syringes: str
    concentrations: list[tuple[str, str, str]]
    osmolarity: Interval
    osmolarity_note: str
    ph: Interval
    ph_note: str
    pairs: list[dict[str, Any]]
    use_within: str
    sources: list[Link]


def mixture_cards(
    plan: Plan, evaluation: Evaluation, letters: dict[str, str], knowledge: Knowledge
) -> list[MixtureCard]:
    results = {mixture.preparation: mixture for mixture in evaluation.mixtures}
    return [_mixture(one.id, one.title, plan, results[one.id], letters[one.id], knowledge) for one in plan.preparations]


def _mixture(
    name: str, title: str, plan: Plan, result: MixtureResult, letter: str, knowledge: Knowledge
) -> MixtureCard:
    preparation = next(one for one in plan.preparations if one.id == name)
    size = quantity_text(preparation.syringe.value, "mL")
    return MixtureCard(
        title=title,
        letter=letter,
        made=quantity_text(result.made_ml, "mL", decimals=2),
        injected=quantity_text(result.injected_ml, "mL", decimals=2),
        discarded=quantity_text(result.discarded_ml, "mL", decimals=2),
        syringes=f"{result.syringes} × {size}",
        concentrations=[
            (
                knowledge.compounds[one.compound].title,
                "strength not known" if one.value is None else quantity_text(one.value, one.unit),
                entry_link("compounds", one.compound),
            )
            for one in result.concentrations
        ],
        osmolarity=_range(result.osmolarity),
        osmolarity_note=result.osmolarity_note,
        ph=_range(result.ph),
        ph_note=result.ph_note,
        pairs=[
            {
                "names": f"{knowledge.compounds[pair.a].title} with {knowledge.compounds[pair.b].title}",
                "verdict": pair.verdict.value,
                "words": VERDICT_WORDS[pair.verdict],
                "text": pair.text,
                "href": entry_link("pairs", pair.rule) if pair.rule else entry_link("checks", "mix-pair-unknown"),
            }
            for pair in result.pairs
        ],
        use_within="" if result.use_within_h is None else quantity_text(result.use_within_h, "h"),
        sources=links_to_sources(result.sources, knowledge),
    )


def _range(found: Range | None) -> Interval:
    if found is None:
        return Interval(unknown="not computed")
    unit = "" if found.unit == "pH" else found.unit
    decimals = 1 if found.unit == "pH" else 0
    return Interval(value=range_text(found.low, found.high, unit, decimals=decimals))


@dataclass(frozen=True)
class LandingCard:
    """Where the tip lies, in figures and as a section of the skin to scale."""

    zones: list[str]
    angle: str
    inserted: str
    depth: Interval
    skin: str
    skin_from: str
    layer: str
    target: str
    section: SkinSection | None
    sources: list[Link]


def landing_cards(plan: Plan, evaluation: Evaluation, knowledge: Knowledge) -> list[LandingCard]:
    """One card for each needle position in one kind of skin; zones and syringes that land alike share it."""
    placements = {(one.zone, one.preparation): one for one in plan.placements}
    groups: dict[tuple[Any, ...], list[Landing]] = {}
    for landing in evaluation.landings:
        placement = placements[landing.zone, landing.preparation]
        alike = landing.model_copy(update={"zone": "x", "preparation": "x"}).model_dump_json()
        groups.setdefault((placement.angle.value, placement.inserted.value, alike), []).append(landing)
    return [_landing(group, key[0], key[1], knowledge) for key, group in groups.items()]


def _landing(group: list[Landing], angle: float, inserted: float, knowledge: Knowledge) -> LandingCard:
    landing = group[0]
    low, high = (number_text(end, decimals=1) for end in landing.depth_range_mm)
    return LandingCard(
        zones=list(dict.fromkeys(knowledge.zones[one.zone].title for one in group)),
        angle=with_unit(number_text(angle), "deg"),
        inserted=quantity_text(inserted, "mm", decimals=1),
        depth=Interval(quantity_text(landing.depth_mm, "mm", decimals=1), low, high),
        skin=range_text(*landing.skin_mm, "mm", decimals=1) if landing.skin_mm else "not known",
        skin_from=SKIN_WORDS[landing.skin_from],
        layer=LANDING_WORDS[landing.landing],
        target=(landing.target or "").replace("-", " "),
        section=section_of(landing, angle, inserted),
        sources=links_to_sources(landing.sources, knowledge),
    )


def recipe_lines(plan: Plan, knowledge: Knowledge) -> list[dict[str, Any]]:
    """The recipe in short: what is drawn into which syringes."""
    return [
        {
            "title": preparation.title,
            "draws": [
                (volume_text(draw.volume), knowledge.presentations[draw.presentation][1].title)
                for draw in preparation.draws
            ],
            "made": volume_text(preparation.volume()),
            "syringes": f"{preparation.syringes} × {quantity_text(preparation.syringe.value, 'mL')} syringe",
        }
        for preparation in plan.preparations
    ]
