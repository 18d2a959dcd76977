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
from mesoplan.planning.landing_words import percent_text

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
    planned = next(one.punctures for one in front if one.is_planned)
    yield _cells("punctures", "injected", "a point", "apart", "coverage", "in layer", "against the plan")
    for one in front:
        injected, volume = (quantity_text(value, "mL", decimals=2) for value in (one.injected_ml, one.volume_ml))
        spacing, chance = quantity_text(one.spacing_mm, "mm"), percent_text(one.target_chance)
        yield _cells(
            f"{one.punctures}", injected, volume, spacing, _covered(one.coverage), chance, _against(one, planned)
        )
    yield from wrapped(
        "Coverage: part of the layer that gets at least half of its mean exposure, of lattices without edges; middle "
        "and 90 % interval over the stated ranges of diffusion, clearance and porosity. It predicts no effect. Last: "
        "punctures and points of coverage against the plan, over the same draws; where the interval comes within 2 "
        "points of 0 the two cannot be told apart.",
        2,
    )


def _cells(*cells: str) -> str:
    punctures, injected, volume, spacing, coverage, chance, against = cells
    line = f"    {punctures:>9} {injected:>9} {volume:>8} {spacing:>6}  {coverage:<14} {chance:<10} {against}"
    return line.rstrip()


def _covered(coverage: Spread) -> str:
    low, middle, high = (round(100 * one) for one in (coverage.low, coverage.middle, coverage.high))
    return f"{middle} % ({low}–{high})"


def _against(one: Regimen, planned: int) -> str:
    """What marks a line, or what it costs and gains against the planned one."""
    if one.is_planned:
        return "planned, the protocol's own" if one.is_protocol else "planned"
    gained = [round(100 * value) for value in (one.gained.low, one.gained.middle, one.gained.high)]
    more, low, middle, high = (f"{value:+d}" if value else "0" for value in (one.punctures - planned, *gained))
    cost = f"{more}, {middle} ({low} to {high})"
    return f"protocol: {cost}" if one.is_protocol else cost


def _declined(declined: Sequence[Declined]) -> Iterator[str]:
    for one in declined:
        yield from wrapped(f"Declined: {one.title}", 1)
        yield from findings_lines(one.findings, 2)
