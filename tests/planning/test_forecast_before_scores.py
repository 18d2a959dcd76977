"""What trials alone let expect: the forecast of somebody who was never scored, without anything compiled."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest

from mesoplan.domain.course import ClinicOwn, Course, CourseGoal, Treatment
from mesoplan.knowledge.loader import load
from mesoplan.planning.forecast import forecast
from mesoplan.planning.forecast_before_scores import chance_before_scores
from mesoplan.planning.population import read_population

GROUP = "injected-tranexamic-acid"
DAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("protocol", "days", "sessions"),
    [
        ("melasma-tranexamic-acid-monthly", 28, 3),
        ("melasma-tranexamic-acid-fortnightly", 14, 6),
        ("melasma-tranexamic-acid-weekly", 7, 12),
    ],
)
def test_it_is_the_forecast_of_somebody_who_was_never_scored(protocol: str, days: int, sessions: int) -> None:
    planned = tuple(DAY + timedelta(days=days * number) for number in range(sessions))
    course = Course(
        id="c", as_of=DAY, aim="melasma", treatment=Treatment(protocol=protocol), interval_days=days, planned=planned,
        scale="mmasi", goal=CourseGoal(share=0.5),
    )  # fmt: skip
    population = read_population()
    told = forecast(course, load(), population)
    assert told.run is not None
    by_session = {one.number: one.chance for one in told.run.sessions}
    found = chance_before_scores(population.groups[GROUP], interval_days=days, sessions=sessions, share=0.5)
    assert found == pytest.approx(by_session[sessions], abs=0.02)


def test_a_clinic_that_does_better_and_a_goal_that_asks_less_raise_it() -> None:
    group = read_population().groups[GROUP]

    def chance(share: float, effect: float, sessions: int = 3) -> float:
        clinic = ClinicOwn(effect=effect, effect_sd=0.01)
        return chance_before_scores(group, interval_days=28, sessions=sessions, share=share, clinic=clinic)

    assert chance(0.5, -0.5) < chance(0.5, 0.0) < chance(0.5, 0.5)
    assert chance(0.25, 0.0) < chance(0.5, 0.0) < chance(0.75, 0.0)
    assert chance(0.5, 0.0, sessions=2) < chance(0.5, 0.0, sessions=5)


def test_nothing_compiled_is_loaded_for_it() -> None:
    """Pages about something else show it in one line and must not wait for compiled loops."""
    asked = (
        "import sys; from mesoplan.planning.population import read_population;"
        "from mesoplan.planning.forecast_before_scores import chance_before_scores;"
        f"chance_before_scores(read_population().groups[{GROUP!r}], interval_days=28, sessions=3, share=0.5);"
        "print([name for name in ('scipy', 'numba') if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
