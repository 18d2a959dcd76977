"""Proposals side by side: the same rows for each, which rows differ, what was declined, which questions are open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from mesoplan.clinic.courses.figures import counts, finding_cards, recipe_lines
from mesoplan.clinic.courses.landing_cards import lands_text
from mesoplan.clinic.courses.proposal_words import CHOICE_WORDS, DIRECTION_WORDS, DOSE_WORDS, LINE_WORDS
from mesoplan.clinic.courses.trade_offs import trade_offs
from mesoplan.clinic.evidence.links import Link, entry_link, links_to_sources
from mesoplan.clinic.evidence.reviews import Entry
from mesoplan.clinic.evidence.titles import question_marked, title_of
from mesoplan.clinic.forecasts.before_any_score import before_any_score
from mesoplan.clinic.shell.templatetags.mesoplan import english
from mesoplan.clinic.shell.writing import date_text, number_text, quantity_text, range_text, with_unit
from mesoplan.domain.evaluation import Dose, LimitState, Measure
from mesoplan.domain.finding import Finding, Severity
from mesoplan.domain.proposal import EvidenceLine, Proposal, Proposals, Reason
from mesoplan.knowledge.base import Knowledge

ROWS = (
    ("findings", gettext_lazy("Findings")),
    ("evidence", gettext_lazy("Evidence")),
    ("favour", pgettext_lazy("evidence", "For")),
    ("against", gettext_lazy("Against, or no benefit")),
    ("recipe", gettext_lazy("Recipe")),
    ("burden", gettext_lazy("Punctures")),
    ("front", gettext_lazy("Trade-offs")),
    ("landing", gettext_lazy("Depth")),
    ("doses", gettext_lazy("Doses")),
    ("dates", gettext_lazy("Dates")),
    ("forecast", gettext_lazy("Forecast")),
    ("why", gettext_lazy("Why")),
)
_SHOWN_DOSES = (Measure.SESSION, Measure.BODY_WEIGHT, Measure.COURSE)


@dataclass(frozen=True)
class Row:
    """One line of the comparison, over all columns."""

    name: str
    label: Promise
    differs: bool


@dataclass(frozen=True)
class Column:
    """One proposal."""

    number: int
    id: str
    title: str
    href: str
    cells: dict[str, Any]


@dataclass(frozen=True)
class GoalComparison:
    """Everything found for one goal."""

    title: str
    href: str
    rows: list[Row]
    columns: list[Column]
    none_because: str
    declined: list[dict[str, Any]]


def comparisons(answer: Proposals, knowledge: Knowledge, here: frozenset[Entry]) -> list[GoalComparison]:
    """One comparison for each goal, in the order of the assessment. `here` is what `rules_reviewed_here` says."""
    return [_comparison(index, answer, knowledge, here) for index in range(len(answer.goals))]


def _comparison(index: int, answer: Proposals, knowledge: Knowledge, here: frozenset[Entry]) -> GoalComparison:
    goal = answer.goals[index]
    chosen = [one for one in answer.proposals if one.id in goal.proposals]
    columns = [
        Column(number, one.id, one.title, entry_link("protocols", one.protocol), _cells(one, knowledge, here))
        for number, one in enumerate(chosen, start=1)
    ]
    return GoalComparison(
        title=title_of("aims", goal.goal, knowledge),
        href=entry_link("aims", goal.goal),
        rows=[Row(name, label, _differs(name, columns)) for name, label in ROWS],
        columns=columns,
        none_because=goal.none_because or "",
        declined=[
            {
                "title": one.title,
                "href": entry_link("protocols", one.protocol),
                "cards": finding_cards(one.findings, knowledge, here=here),
            }
            for one in answer.declined
            if one.goal == goal.goal
        ],
    )


def _differs(name: str, columns: list[Column]) -> bool:
    return len({repr(column.cells[name]) for column in columns}) > 1


def _cells(proposal: Proposal, knowledge: Knowledge, here: frozenset[Entry]) -> dict[str, Any]:
    makers: dict[str, Callable[[Proposal, Knowledge], Any]] = {
        "findings": lambda one, k: _findings(one, k, here),
        "evidence": _evidence,
        "favour": lambda one, k: _lines(one, k, favour=True),
        "against": lambda one, k: _lines(one, k, favour=False),
        "recipe": lambda one, k: recipe_lines(one.plan, k),
        "burden": _burden,
        "front": lambda one, k: trade_offs(one),
        "landing": _landings,
        "doses": _doses,
        "dates": _dates,
        "forecast": lambda one, k: before_any_score(one.plan, k),
        "why": _why,
    }
    return {name: make(proposal, knowledge) for name, make in makers.items()}


def _findings(proposal: Proposal, knowledge: Knowledge, here: frozenset[Entry]) -> dict[str, Any]:
    cards = finding_cards(proposal.evaluation.findings, knowledge, here=here)
    heavy = [card for card in cards if card["finding"].severity is not Severity.INFO]
    return {
        "counts": counts(proposal.evaluation.findings),
        "heavy": heavy,
        "notes": [card for card in cards if card["finding"].severity is Severity.INFO],
        "rules_read": proposal.evaluation.rules_read,
        "release": proposal.evaluation.knowledge_release,
    }


def _evidence(proposal: Proposal, knowledge: Knowledge) -> dict[str, Any]:
    return {"direction": str(DIRECTION_WORDS[proposal.evidence.direction.value]), "level": proposal.evidence.level}


def _lines(proposal: Proposal, knowledge: Knowledge, *, favour: bool) -> list[dict[str, Any]]:
    chosen = [line for line in proposal.evidence.lines if (line.direction == "positive") is favour]
    return [_line(line, knowledge) for line in chosen]


def _line(line: EvidenceLine, knowledge: Knowledge) -> dict[str, Any]:
    return {
        "text": line.text,
        "words": _line_words(line),
        "sources": links_to_sources(line.sources, knowledge),
    }


def _line_words(line: EvidenceLine) -> str:
    people = line.participants
    said = {"found": LINE_WORDS[line.direction], "level": line.level, "count": people}
    if not people:
        return _("%(found)s, level %(level)s") % said
    words = ngettext(
        "%(found)s, level %(level)s, %(count)s person", "%(found)s, level %(level)s, %(count)s people", people
    )
    return words % said


def _burden(proposal: Proposal, knowledge: Knowledge) -> dict[str, str]:
    burden = proposal.evaluation.burden
    if burden.weeks:
        words = ngettext(
            "points × session, over %(weeks)s weeks", "points × sessions, over %(weeks)s weeks", burden.sessions
        ) % {"weeks": number_text(burden.weeks)}
    else:
        words = ngettext("points × session, on one day", "points × sessions, on one day", burden.sessions)
    volume = quantity_text(burden.injected_ml_per_session, "mL", decimals=2)
    return {
        "product": f"{burden.punctures_per_session} × {burden.sessions}",
        "words": words,
        "volume": _("%(volume)s injected each time") % {"volume": volume},
    }


def _landings(proposal: Proposal, knowledge: Knowledge) -> list[dict[str, Any]]:
    """Zones that land alike in one line."""
    placements = {(one.zone, one.preparation): one for one in proposal.plan.placements}
    groups: dict[tuple[str, ...], dict[str, Any]] = {}
    for landing in proposal.evaluation.landings:
        placement = placements[landing.zone, landing.preparation]
        depth = quantity_text(landing.depth_mm, "mm", decimals=1)
        spread = f"({range_text(*landing.depth_range_mm, decimals=1)})"
        angle = with_unit(number_text(placement.angle.value), "deg")
        how = f"{angle} × {quantity_text(placement.inserted.value, 'mm', decimals=1)}"
        layer = lands_text(landing)
        entry = groups.setdefault(
            (depth, spread, how, layer),
            {
                "depth": depth,
                "range": spread,
                "how": how,
                "layer": layer,
                "zones": {},
                "sources": links_to_sources(landing.sources, knowledge),
            },
        )
        entry["zones"][title_of("zones", landing.zone, knowledge)] = None
    return [{**entry, "zones": " · ".join(entry["zones"])} for entry in groups.values()]


def _doses(proposal: Proposal, knowledge: Knowledge) -> list[dict[str, Any]]:
    shown = [dose for dose in proposal.evaluation.doses if dose.measure in _SHOWN_DOSES]
    return [_dose(dose, knowledge) for dose in shown]


def _dose(dose: Dose, knowledge: Knowledge) -> dict[str, Any]:
    if dose.limit is None:
        limit = _("no limit known")
    else:
        limit = _("of %(limit)s") % {"limit": quantity_text(dose.limit, dose.unit)}
    value = _("not computable") if dose.value is None else quantity_text(dose.value, dose.unit)
    return {
        "what": DOSE_WORDS[dose.measure] % {"compound": title_of("compounds", dose.compound, knowledge)},
        "value": value,
        "limit": limit,
        "over": dose.state is LimitState.OVER,
        "near": dose.state is LimitState.NEAR,
        "href": entry_link("compounds", dose.compound),
        "reviewed": dose.reviewed or dose.limit is None,
    }


def _dates(proposal: Proposal, knowledge: Knowledge) -> dict[str, Any]:
    schedule = proposal.plan.schedule
    return {
        "sessions": [date_text(day) for day in schedule.sessions],
        "judged": date_text(schedule.first_judged_on) if schedule.first_judged_on else "",
        "review": date_text(schedule.review_on) if schedule.review_on else "",
    }


def _why(proposal: Proposal, knowledge: Knowledge) -> list[dict[str, Any]]:
    return reasons(proposal.why, knowledge)


def reasons(why: Iterable[Reason], knowledge: Knowledge) -> list[dict[str, Any]]:
    """Each reason with its choice in words and its sources as links."""
    return [
        {
            "choice": _choice_words(reason.choice),
            "text": reason.text,
            "sources": links_to_sources(reason.sources, knowledge),
        }
        for reason in why
    ]


def _choice_words(choice: str) -> str:
    return str(CHOICE_WORDS[choice]) if choice in CHOICE_WORDS else english(choice.replace("-", " ").capitalize())


@dataclass(frozen=True)
class Question:
    """A question that nobody has asked this patient yet, and how heavy its answer may weigh."""

    term: str
    text: SafeString
    severity: str
    source: Link


def open_questions(answer: Proposals, knowledge: Knowledge) -> list[Question]:
    """Every question that a rule asks for, each once, the heaviest first."""
    findings = [*answer.screening]
    findings += [finding for one in answer.proposals for finding in one.evaluation.findings]
    findings += [finding for one in answer.declined for finding in one.findings]
    return questions_in(findings, knowledge)


def questions_in(findings: Iterable[Finding], knowledge: Knowledge) -> list[Question]:
    """Every question that some findings ask for, each once, the heaviest first."""
    asked: dict[str, Severity] = {}
    for finding in sorted(findings, key=lambda one: one.severity.rank):
        for term in finding.asks:
            asked.setdefault(term, finding.severity)
    return [_question(term, severity, knowledge) for term, severity in asked.items()]


def _question(term: str, severity: Severity, knowledge: Knowledge) -> Question:
    if term not in knowledge.terms:
        words = english(term.replace("_", " ").replace("-", " ").capitalize())
        return Question(term, words, severity.value, {})
    return Question(term, question_marked(term, knowledge), severity.value, {"href": entry_link("terms", term)})
