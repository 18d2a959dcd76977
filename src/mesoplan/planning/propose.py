"""Propose: every protocol that fits a goal becomes a plan for this patient, evaluated; the others are declined."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from mesoplan.domain.case import Case, Goal
from mesoplan.domain.evaluation import Evaluation
from mesoplan.domain.finding import Finding, Severity
from mesoplan.domain.proposal import Declined, GoalAnswer, Proposal, Proposals
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.protocols import Protocol
from mesoplan.planning.engine import ENGINE
from mesoplan.planning.evaluate import evaluate
from mesoplan.planning.evidence import evidence_rank, summarise
from mesoplan.planning.individual_plan import IndividualPlan, NotPossible, individual_plan
from mesoplan.planning.screen import screen

ORDER = (
    "Fewest blocks and waits, then fewest warnings; then the direction of the evidence (positive, conflicting, none, "
    "negative) and its level; then fewest punctures over the course."
)
LATEST_START = timedelta(days=400)
MOST_MOVES_OF_START = 4


@dataclass(frozen=True)
class _Outcome:
    proposal: Proposal | None
    declined: Declined | None


def propose(case: Case, knowledge: Knowledge, top: int | None = None) -> Proposals:
    """Return plans for every goal of a case, in a stated order, and everything that was declined with its reasons.

    Parameters
    ----------
    case : Case
    knowledge : Knowledge
    top : int, optional
        The most proposals for each goal.

    Returns
    -------
    Proposals
        Pure: the same input gives the same value.
    """
    screening = screen(case, knowledge)
    proposals: list[Proposal] = []
    declined: list[Declined] = []
    goals: list[GoalAnswer] = []
    for number, goal in enumerate(case.goals, start=1):
        outcomes = [
            _outcome(protocol, goal, number, case, knowledge)
            for protocol in knowledge.protocols.values()
            if protocol.aim == goal.aim
        ]
        fitting = sorted((one.proposal for one in outcomes if one.proposal), key=_rank)[:top]
        refused = [one.declined for one in outcomes if one.declined]
        proposals += fitting
        declined += refused
        reason = None if fitting else none_because(goal, refused, knowledge)
        goals.append(GoalAnswer(goal=goal.aim, proposals=tuple(one.id for one in fitting), none_because=reason))
    return Proposals(
        case=case.id,
        knowledge_release=knowledge.release,
        knowledge_sha256=knowledge.sha256,
        engine=ENGINE,
        order=ORDER,
        screening=tuple(screening),
        proposals=tuple(proposals),
        declined=tuple(declined),
        goals=tuple(goals),
    )


def _rank(proposal: Proposal) -> tuple[int, int, tuple[int, str], int, str]:
    findings = proposal.evaluation.findings
    waits = sum(finding.severity is Severity.WAIT for finding in findings)
    warnings = sum(finding.severity is Severity.WARN for finding in findings)
    burden = proposal.evaluation.burden.punctures_in_course
    return waits, warnings, evidence_rank(proposal.evidence), burden, proposal.id


def _outcome(protocol: Protocol, goal: Goal, number: int, case: Case, knowledge: Knowledge) -> _Outcome:
    """Return the proposal that a protocol gives, or why it is declined. Blocks decline; nothing else does."""
    try:
        found, evaluation = _started_when_allowed(protocol, goal, case, knowledge)
    except NotPossible as refusal:
        return _declined(protocol, goal, refusal.findings)
    blocks = tuple(finding for finding in evaluation.findings if finding.severity is Severity.BLOCK)
    if blocks:
        return _declined(protocol, goal, blocks)
    proposal = Proposal(
        id=f"{protocol.id}.{number}",
        protocol=protocol.id,
        title=protocol.title,
        plan=found.plan,
        evaluation=evaluation,
        evidence=summarise(protocol),
        why=found.why,
        front=found.front,
    )
    return _Outcome(proposal, None)


def _declined(protocol: Protocol, goal: Goal, findings: tuple[Finding, ...]) -> _Outcome:
    return _Outcome(None, Declined(protocol=protocol.id, goal=goal.aim, title=protocol.title, findings=findings))


def _started_when_allowed(
    protocol: Protocol, goal: Goal, case: Case, knowledge: Knowledge
) -> tuple[IndividualPlan, Evaluation]:
    """Return plan and evaluation, with the first session moved past every dated wait."""
    start: date = case.start
    for _ in range(MOST_MOVES_OF_START):
        found = individual_plan(protocol, goal, start, case, knowledge)
        evaluation = evaluate(case, found.plan, knowledge)
        later = _earliest(evaluation, start)
        if later <= start or later - case.start > LATEST_START:
            break
        start = later
    return found, evaluation


def _earliest(evaluation: Evaluation, start: date) -> date:
    dates = [
        f.until for f in evaluation.findings if f.until is not None and f.severity in (Severity.WAIT, Severity.BLOCK)
    ]
    return max(dates, default=start)


def none_because(goal: Goal, declined: list[Declined], knowledge: Knowledge) -> str:
    """Return the plain sentence for a goal that no allowed protocol serves."""
    aim = knowledge.aims[goal.aim].title
    if not declined:
        return f"the knowledge base holds no protocol for “{aim}”."
    shared = set.intersection(*({finding.code for finding in one.findings} for one in declined))
    texts = {finding.code: finding.text for one in declined for finding in one.findings}
    if shared:
        return " ".join(texts[code] for code in sorted(shared))
    return " ".join(f"{one.title}: {one.findings[0].text}" for one in declined)
