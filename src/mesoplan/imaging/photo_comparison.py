"""Before and after: two photos of one face checked, aligned and compared."""

from __future__ import annotations

from dataclasses import dataclass

from mesoplan.imaging.change_map import ChangeMap, change_map
from mesoplan.imaging.photo_alignment import Alignment, align
from mesoplan.imaging.photo_conditions import (
    MOVED_BY_MESH,
    ConditionFinding,
    SeenFace,
    Verdict,
    compare_conditions,
    worst,
)


class ComparisonRefused(ValueError):
    """Two photos that are not compared; the message says what to do, the findings what was measured."""

    def __init__(self, text: str, findings: tuple[ConditionFinding, ...] = ()) -> None:
        self.findings = findings
        super().__init__(text)


@dataclass(frozen=True, eq=False)
class PhotoComparison:
    """Two photos at one crop with what changed between them.

    Attributes
    ----------
    findings : of every condition, those that are fine included
    verdict : fine or warned
    """

    findings: tuple[ConditionFinding, ...]
    verdict: Verdict
    alignment: Alignment
    changes: ChangeMap

    @property
    def warnings(self) -> tuple[str, ...]:
        """What differs and what the comparison cannot show."""
        texts = [finding.text for finding in self.findings if finding.text]
        return (*texts, *([self.changes.caution] if self.changes.caution else []))


def compare_photos(earlier: SeenFace, later: SeenFace) -> PhotoComparison:
    """The later photo laid on the earlier, and what changed.

    Raises
    ------
    ComparisonRefused
        If turn, expression, distance or light differ too much, or the faces were read by two models.
    """
    if earlier.face.photo.model_sha256 != later.face.photo.model_sha256:
        raise ComparisonRefused("the two faces were read by different models: measure the earlier photo again")
    findings = compare_conditions(earlier, later)
    verdict = worst(findings)
    if verdict is Verdict.REFUSED:
        refused = [finding.text for finding in findings if finding.verdict is Verdict.REFUSED]
        raise ComparisonRefused("; ".join(refused), findings)
    by_mesh = any(one.condition in MOVED_BY_MESH and one.verdict is not Verdict.FINE for one in findings)
    aligned = align(earlier.picture, earlier.face, later.picture, later.face, by_mesh=by_mesh)
    return PhotoComparison(findings, verdict, aligned, change_map(aligned, earlier.card, later.card))
