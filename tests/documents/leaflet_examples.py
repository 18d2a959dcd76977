"""Plans to write leaflets of: the first proposals for the examples, under the released knowledge base."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from mesoplan.documents.leaflet import leaflet
from mesoplan.documents.leaflet_blocks import ClinicContact, Leaflet, Section
from mesoplan.domain.case import Case
from mesoplan.domain.proposal import Proposal
from mesoplan.domain.writing import Language
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.case_reading import read_case
from mesoplan.knowledge.loader import load
from mesoplan.knowledge.schema.leaflets import LeafletPart
from mesoplan.planning.propose import propose

EXAMPLES = ("melasma", "cellulite", "submental-fat")
CONTACT = ClinicContact(telephone="01 23 45 67 89", out_of_hours="01 23 45 67 00", emergency="112")


@cache
def knowledge() -> Knowledge:
    return load()


@cache
def case(name: str) -> Case:
    file = Path(__file__).resolve().parents[2] / "examples" / f"{name}.yaml"
    return read_case(file.read_text(encoding="utf-8"), file.name, knowledge())


@cache
def proposals(name: str) -> tuple[Proposal, ...]:
    return propose(case(name), knowledge()).proposals


@cache
def written(name: str, language: Language = Language.ENGLISH) -> Leaflet:
    """Return the leaflet of an example's first proposal."""
    return leaflet_of(name, language=language)


def leaflet_of(name: str, **changes: Any) -> Leaflet:
    """Return that leaflet with some of its arguments changed."""
    proposal = proposals(name)[0]
    arguments: dict[str, Any] = {
        "plan": proposal.plan,
        "case": case(name),
        "evaluation": proposal.evaluation,
        "knowledge": knowledge(),
        "language": Language.ENGLISH,
        "contact": CONTACT,
    }
    return leaflet(**{**arguments, **changes})


def section(of: Leaflet, part: LeafletPart) -> Section:
    return next(one for one in of.sections if one.part is part)
