"""What follows from a plan, laid out for pages: findings, doses beside limits, mixtures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mesoplan.clinic.courses.checks import same_finding
from mesoplan.clinic.courses.figure_words import (
    COUNT_WORDS,
    MEASURE_WORDS,
    VERDICT_WORDS,
)
from mesoplan.clinic.courses.models import OverrideReason
from mesoplan.clinic.evidence.links import (
    RULE_KINDS,
    Link,
    entry_link,
    link_to_finding,
    links_to_sources,
    rules_reviewed_here,
)
from mesoplan.clinic.evidence.reviews import Entry
from mesoplan.clinic.evidence.titles import title_marked, title_of
from mesoplan.clinic.evidence.words import basis_words
from mesoplan.clinic.shell.parts import DoseBar, Interval
from mesoplan.clinic.shell.templatetags.mesoplan import english
from mesoplan.clinic.shell.writing import quantity_text, range_text, volume_text
from mesoplan.domain.evaluation import (
    Dose,
    Evaluation,
    LimitState,
    Measure,
    MixtureResult,
)
from mesoplan.domain.evaluation import Interval as Range
from mesoplan.domain.finding import Finding, Severity
from mesoplan.domain.plan import Plan
from mesoplan.knowledge.base import Knowledge

SEVERITIES = tuple(Severity)


def counts(findings: tuple[Finding, ...] | list[Finding]) -> list[dict[str, str]]:
    """ "1 block", "2 warnings", in the order of weight, only those there are."""
    found = []
    for severity in SEVERITIES:
        number = sum(finding.severity is severity for finding in findings)
        if number:
            found.append({"severity": severity.value, "words": COUNT_WORDS[severity] % {"count": number}})
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
    here: frozenset[Entry] | None = None,
) -> list[dict[str, Any]]:
    """What the finding card needs, in the order of weight; with the reason that was given, if one was.

    `here` is what `rules_reviewed_here` says, for a page that asks for cards more than once.
    """
    if here is None and findings:
        here = rules_reviewed_here(knowledge)
    return [
        {
            "id": f"finding-{number}",
            "finding": finding,
            "title": _card_title(finding, knowledge, plan),
            "sources": [link_to_finding(finding, knowledge, here)],
            "reason": _reason(finding, reasons or {}),
        }
        for number, finding in enumerate(findings, start=1)
    ]


def _card_title(finding: Finding, knowledge: Knowledge, plan: Plan | None) -> str:
    """The rule, and the zone and the syringe that it speaks of here, so that two of one rule are told apart."""
    subject, named = finding.subject, [english(finding_title(finding, knowledge))]
    if subject.zone in knowledge.zones:
        named.append(conditional_escape(title_of("zones", str(subject.zone), knowledge)))
    if plan is not None and len(plan.preparations) > 1:
        named += [english(one.title) for one in plan.preparations if one.id == subject.preparation]
    return SafeString(" · ".join(named))


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

    measure: Measure
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
            title_of("compounds", one, knowledge),
            [_dose_line(dose, knowledge) for dose in evaluation.doses if dose.compound == one],
        )
        for one in named
    ]


def _dose_line(dose: Dose, knowledge: Knowledge) -> DoseLine:
    label, basis = str(MEASURE_WORDS[dose.measure]), basis_words(dose.basis)
    if dose.zone:
        zone = title_of("zones", dose.zone, knowledge)
        label = _("%(measure)s, at most in %(zone)s") % {"measure": label, "zone": zone}
    source = {
        "title": basis or _("what is known"),
        "href": entry_link("compounds", dose.compound) if dose.compound in knowledge.compounds else "",
        "review": "" if dose.reviewed or dose.limit is None else "not yet reviewed",
    }
    if dose.value is None:
        return DoseLine(dose.measure, label, None, _why_no_bar(dose), source)
    unit = _("points") if dose.unit == "count" else dose.unit
    bar = JudgedDoseBar(label, dose.value, dose.limit, unit, basis, source, judged=dose.state)
    return DoseLine(dose.measure, label, bar, "", source)


def _why_no_bar(dose: Dose) -> str:
    unknown = dose.state is not LimitState.NOT_COMPUTABLE
    if dose.limit is None:
        return _("not known") if unknown else _("not computable")
    words = _("not known; limit %(limit)s") if unknown else _("not computable; limit %(limit)s")
    return words % {"limit": quantity_text(dose.limit, dose.unit)}


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
                title_of("compounds", one.compound, knowledge),
                _("strength not known") if one.value is None else quantity_text(one.value, one.unit),
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
                "names": _("%(first)s with %(second)s")
                % {
                    "first": title_of("compounds", pair.a, knowledge),
                    "second": title_of("compounds", pair.b, knowledge),
                },
                "verdict": pair.verdict.value,
                "words": str(VERDICT_WORDS[pair.verdict]),
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
        return Interval(unknown=_("not computed"))
    unit = "" if found.unit == "pH" else found.unit
    decimals = 1 if found.unit == "pH" else 0
    return Interval(value=range_text(found.low, found.high, unit, decimals=decimals))


def recipe_lines(plan: Plan, knowledge: Knowledge) -> list[dict[str, Any]]:
    """The recipe in short: what is drawn into which syringes."""
    return [
        {
            "title": preparation.title,
            "draws": [
                (volume_text(draw.volume), title_marked("presentations", draw.presentation, knowledge))
                for draw in preparation.draws
            ],
            "made": volume_text(preparation.volume()),
            "syringes": _("%(count)s × %(size)s syringe")
            % {"count": preparation.syringes, "size": quantity_text(preparation.syringe.value, "mL")},
        }
        for preparation in plan.preparations
    ]
