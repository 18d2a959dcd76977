"""Forecasts of the example courses: what must hold of any forecast, and of these."""

from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mesoplan.domain.course import ClinicOwn, Course, CourseGoal, CourseScore, Response, Treatment
from mesoplan.domain.forecast import Forecast, WhatIf
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.course_reading import course_problems, read_course
from mesoplan.knowledge.loader import load
from mesoplan.planning.forecast import followed_weeks, forecast
from mesoplan.planning.forecast_sentences import needed_words, patients_like_you
from mesoplan.planning.population import Population, rarer_than_weekly, read_population
from mesoplan.planning.response_forecast import longest_course
from scripts.population.arms import arms_of

COURSES = Path(__file__).parents[2] / "examples" / "courses"
NAMES = sorted(path.stem for path in COURSES.glob("*.yaml"))
START = date(2026, 6, 1)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


@pytest.fixture(scope="module")
def population() -> Population:
    return read_population()


def course_of(name: str, knowledge: Knowledge) -> Course:
    return read_course((COURSES / f"{name}.yaml").read_text(encoding="utf-8"), name, knowledge)


def monthly(given: int, scores: dict[float, float], **more: object) -> Course:
    """A course of monthly sessions with scores by week, seen on the day when the next session is due."""
    return Course.model_validate(
        {
            "id": "x",
            "as_of": START + timedelta(weeks=4 * given),
            "aim": "melasma",
            "treatment": Treatment(compounds=("tranexamic-acid",), route="injection"),
            "interval_days": 28,
            "sessions": tuple(START + timedelta(weeks=4 * number) for number in range(given)),
            "scale": "mmasi",
            "scores": tuple(
                CourseScore(on=START + timedelta(weeks=week), rater="A", mode="live", value=value)
                for week, value in scores.items()
            ),
            "goal": CourseGoal(share=0.5),
            **more,
        }
    )


def chances(told: Forecast) -> list[float]:
    assert told.run
    return [one.chance for one in told.run.sessions if not one.given]


@pytest.mark.parametrize("name", NAMES)
def test_bands_lie_in_one_another_and_chances_are_chances(
    name: str, knowledge: Knowledge, population: Population
) -> None:
    told = forecast(course_of(name, knowledge), knowledge, population)
    assert told.timeline
    assert told.basis is None or told.basis.effective_sample_size > 400
    for run in (told.run, told.flattened):
        for band in run.bands if run else ():
            fifty, eighty, most = band.latent
            assert told.lowest <= most.low <= eighty.low <= fifty.low <= band.middle
            assert band.middle <= fifty.high <= eighty.high <= most.high <= told.highest
            rated = band.scored[1]
            assert rated.high - rated.low > 0.95 * (eighty.high - eighty.low)
        for one in run.sessions if run else ():
            assert 0 <= one.chance <= 1
        for one, after in pairwise(run.sessions if run else ()):
            assert one.judged_week == after.week
        for one in run.sessions[-1:] if run else ():
            assert one.judged_week == pytest.approx(one.week + told.interval_days / 7, abs=0.01)


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("melasma")])
def test_without_any_session_only_the_background_lowers_the_score(
    name: str, knowledge: Knowledge, population: Population
) -> None:
    told = forecast(course_of(name, knowledge), knowledge, population)
    assert told.run
    weeks = [band.untreated for band in told.run.bands]
    for one, after in pairwise(weeks):
        assert after.middle <= one.middle  # a background only lowers, and never lets go
    for one in weeks:
        assert one.interval.low <= one.middle <= one.interval.high
    # No trial's control arm fell by half, nor did any rise: a quarter is what the fit found.
    assert 0.6 < weeks[-1].middle / weeks[0].middle < 0.95


def test_what_is_due_to_the_treatment_lies_between_the_two_curves(knowledge: Knowledge, population: Population) -> None:
    told = forecast(course_of("melasma-two-more", knowledge), knowledge, population)
    assert told.run
    share = told.injection_share
    assert share
    start, now = told.run.bands[0], next(one for one in told.run.bands if one.on == share.on)
    all_of_it = math.log(start.middle / now.middle)
    without = math.log(start.untreated.middle / now.untreated.middle)
    assert 1 - without / all_of_it == pytest.approx(share.middle, abs=0.05)


def test_the_last_week_that_a_group_was_scored_is_that_of_the_arms_that_were_fitted(
    knowledge: Knowledge, population: Population
) -> None:
    fitted = arms_of(knowledge.trials.values())
    for name, group in population.groups.items():
        own = [one for one in fitted if one.group == name and one.study in group.studies]
        weeks = [fall.week for one in own for fall in one.falls] + [held.week for one in own for held in one.categories]
        assert followed_weeks(name, group, knowledge) == max(weeks), name


