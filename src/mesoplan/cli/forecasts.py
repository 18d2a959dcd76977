"""`mesoplan forecast` and `mesoplan fit`: courses in, chances out."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from mesoplan.cli import reading
from mesoplan.cli.commands import DONE, NOTHING, print_document
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.loader import load

if TYPE_CHECKING:
    from mesoplan.domain.course import Course


def course_of(name: str, knowledge: Knowledge) -> Course:
    """Return the course in a file; one dated after today is refused."""
    from mesoplan.knowledge.course_reading import read_course

    return read_course(reading.text_of(name), name, knowledge, today=reading.today())


def forecast(options: argparse.Namespace) -> int:
    """`mesoplan forecast COURSE`; exit 3 where there is no forecast, only what was scored."""
    from mesoplan.domain.forecast import WhatIf
    from mesoplan.planning.forecast import forecast as forecast_course
    from mesoplan.planning.population import read_population

    knowledge = load()
    course = course_of(options.course, knowledge)
    what_if = WhatIf(interval_days=options.every, further_sessions=options.sessions, stop=options.stop)
    found = forecast_course(course, knowledge, read_population(), what_if)
    if options.svg:
        from mesoplan.documents.forecast_chart import forecast_chart

        reading.write_whole(options.svg, (forecast_chart(found, alone=True) + "\n").encode())
    if options.json:
        from mesoplan.cli.json_documents import forecast_document

        print_document(forecast_document(found))
    else:
        from mesoplan.cli.forecast_text import forecast_text

        print(forecast_text(found, knowledge))
    return DONE if found.run is not None else NOTHING
