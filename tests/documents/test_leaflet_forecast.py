"""What a patient reads of the forecast: people of ten, both sides, the width; at the reading level of the leaflet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.documents.leaflet_forecast import OfTen, of_ten
from mesoplan.domain.writing import Language
from mesoplan.knowledge.schema.leaflets import LeafletPart
from tests.documents.leaflet_examples import leaflet_of, section
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
