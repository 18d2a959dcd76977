"""The answer to a case as text for a terminal: the choice first, then each proposal in full, then what was declined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mesoplan.cli.finding_text import about_patient_lines, count_of, findings_lines
from mesoplan.cli.plan_text import burden_text, plan_lines
from mesoplan.cli.wrapping import section, wrapped
from mesoplan.domain.proposal import Declined, GoalAnswer, Proposal, Proposals
from mesoplan.domain.writing import count_text
from mesoplan.knowledge.base import Knowledge

DRAFT = "Each is a draft: it counts once a dermatologist has signed it."


def proposals_text(answer: Proposals, knowledge: Knowledge) -> str:
    """Return what `mesoplan propose` prints."""
    release = f"Case {answer.case}, knowledge base {answer.knowledge_release}, {answer.engine}."
    lines = [*_summary(answer, knowledge), *wrapped(release)]
    lines += [
        "",
        "About the patient",
        *about_patient_lines(answer.screening, len(knowledge.rules), answer.knowledge_release),
    ]
    for goal in answer.goals:
        lines += ["", *_goal(goal, answer, knowledge)]
    return "\n".join([*lines, "", *wrapped(f"Order: {answer.order}")])


def _of_goal(answer: Proposals, goal: GoalAnswer) -> list[Proposal]:
    return [proposal for proposal in answer.proposals if proposal.id in goal.proposals]


def _declined_of(answer: Proposals, goal: GoalAnswer) -> list[Declined]:
    return [one for one in answer.declined if one.goal == goal.goal]


def _summary(answer: Proposals, knowledge: Knowledge) -> Iterator[str]:
    for goal in answer.goals:
        title = knowledge.aims[goal.goal].title
        if goal.none_because:
            yield from wrapped(f"{title}: none, because: {goal.none_because}")
            continue
        chosen, declined = _of_goal(answer, goal), _declined_of(answer, goal)
        shown = count_text(len(chosen), "proposal", "proposals")
        yield from wrapped(f"{title}: {shown}, {len(declined)} declined.")
        for number, proposal in enumerate(chosen, start=1):
            yield from wrapped(
                f"{number}. {proposal.title}: {_evidence(proposal)}; {count_of(proposal.evaluation.findings)}", 1
            )
    if answer.proposals:
        yield DRAFT


def _evidence(proposal: Proposal) -> str:
    evidence = proposal.evidence
    return f"evidence {evidence.direction.value}, level {evidence.level}"


def _goal(goal: GoalAnswer, answer: Proposals, knowledge: Knowledge) -> Iterator[str]:
    yield f"Goal: {knowledge.aims[goal.goal].title}"
    for number, proposal in enumerate(_of_goal(answer, goal), start=1):
        yield ""
        yield from _proposal(number, proposal, knowledge)
    declined = _declined_of(answer, goal)
    if declined:
        yield from ["", *_declined(declined)]


def _proposal(number: int, proposal: Proposal, knowledge: Knowledge) -> Iterator[str]:
    yield from wrapped(f"{number}. {proposal.title}")
    yield from wrapped(f"{_evidence(proposal)}. {burden_text(proposal.evaluation)}", 1)
    yield from plan_lines(proposal.evaluation, proposal.plan, knowledge, level=1)
    why = [
        line
        for reason in proposal.why
        for line in wrapped(f"{reason.choice}: {reason.text} [{', '.join(reason.sources)}]", 2)
    ]
    yield from section("Why", why, 1)


def _declined(declined: Sequence[Declined]) -> Iterator[str]:
    for one in declined:
        yield from wrapped(f"Declined: {one.title}", 1)
        yield from findings_lines(one.findings, 2)
