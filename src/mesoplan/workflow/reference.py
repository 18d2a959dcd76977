"""docs/reference/workflow.md, written from the tables: the diagram of a plan's states and who may do what.

python -m mesoplan.workflow.reference docs/reference/workflow.md
"""

from __future__ import annotations

import sys
from pathlib import Path

from mesoplan.workflow.acts import Act, Role, may
from mesoplan.workflow.states import TRANSITIONS, Move, PlanState


def reference_page() -> str:
    """The whole page as Markdown."""
    return "\n".join(
        [
            "# Workflow of a plan",
            "",
            "Written from the tables in `mesoplan.workflow` by `python -m mesoplan.workflow.reference`.",
            "",
            "## States",
            "",
            *_diagram(),
            "",
            "`replace` is what happens to the plan in force when a later plan of its course is signed.",
            "",
            "| Move | Act that it needs | From | To |",
            "|---|---|---|---|",
            *(f"| {move} | {move.act} | {state} | {after} |" for (state, move), after in TRANSITIONS.items()),
            "",
            "## Who may do what",
            "",
            *_role_table(),
            "",
        ]
    )


def _diagram() -> list[str]:
    ends = [state for state in PlanState if not any((state, move) in TRANSITIONS for move in Move)]
    return [
        "```mermaid",
        "stateDiagram-v2",
        f"    [*] --> {PlanState.DRAFT}",
        *(f"    {state} --> {after}: {move}" for (state, move), after in TRANSITIONS.items()),
        *(f"    {state} --> [*]" for state in ends),
        "```",
    ]


def _role_table() -> list[str]:
    return [
        "| Act | " + " | ".join(role.label for role in Role) + " |",
        "|---|" + "---|" * len(Role),
        *(
            f"| {act.words} (`{act}`) | " + " | ".join("may" if may(act, role) else "–" for role in Role) + " |"
            for act in Act
        ),
    ]


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(reference_page(), encoding="utf-8")