@pytest.mark.parametrize("name", NAMES)
def test_the_same_course_has_the_same_forecast(name: str, knowledge: Knowledge, population: Population) -> None:
    course = course_of(name, knowledge)
    assert forecast(course, knowledge, population) == forecast(course, knowledge, population)


def test_a_course_without_trials_says_why_and_keeps_its_scores(knowledge: Knowledge, population: Population) -> None:
    told = forecast(course_of("texture-no-forecast", knowledge), knowledge, population)
    assert told.run is None
    assert told.none_because is not None
    assert told.none_because.startswith("No trial held here follows texture")
    assert told.none_sources
    assert [one.value for one in told.scores] == [3, 2]


@pytest.mark.parametrize(
    ("aim", "compounds", "scale", "said"),
    [
        ("cellulite", ("caffeine",), "cellulite-severity-scale", "cellulite over time on a score"),
        ("hair-loss", ("minoxidil",), "gais", "hair loss over time on a score"),
        ("skin-lightening", ("tranexamic-acid",), "gais", "lightening over time on a score"),
        ("melasma", ("kojic-acid",), "mmasi", "under injection of kojic acid"),
        ("melasma", ("tranexamic-acid",), "dlqi", "forecast from: "),
    ],
)
def test_what_no_trial_followed_has_no_forecast(
    aim: str, compounds: tuple[str, ...], scale: str, said: str, knowledge: Knowledge, population: Population
) -> None:
    more = {"aim": aim, "treatment": Treatment(compounds=compounds, route="injection"), "scale": scale}
    told = forecast(monthly(1, {0: 10}, **more, goal=CourseGoal(score=1)), knowledge, population)
    assert told.run is None
    assert said in str(told.none_because)


def test_better_scores_never_lower_the_chance(knowledge: Knowledge, population: Population) -> None:
    ends = [chances(forecast(monthly(2, {0: 9.6, 8: value}), knowledge, population))[-1] for value in (9, 7.5, 6, 5)]
    assert ends == sorted(ends)
    assert ends[0] < 0.2 < 0.8 < ends[-1]


def test_scores_narrow_what_is_forecast(knowledge: Knowledge, population: Population) -> None:
    widths = []
    scored = {0.0: 9.6, 4.0: 8.2, 8.0: 7.0, 12.0: 6.1}
    for count in range(1, 5):
        told = forecast(monthly(3, dict(list(scored.items())[:count])), knowledge, population)
        assert told.run
        eighty = told.run.bands[16].latent[1]
        widths.append(math.log(eighty.high / eighty.low))
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < widths[0] / 2


def test_every_further_session_adds_to_the_chance(knowledge: Knowledge, population: Population) -> None:
    found = chances(forecast(monthly(0, {0: 9.6}), knowledge, population))
    assert found == sorted(found)
    assert len(found) == 5


def test_another_rater_counts_for_less(knowledge: Knowledge, population: Population) -> None:
    same = monthly(2, {0: 9.6, 8: 4.0})
    last = same.scores[-1].model_copy(update={"rater": "B"})
    other = same.model_copy(update={"scores": (same.scores[0], last)})
    by_same, by_other = (forecast(one, knowledge, population) for one in (same, other))
    assert by_same.run
    assert by_other.run
    assert by_same.run.bands[8].middle < by_other.run.bands[8].middle
    assert [one.code for one in by_other.findings if "rater" in one.code] == ["forecast-rater-changed"]


def test_a_judgement_of_change_moves_the_forecast(knowledge: Knowledge, population: Population) -> None:
    course = monthly(2, {0: 9.6})
    week_8 = START + timedelta(weeks=8)
    found = []
    for improvement in ((0, 25), (25, 50), (50, 75), (75, 100)):
        judged = Response(on=week_8, rater="A", improvement=improvement)
        told = forecast(course.model_copy(update={"responses": (judged,)}), knowledge, population)
        assert told.run
        found.append(told.run.bands[8].middle / 9.6)
    assert found == sorted(found, reverse=True)
    assert 0.25 < found[2] < 0.5


def test_a_grade_of_change_moves_the_forecast_and_says_less_than_a_percentage(
    knowledge: Knowledge, population: Population
) -> None:
    course = monthly(2, {0: 9.6})
    week_8 = START + timedelta(weeks=8)

    def told(**judged: Any) -> Forecast:
        response = Response(on=week_8, rater="A", **judged)
        assert not list(course_problems(course.model_copy(update={"responses": (response,)}), knowledge))
        return forecast(course.model_copy(update={"responses": (response,)}), knowledge, population)

    runs = [told(scale="gais", grade=grade).run for grade in (5, 4, 3, 2, 1)]
    middles = [run.bands[8].middle for run in runs if run]
    assert len(middles) == 5
    assert middles == sorted(middles, reverse=True)
    graded, judged = told(scale="gais", grade=1).run, told(improvement=(75, 100)).run
    assert graded
    assert judged
    assert graded.bands[8].middle > judged.bands[8].middle


