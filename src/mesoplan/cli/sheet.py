"""The plan sheet of a proposal: a draft without a name, for it comes from the command line."""

from __future__ import annotations

from datetime import datetime

from mesoplan.cli.reading import write_whole
from mesoplan.documents.plan_maps import plan_maps
from mesoplan.documents.plan_sheet import plan_sheet
from mesoplan.documents.sheet import SheetHeader
from mesoplan.domain.case import Case
from mesoplan.domain.proposal import Proposal
from mesoplan.domain.writing import moment_text
from mesoplan.knowledge.base import Knowledge

CLINIC = "Mesoplan, from the command line"


def write_sheet(file: str, case: Case, proposal: Proposal, knowledge: Knowledge) -> None:
    """Write the plan sheet of a proposal to `file`.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    printed_at = moment_text(datetime.now().astimezone())
    pdf = plan_sheet(
        plan=proposal.plan,
        case=case,
        evaluation=proposal.evaluation,
        knowledge=knowledge,
        header=SheetHeader(clinic=CLINIC, printed_at=printed_at),
        maps=plan_maps(proposal.plan, case, knowledge),
        why=proposal.why,
    )
    write_whole(file, pdf)
