"""What a course cannot be, whatever the knowledge base holds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from mesoplan.domain.course import Course

WHOLE: dict[str, Any] = {
    "id": "x",
    "as_of": date(2026, 7, 27),
    "aim": "melasma",
    "treatment": {"protocol": "melasma-tranexamic-acid-monthly"},
    "sessions": [date(2026, 6, 1), date(2026, 6, 29)],
    "scale": "mmasi",
    "scores": [{"on": date(2026, 6, 1), "rater": "A", "mode": "live", "value": 9.6}],
    "goal": {"share": 0.5},
}


def test_weeks_count_from_the_first_session() -> None:
    course = Course.model_validate(WHOLE)
    assert course.start == date(2026, 6, 1)
    assert course.week(date(2026, 7, 27)) == 8
    assert course.week(date(2026, 5, 25)) == -1


def test_before_any_session_weeks_count_from_the_first_planned_one_or_from_today() -> None:
    planned = Course.model_validate({**WHOLE, "sessions": [], "planned": [date(2026, 8, 3)]})
    assert planned.start == date(2026, 8, 3)
    assert Course.model_validate({**WHOLE, "sessions": []}).start == date(2026, 7, 27)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"goal": {}}, "needs a score or a share"),
        ({"goal": {"share": 0.5, "score": 3}}, "one of the two"),
        ({"goal": {"share": 1.0}}, "less than 1"),
        ({"goal": {"share": float("nan")}}, "finite"),
        ({"treatment": {}}, "needs a protocol, or compounds"),
        ({"treatment": {"protocol": "x", "compounds": ["y"], "route": "injection"}}, "one of the two"),
        ({"treatment": {"compounds": ["tranexamic-acid"]}}, "a route belongs to compounds"),
        ({"interval_days": 0}, "greater than or equal to 1"),
        ({"stopped": True, "planned": [date(2026, 8, 24)]}, "no planned session"),
        ({"scores": [{"on": date(2026, 6, 1), "rater": "A", "mode": "live"}]}, "needs a value, or the items"),
        ({"responses": [{"on": date(2026, 7, 1), "rater": "A", "improvement": [75, 50]}]}, "from a lower to a higher"),
        ({"clinic": {"effect": 0.1, "effect_sd": 0.0}}, "greater than 0"),
        ({"severity": 1}, "Extra inputs"),
    ],
)
def test_what_is_no_course_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Course.model_validate({**WHOLE, **change})
