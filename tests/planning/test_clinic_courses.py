"""A clinic's own effect and rating error come back from courses that were made with them."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import numpy as np
import pytest

from mesoplan.domain.clinic_fit import ClinicFindings
from mesoplan.domain.course import Course, CourseGoal, CourseScore, Treatment
from mesoplan.kernels import response
from mesoplan.kernels.clinic_fit import on_executor
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.loader import load
from mesoplan.planning.clinic_courses import fit_of
from mesoplan.planning.population import Population, rarer_than_weekly, read_population

START = date(2025, 1, 6)
WEEKS = (0, 4, 8, 12, 16)
EFFECT, SAME, OTHER = -0.4, 0.08, 0.30


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


@pytest.fixture(scope="module")
def population() -> Population:
    return read_population()


def made(count: int, population: Population) -> list[Course]:
    """Courses of a clinic with an effect of its own, every third score by another rater."""
    rng = np.random.default_rng(5)
    mean = population.groups["injected-tranexamic-acid"].clinic_mean
    return [_course(number, mean, rng) for number in range(count)]


def _course(number: int, mean: tuple[float, ...], rng: np.random.Generator) -> Course:
    days, sessions = ((7, 12), (14, 6), (28, 4))[number % 3]
    asymptote = mean[1] + EFFECT + mean[4] * rarer_than_weekly(days) + 0.4 * rng.standard_normal()
    theta = [rng.normal(2.2, 0.3), mean[0], asymptote, mean[2], mean[3]]
    treatment = response.Treatment(tuple(one * days / 7 for one in range(sessions)), days / 7)
    others = [False, *(rng.random() < 1 / 3 for _ in WEEKS[1:])]
    error = np.where(others, OTHER, SAME) * rng.standard_t(5, len(WEEKS))
    values = np.clip(np.exp(response.log_severity(WEEKS, theta, treatment)[0] + error) - 0.05, 0.0, 24.0)
    return Course(
        id=f"c{number}",
        as_of=START + timedelta(weeks=20),
        aim="melasma",
        treatment=Treatment(compounds=("tranexamic-acid",), route="injection"),
        interval_days=days,
        sessions=tuple(START + timedelta(days=one * days) for one in range(sessions)),
        scale="mmasi",
        scores=tuple(
            CourseScore(on=START + timedelta(weeks=week), rater="B" if other else "A", mode="live", value=float(value))
            for week, other, value in zip(WEEKS, others, values, strict=True)
        ),
        goal=CourseGoal(share=0.5),
    )


@pytest.fixture(scope="module")
def found(knowledge: Knowledge, population: Population) -> ClinicFindings:
    return fit_of(made(150, population), knowledge, population)


def test_what_the_courses_were_made_with_comes_back_within_three_errors(found: ClinicFindings) -> None:
    (group,) = found.groups
    assert group.converged
    assert abs(group.effect.value - EFFECT) < 3 * group.own.effect_sd
    for rater, truth in ((group.same_rater, SAME), (group.other_rater, OTHER)):
        error = math.log(rater.high / rater.low) / (2 * 1.96)
        assert abs(math.log(rater.value / truth)) < 3 * error
    assert group.effect.high < 0
    assert group.same_rater.left_of_prior < 0.2
    assert group.own.effect == group.effect.value


def test_the_answer_does_not_depend_on_how_it_is_run(
    found: ClinicFindings, knowledge: Knowledge, population: Population
) -> None:
    with ThreadPoolExecutor(2) as pool:
        assert fit_of(made(150, population), knowledge, population, run=on_executor(pool)) == found


def test_few_courses_leave_most_of_the_prior(knowledge: Knowledge, population: Population) -> None:
    (group,) = fit_of(made(3, population), knowledge, population).groups
    assert group.converged
    assert group.effect.left_of_prior > 0.6
    assert group.between_patients.left_of_prior > 0.9


def test_what_cannot_be_read_is_named(knowledge: Knowledge, population: Population) -> None:
    course = made(1, population)[0]
    one_score = course.model_copy(update={"id": "one", "scores": course.scores[:1]})
    no_trial = course.model_copy(
        update={"id": "none", "treatment": Treatment(compounds=("kojic-acid",), route="injection")}
    )
    told = fit_of([one_score, no_trial], knowledge, population)
    assert told.groups == ()
    assert [one.course for one in told.left_out] == ["one", "none"]
    assert "fewer than two scores" in told.left_out[0].reason


@pytest.mark.parametrize("count", [1, 2, 5, 12])
def test_a_small_clinic_comes_to_rest_too(count: int, knowledge: Knowledge, population: Population) -> None:
    (group,) = fit_of(made(count, population), knowledge, population).groups
    assert group.converged
    assert group.node_error < 0.1
