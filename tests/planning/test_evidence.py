"""Where the evidence of a protocol points: every mixture of trials and opinions, and what is said of it."""

from __future__ import annotations

import pytest

from mesoplan.domain.proposal import Direction
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.compounds import Evidence
from mesoplan.knowledge.schema.protocols import Protocol
from mesoplan.planning.evidence import evidence_findings, evidence_rank, summarise
from tests.planning.hand_made import shipped, weight

TABLE = [
    # lines as direction and level, then where they point and the best level
    ("positive 1", Direction.POSITIVE, "1"),
    ("positive 3", Direction.POSITIVE, "3"),
    ("positive 2, negative 1", Direction.CONFLICTING, "1"),
    ("positive 2, neutral 2", Direction.CONFLICTING, "2"),
    ("mixed 2", Direction.CONFLICTING, "2"),
    ("negative 1", Direction.NEGATIVE, "1"),
    ("neutral 2, negative 3", Direction.NEGATIVE, "2"),
    ("positive 4", Direction.NONE, "4"),  # a case series is no trial
    ("positive 5", Direction.NONE, "5"),
    ("positive 4, negative 4", Direction.NONE, "4"),
    ("negative 4", Direction.NEGATIVE, "4"),
    ("negative 4, positive 2", Direction.POSITIVE, "2"),  # a trial weighs, a series against it does not
    ("positive 1 of cellulite", Direction.NONE, "5"),  # evidence of another aim is shown and not counted
    ("positive 1 of cellulite, negative 2", Direction.NEGATIVE, "2"),
]
SAID = {
    Direction.POSITIVE: [],
    Direction.CONFLICTING: [("evidence-conflicting", "info")],
    Direction.NONE: [("evidence-none", "warn")],
    Direction.NEGATIVE: [("evidence-negative", "warn")],
}


def protocol_with(lines: str) -> Protocol:
    protocol = shipped().protocols["melasma-tranexamic-acid-monthly"]
    found = []
    for line in lines.split(", "):
        what, _, aim = line.partition(" of ")
        direction, level = what.split(" ")
        changes = {"direction": direction, "level": level, "aim": aim or protocol.aim}
        found.append(Evidence.model_validate(protocol.evidence[0].model_dump() | changes))
    return protocol.model_copy(update={"evidence": tuple(found)})


@pytest.mark.parametrize(("lines", "direction", "level"), TABLE)
def test_direction_and_level(knowledge: Knowledge, lines: str, direction: Direction, level: str) -> None:
    protocol = protocol_with(lines)
    found = summarise(protocol)
    assert (found.direction, found.level) == (direction, level)
    assert len(found.lines) == len(protocol.evidence)
    said = evidence_findings(protocol, knowledge)
    assert [(one.code, weight(one)) for one in said] == SAID[direction]


def test_better_evidence_ranks_first() -> None:
    order = ["positive 1", "positive 2", "mixed 1", "mixed 2", "positive 4", "negative 1"]
    ranks = [evidence_rank(summarise(protocol_with(lines))) for lines in order]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)
