"""The regimen of a proposal: the protocol's own scheme, what it was weighed against, and what the reasons say of it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import permutations
from pathlib import Path

import pytest

from mesoplan.domain.case import Goal
from mesoplan.domain.proposal import Proposal, Proposals, Regimen
from mesoplan.domain.quantities import Area
from mesoplan.knowledge.base import Knowledge, Shelf
from mesoplan.knowledge.case_reading import read_case
from mesoplan.knowledge.schema.protocols import Protocol
from mesoplan.planning.individual_plan import Setting, individual_plan
from mesoplan.planning.propose import propose
from mesoplan.planning.protocol_regimen import MOST_ROWS
from tests.planning.hand_made import changed, melasma_case, shipped

EXAMPLES = Path(__file__).parents[2] / "examples"
MONTHLY = "melasma-tranexamic-acid-monthly"


@cache
def answer(name: str) -> Proposals:
    file = EXAMPLES / f"{name}.yaml"
    return propose(read_case(file.read_text(encoding="utf-8"), file.name, shipped()), shipped())


def every() -> list[Proposal]:
    return [one for file in sorted(EXAMPLES.glob("*.yaml")) for one in answer(file.stem).proposals]


def proposal(example: str, protocol: str) -> Proposal:
    return next(one for one in answer(example).proposals if one.protocol == protocol)


def said(one: Proposal) -> str:
    return " ".join(reason.text for reason in one.why if reason.choice == "coverage")


def own(one: Proposal) -> Regimen:
    (row,) = (row for row in one.front if row.is_protocol)
    return row


def planned(one: Proposal) -> Regimen:
    (row,) = (row for row in one.front if row.is_planned)
    return row


@pytest.mark.parametrize(
    ("example", "protocol", "scheme", "plan"),
    [
        # The scheme of the trials reaches the layer, or nothing at its dose does better: it stays.
        ("melasma", MONTHLY, (0.05, 10, 72), (0.05, 10, 72)),
        ("melasma", "melasma-tranexamic-acid-ascorbic-acid-glutathione", (0.05, 10, 72), (0.05, 10, 72)),
        ("hydration", "hydration-hyaluronic-acid", (0.02, 10, 60), (0.02, 10, 60)),
        ("cellulite", "cellulite-organic-silicon", (0.1, 20, 180), (0.1, 20, 180)),
        # Ten milligrams in a millilitre and 18 mL would pass the limit of 100 mg caffeine in a session.
        ("cellulite", "cellulite-caffeine", (0.1, 20, 180), (0.05, 20, 180)),
    ],
)
def test_what_is_planned_beside_the_protocols_own_scheme(
    example: str, protocol: str, scheme: tuple[float, float, int], plan: tuple[float, float, int]
) -> None:
    found = proposal(example, protocol)
    assert (own(found).volume_ml, own(found).spacing_mm, own(found).punctures) == scheme
    assert (planned(found).volume_ml, planned(found).spacing_mm, planned(found).punctures) == plan


def test_the_planned_row_is_that_of_the_plan() -> None:
    for one in every():
        if not one.front:
            continue
        row, placements = planned(one), one.plan.placements
        assert row.punctures == one.plan.punctures()
        assert {placement.spacing.value for placement in placements} == {row.spacing_mm}
        assert max(placement.volume_per_point.value for placement in placements) == row.volume_ml


def test_nobody_is_asked_for_a_quarter_more_punctures_or_more_of_the_drug() -> None:
    for one in every():
        rows = [row for row in one.front if not row.is_protocol]
        for row in rows:
            assert row.punctures <= 1.25 * own(one).punctures + 1
            assert row.volume_ml / row.spacing_mm**2 <= own(one).volume_ml / own(one).spacing_mm ** 2 * (1 + 1e-9)
            assert row.injected_ml <= own(one).injected_ml + 0.01


def test_trade_offs_are_few_most_covered_first_and_none_beats_another() -> None:
    for one in every():
        assert len(one.front) <= MOST_ROWS + 1
        covered = [row.coverage.middle for row in one.front]
        assert covered == sorted(covered, reverse=True)
        for row in one.front:
            assert 0 <= row.coverage.low <= row.coverage.middle <= row.coverage.high <= 1
            assert 0 <= row.target_chance <= 1
        free = [row for row in one.front if not (row.is_protocol or row.is_planned)]
        for row, other in permutations(free, 2):
            no_worse = (
                row.punctures <= other.punctures
                and row.injected_ml <= other.injected_ml
                and row.coverage.middle >= other.coverage.middle
            )
            assert not no_worse, (one.id, row, other)


def test_each_row_says_what_it_gains_against_the_plan_and_whether_that_is_told_apart() -> None:
    rows = proposal("melasma", MONTHLY).front
    for row in rows:
        assert row.gained.low <= row.gained.middle <= row.gained.high
        if row.is_planned:
            assert (row.gained.low, row.gained.high, row.differs) == (0, 0, False)
    wide = min(rows, key=lambda row: row.punctures)
    assert wide.differs
    assert wide.gained.high < 0


def test_the_reasons_name_the_own_scheme_the_search_and_that_no_effect_is_predicted() -> None:
    text = said(proposal("melasma", MONTHLY))
    assert "The protocol's own scheme, 0.05 mL at 10 mm, covers 77 % (" in text
    assert "its points fill 78 % of the zones, edges and what is kept clear left out" in text
    assert "It is kept: it reaches the 80 % wanted of what its points fill" in text
    assert "0.02 to 0.05 mL and 5 to 20 mm" in text
    assert "It predicts no effect" in text
    assert "lattices without edges" in text


def test_the_reasons_say_what_a_limit_of_the_dose_costs() -> None:
    text = said(proposal("cellulite", "cellulite-caffeine"))
    assert "0.05 mL at 20 mm instead, " in text
    assert "as many punctures, -9.00 mL and -" in text
    assert "told apart over the same draws" in text
    assert "would pass a dose limit" in text


def test_of_three_syringes_each_compound_covers_what_a_third_of_the_points_covers() -> None:
    three = proposal("melasma", "melasma-tranexamic-acid-ascorbic-acid-glutathione")
    assert own(three).coverage.middle < own(proposal("melasma", MONTHLY)).coverage.middle - 0.3
    assert "for each compound in its one point of 3" in said(three)


@pytest.mark.parametrize(
    ("example", "protocol", "because"),
    [
        ("texture", "texture-platelet-rich-plasma", "platelets and cells do not spread as a solute does"),
        ("hydration", "hydration-revitalising-mix", "a mixture of substances of very different sizes"),
        ("submental-fat", "submental-fat-deoxycholic-acid", "detergents form micelles"),
    ],
)
def test_where_nobody_can_tell_how_it_spreads_nothing_is_searched_and_the_reason_says_so(
    example: str, protocol: str, because: str
) -> None:
    found = proposal(example, protocol)
    assert found.front == ()
    assert "No other volume or spacing was searched, and the protocol's own stay: how " in said(found)
    assert because in said(found)


def test_no_reason_of_a_regimen_praises_it() -> None:
    praise = re.compile(r"\b(?i:best|optimal|ideal|recommended|safe|proven|guaranteed|simply|easy)\b")
    texts = [said(one) for one in every()]
    assert len(set(texts)) > 5
    assert [text for text in texts if praise.search(text)] == []


def wider(protocol: Protocol, volume_ml: float, spacing_mm: float) -> Protocol:
    """The same protocol with another scheme of its own."""
    return protocol.model_copy(
        update={
            "volume_per_point": protocol.volume_per_point.model_copy(update={"value": volume_ml}),
            "spacing": protocol.spacing.model_copy(update={"value": spacing_mm}),
        }
    )


def on_the_hand(knowledge: Knowledge, volume_ml: float, spacing_mm: float) -> Proposal:
    """A case whose goal is a zone of the body, where drops up to the technique's 0.1 mL may be chosen."""
    protocol = wider(knowledge.protocols[MONTHLY], volume_ml, spacing_mm).model_copy(
        update={"zones": ("hand-right",), "regions": ("body",)}
    )
    base = replace(knowledge, protocols=Shelf("protocols", {protocol.id: protocol}))
    goal = Goal(aim="melasma", zones=("hand-right",))
    case = changed(melasma_case(), goals=(goal,), areas={"hand-right": Area(20.0)}, procedures=())
    (found,) = propose(case, base).proposals
    return found


