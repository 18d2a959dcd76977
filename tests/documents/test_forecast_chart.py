"""The chart of a forecast: whole SVG, everything within its frame, words and decimal signs of the reader."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mesoplan.documents.forecast_chart import BOTTOM, LEFT, RIGHT, TOP, forecast_chart
from mesoplan.documents.forecast_chart_style import STYLE
from mesoplan.documents.forecast_chart_words import ENGLISH
from mesoplan.domain.course import Course
from mesoplan.domain.forecast import Forecast
from mesoplan.domain.writing import Language
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.course_reading import read_course
from mesoplan.knowledge.loader import load
from mesoplan.planning.forecast import forecast
from mesoplan.planning.population import read_population

COURSES = Path(__file__).parents[2] / "examples" / "courses"
NAMES = sorted(path.stem for path in COURSES.glob("*.yaml"))


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


def course_of(name: str, knowledge: Knowledge) -> Course:
    return read_course((COURSES / f"{name}.yaml").read_text(encoding="utf-8"), name, knowledge)


def told(name: str, knowledge: Knowledge) -> Forecast:
    return forecast(course_of(name, knowledge), knowledge, read_population())


def classes(drawing: str) -> list[str]:
    return [element.get("class", "") for element in ElementTree.fromstring(drawing).iter()]  # noqa: S314


@pytest.mark.parametrize("name", NAMES)
def test_bands_and_scores_lie_within_the_frame(name: str, knowledge: Knowledge) -> None:
    drawing = forecast_chart(told(name, knowledge))
    for x, y in re.findall(r"([\d.]+),([\d.]+)", "".join(re.findall(r' d="([^"]+)"', drawing))):
        assert LEFT - 0.1 <= float(x) <= RIGHT + 0.1
        assert TOP - 0.1 <= float(y) <= BOTTOM + 0.1
    for x, y in re.findall(r'cx="([\d.]+)" cy="([\d.]+)"', drawing):
        assert LEFT <= float(x) <= RIGHT
        assert TOP <= float(y) <= BOTTOM


def test_a_flattened_view_and_another_rater_are_drawn_apart(knowledge: Knowledge) -> None:
    assert "fc-flat" in classes(forecast_chart(told("melasma-outside-the-trials", knowledge)))
    assert "fc-flat" not in classes(forecast_chart(told("melasma-two-more", knowledge)))
    other = classes(forecast_chart(told("melasma-weekly-another-rater", knowledge)))
    assert other.count("fc-score fc-score-other") == 1


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("melasma")])
def test_the_course_without_any_session_is_drawn_and_named(name: str, knowledge: Knowledge) -> None:
    forecast_ = told(name, knowledge)
    drawing = forecast_chart(forecast_)
    assert classes(drawing).count("fc-untreated") == 1
    assert ">Without any session</text>" in drawing
    assert forecast_.run
    last = forecast_.run.bands[-1].untreated
    assert f"Without any session it would be about {last.middle:.1f} then (80 %: {last.interval.low:.1f} to" in drawing


def test_beyond_the_last_score_of_any_trial_the_ground_is_grey_and_says_so(knowledge: Knowledge) -> None:
    drawing = forecast_chart(told("melasma-two-more", knowledge))
    ground = re.search(r'<rect x="([\d.]+)" y="22" width="([\d.]+)" [^>]*class="fc-beyond"', drawing)
    assert ground
    week_20 = LEFT + 20 / 24 * (RIGHT - LEFT)
    assert float(ground[1]) == pytest.approx(week_20, abs=0.1)
    assert float(ground[1]) + float(ground[2]) == pytest.approx(RIGHT, abs=0.1)
    said = " ".join(re.findall(r'class="fc-label fc-over">([^<]+)<', drawing))
    assert said == "Without any session No trial of this treatment scored after week 20"
    assert "No trial of this treatment scored after week 20.</desc>" in drawing


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("melasma")])
def test_no_word_on_the_chart_covers_another(name: str, knowledge: Knowledge) -> None:
    forecast_ = told(name, knowledge)
    run = forecast_.run
    assert run
    last = run.bands[-1]
    high = last.untreated.model_copy(update={"middle": run.bands[0].latent[-1].high})
    as_high = run.model_copy(update={"bands": (*run.bands[:-1], last.model_copy(update={"untreated": high}))})
    for each in (forecast_, forecast_.model_copy(update={"run": as_high})):
        found = re.findall(r'y="([\d.]+)"[^>]*class="fc-label fc-over"', forecast_chart(each))
        lines = sorted(float(one) for one in found)
        assert len(lines) == 4
        assert min(after - one for one, after in pairwise(lines)) >= 13.9


def test_where_trials_went_on_to_the_end_no_ground_is_grey(knowledge: Knowledge) -> None:
    found = told("melasma-two-more", knowledge)
    assert found.basis
    longer = found.model_copy(update={"basis": found.basis.model_copy(update={"followed_weeks": 26.0})})
    assert not any(one.startswith("fc-beyond") for one in classes(forecast_chart(longer)))


def test_without_a_forecast_only_what_was_scored_is_drawn(knowledge: Knowledge) -> None:
    found = classes(forecast_chart(told("texture-no-forecast", knowledge)))
    assert found.count("fc-score") == 2
    assert not any(one.startswith("fc-band") for one in found)
    assert "fc-goal" in found
    assert not {"fc-untreated", "fc-beyond"} & set(found)


def test_without_a_score_the_axis_is_in_per_cent(knowledge: Knowledge) -> None:
    course = course_of("melasma-first-visit", knowledge).model_copy(update={"scores": ()})
    drawing = forecast_chart(forecast(course, knowledge, read_population()))
    assert "50\u00a0%</text>" in drawing


def test_colours_come_along_only_where_the_file_stands_alone(knowledge: Knowledge) -> None:
    found = told("melasma-two-more", knowledge)
    assert "<style>" not in forecast_chart(found)
    alone = forecast_chart(found, alone=True)
    assert "<style>" in alone
    assert {one for one in " ".join(classes(alone)).split() if one.startswith("fc-")} - {"fc-band", "fc-week"} <= set(
        re.findall(r"\.(fc-[\w-]+)", STYLE)
    )


def test_dates_and_decimals_are_the_readers(knowledge: Knowledge) -> None:
    drawing = forecast_chart(told("melasma-two-more", knowledge), ENGLISH, language=Language.FRENCH)
    assert "Goal 4,8" in drawing
    assert "27 juil. 2026" in drawing
