"""How thick this patient's skin is: measured, else the studies that fit sex and age, else the zone's bounds."""

from __future__ import annotations

from datetime import date

import pytest

from mesoplan.domain.case import Case, MeasuredThickness, Sex
from mesoplan.domain.quantities import Length
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.skin import skin_of
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


def patient(sex: Sex, age: int) -> Case:
    return changed(melasma_case(), sex=sex, birth_date=START.replace(year=START.year - age))


@pytest.mark.parametrize(("sex", "age", "zone", "expected", "origin"), TABLE)
def test_the_range_of_the_studies_that_fit(
    knowledge: Knowledge, sex: Sex, age: int, zone: str, expected: tuple[float, float] | None, origin: str
) -> None:
    bounds = knowledge.zones[zone].skin_bounds
    found = skin_of(patient(sex, age), knowledge.zones[zone], START)
    assert found.total_mm == pytest.approx(expected or (bounds.low, bounds.high), abs=0.005)
    assert found.origin == origin
    assert found.sources


def test_a_mean_without_its_spread_bounds_nothing(knowledge: Knowledge) -> None:
    """The abdomen has a mean of 2.2 without SD and one of 2.29 ± 0.37: the second alone counts."""
    found = skin_of(melasma_case(), knowledge.zones["abdomen"], START)
    assert found.total_mm == pytest.approx((1.92, 2.66))


def test_of_two_measures_the_later_counts_with_its_own_method(knowledge: Knowledge) -> None:
    later = MeasuredThickness(zone="chin", thickness=Length(1.4), method="20 MHz", on=date(2026, 11, 2))
    earlier = MeasuredThickness(zone="chin", thickness=Length(1.9), method="caliper", on=date(2026, 5, 2))
    case = changed(melasma_case(), thickness=(later, earlier))
    found = skin_of(case, knowledge.zones["chin"], START)
    assert (found.total_mm, found.origin) == ((1.4, 1.4), "measured")
    assert found.text == "measured on this patient: 1.4 mm (20 MHz)"
    assert skin_of(case, knowledge.zones["forehead"], START).origin == "sex-and-age"


def test_every_zone_has_a_range_for_everybody(knowledge: Knowledge) -> None:
    for sex in Sex:
        for age in (18, 35, 55, 90):
            for zone in knowledge.zones.values():
                thin, thick = skin_of(patient(sex, age), zone, START).total_mm
                assert 0 < thin < thick < 8, (zone.id, sex, age)
