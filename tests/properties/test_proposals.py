"""What holds of every proposal, whoever it is for."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

import pytest
from hypothesis import HealthCheck, assume, given, settings

from mesoplan.domain.case import Case
from mesoplan.domain.evaluation import Evaluation, LimitState
from mesoplan.domain.finding import Severity
from mesoplan.domain.plan import OnPatch, Plan
from mesoplan.domain.proposal import Proposal, Proposals
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.contents import mixing_limits
from mesoplan.planning.evaluate import evaluate
from mesoplan.planning.placement import nearest_mm, outside_zone
from mesoplan.planning.propose import propose
from tests.properties.any_case import treatable_cases

FEW = settings(max_examples=20, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


def proposed(case: Case, knowledge: Knowledge) -> tuple[Proposal, ...]:
    found = propose(case, knowledge).proposals
    assume(found)
    return found


@FEW
@given(case=treatable_cases())
def test_no_proposal_breaks_a_limit_that_evaluate_knows(knowledge: Knowledge, case: Case) -> None:
    for proposal in proposed(case, knowledge):
        evaluation = evaluate(case, proposal.plan, knowledge)
        assert evaluation == proposal.evaluation
        assert not [one for one in evaluation.findings if one.severity is Severity.BLOCK]
        assert not [one for one in evaluation.doses if one.state is LimitState.OVER and one.limit_over == "block"]


@FEW
@given(case=treatable_cases())
def test_the_whole_volume_is_the_sum_of_its_parts(knowledge: Knowledge, case: Case) -> None:
    limits = mixing_limits(knowledge)
    for proposal in proposed(case, knowledge):
        plan, evaluation = proposal.plan, proposal.evaluation
        for preparation, mixture in zip(plan.preparations, evaluation.mixtures, strict=True):
            drawn = [draw.volume.value for draw in preparation.draws]
            injected = sum(one.volume_per_point.value * len(one.points) for one in plan.placements_of(preparation.id))
            assert mixture.made_ml == pytest.approx(sum(drawn))
            assert mixture.injected_ml == pytest.approx(injected)
            assert mixture.discarded_ml == pytest.approx(sum(drawn) - injected, abs=1e-5)
            assert mixture.discarded_ml >= limits.dead_space.high * preparation.syringes - 1e-6
            assert mixture.made_ml <= preparation.syringe.value * preparation.syringes + 1e-6
            for volume in drawn:
                assert volume / limits.syringe_step.low == pytest.approx(round(volume / limits.syringe_step.low))
        whole = sum(mixture.injected_ml for mixture in evaluation.mixtures)
        assert evaluation.burden.injected_ml_per_session == pytest.approx(whole, abs=1e-3)
        assert evaluation.burden.punctures_per_session == sum(len(one.points) for one in plan.placements)


@FEW
@given(case=treatable_cases())
def test_points_lie_in_their_zone_inside_the_margin_and_apart(knowledge: Knowledge, case: Case) -> None:
    """Distances are straight lines; the nose, which cannot be laid flat without stretch, comes nearest."""
    for proposal in proposed(case, knowledge):
        plan = proposal.plan
        for placement in plan.placements:
            assert outside_zone(placement, case, knowledge) == ()
            height = sqrt(placement.area.value * 100 / knowledge.zones[placement.zone].patch_aspect)
            width = height * knowledge.zones[placement.zone].patch_aspect
            margin = placement.edge_margin.value - 1e-6
            for point in placement.points:
                if isinstance(point.at, OnPatch):
                    assert abs(point.at.x_mm) <= width / 2 - margin
                    assert abs(point.at.y_mm) <= height / 2 - margin
        for zone in {placement.zone for placement in plan.placements}:
            together = [placement for placement in plan.placements if placement.zone == zone]
            distances = nearest_mm(together, case, knowledge).values()
            least = 0.6 if zone == "nose" else 0.75
            assert min(distances, default=100.0) >= least * together[0].spacing.value


@FEW
@given(case=treatable_cases())
def test_dates_keep_the_shortest_interval_and_every_wait(knowledge: Knowledge, case: Case) -> None:
    for proposal in proposed(case, knowledge):
        schedule, protocol = proposal.plan.schedule, knowledge.protocols[proposal.protocol]
        gaps = [
            (later - earlier).days for earlier, later in zip(schedule.sessions, schedule.sessions[1:], strict=False)
        ]
        assert all(gap >= protocol.interval.low for gap in gaps)
        assert len(schedule.sessions) <= protocol.sessions.high
        assert schedule.sessions[0] >= case.start
        assert schedule.first_judged_on
        assert (schedule.first_judged_on - schedule.sessions[0]).days >= 7 * protocol.judge_from.low


def cited(proposals: Proposals) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield everything that pages show as held to be true, with its sources."""
    for finding in proposals.screening:
        yield finding.code, finding.sources
    for declined in proposals.declined:
        yield from ((f"{declined.protocol}: {one.code}", one.sources) for one in declined.findings)
    for proposal in proposals.proposals:
        yield from ((f"{proposal.id}: {one.choice}: {one.text}", one.sources) for one in proposal.why)
        yield from ((f"{proposal.id}: {one.text}", one.sources) for one in proposal.evidence.lines)
        yield from cited_in(proposal.evaluation)


def cited_in(evaluation: Evaluation) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield from ((one.text, one.sources) for one in evaluation.findings)
    yield from ((f"{one.compound} {one.measure}", one.sources) for one in evaluation.doses if one.limit is not None)
    yield from ((f"skin of {one.zone}", one.sources) for one in evaluation.landings)
    for mixture in evaluation.mixtures:
        yield mixture.preparation, mixture.sources
        yield from ((f"{one.a} with {one.b}", one.sources) for one in mixture.pairs if one.rule is not None)


@FEW
@given(case=treatable_cases())
def test_every_value_shown_has_a_source_on_record(knowledge: Knowledge, case: Case) -> None:
    rules = {*knowledge.rules, *knowledge.checks, *knowledge.pairs}
    found = propose(case, knowledge)
    for what, sources in cited(found):
        assert sources, what
        assert set(sources) <= set(knowledge.sources), what
    for proposal in found.proposals:
        assert {one.rule for one in proposal.evaluation.findings} <= rules
        assert {one.code for one in proposal.evaluation.findings} <= rules


@settings(max_examples=15)
@given(case=treatable_cases())
def test_the_same_input_gives_the_same_value_and_is_left_as_it_was(knowledge: Knowledge, case: Case) -> None:
    before = case.model_dump_json()
    first, second = propose(case, knowledge), propose(case, knowledge)
    assert first == second
    for proposal in first.proposals:
        written = proposal.plan.model_dump_json()
        again = evaluate(case, Plan.model_validate_json(written), knowledge)
        assert again == proposal.evaluation
        assert Evaluation.model_validate_json(again.model_dump_json()) == again
        assert proposal.plan.model_dump_json() == written
    assert case.model_dump_json() == before


@settings(max_examples=15)
@given(case=treatable_cases())
def test_the_order_of_the_zones_does_not_change_what_is_proposed(knowledge: Knowledge, case: Case) -> None:
    (goal,) = case.goals
    turned = case.model_copy(update={"goals": (goal.model_copy(update={"zones": goal.zones[::-1]}),)})
    one, other = propose(case, knowledge), propose(turned, knowledge)
    for here, there in ((one, other), (other, one)):
        assert {p.protocol for p in here.proposals} == {p.protocol for p in there.proposals}
    punctures = [{p.protocol: p.evaluation.burden for p in found.proposals} for found in (one, other)]
    assert punctures[0] == punctures[1]
