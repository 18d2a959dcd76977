"""What the clinic has learnt of itself, and which part of it a forecast reads.

A patient's own scores are among those that were learnt from, and weigh in a second time when that patient is forecast.
Among ten courses and more this is little against what it tells; below that the trials alone speak.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.chain import record
from mesoplan.clinic.forecasts.computing import population
from mesoplan.clinic.forecasts.models import OwnFit
from mesoplan.clinic.forecasts.own_courses import recorded_courses
from mesoplan.domain.clinic_fit import ClinicFindings, GroupFit
from mesoplan.domain.course import Course
from mesoplan.knowledge.base import Knowledge
from mesoplan.workflow import Act, check_may

FEWEST_COURSES = 10
"""Of a group of treatments, from which on forecasts read what its courses say (basis: proposal)."""


def newest() -> OwnFit | None:
    """The newest fit that was made with the present trial table."""
    return OwnFit.objects.filter(table_sha256=population().table_sha256).first()


def findings_of(fit: OwnFit) -> ClinicFindings:
    return ClinicFindings.model_validate(fit.findings)


def is_read(group: GroupFit) -> bool:
    """Whether forecasts read what was found of a group."""
    return group.converged and group.courses >= FEWEST_COURSES


def with_own(course: Course, knowledge: Knowledge) -> Course:
    """The course with what the clinic knows of itself, where it knows enough."""
    from mesoplan.planning.forecast import group_or_reason

    fit = newest()
    if fit is None:
        return course
    group, _, _ = group_or_reason(course, knowledge, population())
    found = next((one for one in findings_of(fit).groups if one.group == group and is_read(one)), None)
    return course if found is None else course.model_copy(update={"clinic": found.own})


def learn(*, by: User, knowledge: Knowledge, today: date) -> OwnFit:
    """Work out anew what the recorded courses say, and keep it."""
    from mesoplan.planning.clinic_courses import fit_of

    check_may(Act.LEARN_FROM_COURSES, by.workflow_role)
    found = fit_of(recorded_courses(knowledge, today), knowledge, population())
    with transaction.atomic():
        fit = OwnFit.objects.create(
            fitted_by=by, table_sha256=found.table_sha256, findings=found.model_dump(mode="json")
        )
        said = {"groups": {one.group: one.courses for one in found.groups}, "table": found.table_sha256}
        record(by=by, act="learn_from_courses", thing=str(fit), after=said)
    return fit
