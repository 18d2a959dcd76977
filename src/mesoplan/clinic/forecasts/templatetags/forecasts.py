"""The forecast in one line, for pages about something else."""

from __future__ import annotations

from typing import Any

from django import template

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.courses.models import Plan
from mesoplan.clinic.forecasts.before_any_score import before_any_score
from mesoplan.clinic.forecasts.computing import begin_to_warm
from mesoplan.clinic.forecasts.models import Score
from mesoplan.domain import plan as domain

register = template.Library()


@register.inclusion_tag("forecasts/line.html")
def forecast_line(plan: Plan, content: domain.Plan) -> dict[str, Any]:
    """What trials alone let expect of a plan, with the way to its forecast, which is made ready beside it."""
    begin_to_warm()
    scored = Score.objects.filter(course=plan.course_id, voided__isnull=True).count()
    return {
        "course_id": plan.course_id,
        "before": before_any_score(content, knowledge_base.current()),
        "scored": scored,
    }
