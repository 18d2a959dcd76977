"""The findings of one plan as cards: letters for those with a place on the map, and what may be tried about each."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _

from mesoplan.clinic.courses.figures import finding_cards
from mesoplan.clinic.courses.landing_cards import chance_text
from mesoplan.clinic.courses.models import OverrideReason
from mesoplan.clinic.shell.writing import angle_text, date_text, quantity_text, range_text, volume_text
from mesoplan.domain.case import Case
from mesoplan.domain.evaluation import Evaluation
from mesoplan.domain.finding import Finding, Severity, Subject
from mesoplan.domain.plan import Plan
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.tries import Try, tries

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def answered(evaluation: Evaluation) -> tuple[Finding, ...]:
    """The findings that have a card; the others ask a question and stand in the list of questions."""
    return tuple(finding for finding in evaluation.findings if not finding.asks)


def points_of(plan: Plan, subject: Subject) -> list[str]:
    """The points that a finding is about: its own, else those of its zone."""
    if subject.points:
        return [point.rpartition(":")[2] for point in subject.points]
    if subject.zone is None:
        return []
    own = [one for one in plan.placements if one.zone == subject.zone]
    own = [one for one in own if subject.preparation in (None, one.preparation)]
    return [point.id for one in own for point in one.points]


def lettered(plan: Plan, evaluation: Evaluation) -> list[tuple[str, Finding, str, list[str]]]:
    """Card id, finding, letter and points of each finding that has a card. One without a place has no letter."""
    letters, rows = iter(LETTERS), []
    for number, finding in enumerate(answered(evaluation), start=1):
        points = points_of(plan, finding.subject)
        rows.append((f"finding-{number}", finding, next(letters, "") if points else "", points))
    return rows


def plan_findings(
    plan: Plan,
    evaluation: Evaluation,
    case: Case,
    knowledge: Knowledge,
    reasons: dict[str, OverrideReason],
    *,
    editable: bool,
) -> list[dict[str, Any]]:
    """The cards in the order of weight. Notes are one line each, that opens."""
    cards = finding_cards(answered(evaluation), knowledge, reasons, plan)
    for card, (_id, finding, letter, _points) in zip(cards, lettered(plan, evaluation), strict=True):
        card["letter"] = letter
        card["compact"] = finding.severity is Severity.INFO
        card["tries"] = [_shown(one) for one in tries(finding, plan, case, knowledge)] if editable else []
    return cards


def _shown(one: Try) -> dict[str, str]:
    """The button of a try, the figure that it would bring, and its operations as the page sends them."""
    words, brings = "", ""
    if one.day is not None:
        words = _("Move to %(day)s") % {"day": date_text(one.day)}
        brings = _("all sessions keep their distance")
    elif one.position is not None:
        position, (low, high) = one.position, one.position.depth_range_mm
        length = quantity_text(position.inserted.value, "mm", decimals=1)
        words = _("Try %(angle)s × %(length)s") % {"angle": angle_text(position.angle), "length": length}
        brings = _("tip %(depth)s deep (%(range)s), %(chance)s in the target layer") % {
            "depth": quantity_text(position.depth_mm, "mm", decimals=1),
            "range": range_text(low, high, "", decimals=1),
            "chance": chance_text(position.odds.target or 0.0),
        }
    elif one.volume is not None:
        words = _("Try %(volume)s") % {"volume": volume_text(one.volume)}
        brings = _("in each point of the zone")
    ops = [op.model_dump(mode="json") for op in one.ops]
    return {"words": words, "brings": brings, "ops": json.dumps(ops, separators=(",", ":"))}
