"""`mesoplan fit --clinic`: a clinic's own effect and rating error from its recorded courses."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesoplan.cli import reading
from mesoplan.cli.commands import DONE, NOTHING, print_document
from mesoplan.cli.wrapping import wrapped
from mesoplan.domain.errors import InputError, Problem
from mesoplan.domain.writing import count_text, number_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.loader import load

if TYPE_CHECKING:
    from mesoplan.domain.clinic_fit import ClinicFindings, Estimate, GroupFit
    from mesoplan.domain.course import Course

LINES = ".jsonl"
ONE_COURSE = (".yaml", ".yml", ".json")
MOST_LEFT_OUT = 10


def fit(options: argparse.Namespace) -> int:
    """`mesoplan fit --clinic [COURSES]`; exit 3 where no course could be read by any group of trials."""
    from mesoplan.planning.clinic_courses import fit_of
    from mesoplan.planning.population import read_population

    knowledge = load()
    courses = courses_of(options.clinic, knowledge) if options.clinic else _recorded_here(knowledge)
    population = read_population()
    with _cluster() if options.dask else nullcontext() as client:
        ways = {} if client is None else _on(client)
        found = fit_of(courses, knowledge, population, **ways)
    if options.json:
        print_document(found)
    else:
        print(fit_text(found))
    return DONE if found.groups else NOTHING


def _recorded_here(knowledge: Knowledge) -> Iterator[Course]:
    from mesoplan.clinic.recorded import courses_recorded_here

    return iter(courses_recorded_here(knowledge, reading.today()))


def courses_of(names: list[str], knowledge: Knowledge) -> Iterator[Course]:
    """Yield the courses of files, of folders of files, and of files with one course a line as JSON (.jsonl)."""
    from mesoplan.knowledge.course_reading import read_course

    for name in names:
        for path in _files(name):
            if path.suffix == LINES:
                yield from _lines(path, knowledge)
            else:
                yield read_course(reading.text_of(str(path)), str(path), knowledge, today=reading.today())


def _files(name: str) -> list[Path]:
    path = Path(name)
    if not path.is_dir():
        return [path]
    found = sorted(one for one in path.iterdir() if one.suffix in (*ONE_COURSE, LINES))
    if not found:
        raise InputError(name, [Problem("", f"holds no course; allowed: {', '.join((*ONE_COURSE, LINES))}")])
    return found


def _lines(path: Path, knowledge: Knowledge) -> Iterator[Course]:
    from mesoplan.knowledge.course_reading import read_course

    today = reading.today()
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield read_course(line, f"{path}: line {number}", knowledge, today=today)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(str(path), [Problem("", f"cannot be read: {error}")]) from error


def _cluster() -> AbstractContextManager[Any]:
    """Return a client of Dask's scheduler: the one that DASK_SCHEDULER_ADDRESS names, else one on this machine."""
    try:
        # An extra: imported when it is asked for, by name, since the package works without it.
        distributed = importlib.import_module("distributed")
    except ModuleNotFoundError as error:
        text = "needs the package “distributed”: pip install 'mesoplan[dask]'"
        raise InputError("fit", [Problem("--dask", text)]) from error
    client: AbstractContextManager[Any] = distributed.Client()
    return client


def _on(client: Any) -> dict[str, Any]:
    """Return how parts are put on the workers and worked on there; their sums come back in their order."""
    from mesoplan.kernels.clinic_fit import on_executor

    return {"run": on_executor(client.get_executor()), "spread": client.scatter}


def fit_text(found: ClinicFindings) -> str:
    """Return what `mesoplan fit --clinic` prints."""
    lines = [line for group in found.groups for line in [*_group(group), ""]]
    if found.left_out:
        lines += wrapped(f"Not read: {count_text(len(found.left_out), 'course', 'courses')}.")
        lines += [line for one in found.left_out[:MOST_LEFT_OUT] for line in wrapped(f"{one.course}: {one.reason}", 1)]
    return "\n".join(lines).rstrip()


def _group(group: GroupFit) -> Iterator[str]:
    courses = count_text(group.courses, "course", "courses")
    yield from wrapped(f"{group.group}: {courses}, {count_text(group.scores, 'score', 'scores')}.")
    yield from wrapped(
        f"Own effect on the asymptote {_told(group.effect)} in log severity; above 0 is more than in the trials.", 1
    )
    yield from wrapped(f"Rating error {_told(group.same_rater)} by the same rater,", 1)
    by_others = f"{_told(group.other_rater)} by another ({count_text(group.scores_by_others, 'score', 'scores')})."
    yield from wrapped(by_others, 2)
    yield from wrapped(f"Between patients {_told(group.between_patients)}.", 1)
    if not group.converged:
        yield from wrapped("The fit has not come to rest: do not use it.", 1)
    own = group.own
    yield from wrapped(
        f"In a course: clinic: {{effect: {own.effect}, effect_sd: {own.effect_sd}, same_rater: {own.same_rater}, "
        f"other_rater: {own.other_rater}}}",
        1,
    )


def _told(estimate: Estimate) -> str:
    value, low, high = (number_text(one, decimals=2) for one in (estimate.value, estimate.low, estimate.high))
    return f"{value} (95 %: {low} to {high}; {round(100 * estimate.left_of_prior)} % of what was not known is left)"
