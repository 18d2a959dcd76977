"""What the commands print for people: findings, proposals, an evaluation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mesoplan.domain.evaluation import Dose, Evaluation
from mesoplan.domain.finding import Finding
from mesoplan.domain.plan import Plan
from mesoplan.domain.proposal import Proposal, Proposals
from mesoplan.domain.writing import date_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.doses import measure_text

INDENT = "  "


def finding_lines(finding: Finding) -> list[str]:
    """Return the lines of one finding: severity, text, date, sources."""
    until = f" First day allowed: {date_text(finding.until)}." if finding.until else ""
    override = (
        " A dermatologist may override it with a reason." if finding.override == "dermatologist" else ""
    )
    override = " It cannot be overridden." if finding.override == "never" else override
    lines = [f"{finding.severity.value.upper():5} {finding.text}{until}{override}"]
    return [*lines, f"{INDENT * 3}[{finding.rule}; {', '.join(finding.sources)}]"]


def findings_text(findings: Iterable[Finding], rules_read: int, release: str) -> str:
    """Return findings as text; none is said as such, never as approval."""
    rows = [line for finding in findings for line in finding_lines(finding)]
    return "\n".join(rows) if rows else f"No rule of release {release} objects. {rules_read} rules read."


def _recipe_lines(plan: Plan, evaluation: Evaluation, knowledge: Knowledge) -> list[str]:
    results = {mixture.preparation: mixture for mixture in evaluation.mixtures}
    lines = []
    for preparation in plan.preparations:
        result = results[preparation.id]
        lines.append(
            f"{preparation.title}: {preparation.syringes} x {preparation.syringe.value:g} mL syringe"
        )
        for draw in preparation.draws:
            title = knowledge.presentations[draw.presentation][1].title
            lines.append(f"{INDENT}{draw.volume.value:6.2f} mL  {title}")
        osmolarity = (
            f"{result.osmolarity.low:.0f}–{result.osmolarity.high:.0f} mosm/L"
            if result.osmolarity
            else "not known"
        )
        lines.append(
            f"{INDENT}made {result.made_ml:.2f} mL, injected {result.injected_ml:.2f}, discarded {result.discarded_ml:.2f}; "
            f"osmolarity {osmolarity}"
        )
        for one in result.concentrations:
            value = "not known" if one.value is None else f"{one.value:.4g} {one.unit}"
            lines.append(f"{INDENT}{knowledge.compounds[one.compound].title}: {value}")
    return lines


def _placement_lines(plan: Plan, evaluation: Evaluation, knowledge: Knowledge) -> list[str]:
    landings = {(landing.zone, landing.preparation): landing for landing in evaluation.landings}
    lines = []
    for placement in plan.placements:
        landing = landings[placement.zone, placement.preparation]
        low, high = landing.depth_range_mm
        skin = f"{landing.skin_mm[0]:.1f}–{landing.skin_mm[1]:.1f}" if landing.skin_mm else "not known"
        lines.append(
            f"{knowledge.zones[placement.zone].title}: {len(placement.points)} points of {placement.volume_per_point.value:.2f} mL, "
            f"{placement.spacing.value:g} mm apart, {placement.area.value:.1f} cm² ({placement.area_source}); "
            f"{knowledge.needles[placement.needle].title}, {placement.angle.value:g}° x {placement.inserted.value:g} mm "
            f"= {landing.depth_mm:.1f} mm deep ({low:.1f}–{high:.1f}), skin {skin} mm"
        )
    return lines


def dose_line(dose: Dose, knowledge: Knowledge) -> str:
    """Return one dose beside its limit."""
    value = "cannot be computed" if dose.value is None else f"{dose.value:.4g} {dose.unit}"
    return f"{knowledge.compounds[dose.compound].title}, {measure_text(dose.measure)}: {value} (limit: {dose.limit_text}) {dose.state.value}"


def evaluation_text(evaluation: Evaluation, plan: Plan, knowledge: Knowledge) -> str:
    """Return an evaluation as text."""
    sections = {
        "Recipe": _recipe_lines(plan, evaluation, knowledge),
        "Placement": _placement_lines(plan, evaluation, knowledge),
        "Sessions": [", ".join(date_text(day) for day in plan.schedule.sessions)],
        "Doses": [dose_line(dose, knowledge) for dose in evaluation.doses],
        "Findings": findings_text(
            evaluation.findings, evaluation.rules_read, evaluation.knowledge_release
        ).splitlines(),
    }
    return "\n".join(
        line for title, rows in sections.items() for line in (title, *(INDENT + row for row in rows))
    )


def _proposal_text(number: int, proposal: Proposal, knowledge: Knowledge) -> str:
    burden = proposal.evaluation.burden
    head = (
        f"{number}. {proposal.title}\n{INDENT}evidence {proposal.evidence.direction.value}, level {proposal.evidence.level}; "
        f"{burden.punctures_per_session} punctures x {burden.sessions} sessions over {burden.weeks:g} weeks"
    )
    why = [
        f"{INDENT}{INDENT}{reason.choice}: {reason.text} [{', '.join(reason.sources)}]"
        for reason in proposal.why
    ]
    body = evaluation_text(proposal.evaluation, proposal.plan, knowledge)
    return "\n".join([head, *(INDENT + line for line in body.splitlines()), f"{INDENT}Why", *why])


def proposals_text(answer: Proposals, knowledge: Knowledge) -> str:
    """Return the whole answer to a case as text."""
    lines = [
        "About the patient",
        *(
            INDENT + line
            for line in findings_text(
                answer.screening, len(knowledge.rules), answer.knowledge_release
            ).splitlines()
        ),
    ]
    for goal in answer.goals:
        lines.append(f"\nGoal: {knowledge.aims[goal.goal].title}")
        if goal.none_because:
            lines.append(f"{INDENT}None, because: {goal.none_because}")
        chosen = [proposal for proposal in answer.proposals if proposal.id in goal.proposals]
        lines += [
            _proposal_text(number, proposal, knowledge) for number, proposal in enumerate(chosen, start=1)
        ]
        declined = [one for one in answer.declined if one.goal == goal.goal]
        for one in declined:
            lines.append(f"{INDENT}Declined: {one.title}")
            lines += [INDENT * 2 + line for finding in one.findings for line in finding_lines(finding)]
    lines.append(f"\nOrder: {answer.order}")
    return "\n".join(lines)


def proposals_json(answer: Proposals) -> dict[str, Any]:
    """Return the answer in the form that scripts rely on."""
    return {
        "case": answer.case,
        "knowledge": {"release": answer.knowledge_release, "sha256": answer.knowledge_sha256},
        "engine": answer.engine,
        "order": answer.order,
        "screening": [_dump(finding) for finding in answer.screening],
        "proposals": [_proposal_json(proposal) for proposal in answer.proposals],
        "declined": [
            {
                "protocol": one.protocol,
                "goal": one.goal,
                "title": one.title,
                "findings": [_dump(f) for f in one.findings],
            }
            for one in answer.declined
        ],
        "goals": [goal.model_dump(mode="json") for goal in answer.goals],
    }


def _dump(finding: Finding) -> dict[str, Any]:
    return finding.model_dump(mode="json", exclude_defaults=True)


def _proposal_json(proposal: Proposal) -> dict[str, Any]:
    plan = proposal.plan.model_dump(mode="json")
    return {
        "id": proposal.id,
        "protocol": proposal.protocol,
        "title": proposal.title,
        "recipe": {"preparations": plan["preparations"]},
        "placement": plan["placements"],
        "schedule": plan["schedule"],
        "plan": plan,
        "evaluation": proposal.evaluation.model_dump(mode="json"),
        "evidence": proposal.evidence.model_dump(mode="json"),
        "why": [reason.model_dump(mode="json") for reason in proposal.why],
    }
