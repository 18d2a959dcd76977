"""Where the tip lies: the layer, or that it cannot be told; and the position that is chosen to reach a layer."""

from __future__ import annotations

import pytest

from mesoplan.domain.evaluation import LandingClass
from mesoplan.domain.quantities import Angle, Length
from mesoplan.kernels.depth import tip_depth_mm
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.protocols import TargetLayer
from mesoplan.planning.landing import choose_needle_position, classify, hand, landing_of, target_window_mm
from mesoplan.planning.skin import Skin
from tests.planning.hand_made import START, melasma_case, melasma_plan

CHEEK = Skin((0.1, 0.2), (1.2, 2.2), "sex-and-age", ("S31",), "a cheek")
UNKNOWN_EPIDERMIS = Skin(None, (1.2, 2.2), "all-studies", ("S31",), "a cheek")


@pytest.mark.parametrize(
    ("depth", "spread", "layer"),
    [
        (0.15, (0.1, 0.2), LandingClass.EPIDERMAL),
        (0.15, (0.1, 0.21), LandingClass.DERMAL),
        (0.9, (0.6, 1.2), LandingClass.DERMAL),
        (0.9, (0.6, 1.21), LandingClass.DERMAL_OR_SUBDERMAL),
        (2.2, (1.9, 2.5), LandingClass.DERMAL_OR_SUBDERMAL),
        (2.21, (1.9, 2.5), LandingClass.SUBDERMAL),
        (2.5, (2.2, 2.8), LandingClass.SUBDERMAL),
    ],
)
def test_the_layer(depth: float, spread: tuple[float, float], layer: LandingClass) -> None:
    assert classify(depth, spread, CHEEK) is layer


def test_where_the_epidermis_is_not_known_its_outer_bound_stands() -> None:
    assert classify(0.2, (0.1, 0.22), UNKNOWN_EPIDERMIS) is LandingClass.EPIDERMAL
    assert target_window_mm("dermis", UNKNOWN_EPIDERMIS) == (0.22, 1.2)


WINDOWS: list[tuple[TargetLayer, tuple[float, float]]] = [
    ("epidermis", (0.0, 0.45)),
    ("upper-dermis", (0.2, 0.8)),
    ("dermis", (0.2, 1.2)),
    ("subcutis", (2.7, 8.2)),
]


@pytest.mark.parametrize(("target", "window"), WINDOWS)
def test_a_target_takes_the_skin_as_thin_as_studies_allow_and_the_fat_as_deep(
    target: TargetLayer, window: tuple[float, float]
) -> None:
    assert target_window_mm(target, CHEEK) == pytest.approx(window)


MOST = 0.05
"""The greatest chance of passing a ceiling that is let stand in these tests."""


@pytest.mark.parametrize("ceiling", [None, 1.0, 0.8, 0.5])
@pytest.mark.parametrize("target", ["upper-dermis", "dermis"])
def test_the_chosen_position_reaches_the_target_and_passes_no_ceiling(
    knowledge: Knowledge, target: TargetLayer, ceiling: float | None
) -> None:
    choice = choose_needle_position(
        skin=CHEEK,
        target=target,
        technique=knowledge.techniques["papule-intradermal"],
        needle=knowledge.needles["30g-4"],
        tolerance=hand(knowledge, "papule-intradermal"),
        ceiling_mm=ceiling,
        most_past_ceiling=MOST,
    )
    low, high = target_window_mm(target, CHEEK)
    assert low <= choice.depth_mm <= high
    assert choice.depth_mm == pytest.approx(tip_depth_mm(choice.angle.value, choice.inserted.value))
    assert ceiling is None or choice.depth_mm <= ceiling
    assert ceiling is None or (choice.odds.past_ceiling or 0.0) <= MOST
    assert (choice.odds.target or 0.0) > 0.6
    assert 10 <= choice.angle.value <= 30


def test_a_ceiling_that_no_position_keeps_is_refused_with_the_needle(knowledge: Knowledge) -> None:
    with pytest.raises(ValueError, match=r"30g-13 stays above the ceiling of 0\.1 mm"):
        choose_needle_position(
            skin=CHEEK,
            target="subcutis",
            technique=knowledge.techniques["deep-hypodermic"],
            needle=knowledge.needles["30g-13"],
            tolerance=hand(knowledge, "deep-hypodermic"),
            ceiling_mm=0.1,
            most_past_ceiling=MOST,
        )


def test_a_device_strays_less_than_a_hand(knowledge: Knowledge) -> None:
    device, free = hand(knowledge, "device-assisted"), hand(knowledge, "nappage-superficial")
    assert free.id == "free-hand"
    assert device.angle.high <= free.angle.high


def test_a_landing_carries_depth_skin_and_target(knowledge: Knowledge) -> None:
    placement = melasma_plan().placements[0].model_copy(update={"angle": Angle(30.0), "inserted": Length(2.0)})
    found = landing_of(placement, melasma_case(), knowledge, "dermis", START)
    assert found.depth_mm == pytest.approx(tip_depth_mm(30.0, 2.0), abs=0.01)
    assert found.depth_range_mm[0] < found.depth_mm < found.depth_range_mm[1]
    assert found.skin_mm == pytest.approx((0.72, 3.02))
    assert (found.skin_from, found.target, found.zone) == ("sex-and-age", "dermis", "malar-right")
