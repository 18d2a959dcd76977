"""What stands in the way of a score, as a refusal with a sentence for the user."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_noop

from mesoplan.clinic.courses.models import Course
from mesoplan.clinic.forecasts.course_scores import scores_of
from mesoplan.clinic.shell.writing import date_text
from mesoplan.workflow import WrongState

IN_ASSESSMENT = gettext_noop(
    "The assessment holds a score of this scale of %(day)s already. It is read from there and counts here."
)
RECORDED_ALREADY = gettext_noop(
    "%(rater)s scored this scale on %(day)s already. If that score was wrong, void it with a reason first."
)


def check_not_yet_scored(course: Course, *, scale: str, day: date, mode: str, rater: str) -> None:
    """One scale is scored once a day by one rater; what an assessment holds is not entered a second time."""
    for one in scores_of(course):
        if one.void or (one.scale, one.day, one.mode) != (scale, day, mode) or not same_person(one.rater, rater):
            continue
        if one.assessment is not None:
            raise WrongState(IN_ASSESSMENT, day=date_text(day))
        raise WrongState(RECORDED_ALREADY, rater=rater, day=date_text(day))


def same_person(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