@pytest.mark.parametrize(
    ("scale", "grade", "told"),
    [
        ("gais", 7, "7 of “gais” is no grade of a scale of change"),
        ("glogau", 2, "2 of “glogau” is no grade of a scale of change"),
        ("gias", 2, "gais"),
    ],
)
def test_a_grade_that_stands_for_no_improvement_is_refused(
    scale: str, grade: int, told: str, knowledge: Knowledge
) -> None:
    response = Response(on=START + timedelta(weeks=8), rater="A", scale=scale, grade=grade)
    course = monthly(2, {0: 9.6}).model_copy(update={"responses": (response,)})
    problems = list(course_problems(course, knowledge))
    assert [one.field.rpartition(".")[0] for one in problems] == ["responses.1"]
    assert told in problems[0].text


@pytest.mark.parametrize(
    "judged", [{}, {"scale": "gais"}, {"grade": 2}, {"scale": "gais", "grade": 2, "improvement": (50, 75)}]
)
def test_a_judgement_is_a_percentage_or_a_grade(judged: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="one of the two"):
        Response(on=START, rater="A", **judged)


def test_without_any_score_the_forecast_is_a_share_of_the_baseline(
    knowledge: Knowledge, population: Population
) -> None:
    told = forecast(monthly(0, {}), knowledge, population)
    assert told.unit == "share"
    assert told.run
    assert told.run.bands[0].middle == pytest.approx(1, abs=0.01)
    with_score = forecast(monthly(0, {0: 9.6}), knowledge, population)
    assert with_score.run
    assert told.run.bands[16].middle == pytest.approx(with_score.run.bands[16].middle / 9.6, abs=0.05)


def test_stopping_leaves_no_session_ahead_and_says_what_comes(knowledge: Knowledge, population: Population) -> None:
    course = monthly(3, {0: 9.6, 4: 7.5, 8: 6.0, 12: 5.0})
    on, stopped = (forecast(course, knowledge, population, WhatIf(stop=stop)) for stop in (False, True))
    assert chances(on)
    assert not chances(stopped)
    assert stopped.run is not None
    assert stopped.run.needed is None
    assert "forecast-beyond-evidence" not in [one.code for one in stopped.findings]
    assert [one.weeks_after for one in stopped.after_stopping] == [4, 12, 24]
    middles = [one.middle for one in stopped.after_stopping]
    assert middles == sorted(middles)
    assert on.run
    assert stopped.run
    assert on.run.bands[24].middle < stopped.run.bands[24].middle


def test_what_if_changes_sessions_and_little_by_week(knowledge: Knowledge, population: Population) -> None:
    course = monthly(1, {0: 9.6, 4: 8.0})
    weekly = forecast(course, knowledge, population, WhatIf(interval_days=7))
    as_is = forecast(course, knowledge, population)
    assert weekly.interval_days == 7
    assert len(chances(weekly)) == 11
    assert "forecast-interval" in [one.code for one in weekly.findings]
    assert weekly.run
    assert as_is.run
    assert weekly.run.bands[12].middle == pytest.approx(as_is.run.bands[12].middle, rel=0.1)
    assert len(chances(forecast(course, knowledge, population, WhatIf(further_sessions=2)))) == 2


@pytest.mark.parametrize(
    ("days", "sessions"), [(7, 12), (10, 12), (14, 6), (20, 6), (21, 5), (28, 5), (35, 4), (90, 1)]
)
def test_the_longest_course_is_one_that_trials_gave_within_24_weeks(days: int, sessions: int) -> None:
    assert longest_course(days) == sessions


@pytest.mark.parametrize(
    ("given", "scores", "on", "now"),
    [
        (1, {0: 9.6}, START + timedelta(weeks=8), False),
        (2, {0: 9.6, 4: 9}, START + timedelta(weeks=8), False),
        (2, {0: 9.6, 4: 9, 8: 9}, START + timedelta(weeks=8), True),
        (3, {0: 9.6, 4: 9, 12: 9}, START + timedelta(weeks=12), True),
    ],
)
def test_nothing_is_judged_before_week_8_and_two_scores(
    given: int, scores: dict[float, float], on: date, now: bool, knowledge: Knowledge, population: Population
) -> None:
    told = forecast(monthly(given, scores), knowledge, population)
    assert (told.first_judged_on, told.may_judge) == (on, now)
    assert ("forecast-too-early" in [one.code for one in told.findings]) == (not now)
    assert told.futility is not None
    assert not (told.futility.futile and not now)


