"""Each example, read from its file and proposed for: what a careful dermatologist would do with it.

A line: the example, then what is proposed in this order, then what is declined and the rule that declines it first.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mesoplan.domain.finding import Severity
from mesoplan.domain.proposal import Proposals
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.case_reading import read_case
from mesoplan.planning.propose import propose

EXAMPLES = Path(__file__).parents[2] / "examples"
TODAY = date(2026, 11, 23)
TXA, MELASMA = "melasma-tranexamic-acid", "melasma-"

PROPOSED: dict[str, list[str]] = {
    "melasma": [
        f"{TXA}-monthly",
        f"{TXA}-ascorbic-acid",
        f"{TXA}-fortnightly",
        f"{TXA}-weekly",
        f"{TXA}-ascorbic-acid-glutathione",
        "melasma-glutathione-ascorbic-acid",
    ],
    "melasma-peel-waiting": [
        f"{TXA}-monthly",
        f"{TXA}-fortnightly",
        f"{TXA}-weekly",
        "melasma-glutathione-ascorbic-acid",
        f"{TXA}-ascorbic-acid",
        f"{TXA}-ascorbic-acid-glutathione",
    ],
    "skin-lightening": [
        "skin-lightening-tranexamic-acid",
        "skin-lightening-glutathione-ascorbic-acid",
        "skin-lightening-tranexamic-acid-ascorbic-acid-glutathione",
    ],
    "post-inflammatory-hyperpigmentation": ["post-inflammatory-hyperpigmentation-tranexamic-acid"],
    "hydration": ["hydration-hyaluronic-acid", "hydration-revitalising-mix"],
    "fine-lines": [
        "fine-lines-hyaluronic-acid",
        "fine-lines-revitalising-mix",
        "fine-lines-polynucleotide-periorbital",
    ],
    "collagen-remodelling": [
        "collagen-remodelling-hyaluronic-acid",
        "collagen-remodelling-platelet-rich-plasma",
        "collagen-remodelling-polynucleotide",
        "collagen-remodelling-organic-silicon",
        "collagen-remodelling-revitalising-mix",
    ],
    "texture": [
        "texture-hyaluronic-acid",
        "texture-platelet-rich-plasma",
        "texture-polynucleotide",
        "texture-revitalising-mix",
    ],
    "cellulite": ["cellulite-caffeine", "cellulite-organic-silicon"],
    "submental-fat": ["submental-fat-deoxycholic-acid"],
}

DECLINED: dict[str, str] = {
    "declined-pregnancy": "screen-pregnancy",
    "declined-submental-france": "compound-prohibited",
    "declined-minor": "screen-age-under-18",
    "declined-not-asked": "screen-anaphylaxis",
}


def answer(name: str, knowledge: Knowledge) -> Proposals:
    """Return what is proposed for an example."""
    file = EXAMPLES / f"{name}.yaml"
    return propose(read_case(file.read_text(), file.name, knowledge, TODAY), knowledge)


def test_every_example_stands_in_a_table() -> None:
    named = {*PROPOSED, *DECLINED, "declined-clot-and-g6pd"}
    assert {file.stem for file in EXAMPLES.glob("*.yaml")} == named


@pytest.mark.parametrize("name", PROPOSED)
def test_what_is_proposed_and_in_which_order(name: str, knowledge: Knowledge) -> None:
    found = answer(name, knowledge)
    assert [proposal.protocol for proposal in found.proposals] == PROPOSED[name]
    for proposal in found.proposals:
        assert not [f for f in proposal.evaluation.findings if f.severity in (Severity.BLOCK, Severity.WAIT)]
        assert proposal.why
        assert all(reason.sources for reason in proposal.why)


@pytest.mark.parametrize("name", DECLINED)
def test_what_is_declined_and_why(name: str, knowledge: Knowledge) -> None:
    found = answer(name, knowledge)
    assert found.proposals == ()
    assert found.declined
    for declined in found.declined:
        assert DECLINED[name] in [finding.code for finding in declined.findings]
    assert all(goal.none_because for goal in found.goals)


def test_a_clot_and_g6pd_deficiency_leave_nothing_for_melasma(knowledge: Knowledge) -> None:
    found = answer("declined-clot-and-g6pd", knowledge)
    assert found.proposals == ()
    reasons = {declined.protocol: {finding.code for finding in declined.findings} for declined in found.declined}
    assert reasons["melasma-tranexamic-acid-monthly"] == {"screen-txa-thrombosis-history"}
    assert reasons["melasma-glutathione-ascorbic-acid"] == {"screen-ascorbate-g6pd"}
    both = {"screen-txa-thrombosis-history", "screen-ascorbate-g6pd"}
    assert reasons["melasma-tranexamic-acid-ascorbic-acid"] == both


def test_a_superficial_peel_moves_the_first_session_to_two_weeks_after_it(knowledge: Knowledge) -> None:
    found = answer("melasma-peel-waiting", knowledge)
    assert {proposal.plan.schedule.sessions[0] for proposal in found.proposals} == {date(2026, 11, 25)}


def test_under_the_label_a_square_centimetre_gets_two_milligrams_of_deoxycholic_acid(knowledge: Knowledge) -> None:
    (proposal,) = answer("submental-fat", knowledge).proposals
    (placement,) = proposal.plan.placements
    assert placement.volume_per_point.value == 0.2
    assert len(placement.points) <= 50
    (draw,) = proposal.plan.preparations[0].draws
    assert draw.presentation == "deoxycholic-acid-10"


def test_where_the_jurisdiction_is_not_known_every_compound_has_its_own_syringe(knowledge: Knowledge) -> None:
    for proposal in answer("skin-lightening", knowledge).proposals:
        for mixture in proposal.evaluation.mixtures:
            assert len(mixture.concentrations) == 1


def test_a_mixture_of_three_is_given_from_three_syringes_at_alternating_points(knowledge: Knowledge) -> None:
    found = answer("melasma", knowledge)
    (proposal,) = (
        p for p in found.proposals if p.protocol.endswith("ascorbic-acid-glutathione") and "tranexamic" in p.protocol
    )
    single = found.proposals[0]
    assert len(proposal.plan.preparations) == 3
    assert proposal.plan.punctures() == single.plan.punctures()
    assert any("separate syringes" in reason.text for reason in proposal.why)
