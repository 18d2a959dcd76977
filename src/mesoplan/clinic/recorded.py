"""What the clinic of this machine has recorded, for commands that work on it from outside of the browser."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from mesoplan.domain.course import Course
from mesoplan.domain.errors import InputError, Problem
from mesoplan.knowledge.base import Knowledge

NO_CLINIC = "has recorded no course on this machine: begin it with mesoplan serve, or name files of courses"


def courses_recorded_here(knowledge: Knowledge, today: date) -> list[Course]:
    """Return the courses that the clinic of this machine has recorded; the demo's where MESOPLAN_DEMO is set.

    Only reads. Raises InputError where there is no clinic, or one whose database this version has not yet opened.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mesoplan.clinic.settings")
    import django
    from django.conf import settings

    django.setup()
    from django.db import DatabaseError

    from mesoplan.clinic.forecasts.own_courses import recorded_courses

    kept_in = settings.DATABASES["default"]["NAME"]
    # Opening a file that is not there would make it.
    if isinstance(kept_in, Path) and not kept_in.exists():
        raise InputError("clinic", [Problem("", NO_CLINIC)])
    try:
        return list(recorded_courses(knowledge, today))
    except DatabaseError as error:
        raise InputError("clinic", [Problem("", NO_CLINIC)]) from error
