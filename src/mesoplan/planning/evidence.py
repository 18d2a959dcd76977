"""The evidence of a protocol, for and against, and where the whole of it points."""

from __future__ import annotations

from mesoplan.domain.finding import Finding
from mesoplan.domain.proposal import Direction, EvidenceLine, EvidenceSummary
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.compounds import Evidence
from mesoplan.knowledge.schema.protocols import Protocol
from mesoplan.planning.findings import from_check

_ORDER = [Direction.POSITIVE, Direction.CONFLICTING, Direction.NONE, Direction.NEGATIVE]


def summarise(protocol: Protocol) -> EvidenceSummary:
    """Return all evidence lines, the best level, and the direction.

    Only what speaks of the protocol's own aim decides; evidence from another aim is shown, not counted. Trials (levels
    1 to 3) decide the direction: positive if all that found something are positive, negative if none is, conflicting if
    both stand. Case series and opinion (levels 4 and 5) alone give the direction none, or negative if all are against.
    """
    own = [line for line in protocol.evidence if line.aim == protocol.aim]
    controlled = [line for line in own if line.level in ("1", "2", "3")]
    favour = any(line.direction == "positive" for line in controlled)
    against = any(_against(line) for line in controlled)
    mixed = any(line.direction == "mixed" for line in controlled)
    if mixed or (favour and against):
        direction = Direction.CONFLICTING
    elif favour:
        direction = Direction.POSITIVE
    elif against:
        direction = Direction.NEGATIVE
    else:
        direction = Direction.NEGATIVE if own and all(_against(line) for line in own) else Direction.NONE
    return EvidenceSummary(
        direction=direction,
        level=min((line.level for line in own), default="5"),
        lines=tuple(
            EvidenceLine(
                aim=line.aim,
                direction=line.direction, level=line.level, text=line.text, participants=line.participants,
                seen=line.seen, sources=line.sources,
            )
            for line in protocol.evidence
        ),
    )  # fmt: skip


def _against(line: Evidence) -> bool:
    return line.direction in ("negative", "neutral")


def evidence_rank(summary: EvidenceSummary) -> tuple[int, str]:
    """Return the sort key: direction first, then level."""
    return _ORDER.index(summary.direction), summary.level


def evidence_findings(protocol: Protocol, knowledge: Knowledge) -> list[Finding]:
    """Return the finding that a weak or contradictory ground deserves."""
    summary = summarise(protocol)
    own = [line for line in protocol.evidence if line.aim == protocol.aim]
    sources = tuple(dict.fromkeys(source for line in own for source in line.sources))
    against = sum(_against(line) for line in own)
    favour = sum(line.direction == "positive" for line in own)
    counts = f"{favour} for, {against} without benefit, best level {summary.level}"
    ids = {
        Direction.NEGATIVE: ("evidence-negative", f"No evidence of benefit: what there is is negative ({counts})."),
        Direction.CONFLICTING: ("evidence-conflicting", f"The trials contradict one another ({counts})."),
        Direction.NONE: ("evidence-none", f"No controlled trial supports or refutes it ({counts})."),
    }
    if summary.direction not in ids:
        return []
    check, text = ids[summary.direction]
    return [from_check(knowledge, check, text, extra_sources=sources)]