def test_a_scheme_of_many_small_drops_gives_way_to_fewer_that_cover_no_less(knowledge: Knowledge) -> None:
    """Made up: 0.05 mL at 7 mm, denser than any protocol is; drops overlap, so fewer larger ones do the same."""
    found = on_the_hand(knowledge, 0.05, 7.0)
    before, after = own(found), planned(found)
    assert (before.volume_ml, before.spacing_mm, after.volume_ml, after.spacing_mm) == (0.05, 7.0, 0.08, 9.0)
    assert after.punctures < 0.65 * before.punctures
    assert after.coverage.middle >= before.coverage.middle - 0.02
    dose = (after.volume_ml / after.spacing_mm**2) / (before.volume_ml / before.spacing_mm**2)
    assert 0.9 <= dose <= 1.0 + 1e-9
    assert "It covers no less with fewer punctures at the same dose on each cm²" in said(found)


def test_a_sparse_scheme_is_kept_though_it_misses_what_is_wanted(knowledge: Knowledge) -> None:
    """At the same dose more punctures gain little: what a drop fills goes with its volume."""
    found = on_the_hand(knowledge, 0.03, 12.0)
    assert planned(found) == own(found)
    assert own(found).coverage.middle < 0.8
    assert "misses the 80 % wanted" in said(found)


def test_a_setting_that_is_given_is_taken_as_it_is(knowledge: Knowledge) -> None:
    case, protocol = melasma_case(), knowledge.protocols[MONTHLY]
    made = individual_plan(protocol, case.goals[0], case.start, case, knowledge, Setting(0.04, 12.0))
    assert {one.spacing.value for one in made.plan.placements} == {12.0}
    assert {one.volume_per_point.value for one in made.plan.placements} == {0.04}
    (row,) = (row for row in made.front if row.is_planned)
    assert (row.volume_ml, row.spacing_mm) == (0.04, 12.0)
    assert row.punctures == made.plan.punctures()
