"""The exposure sheet of a plan: a draft without a name, for it comes from the command line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from mesoplan.cli.reading import write_whole
from mesoplan.cli.sheet import CLINIC
from mesoplan.documents.exposure_sheet import exposure_sheet
from mesoplan.documents.plan_maps import plan_maps
from mesoplan.documents.sheet import SheetHeader
from mesoplan.domain.case import Case
from mesoplan.domain.exposure import Exposure
from mesoplan.domain.plan import Plan
from mesoplan.domain.writing import moment_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.evaluate import evaluate
from mesoplan.planning.plan_exposure import covered_zones


def write_exposure_sheet(
    file: str, exposure: Exposure, plan: Plan, case: Case, knowledge: Knowledge, folder: Path | None
) -> None:
    """Write the exposure sheet of a plan to `file`.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    covered = covered_zones(exposure, plan, case, knowledge, folder)
    pdf = exposure_sheet(
        plan=plan,
        case=case,
        evaluation=evaluate(case, plan, knowledge),
        exposure=exposure,
        knowledge=knowledge,
        header=SheetHeader(clinic=CLINIC, printed_at=moment_text(datetime.now().astimezone())),
        maps=plan_maps(plan, case, knowledge, covered=covered),
    )
    write_whole(file, pdf)
