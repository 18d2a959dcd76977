"""What the draft still lacks before plans can be proposed from it, in words, each with a link to its field."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from mesoplan.clinic.assessments.draft import Document, case_of
from mesoplan.knowledge.base import Knowledge


@dataclass(frozen=True)
class Need:
    """`english`: the engine says it, and is not translated."""

    text: str
    href: str
    english: bool = False


def needs_of(document: Document, knowledge: Knowledge) -> list[Need]:
    """Nothing, if the document is a case. Questions not asked are no need: the rules ask for them."""
    needs = [*_goals(document)]
    if not document.get("patient", {}).get("sex"):
        needs.append(Need(_("Choose the sex at birth. Skin thickness depends on it."), "#id_sex"))
    if needs:
        return needs
    _case, problems = case_of(document, knowledge)
    return [Need(f"{problem.field}: {problem.text}", f"#{anchor(problem.field)}", english=True) for problem in problems]


def _goals(document: Document) -> list[Need]:
    goals = document.get("goals", [])
    if not goals:
        return [Need(_("Choose an aim and its zones."), "#id_goal.0.aim")]
    found = []
    for index, goal in enumerate(goals):
        if not goal.get("aim"):
            found.append(Need(_("Choose the aim of goal %(number)s.") % {"number": index + 1}, f"#id_goal.{index}.aim"))
        elif not goal.get("zones"):
            found.append(
                Need(_("Choose the zones of goal %(number)s.") % {"number": index + 1}, f"#goal-{index}-zones")
            )
    return found


def anchor(field: str) -> str:
    """The place of the page at which a field of the case stands."""
    head, _, rest = field.partition(".")
    if head == "goals":
        return f"goal-{max(int(rest.partition('.')[0] or 1) - 1, 0)}-zones" if rest[:1].isdigit() else "goals"
    if head == "patient":
        return f"id_{rest}"
    if head == "answers":
        return f"q-{rest}"
    if head == "areas":
        return f"id_area.{rest}"
    return {"start": "id_start", "jurisdiction": "id_jurisdiction", "note": "id_note", "scores": "scales"}.get(
        head, "history"
    )
