"""How likely a tip ends in each layer: what a dermatologist expects of well-known needles, and what sense demands."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mesoplan.domain.case import Sex
from mesoplan.kernels.landing import Border, MixedBorder, QuantileBorder
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.protocols import TargetLayer
from mesoplan.planning.landing import choose_needle_position, hand, most_past_ceiling
from mesoplan.planning.landing_chances import LandingOdds, landing_chances_of, likeliest, spread_of
from mesoplan.planning.skin import Skin, skin_of
from tests.planning.hand_made import START, changed, melasma_case, shipped

TARGETS: tuple[TargetLayer, ...] = ("epidermis", "upper-dermis", "dermis", "subcutis")


def skin_in(zone: str, sex: Sex = Sex.FEMALE, age: int = 35) -> Skin:
    case = changed(melasma_case(), sex=sex, birth_date=START.replace(year=START.year - age))
    return skin_of(case, shipped().zones[zone], START, shipped())


def odds(zone: str, degrees: float, mm: float, target: TargetLayer | None = None, **patient: object) -> LandingOdds:
    free = hand(shipped(), "papule-intradermal")
    return landing_chances_of(skin_in(zone, **patient), degrees, mm, free, target)  # type: ignore[arg-type]


LANDINGS = [
    # what is done, zone, degrees, mm inserted -> in %: at least, at most in the dermis; at least, at most in the fat
    ("4 mm needle upright at the eyelid", "periorbital-right", 90, 4.0, (0, 0), (100, 100)),
    ("4 mm needle upright on the forehead", "forehead", 90, 4.0, (0, 0), (100, 100)),
    ("4 mm needle in to the hub at 30° on the forehead", "forehead", 30, 4.0, (5, 40), (60, 95)),
    ("4 mm needle in to the hub at 10° on the forehead", "forehead", 10, 4.0, (90, 99), (0, 8)),
    ("half of it at 15° on the cheek", "malar-right", 15, 2.0, (90, 100), (0, 8)),
    ("13 mm needle at 15° on the cheek", "malar-right", 15, 13.0, (0, 15), (85, 100)),
    ("4 mm needle upright on the thigh", "thigh-outer-right", 90, 4.0, (0, 0), (100, 100)),
    ("4 mm needle at 20° on the thigh", "thigh-outer-right", 20, 4.0, (95, 100), (0, 5)),
    ("the bevel alone, laid nearly flat", "forehead", 5, 1.0, (0, 15), (0, 0)),
]


@pytest.mark.parametrize(("what", "zone", "degrees", "mm", "dermis", "fat"), LANDINGS)
def test_well_known_needles(
    what: str, zone: str, degrees: float, mm: float, dermis: tuple[int, int], fat: tuple[int, int]
) -> None:
    found = odds(zone, degrees, mm)
    assert dermis[0] <= round(100 * found.dermis) <= dermis[1], (what, found)
    assert fat[0] <= round(100 * found.fat) <= fat[1], (what, found)


def test_the_same_needle_ends_in_the_fat_of_a_woman_more_often_than_of_a_man() -> None:
    woman, man = (odds("forehead", 30, 3.0, sex=sex).fat for sex in (Sex.FEMALE, Sex.MALE))
    assert woman > man + 0.1


def test_an_angle_of_nothing_leaves_only_what_the_hand_strays() -> None:
    found = odds("forehead", 0, 4.0)
    assert found.fat < 0.001
    assert found.epidermis > 0.6


def test_a_needle_longer_than_the_zone_is_deep_ends_in_the_fat() -> None:
    assert odds("forehead", 90, 13.0).fat == pytest.approx(1.0)


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(sorted(shipped().zones)),
    sex=st.sampled_from(Sex),
    age=st.integers(18, 90),
    degrees=st.floats(0, 90),
    mm=st.floats(0, 13),
    target=st.sampled_from(TARGETS),
    more=st.floats(0, 5),
)
def test_chances_add_up_and_a_longer_needle_is_never_shallower(
    zone: str, sex: Sex, age: int, degrees: float, mm: float, target: TargetLayer, more: float
) -> None:
    found = odds(zone, degrees, mm, target, sex=sex, age=age)
    assert found.epidermis + found.dermis + found.fat == pytest.approx(1.0)
    assert all(0 <= one <= 1 for one in (found.epidermis, found.dermis, found.fat, found.target or 0.0))
    deeper = odds(zone, degrees, mm + more, target, sex=sex, age=age)
    assert deeper.fat >= found.fat - 1e-5
    assert deeper.epidermis <= found.epidermis + 1e-5


@settings(max_examples=40, deadline=None)
@given(degrees=st.floats(5, 90), mm=st.floats(0.5, 13))
def test_targets_are_parts_of_the_layers_they_are_in(degrees: float, mm: float) -> None:
    by = {target: odds("forehead", degrees, mm, target) for target in TARGETS}
    whole = by["dermis"]
    assert whole.target == pytest.approx(whole.dermis, abs=1e-9)
    assert (by["upper-dermis"].target or 0.0) <= whole.dermis + 1e-5
    assert (by["subcutis"].target or 0.0) <= whole.fat + 1e-9
    assert (by["epidermis"].target or 0.0) >= whole.epidermis - 1e-5


def mean_and_sd(one: Border | QuantileBorder) -> tuple[float, float]:
    assert isinstance(one, Border)
    return float(np.asarray(one.mean_mm)), float(np.asarray(one.sd_mm))


def test_the_chance_is_that_of_throwing_needle_and_skin_many_times() -> None:
    """The slow and obvious way: draw a study, a skin of it and a needle, and look where the tip is."""
    rng, many = np.random.default_rng(5), 400_000
    skin, (angle_sd, length_sd) = skin_in("forehead"), spread_of(hand(shipped(), "papule-intradermal"))
    depth = np.sin(np.radians(rng.normal(25, angle_sd, many))) * rng.normal(3.0, length_sd, many)
    thick = np.empty(many)
    study = rng.choice(len(skin.border.shares), many, p=skin.border.shares)
    for index, one in enumerate(skin.border.borders):
        thick = np.where(study == index, rng.normal(*mean_and_sd(one), many), thick)
    (upper,) = skin.epidermis_border.borders
    epidermis = rng.normal(*mean_and_sd(upper), many)
    held = thick > 0
    in_target = (depth > epidermis) & (depth <= epidermis + 0.6 * (thick - epidermis))
    found = odds("forehead", 25, 3.0, "upper-dermis")
    assert found.fat == pytest.approx((depth > thick)[held].mean(), abs=0.004)
    assert found.target == pytest.approx(in_target[held].mean(), abs=0.01)


REFUSED = [
    ("angle_deg", (math.nan, 2.0, None)),
    ("angle_deg", (-1.0, 2.0, None)),
    ("angle_deg", (90.1, 2.0, None)),
    ("inserted_mm", (30.0, math.nan, None)),
    ("inserted_mm", (30.0, math.inf, None)),
    ("inserted_mm", (30.0, -0.1, None)),
    ("inserted_mm", (30.0, 40.1, None)),
    ("ceiling_mm", (30.0, 2.0, math.nan)),
    ("ceiling_mm", (30.0, 2.0, 0.0)),
]


@pytest.mark.parametrize(("field", "given"), REFUSED)
def test_what_is_no_needle_is_refused_by_name(field: str, given: tuple[float, float, float | None]) -> None:
    angle, inserted, ceiling = given
    free = hand(shipped(), "papule-intradermal")
    with pytest.raises(ValueError, match=f"{field} is .*; allowed: "):
        landing_chances_of(skin_in("forehead"), angle, inserted, free, "dermis", ceiling)


def test_a_skin_that_is_all_epidermis_is_refused() -> None:
    thin = Skin((0.1, 0.3), (0.1, 0.2), "measured", (), "too thin")
    with pytest.raises(ValueError, match="deeper than that of epidermis"):
        landing_chances_of(thin, 30, 2.0, hand(shipped(), "papule-intradermal"), None)


CEILINGS = [("periorbital-right", 0.8), ("nose", 1.0), ("glabella", 2.0), ("forehead", 2.0), ("jaw-right", 2.0)]


@pytest.mark.parametrize(("zone", "ceiling"), CEILINGS)
@pytest.mark.parametrize("target", ["upper-dermis", "dermis"])
def test_no_other_position_of_the_technique_is_likelier_in_the_target(
    knowledge: Knowledge, zone: str, ceiling: float, target: TargetLayer
) -> None:
    skin, free = skin_in(zone), hand(knowledge, "papule-intradermal")
    most = most_past_ceiling(knowledge)
    choice = choose_needle_position(
        skin=skin,
        target=target,
        technique=knowledge.techniques["papule-intradermal"],
        needle=knowledge.needles["30g-4"],
        tolerance=free,
        ceiling_mm=ceiling,
        most_past_ceiling=most,
    )
    assert choice.depth_mm <= ceiling
    assert (choice.odds.past_ceiling or 0.0) <= most
    for angle in range(10, 31, 5):
        for half_mm in range(3, 9):
            other = landing_chances_of(skin, angle, half_mm / 2, free, target, ceiling)
            allowed = (other.past_ceiling or 0.0) <= most
            assert not allowed or (other.target or 0.0) <= (choice.odds.target or 0.0) + 2e-6


@settings(max_examples=30, deadline=None)
@given(zone=st.sampled_from(sorted(shipped().zones)), ceiling=st.floats(0.3, 4), target=st.sampled_from(TARGETS))
def test_a_ceiling_is_passed_neither_by_intent_nor_often(zone: str, ceiling: float, target: TargetLayer) -> None:
    free = hand(shipped(), "papule-intradermal")
    angles, lengths = list(range(10, 91, 5)), [half / 2 for half in range(2, 9)]
    found = likeliest(skin_in(zone), target, angles, lengths, free, ceiling_mm=ceiling, most_past_ceiling=0.05)
    assume(found is not None)
    assert found is not None
    assert math.sin(math.radians(found.angle_deg)) * found.inserted_mm <= ceiling
    assert found.past_ceiling <= 0.05


def test_a_mixture_of_skins_is_remembered_by_what_it_holds() -> None:
    """Two patients of one kind share the answer, and a skin can be a key."""
    one, other = skin_in("forehead", age=35), skin_in("forehead", age=36)
    assert one.border == other.border
    assert len({one.border, other.border}) == 1
    assert isinstance(one.border, MixedBorder)
