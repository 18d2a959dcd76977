"""How thick this patient's skin is: measured, else the studies that fit sex and age, else the zone's bounds."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from mesoplan.domain.case import Case, MeasuredThickness, Sex
from mesoplan.domain.quantities import Length
from mesoplan.kernels.landing import Border, QuantileBorder, Tips, chance_past
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.skin import EPIDERMIS_WHERE_UNKNOWN_MM, Skin, skin_of
from tests.planning.hand_made import START, changed, melasma_case

TABLE = [
    # sex, age, zone, thinnest and thickest mm, from
    # S31 women 0.2 + 0.87 ± 0.35; S32 women of 40 to 49 1.98 ± 0.12; S34 all 2.25 ± 0.77
    (Sex.FEMALE, 41, "malar-right", (0.72, 3.02), "sex-and-age"),
    (Sex.FEMALE, 41, "forehead", (0.90, 2.11), "sex-and-age"),  # S31 0.2 + 0.86 ± 0.16; S32 1.90 ± 0.21
    (Sex.FEMALE, 61, "forehead", (0.90, 1.22), "sex-and-age"),  # of that age S31 alone
    (Sex.MALE, 25, "forehead", (1.11, 2.82), "sex-and-age"),  # S31 0.22 + 1.17 ± 0.28; S32 2.45 ± 0.37
    (Sex.FEMALE, 41, "palms", None, "all-studies"),
]


def patient(sex: Sex | None, age: int) -> Case:
    return changed(melasma_case(), sex=sex, birth_date=START.replace(year=START.year - age))


@pytest.mark.parametrize(("sex", "age", "zone", "expected", "origin"), TABLE)
def test_the_range_of_the_studies_that_fit(
    knowledge: Knowledge, sex: Sex, age: int, zone: str, expected: tuple[float, float] | None, origin: str
) -> None:
    bounds = knowledge.zones[zone].skin_bounds
    found = skin_of(patient(sex, age), knowledge.zones[zone], START, knowledge)
    assert found.total_mm == pytest.approx(expected or (bounds.low, bounds.high), abs=0.005)
    assert found.origin == origin
    assert found.sources


def test_a_mean_without_its_spread_bounds_nothing(knowledge: Knowledge) -> None:
    """The abdomen has a mean of 2.2 without SD and one of 2.29 ± 0.37: the second alone counts."""
    found = skin_of(melasma_case(), knowledge.zones["abdomen"], START, knowledge)
    assert found.total_mm == pytest.approx((1.92, 2.66))


def test_of_two_measures_the_later_counts_with_its_own_method(knowledge: Knowledge) -> None:
    later = MeasuredThickness(zone="chin", thickness=Length(1.4), method="20 MHz", on=date(2026, 11, 2))
    earlier = MeasuredThickness(zone="chin", thickness=Length(1.9), method="caliper", on=date(2026, 5, 2))
    case = changed(melasma_case(), thickness=(later, earlier))
    found = skin_of(case, knowledge.zones["chin"], START, knowledge)
    assert (found.total_mm, found.origin) == ((1.4, 1.4), "measured")
    assert found.text == "measured on this patient: 1.4 mm (20 MHz)"
    assert skin_of(case, knowledge.zones["forehead"], START, knowledge).origin == "sex-and-age"


def test_every_zone_has_a_range_for_everybody(knowledge: Knowledge) -> None:
    for sex in Sex:
        for age in (18, 35, 55, 90):
            for zone in knowledge.zones.values():
                thin, thick = skin_of(patient(sex, age), zone, START, knowledge).total_mm
                assert 0 < thin < thick < 8, (zone.id, sex, age)


def shares_and_borders(skin: Skin) -> list[tuple[float, float, float]]:
    """Share, mean and SD of each study, or its bounds where only these are known."""
    found = []
    for share, one in zip(skin.border.shares, skin.border.borders, strict=True):
        pair = np.array([one.mean_mm, one.sd_mm] if isinstance(one, Border) else one.depths_mm, dtype=float)
        found.append((round(share, 3), round(float(pair[0]), 3), round(float(pair[1]), 3)))
    return found


DISTRIBUTIONS = [
    # sex, age, zone -> share, mean and SD (or lowest and highest) mm of each study
    (Sex.FEMALE, 41, "forehead", [(0.5, 1.9, 0.21), (0.5, 1.06, 0.163)]),  # S32 of that age; S31 0.2 + 0.86
    (Sex.FEMALE, 61, "forehead", [(1.0, 1.06, 0.163)]),  # no other study of that age
    (Sex.MALE, 25, "forehead", [(0.5, 2.45, 0.37), (0.5, 1.39, 0.282)]),
    (None, 61, "forehead", [(0.5, 1.06, 0.163), (0.5, 1.39, 0.282)]),  # one study, of either sex in equal parts
    (Sex.FEMALE, 41, "scalp-vertex", [(1.0, 1.235, 1.599)]),  # the layers of the same study are not counted again
    (Sex.FEMALE, 41, "abdomen", [(1.0, 2.29, 0.37)]),  # a mean without its SD is no distribution
    (Sex.FEMALE, 41, "chin", [(1.0, 1.2, 2.2)]),  # bounds alone
]


@pytest.mark.parametrize(("sex", "age", "zone", "studies"), DISTRIBUTIONS)
def test_every_study_that_fits_has_the_same_share(
    knowledge: Knowledge, sex: Sex | None, age: int, zone: str, studies: list[tuple[float, float, float]]
) -> None:
    found = skin_of(patient(sex, age), knowledge.zones[zone], START, knowledge)
    assert sorted(shares_and_borders(found)) == sorted(studies)


def test_a_measure_has_the_spread_of_the_instrument(knowledge: Knowledge) -> None:
    one = MeasuredThickness(zone="forehead", thickness=Length(1.4), method="20 MHz", on=date(2026, 11, 2))
    found = skin_of(changed(melasma_case(), thickness=(one,)), knowledge.zones["forehead"], START, knowledge)
    assert shares_and_borders(found) == [(1.0, 1.4, 0.06)]
    assert "ultrasound-icc-aged-skin" in found.sources


def test_an_epidermis_that_nobody_measured_is_as_likely_thin_as_thick(knowledge: Knowledge) -> None:
    unmeasured = skin_of(melasma_case(), knowledge.zones["chin"], START, knowledge)
    assert unmeasured.epidermis_border.borders == (QuantileBorder((0.0, 1.0), EPIDERMIS_WHERE_UNKNOWN_MM),)
    measured = skin_of(patient(Sex.FEMALE, 41), knowledge.zones["forehead"], START, knowledge)
    assert measured.epidermis_border.borders == (Border(0.2, 0.03),)


def test_every_skin_has_a_distribution_around_its_range(knowledge: Knowledge) -> None:
    for sex in (*Sex, None):
        for zone in knowledge.zones.values():
            skin = skin_of(patient(sex, 41), zone, START, knowledge)
            thin, thick = skin.total_mm
            within = chance_past(Tips(90, thick + 1e-3, 0, 0), skin.border) - chance_past(
                Tips(90, thin - 1e-3, 0, 0), skin.border
            )
            assert within[0] > 0.55, (zone.id, sex)
