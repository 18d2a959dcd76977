"""What the commands print with --json. The models are the contract: `mesoplan schema` prints their JSON Schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import ConfigDict, PlainSerializer

from mesoplan.cli.finding_text import finding_json
from mesoplan.domain.case import Case, Identifier, Value
from mesoplan.domain.course import Course
from mesoplan.domain.evaluation import Evaluation
from mesoplan.domain.exposure import Exposure
from mesoplan.domain.finding import Finding
from mesoplan.domain.forecast import Forecast
from mesoplan.domain.plan import Plan, Preparation, Schedule, ZonePlacement
from mesoplan.domain.proposal import Declined, EvidenceSummary, GoalAnswer, Proposal, Proposals, Reason, Regimen
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.engine import ENGINE

Shown = Annotated[Finding, PlainSerializer(finding_json)]
"""A finding of which only what says something is printed; the same shape everywhere."""


class EvaluationDocument(Evaluation):
    """What `evaluate --json` prints."""

    model_config = ConfigDict(title="Evaluation")

    findings: tuple[Shown, ...]


class ReleaseDocument(Value):
    """The release of the knowledge base that gave an answer."""

    model_config = ConfigDict(title="Release")

    release: str
    sha256: str


class RecipeDocument(Value):
    """The mixtures of a plan."""

    model_config = ConfigDict(title="Recipe")

    preparations: tuple[Preparation, ...]


class ProposalDocument(Value):
    """One proposal; `plan` is recipe, placement and schedule in the form that `evaluate` reads."""

    model_config = ConfigDict(title="Proposal")

    id: Identifier
    protocol: Identifier
    title: str
    recipe: RecipeDocument
    placement: tuple[ZonePlacement, ...]
    schedule: Schedule
    plan: Plan
    evaluation: EvaluationDocument
    evidence: EvidenceSummary
    why: tuple[Reason, ...]
    front: tuple[Regimen, ...]


class DeclinedDocument(Declined):
    """A protocol that was not proposed, with the findings against it."""

    model_config = ConfigDict(title="Declined")

    findings: tuple[Shown, ...]


class ScreeningDocument(Value):
    """What `screen --json` prints."""

    model_config = ConfigDict(title="Screening")

    case: Identifier
    knowledge: ReleaseDocument
    engine: str
    screening: tuple[Shown, ...]


class ProposalsDocument(ScreeningDocument):
    """What `propose --json` prints."""

    model_config = ConfigDict(title="Proposals")

    order: str
    proposals: tuple[ProposalDocument, ...]
    declined: tuple[DeclinedDocument, ...]
    goals: tuple[GoalAnswer, ...]


class ForecastDocument(Forecast):
    """What `forecast --json` prints."""

    model_config = ConfigDict(title="Forecast")

    findings: tuple[Shown, ...]


DOCUMENTS: dict[str, type[Value]] = {
    "case": Case,
    "course": Course,
    "plan": Plan,
    "evaluation": EvaluationDocument,
    "exposure": Exposure,
    "forecast": ForecastDocument,
    "proposals": ProposalsDocument,
}


def json_schema(document: str) -> dict[str, Any]:
    """Return the JSON Schema of a document."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **DOCUMENTS[document].model_json_schema()}


def evaluation_document(evaluation: Evaluation) -> EvaluationDocument:
    """Return an evaluation as it is printed."""
    return EvaluationDocument.model_construct(**dict(evaluation))


def forecast_document(forecast: Forecast) -> ForecastDocument:
    """Return a forecast as it is printed."""
    return ForecastDocument.model_construct(**dict(forecast))


def screening_document(case: Case, findings: Sequence[Finding], knowledge: Knowledge) -> ScreeningDocument:
    """Return the screening of a case as it is printed."""
    release = ReleaseDocument(release=knowledge.release, sha256=knowledge.sha256)
    return ScreeningDocument(case=case.id, knowledge=release, engine=ENGINE, screening=tuple(findings))


def proposals_document(answer: Proposals) -> ProposalsDocument:
    """Return the answer to a case as it is printed."""
    return ProposalsDocument(
        case=answer.case,
        knowledge=ReleaseDocument(release=answer.knowledge_release, sha256=answer.knowledge_sha256),
        engine=answer.engine,
        order=answer.order,
        screening=answer.screening,
        proposals=tuple(_proposal(one) for one in answer.proposals),
        declined=tuple(DeclinedDocument.model_construct(**dict(one)) for one in answer.declined),
        goals=answer.goals,
    )


def _proposal(proposal: Proposal) -> ProposalDocument:
    plan = proposal.plan
    return ProposalDocument(
        id=proposal.id,
        protocol=proposal.protocol,
        title=proposal.title,
        recipe=RecipeDocument(preparations=plan.preparations),
        placement=plan.placements,
        schedule=plan.schedule,
        plan=plan,
        evaluation=evaluation_document(proposal.evaluation),
        evidence=proposal.evidence,
        why=proposal.why,
        front=proposal.front,
    )
