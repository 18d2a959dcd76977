"""Scores: the formulas of the published scales, what is refused, and that nothing is ever summed in part."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.domain.errors import InputError
from mesoplan.knowledge.kinds import KINDS
from mesoplan.knowledge.loader import load
from mesoplan.knowledge.schema.scales import Scale
from mesoplan.knowledge.scoring import formula_with_figures, names_in, score

SCALES = load().scales
ALL = sorted(SCALES)
MASI, MMASI = SCALES["masi"], SCALES["mmasi"]
REGIONS = ("forehead", "malar_right", "malar_left", "chin")


def face(*rows: tuple[int, int, int]) -> dict[str, dict[str, int]]:
    """Area, darkness, homogeneity of forehead, right malar, left malar, chin."""
    return {region: {"a": area, "d": dark, "h": even} for region, (area, dark, even) in zip(REGIONS, rows, strict=True)}


def uniform(scale: Scale, pick: int) -> dict[str, dict[str, int]]:
    """Every item of every region at its first (0) or last (-1) grade."""
    grades = {item.id: sorted(grade.score for grade in item.grades)[pick] for item in scale.items}
    return {region.id: dict(grades) for region in scale.regions}


@pytest.mark.parametrize(
    ("rows", "masi", "mmasi"),
    [
        ([(0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0)], 0.0, 0.0),
        ([(6, 4, 4), (6, 4, 4), (6, 4, 4), (6, 4, 4)], 48.0, 24.0),
        # forehead 0.3(3+2)4 = 6, malar 0.3(2+2)3 = 3.6 each, chin 0.1(1+1)1 = 0.2
        ([(4, 3, 2), (3, 2, 2), (3, 2, 2), (1, 1, 1)], 13.4, 7.3),
        # one region only: the weights of the regions
        ([(1, 1, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0)], 0.3, 0.3),
        ([(0, 0, 0), (1, 1, 0), (0, 0, 0), (0, 0, 0)], 0.3, 0.3),
        ([(0, 0, 0), (0, 0, 0), (1, 1, 0), (0, 0, 0)], 0.3, 0.3),
        ([(0, 0, 0), (0, 0, 0), (0, 0, 0), (1, 1, 0)], 0.1, 0.1),
        # homogeneity counts in the MASI and not in the mMASI
        ([(2, 0, 4), (0, 0, 0), (0, 0, 0), (0, 0, 0)], 2.4, 0.0),
    ],
)
def test_masi_and_mmasi_from_the_same_items(rows: list[tuple[int, int, int]], masi: float, mmasi: float) -> None:
    items = face(*rows)
    assert score(MASI, items).value == pytest.approx(masi)
    assert score(MMASI, items).value == pytest.approx(mmasi)


@pytest.mark.parametrize(("masi", "mmasi"), [(10.8, 6.0), (24.9, 8.4)])
def test_published_pairs_can_be_reached_and_share_no_factor(masi: float, mmasi: float) -> None:
    """Two published photographs: the pairs are found among possible items, so the two formulas agree with them."""
    reachable = {
        (round(0.3 * (d + h) * a, 1), round(0.3 * a * d, 1)) for a in range(7) for d in range(5) for h in range(5)
    }
    chins = {(round(0.1 * (d + h) * a, 1), round(0.1 * a * d, 1)) for a in range(7) for d in range(5) for h in range(5)}
    sums = {(0.0, 0.0)}
    for step in (reachable, reachable, reachable, chins):
        sums = {
            (round(x + u, 1), round(y + v, 1))
            for x, y in sums
            for u, v in step
            if x + u <= masi + 0.05 and y + v <= mmasi + 0.05
        }
    assert (masi, mmasi) in sums


def test_one_band_of_area_is_a_jump() -> None:
    before = face((2, 2, 2), (2, 2, 2), (0, 0, 0), (0, 0, 0))
    after = face((2, 2, 2), (1, 2, 2), (0, 0, 0), (0, 0, 0))
    assert score(MASI, before).value == pytest.approx(4.8)
    assert score(MASI, after).value == pytest.approx(3.6)


def test_two_halves_add_up_to_the_whole() -> None:
    half = SCALES["hemi-masi"]
    side = {region: {"a": 3, "d": 2, "h": 3} for region in ("forehead", "malar", "chin")}
    whole = face((3, 2, 3), (3, 2, 3), (3, 2, 3), (3, 2, 3))
    value, both = score(half, side).value, score(MASI, whole).value
    assert value is not None
    assert both == pytest.approx(2 * value)


@pytest.mark.parametrize(
    ("scale", "lowest", "highest"),
    [
        ("masi", 0, 48),
        ("mmasi", 0, 24),
        ("hemi-masi", 0, 24),
        ("wsrs", 1, 5),
        ("allergan-fine-lines", 0, 4),
        ("allergan-skin-roughness", 0, 4),
        ("gais", 1, 5),
        ("glogau", 1, 4),
        ("cellulite-severity-scale", 0, 15),
        ("cr-pcss", 0, 4),
        ("nurnberger-muller", 0, 3),
        ("dlqi", 0, 30),
        ("melasqol", 10, 70),
        ("submental-fat-rating", 0, 4),
    ],
)
def test_range_of_a_scale_is_that_of_its_items(scale: str, lowest: float, highest: float) -> None:
    entry = SCALES[scale]
    assert (entry.lowest, entry.highest) == (lowest, highest)
    assert score(entry, uniform(entry, 0)).value == pytest.approx(lowest)
    assert score(entry, uniform(entry, -1)).value == pytest.approx(highest)


@pytest.mark.parametrize("scale", ALL)
def test_formula_reads_items_of_the_scale_and_all_of_them(scale: str) -> None:
    entry = SCALES[scale]
    assert names_in(entry.formula) == {item.id for item in entry.items}


@pytest.mark.parametrize("scale", ALL)
def test_items_of_another_scale_are_that_scales_items(scale: str) -> None:
    entry = SCALES[scale]
    if entry.items_of is not None:
        origin = SCALES[entry.items_of]
        assert set(entry.items) <= set(origin.items)
        assert [region.id for region in entry.regions] == [region.id for region in origin.regions]


@pytest.mark.parametrize("scale", ALL)
def test_nothing_scored_is_not_zero(scale: str) -> None:
    result = score(SCALES[scale], {})
    assert result.value is None
    assert len(result.missing) == len(SCALES[scale].regions) * len(SCALES[scale].items)


def test_what_is_missing_is_named() -> None:
    items = face((4, 3, 2), (3, 2, 2), (3, 2, 2), (1, 1, 1))
    del items["chin"]["h"]
    result = score(MASI, items)
    assert result.value is None
    assert [(one.region, one.item, one.text) for one in result.missing] == [("chin", "h", "Chin: Homogeneity")]
    assert score(MMASI, items).value == pytest.approx(7.3), "the mMASI does not need homogeneity"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"forehead": {"a": 7}}, "forehead.a: 7 is not a grade of “Area of the region that is affected”"),
        ({"forehead": {"d": -1}}, "forehead.d: -1 is not a grade"),
        ({"forehead": {"x": 1}}, "forehead.x: is not an item of MASI"),
        ({"nose": {"a": 1}}, "nose: is not a region of MASI"),
    ],
)
def test_what_the_scale_does_not_have_is_refused(change: dict[str, dict[str, int]], said: str) -> None:
    with pytest.raises(InputError) as refused:
        score(MASI, change)
    assert said in str(refused.value)


def test_a_grade_of_a_borrowed_item_is_refused_too() -> None:
    with pytest.raises(InputError):
        score(MMASI, {"forehead": {"a": 7, "d": 1, "h": 1}})


@pytest.mark.parametrize(
    ("scale", "items", "text"),
    [
        (
            "masi",
            face((4, 3, 2), (3, 2, 2), (3, 2, 2), (1, 1, 1)),
            "0.3 × (3 + 2) × 4 + 0.3 × (2 + 2) × 3 + 0.3 × (2 + 2) × 3 + 0.1 × (1 + 1) × 1",
        ),
        (
            "mmasi",
            face((4, 3, 2), (3, 2, 2), (3, 2, 2), (1, 1, 1)),
            "0.3 × 4 × 3 + 0.3 × 3 × 2 + 0.3 × 3 × 2 + 0.1 × 1 × 1",
        ),
        ("mmasi", {"forehead": {"a": 4}}, "0.3 × 4 × ? + 0.3 × ? × ? + 0.3 × ? × ? + 0.1 × ? × ?"),
        ("cellulite-severity-scale", {"site": {"n": 1, "p": 2, "r": 0, "l": 3, "g": 2}}, "1 + 2 + 0 + 3 + 2"),
        ("gais", {"whole": {"grade": 2}}, "2"),
    ],
)
def test_formula_with_its_figures(scale: str, items: dict[str, dict[str, int]], text: str) -> None:
    assert formula_with_figures(SCALES[scale], items) == text


@pytest.mark.parametrize("formula", ["a ** d", "(a) (d)"])
def test_more_than_sums_and_products_is_refused(formula: str) -> None:
    plain = MMASI.model_dump() | {"formula": formula}
    scale = KINDS["scales"].model_validate(plain)
    assert isinstance(scale, Scale)
    with pytest.raises(ValueError, match="more than sums"):
        score(scale, uniform(MMASI, 0))


@given(data=st.data(), scale=st.sampled_from(ALL))
def test_a_worse_item_never_gives_a_lower_score(data: st.DataObject, scale: str) -> None:
    entry = SCALES[scale]
    items = {
        region.id: {item.id: data.draw(st.sampled_from([grade.score for grade in item.grades])) for item in entry.items}
        for region in entry.regions
    }
    before = score(entry, items).value
    region = data.draw(st.sampled_from(entry.regions)).id
    item = data.draw(st.sampled_from(entry.items))
    items[region][item.id] = max(grade.score for grade in item.grades)
    after = score(entry, items).value
    assert before is not None
    assert after is not None
    assert entry.lowest - 1e-9 <= before <= after <= entry.highest + 1e-9


@given(data=st.data(), scale=st.sampled_from(ALL))
def test_one_missing_item_leaves_no_value(data: st.DataObject, scale: str) -> None:
    entry = SCALES[scale]
    items = uniform(entry, -1)
    region = data.draw(st.sampled_from(entry.regions)).id
    item = data.draw(st.sampled_from(entry.items)).id
    del items[region][item]
    result = score(entry, items)
    assert result.value is None
    assert [(one.region, one.item) for one in result.missing] == [(region, item)]
