"""Where a drop lands, on the plan's page: chances in words and as a bar, ceilings with their points."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from mesoplan.clinic.courses.landing_cards import LandingCard, chance_text, landing_cards, lands_text
from mesoplan.clinic.courses.models import Assessment
from mesoplan.domain.evaluation import Evaluation, LandingClass
from mesoplan.domain.quantities import Angle, Length
from mesoplan.planning.evaluate import evaluate
from tests.clinic.case_documents import melasma_case
from tests.clinic.plans import plan_address, started
from tests.planning import hand_made


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case()


def evaluated(degrees: float, mm: float) -> tuple[Evaluation, list[LandingCard]]:
    plan = hand_made.at_first_zone(hand_made.melasma_plan(), angle=Angle(degrees), inserted=Length(mm))
    found = evaluate(hand_made.melasma_case(), plan, hand_made.shipped())
    return found, landing_cards(plan, found, hand_made.shipped())


def plain(text: object) -> str:
    """Every space as people type it."""
    return unescape(str(text)).replace("\u00a0", " ").replace("\u202f", " ")


LANDS = [
    # degrees, mm inserted in the cheek -> what most drops end in, least share of the target in words
    (15, 1.5, "dermis", r"9\d %"),
    (90, 4.0, "fat", r"under 1 %"),
    (30, 4.0, "fat", r"\d %"),
]


@pytest.mark.parametrize(("degrees", "mm", "layer", "reached"), LANDS)
def test_a_card_says_layers_and_target_by_their_chances(degrees: float, mm: float, layer: str, reached: str) -> None:
    _found, (card, *_) = evaluated(degrees, mm)
    assert sum(one.percent for one in card.layers) == 100
    assert [one.y for one in card.layers] == [
        0, card.layers[0].percent, card.layers[0].percent + card.layers[1].percent
    ]  # fmt: skip
    most = max(card.layers, key=lambda one: one.percent)
    assert most.name == layer
    assert f"{most.label} {most.percent} %" in plain(card.lands)
    assert re.fullmatch(reached, plain(card.reached))


def test_a_ceiling_that_is_passed_is_named_with_its_points_and_leads_to_its_source() -> None:
    found, (card, *_) = evaluated(90, 1.9)
    landing = found.landings[0]
    over = next(one for one in landing.ceilings if one.set_by == "infraorbital-foramen")
    shown = card.ceilings[0]
    assert plain(shown.depth) == "2 mm"
    assert plain(shown.chance) == f"{100 * over.chance:.0f} %"
    assert shown.href.endswith("/danger-structures/infraorbital-foramen")
    assert all(point in shown.points for point in over.points)


def test_ceilings_that_nobody_passes_are_one_line() -> None:
    _found, (card, *_) = evaluated(15, 1.5)
    (only,) = card.ceilings
    assert plain(only.chance) == "under 1 %"


def test_syringes_that_take_points_in_turn_share_a_card_with_all_their_points() -> None:
    plan = hand_made.at_first_zone(hand_made.melasma_plan(), angle=Angle(90.0), inserted=Length(1.9))
    first = plan.placements[0]
    halves = tuple(
        first.model_copy(update={"preparation": name, "points": first.points[index::2]})
        for index, name in enumerate((first.preparation, "other"))
    )
    one = evaluate(hand_made.melasma_case(), plan, hand_made.shipped())
    landing = one.landings[0]
    over = next(c for c in landing.ceilings if c.points)
    split = tuple(
        landing.model_copy(
            update={"preparation": name, "ceilings": (over.model_copy(update={"points": over.points[index::2]}),)}
        )
        for index, name in enumerate((first.preparation, "other"))
    )
    cards = landing_cards(
        plan.model_copy(update={"placements": halves}),
        one.model_copy(update={"landings": split}),
        hand_made.shipped(),
    )
    (card,) = cards
    (shown,) = card.ceilings
    assert set(re.findall(r"\d+", shown.points)) == set(over.points)


def test_an_evaluation_that_was_kept_before_chances_shows_the_layer_in_words() -> None:
    found, _cards = evaluated(15, 1.5)
    old = found.landings[0].model_copy(update={"chances": None, "ceilings": (), "landing": LandingClass.DERMAL})
    assert lands_text(old) == "in the dermis"
    (card, *_) = landing_cards(
        hand_made.melasma_plan(), found.model_copy(update={"landings": (old,)}), hand_made.shipped()
    )
    assert (card.layers, card.ceilings, card.reached) == ([], [], "")


def test_the_page_of_a_plan_shows_bar_and_words_to_those_who_see_and_those_who_listen(
    browser_of: Callable[[str], Client], assessment: Assessment
) -> None:
    alma = browser_of("dermatologist")
    page = plain(alma.get(plan_address(started(alma, assessment))).content.decode())
    bars = re.findall(r'<svg class="chancebar"[^>]*aria-hidden="true">(.*?)</svg>', page)
    assert bars
    assert all(one.count("<rect") == 3 for one in bars)
    assert re.search(r"<dt>Lands</dt><dd>(epidermis \d+ % · )?dermis \d+ %", page)
    assert re.search(
        r"if 95 of 100 drops keep the angle to ± 5\s?° and the length to ± 0\.5 mm; not measured</a>", page
    )
    assert re.search(r"<dt>Target layer</dt><dd>upper dermis: \d+ % of drops</dd>", page)
    assert re.search(r"2 mm: passed by under 1 % of drops", page)


@pytest.mark.parametrize(
    ("language", "low", "high"),
    [
        ("en", "under 1 %", "over 99 %"),
        ("fr", "moins de 1 %", "plus de 99 %"),
        ("it", "meno di 1%", "oltre il 99%"),
        ("es", "menos del 1 %", "más del 99 %"),
    ],
)
def test_no_chance_is_a_certainty_in_any_language(language: str, low: str, high: str) -> None:
    with translation.override(language):
        assert [plain(chance_text(one)).replace(" ", "") for one in (0.0, 1.0)] == [
            low.replace(" ", ""),
            high.replace(" ", ""),
        ]
