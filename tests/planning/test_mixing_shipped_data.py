"""Mixtures on the data that is shipped: every protocol's recipe in every jurisdiction, and the published figures."""

from __future__ import annotations

import pytest

from mesoplan.domain.finding import Severity
from mesoplan.domain.plan import Draw, Preparation
from mesoplan.domain.quantities import Volume
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.loader import load
from mesoplan.planning.jurisdiction import UNKNOWN, profile
from mesoplan.planning.mixture import evaluate_preparation
from mesoplan.planning.pairs import pair_result
from mesoplan.planning.recipe import compose, make_up, why_made_up

NOT_FOR_A_RECIPE = {
    "mix-osmolarity-high", "mix-osmolarity-low", "mix-pair-incompatible", "mix-pair-unknown", "mix-volume-short",
    "mix-syringe-step", "mix-syringe-capacity", "mix-actives-many", "mix-not-in-clinic",
}  # fmt: skip


@pytest.fixture(scope="module")
def shipped() -> Knowledge:
    return load()


def mixed(**drawn_ml: float) -> Preparation:
    draws = tuple(Draw(presentation=name.replace("_", "-"), volume=Volume(ml)) for name, ml in drawn_ml.items())
    return Preparation(id="prep", title="Preparation", draws=draws, syringe=Volume(1), syringes=1)


@pytest.mark.parametrize(("diluent", "expected"), [("sodium-chloride-0.9", 630), ("water-for-injection", 341)])
def test_worked_check_of_ascorbate_30(shipped: Knowledge, diluent: str, expected: float) -> None:
    result, _ = evaluate_preparation(
        mixed(**{"ascorbic-acid-500": 0.06, diluent: 0.94}), Volume(0.9), shipped, profile(shipped, "us")
    )
    assert result.osmolarity is not None
    assert result.osmolarity.high == pytest.approx(expected, abs=1)


def test_every_protocol_can_be_made_up_in_every_jurisdiction_without_a_block_from_its_own_recipe(
    shipped: Knowledge,
) -> None:
    for jurisdiction in {*shipped.jurisdictions, UNKNOWN}:
        rules = profile(shipped, jurisdiction)
        for protocol in shipped.protocols.values():
            for syringe in compose(protocol.mixtures, shipped, rules).syringes:
                made = make_up(syringe, Volume(1.6), shipped, Volume(protocol.volume_per_point.low))
                _, findings = evaluate_preparation(made, Volume(1.6), shipped, rules)
                blocks = {one.code for one in findings if one.severity is Severity.BLOCK}
                assert not blocks & NOT_FOR_A_RECIPE, (jurisdiction, protocol.id, syringe.id, blocks)
                assert all(one.sources for one in (*syringe.why, *why_made_up(syringe, made, Volume(1.6), shipped)))


DECIDED = [
    # a, b, verdict: what clinical practice must never see otherwise
    ("aminophylline", "lidocaine", "incompatible"),
    ("aminophylline", "ascorbic-acid", "incompatible"),
    ("caffeine", "lidocaine", "incompatible"),
    ("levocarnitine", "procaine", "incompatible"),
    ("deoxycholic-acid", "lidocaine", "incompatible"),
    ("deoxycholic-acid", "sodium-chloride", "incompatible"),
    ("hyaluronidase", "hyaluronic-acid", "incompatible"),
    ("hyaluronidase", "revitalising-mix", "incompatible"),
    ("lidocaine", "hyaluronic-acid", "incompatible"),
    ("lidocaine", "sodium-bicarbonate", "compatible"),
    ("tranexamic-acid", "sodium-chloride", "compatible"),
    ("tranexamic-acid", "ascorbic-acid", "used_in_trial"),
    ("tranexamic-acid", "glutathione", "used_in_trial"),
    ("tranexamic-acid", "caffeine", "unknown"),
]


@pytest.mark.parametrize(("a", "b", "verdict"), DECIDED)
def test_pairs_that_are_decided(shipped: Knowledge, a: str, b: str, verdict: str) -> None:
    assert pair_result(shipped.compounds[a], shipped.compounds[b], shipped).verdict == verdict
