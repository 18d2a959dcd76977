"""What a patient reads of the forecast: people of ten, both sides, the width; at the reading level of the leaflet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.documents.leaflet_forecast import OfTen, of_ten, of_ten_of
from mesoplan.domain.course import ClinicOwn, Course, CourseGoal, CourseScore, Treatment
from mesoplan.domain.forecast import WhatIf
from mesoplan.domain.writing import Language
from mesoplan.knowledge.schema.leaflets import LeafletPart
from mesoplan.planning.forecast import forecast
from mesoplan.planning.population import read_population
from tests.documents.leaflet_examples import knowledge, leaflet_of, section
from tests.documents.leaflet_reading_level import reading_level
from tests.documents.test_leaflet_reading_level import reads_at_twelve

TOLD = {
    # reach low high      what is said in English
    (4, 2, 6): "Of 10 people like you, about 4 bring their score down to half by session 5. About 6 do not. "
    "It may be 2 of 10 in one clinic and 6 of 10 in the next. With each score of your skin we know more.",
    (1, 0, 3): "Of 10 people like you, about 1 brings the score down to half by session 5. About 9 do not. "
    "It may be 0 of 10 in one clinic and 3 of 10 in the next. With each score of your skin we know more.",
    (9, 9, 9): "Of 10 people like you, about 9 bring their score down to half by session 5. About 1 does not. "
    "With each score of your skin we know more.",
    (0, 0, 0): "Of 10 people like you, fewer than 1 brings the score down to half by session 5. "
    "With each score of your skin we know more.",
}


def told(figures: tuple[int, int, int], language: Language = Language.ENGLISH) -> list[str]:
    forecast = OfTen(reach=figures[0], low=figures[1], high=figures[2], session=5)
    last = section(leaflet_of("melasma", forecast=forecast, language=language), LeafletPart.JUDGE).blocks[-1]
    assert last.kind == "paragraph"
    return [text.text for text in last.sentences]


@pytest.mark.parametrize(("figures", "said"), TOLD.items())
def test_both_sides_and_the_width_are_told(figures: tuple[int, int, int], said: str) -> None:
    assert " ".join(told(figures)).replace("\u00a0", " ") == said


@pytest.mark.parametrize("language", Language)
def test_it_reads_at_twelve(language: Language) -> None:
    for figures in TOLD:
        assert reads_at_twelve(reading_level(told(figures, language), language), language), (language, figures)


def test_without_a_forecast_nothing_is_said_of_it() -> None:
    texts = [text.id for text in leaflet_of("melasma").texts()]
    assert not [one for one in texts if one.startswith("judge-forecast")]


def course_of(**changes: Any) -> Course:
    start = date(2026, 6, 1)
    said: dict[str, Any] = {
        "id": "c",
        "as_of": start + timedelta(weeks=8),
        "aim": "melasma",
        "treatment": Treatment(protocol="melasma-tranexamic-acid-monthly"),
        "sessions": (start, start + timedelta(weeks=4)),
        "planned": (start + timedelta(weeks=8),),
        "scale": "mmasi",
        "scores": (
            CourseScore(on=start, rater="A", mode="live", value=12.0),
            CourseScore(on=start + timedelta(weeks=8), rater="A", mode="live", value=8.0),
        ),
        "goal": CourseGoal(share=0.5),
    }
    return Course(**{**said, **changes})


@pytest.mark.parametrize("session", [2, 3, 5])
def test_people_of_ten_are_the_chance_that_the_forecast_tells(session: int) -> None:
    population, course = read_population(), course_of()
    told = forecast(course, knowledge(), population)
    assert told.run is not None
    chance = next(one.chance for one in told.run.sessions if one.number == session)
    found = of_ten_of(course, knowledge(), population, WhatIf(), session)
    assert found is not None
    assert found.reach == round(10 * chance)
    assert found.low <= found.reach <= found.high


def test_a_clinic_that_knows_its_own_effect_has_a_narrower_range() -> None:
    population = read_population()
    course = course_of(sessions=(), scores=(), planned=(date(2026, 8, 1), date(2026, 8, 29), date(2026, 9, 26)))
    wide = of_ten_of(course, knowledge(), population, WhatIf(), 3)
    own = course.model_copy(update={"clinic": ClinicOwn(effect=0.0, effect_sd=0.05)})
    narrow = of_ten_of(own, knowledge(), population, WhatIf(), 3)
    assert wide is not None
    assert narrow is not None
    assert narrow.high - narrow.low < wide.high - wide.low


def test_of_a_session_that_is_not_there_or_an_aim_without_trials_nothing_is_told() -> None:
    population = read_population()
    assert of_ten_of(course_of(), knowledge(), population, WhatIf(stop=True), 3) is None
    hydration = course_of(aim="hydration", treatment=Treatment(protocol="hydration-hyaluronic-acid"))
    assert of_ten_of(hydration, knowledge(), population, WhatIf(), 3) is None


chances = st.floats(0, 1, allow_nan=False)


@given(chance=chances, low=chances, high=chances)
def test_nobody_is_told_that_all_reach_it_and_the_range_holds_the_middle(
    chance: float, low: float, high: float
) -> None:
    found = of_ten(chance, low, high, session=3)
    assert 0 <= found.low <= found.reach <= found.high <= 10
    assert found.reach < 10


def test_a_range_beside_its_middle_is_refused() -> None:
    with pytest.raises(ValueError, match="outside of low to high"):
        OfTen(reach=4, low=5, high=6, session=1)