def test_a_course_that_does_not_move_is_called_futile_once_it_may_be(
    knowledge: Knowledge, population: Population
) -> None:
    told = forecast(course_of("melasma-stop", knowledge), knowledge, population)
    assert told.futility is not None
    assert told.futility.futile
    assert told.run
    assert told.run.needed
    assert told.run.needed.middle is None
    assert "forecast-futile" in [one.code for one in told.findings]


def test_outside_of_the_prior_both_views_stand(knowledge: Knowledge, population: Population) -> None:
    told = forecast(course_of("melasma-outside-the-trials", knowledge), knowledge, population)
    assert told.prior_tail is not None
    assert told.prior_tail < 0.01
    assert told.flattened is not None
    assert "forecast-outside-prior" in [one.code for one in told.findings]
    usual = forecast(course_of("melasma-two-more", knowledge), knowledge, population)
    assert usual.flattened is None


def test_a_zero_is_read_as_half_the_smallest_step_and_said(knowledge: Knowledge, population: Population) -> None:
    told = forecast(monthly(2, {0: 9.6, 8: 0}), knowledge, population)
    zero = next(one for one in told.findings if one.code == "forecast-score-zero")
    assert "read as 0.05" in zero.text
    assert told.run
    assert all(math.isfinite(band.middle) for band in told.run.bands)


def test_a_clinic_that_knows_its_own_effect_is_forecast_narrower(knowledge: Knowledge, population: Population) -> None:
    course = monthly(0, {0: 9.6})
    own = ClinicOwn(effect=0.3, effect_sd=0.05)
    usual, known = (forecast(one, knowledge, population) for one in (course, course.model_copy(update={"clinic": own})))
    assert known.basis is not None
    assert known.basis.clinic_own
    assert usual.run
    assert known.run
    wide, narrow = (told.bands[16].latent[1] for told in (usual.run, known.run))
    assert math.log(narrow.high / narrow.low) < math.log(wide.high / wide.low)
    assert known.run.bands[16].middle < usual.run.bands[16].middle


def test_the_share_of_the_injections_is_wide_and_within_0_to_1(knowledge: Knowledge, population: Population) -> None:
    told = forecast(course_of("melasma-two-more", knowledge), knowledge, population).injection_share
    assert told is not None
    assert 0 <= told.interval.low < told.middle < told.interval.high <= 1
    assert told.interval.high - told.interval.low > 0.3


@pytest.mark.parametrize(
    ("chance", "sentence"),
    [
        (0.42, "Of 10 patients like you, about 4 reach half by session 5."),
        (0.12, "Of 10 patients like you, about 1 reaches half by session 5."),
        (0.02, "Of 10 patients like you, fewer than 1 reaches half by session 5."),
        (0.99, "Of 10 patients like you, about 9 reach half by session 5."),
    ],
)
def test_a_chance_is_told_as_people(chance: float, sentence: str) -> None:
    assert patients_like_you(chance, "half", 5) == sentence


def test_sessions_needed_in_words(knowledge: Knowledge, population: Population) -> None:
    told = forecast(course_of("melasma-two-more", knowledge), knowledge, population)
    assert told.run
    assert told.run.needed
    assert needed_words(told.run.needed.model_copy(update={"middle": 2, "low": 1, "high": 4})) == (
        "2\u00a0more sessions (80 %: 1 to 4)"
    )
    assert needed_words(told.run.needed.model_copy(update={"middle": 0, "low": 0, "high": None})) == (
        f"no more session (80 %: 0 to more than {told.run.needed.longest})"
    )


@pytest.mark.parametrize(
    ("compounds", "route", "group"),
    [
        (("tranexamic-acid",), "injection", "injected-tranexamic-acid"),
        (("tranexamic-acid", "glutathione"), "injection", "injected-tranexamic-acid"),
        (("glutathione", "ascorbic-acid"), "injection", "injected-glutathione"),
        (("tranexamic-acid",), "microneedling", "needled-tranexamic-acid"),
        (("ascorbic-acid",), "microneedling", "needled-other"),
        (("ascorbic-acid",), "injection", None),
    ],
)
def test_a_course_finds_its_group_of_trials(
    compounds: tuple[str, ...], route: str, group: str | None, population: Population
) -> None:
    assert population.group_of("melasma", compounds, route) == group
    assert population.group_of("texture", compounds, route) is None


def test_the_prior_of_an_interval_moves_the_asymptote_by_w_only(population: Population) -> None:
    group = population.groups["injected-tranexamic-acid"]
    weekly, monthly_prior = (group.prior(2.0, days) for days in (7, 28))
    gain, _ = group.interval_gain
    assert rarer_than_weekly(28) == -1
    assert np.allclose(weekly.mean - monthly_prior.mean, [0, 0, gain, 0, 0])
    assert weekly.mean[0] == 2.0
