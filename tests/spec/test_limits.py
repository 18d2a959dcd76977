"""Every limit of every compound and every cap of every zone: under it, at it, over it."""

from __future__ import annotations

import pytest

from mesoplan.domain.evaluation import LimitState, Measure
from mesoplan.domain.plan import Plan, Point
from mesoplan.domain.quantities import Angle, BodyWeight, Length, Volume
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.compounds import Compound
from mesoplan.planning.doses import doses_of
from mesoplan.planning.evaluate import evaluate
from mesoplan.planning.placement import place_in_zone
from tests.planning.hand_made import (
    changed,
    melasma_case,
    of_code,
    patch_points,
    plan_by_hand,
    shipped,
    weight,
    with_stock,
)
from tests.spec.tables import Row, in_words, rows

DOSES = rows("dose_limits.yaml")
CAPS = rows("zone_caps.yaml")
WEIGHT_KG = 60.0
AREA_CM2 = 400.0
CODES = {"over": "dose-over-limit", "near": "dose-near-limit"}


def number(text: str) -> float:
    return float(text.split(" ")[0])


def spots(zone: str, count: int) -> tuple[Point, ...]:
    """Return `count` points of a zone: lattice points of the face, or rows on a patch."""
    if zone != "forehead":
        return patch_points(count)
    case, knowledge = melasma_case(), shipped()
    return place_in_zone(zone, case, knowledge, spacing_mm=5, edge_margin_mm=3).points[:count]


def plan_giving(compound: Compound, measure: Measure, dose: float, zone: str) -> Plan:
    """Return a plan in which one measure of one compound is `dose`, in one zone of 400 cm²."""
    stock = compound.presentations[0]
    strength = 1.0 if compound.amount_unit == "mL" or stock.strength is None else stock.strength.high
    points, per_point = 10, 0.02 * strength
    drawn = {stock.id: 100.0}
    if measure is Measure.POINT:
        per_point = dose
    elif measure is Measure.SESSION:
        per_point = dose / points
    elif measure is Measure.AREA:
        per_point = dose * AREA_CM2 / points
    elif measure is Measure.BODY_WEIGHT:
        per_point = dose * WEIGHT_KG / points
    elif measure is Measure.PUNCTURES:
        points = round(dose)
    elif measure is Measure.CONCENTRATION:
        drawn = {stock.id: dose, "sodium-chloride-0.9": strength - dose}
        return plan_by_hand(drawn, zone=zone, points=spots(zone, 10), area_cm2=AREA_CM2, volume_ml=0.02)
    volume = per_point / strength
    return plan_by_hand(drawn, zone=zone, points=spots(zone, points), area_cm2=AREA_CM2, volume_ml=volume)


@pytest.mark.parametrize("row", DOSES, ids=in_words)
def test_a_dose_beside_its_limit(row: Row, knowledge: Knowledge) -> None:
    if "stock" in row:
        knowledge = with_stock(knowledge, row["compound"], number(row["stock"]))
    measure, unit = Measure(row["measure"]), row["dose"].split(" ")[1]
    plan = plan_giving(knowledge.compounds[row["compound"]], measure, number(row["dose"]), row["zone"])
    doses, findings = doses_of(plan, changed(melasma_case(), weight=BodyWeight(WEIGHT_KG)), knowledge)
    (dose,) = (one for one in doses if (one.compound, one.measure) == (row["compound"], measure))
    assert dose.value == pytest.approx(number(row["dose"]), rel=1e-5)
    assert dose.unit == unit
    state, _, found = row["finding"].partition(", ")
    assert dose.state.value.replace("_", " ") == state
    mine = [one for one in findings if f"{dose.value:.4g} {dose.unit}" in one.text]
    said = {one.code: weight(one) for one in mine if one.subject.compound == dose.compound}
    assert said.get(CODES.get(state, ""), "") == found
    if dose.state is not LimitState.NO_LIMIT_KNOWN:
        assert dose.sources


def test_every_limit_has_a_row_under_near_at_and_over_it(knowledge: Knowledge) -> None:
    for compound in knowledge.compounds.values():
        for limit in compound.limits:
            text = f"{limit.high:.6g} {limit.unit} ({limit.over})"
            own = [row for row in DOSES if row["compound"] == compound.id and row["limit"] == text]
            doses = {number(row["dose"]) / limit.high for row in own if row["measure"] == limit.measure}
            assert min(doses) < 0.9 <= sorted(doses)[1] < 1, (compound.id, limit.measure)
            assert 1.0 in [round(one, 6) for one in doses], (compound.id, limit.measure)
            assert max(doses) > 1, (compound.id, limit.measure)


@pytest.mark.parametrize("row", CAPS, ids=in_words)
def test_a_cap_of_a_zone(row: Row, knowledge: Knowledge) -> None:
    zone, given = row["zone"], number(row["given"])
    points = patch_points(1)
    if knowledge.zones[zone].surface == "mesh":
        points = place_in_zone(zone, melasma_case(), knowledge, spacing_mm=10, edge_margin_mm=3).points[:1]
    plan = plan_by_hand({"tranexamic-acid-10": 10.0}, zone=zone, goal="melasma", points=points, angle=Angle(90.0),
                        inserted=Length(given if row["cap"] == "depth" else 0.3),
                        volume_per_point=Volume(given if row["cap"] != "depth" else 0.01))  # fmt: skip
    found = of_code(list(evaluate(melasma_case(), plan, knowledge).findings), row["check"])
    assert [weight(one) for one in found] == ([] if row["finding"] == "silent" else [row["finding"]])


def test_every_cap_has_a_row_at_it_and_a_row_over_it(knowledge: Knowledge) -> None:
    named = {(row["zone"], row["cap"], number(row["most"])) for row in CAPS}
    assert named == {(zone.id, cap.what, cap.high) for zone in knowledge.zones.values() for cap in zone.caps}
    for key in named:
        given = [number(row["given"]) for row in CAPS if (row["zone"], row["cap"], number(row["most"])) == key]
        assert key[2] in given
        assert max(given) > key[2]
