"""The answer to a case as text for a terminal: the choice first, then each proposal in full, then what was declined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mesoplan.cli.finding_text import about_patient_lines, count_of, findings_lines
from mesoplan.cli.plan_text import burden_text, plan_lines
from mesoplan.cli.wrapping import section, wrapped
from mesoplan.domain.exposure import Spread
from mesoplan.domain.proposal import Declined, GoalAnswer, Proposal, Proposals, Regimen
from mesoplan.domain.writing import count_text, quantity_text
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
    yield from section("Trade-offs", _front(proposal.front), 1)
    why = [
        line
        for reason in proposal.why
        for line in wrapped(f"{reason.choice}: {reason.text} [{', '.join(reason.sources)}]", 2)
    ]
    yield from section("Why", why, 1)


def _front(front: Sequence[Regimen]) -> Iterator[str]:
    """One line for each regimen; nothing where none was searched."""
    if not front:
        return
    yield f"    {'punctures':>9} {'injected':>9} {'a point':>8} {'apart':>6}  {'coverage':<15} {'in the layer':<12}"
    for one in front:
        cells = (
            f"{one.punctures:>9} {quantity_text(one.injected_ml, 'mL', decimals=2):>9} {one.volume_ml:>5.2f} mL "
            f"{quantity_text(one.spacing_mm, 'mm'):>6}  {_covered(one.coverage):<15} {_percent(one.target_chance):<12}"
        )
        yield f"    {cells} {_marks(one)}".rstrip()
    yield from wrapped(
        "Coverage: part of the layer that gets at least half of its mean exposure, of ideal lattices; middle and 90 % "
        "interval over the stated ranges of diffusion, clearance and porosity. It predicts no effect.",
        2,
    )


def _covered(coverage: Spread) -> str:
    return f"{_percent(coverage.middle)} ({round(100 * coverage.low)}–{round(100 * coverage.high)})"


def _percent(share: float) -> str:
    return f"{round(100 * share)} %"


def _marks(one: Regimen) -> str:
    marks = [word for word, holds in (("planned", one.is_planned), ("the protocol's own", one.is_protocol)) if holds]
    return ", ".join(marks)


def _declined(declined: Sequence[Declined]) -> Iterator[str]:
    for one in declined:
        yield from wrapped(f"Declined: {one.title}", 1)
        yield from findings_lines(one.findings, 2)
