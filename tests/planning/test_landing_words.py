"""Chances in words: whole percent that add up, and never a certainty."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.domain.evaluation import LayerChances
from mesoplan.planning.landing_words import layers_text, percent_text, whole_percents

WORDS = [
    ((0.0, 0.38, 0.62), "dermis 38 %, fat 62 %"),
    ((0.012, 0.976, 0.012), "epidermis 1 %, dermis 98 %, fat 1 %"),
    ((0.335, 0.335, 0.33), "epidermis 34 %, dermis 33 %, fat 33 %"),
    ((0.0, 0.004, 0.996), "fat over 99 %"),
    ((0.0, 0.0, 1.0), "fat over 99 %"),
    ((0.0, 0.006, 0.994), "dermis 1 %, fat 99 %"),
]


@pytest.mark.parametrize(("chances", "text"), WORDS)
def test_layers_in_words(chances: tuple[float, float, float], text: str) -> None:
    epidermis, dermis, fat = chances
    assert layers_text(LayerChances(epidermis=epidermis, dermis=dermis, fat=fat)).replace("\u00a0", " ") == text


@given(st.floats(0, 1), st.floats(0, 1))
def test_whole_percents_add_up_and_stay_within_one(first: float, second: float) -> None:
    low, high = sorted((first, second))
    chances = LayerChances(epidermis=low, dermis=high - low, fat=1 - high)
    found = whole_percents(chances)
    assert sum(found.values()) == 100
    assert all(abs(found[layer] - 100 * getattr(chances, layer)) < 1.0001 for layer in found)


@pytest.mark.parametrize(
    ("chance", "text"),
    [(0.0, "under 1 %"), (0.0049, "under 1 %"), (0.08, "8 %"), (0.994, "99 %"), (0.996, "over 99 %"), (1, "over 99 %")],
)
def test_a_chance_is_no_certainty(chance: float, text: str) -> None:
    assert percent_text(chance).replace("\u00a0", " ") == text
