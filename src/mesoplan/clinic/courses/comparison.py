"""Proposals side by side: the same rows for each, which rows differ, what was declined, which questions are open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from mesoplan.clinic.courses.figures import LANDING_WORDS, counts, finding_cards, recipe_lines
from mesoplan.clinic.evidence.links import Link, entry_link, links_to_sources
from mesoplan.domain.evaluation import Dose, LimitState, Measure
from mesoplan.domain.finding import Finding, Severity
from mesoplan.domain.proposal import EvidenceLine, Proposal, Proposals, Reason
from mesoplan.domain.writing import count_text, date_text, number_text, quantity_text, range_text
from mesoplan.knowledge.base import Knowledge

ROWS = (
    ("findings", "Findings"),
    ("evidence", "Evidence"),
    ("favour", "For"),
    ("against", "Against, or no benefit"),
    ("recipe", "Recipe"),
    ("burden", "Punctures"),
    ("landing", "Depth"),
    ("doses", "Doses"),
    ("dates", "Dates"),
    ("why", "Why"),
)
DIRECTION_WORDS = {
    "positive": "positive",
    "conflicting": "conflicting",
    "none": "no controlled trial",
    "negative": "negative",
}
LINE_WORDS = {"positive": "benefit", "negative": "no benefit", "neutral": "no difference", "mixed": "mixed"}
_SHOWN_DOSES = (Measure.SESSION, Measure.BODY_WEIGHT, Measure.COURSE)


@dataclass(frozen=True)
class Row:
    """One line of the comparison, over all columns."""

    name: str
    label: str
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


def comparisons(answer: Proposals, knowledge: Knowledge) -> list[GoalComparison]:
    """One comparison for each goal, in the order of the assessment."""
    return [_comparison(index, answer, knowledge) for index in range(len(answer.goals))]


def _comparison(index: int, answer: Proposals, knowledge: Knowledge) -> GoalComparison:
    goal = answer.goals[index]
    chosen = [one for one in answer.proposals if one.id in goal.proposals]
    columns = [
        Column(number, one.id, one.title, entry_link("protocols", one.protocol), _cells(one, knowledge))
        for number, one in enumerate(chosen, start=1)
    ]
    return GoalComparison(
        title=knowledge.aims[goal.goal].title,
        href=entry_link("aims", goal.goal),
        rows=[Row(name, label, _differs(name, columns)) for name, label in ROWS],
        columns=columns,
        none_because=goal.none_because or "",
        declined=[
            {
                "title": one.title,
                "href": entry_link("protocols", one.protocol),
                "cards": finding_cards(one.findings, knowledge),
            }
            for one in answer.declined
            if one.goal == goal.goal
        ],
    )


def _differs(name: str, columns: list[Column]) -> bool:
    return len({repr(column.cells[name]) for column in columns}) > 1


def _cells(proposal: Proposal, knowledge: Knowledge) -> dict[str, Any]:
    makers: dict[str, Callable[[Proposal, Knowledge], Any]] = {
        "findings": _findings,
        "evidence": _evidence,
        "favour": lambda one, k: _lines(one, k, favour=True),
        "against": lambda one, k: _lines(one, k, favour=False),
        "recipe": lambda one, k: recipe_lines(one.plan, k),
        "burden": _burden,
        "landing": _landings,
        "doses": _doses,
        "dates": _dates,
        "why": _why,
    }
    return {name: make(proposal, knowledge) for name, make in makers.items()}


def _findings(proposal: Proposal, knowledge: Knowledge) -> dict[str, Any]:
    cards = finding_cards(proposal.evaluation.findings, knowledge)
    heavy = [card for card in cards if card["finding"].severity is not Severity.INFO]
    return {
        "counts": counts(proposal.evaluation.findings),
        "heavy": heavy,
        "notes": [card for card in cards if card["finding"].severity is Severity.INFO],
        "rules_read": proposal.evaluation.rules_read,
        "release": proposal.evaluation.knowledge_release,
    }


def _evidence(proposal: Proposal, knowledge: Knowledge) -> dict[str, Any]:
    return {"direction": DIRECTION_WORDS[proposal.evidence.direction.value], "level": proposal.evidence.level}


def _lines(proposal: Proposal, knowledge: Knowledge, *, favour: bool) -> list[dict[str, Any]]:
    chosen = [line for line in proposal.evidence.lines if (line.direction == "positive") is favour]
    return [_line(line, knowledge) for line in chosen]


def _line(line: EvidenceLine, knowledge: Knowledge) -> dict[str, Any]:
    people = f", {count_text(line.participants, 'person', 'people')}" if line.participants else ""
    return {
        "text": line.text,
        "words": f"{LINE_WORDS[line.direction]}, level {line.level}{people}",
        "sources": links_to_sources(line.sources, knowledge),
    }


def _burden(proposal: Proposal, knowledge: Knowledge) -> dict[str, str]:
    burden = proposal.evaluation.burden
    weeks = f"over {number_text(burden.weeks)} weeks" if burden.weeks else "on one day"
    return {
        "product": f"{burden.punctures_per_session} × {burden.sessions}",
        "words": f"points × {'session' if burden.sessions == 1 else 'sessions'}, {weeks}",
        "volume": f"{quantity_text(burden.injected_ml_per_session, 'mL', decimals=2)} injected each time",
    }


def _landings(proposal: Proposal, knowledge: Knowledge) -> list[dict[str, Any]]:
    """Zones that land alike in one line."""
    placements = {(one.zone, one.preparation): one for one in proposal.plan.placements}
    groups: dict[tuple[str, ...], dict[str, Any]] = {}
    for landing in proposal.evaluation.landings:
        placement = placements[landing.zone, landing.preparation]
        depth = f"{number_text(landing.depth_mm, decimals=1)} mm"
        spread = f"({range_text(*landing.depth_range_mm, decimals=1)})"
        how = f"{placement.angle.value:g}° × {number_text(placement.inserted.value, decimals=1)} mm"
        layer = LANDING_WORDS[landing.landing]
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
        entry["zones"][knowledge.zones[landing.zone].title] = None
    return [{**entry, "zones": "; ".join(entry["zones"])} for entry in groups.values()]


def _doses(proposal: Proposal, knowledge: Knowledge) -> list[dict[str, Any]]:
    shown = [dose for dose in proposal.evaluation.doses if dose.measure in _SHOWN_DOSES]
    return [_dose(dose, knowledge) for dose in shown]


def _dose(dose: Dose, knowledge: Knowledge) -> dict[str, Any]:
    over = {Measure.SESSION: "session", Measure.BODY_WEIGHT: "each kg", Measure.COURSE: "course"}[dose.measure]
    limit = "no limit known" if dose.limit is None else f"of {quantity_text(dose.limit, dose.unit)}"
    value = "not computable" if dose.value is None else quantity_text(dose.value, dose.unit)
    return {
        "what": f"{knowledge.compounds[dose.compound].title}, {over}",
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
            "choice": reason.choice.replace("-", " ").capitalize(),
            "text": reason.text,
            "sources": links_to_sources(reason.sources, knowledge),
        }
        for reason in why
    ]


@dataclass(frozen=True)
class Question:
    """A question that nobody has asked this patient yet, and how heavy its answer may weigh."""

    term: str
    text: str
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
        return Question(term, term.replace("_", " ").replace("-", " ").capitalize(), severity.value, {})
    return Question(term, knowledge.terms[term].question, severity.value, {"href": entry_link("terms", term)})
