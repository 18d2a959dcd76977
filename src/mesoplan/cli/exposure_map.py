"""The map of a plan in the colours of its coverage, as one SVG that stands alone."""

from __future__ import annotations

from pathlib import Path

from mesoplan.cli.reading import write_whole
from mesoplan.documents.plan_maps import plan_maps
from mesoplan.domain.case import Case
from mesoplan.domain.exposure import Exposure
from mesoplan.domain.plan import Plan
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.plan_exposure import covered_zones


def write_map(file: str, exposure: Exposure, plan: Plan, case: Case, knowledge: Knowledge, folder: Path | None) -> None:
    """Write the largest map of a plan to `file`.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    covered = covered_zones(exposure, plan, case, knowledge, folder)
    write_whole(file, plan_maps(plan, case, knowledge, covered=covered)[0].svg.encode("utf-8"))
