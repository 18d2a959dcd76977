"""What is known of two compounds in one syringe. No data is no permission."""

from __future__ import annotations

from itertools import combinations

from mesoplan.domain.evaluation import PairResult, PairVerdict
from mesoplan.domain.plan import Preparation
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.compounds import Compound, CompoundRole
from mesoplan.knowledge.schema.rules import PairRule
from mesoplan.planning.contents import compounds_in

ANY = "any"
_FROM_WORST = ("incompatible", "used_in_trial", "compatible")


def pair_result(a: Compound, b: Compound, knowledge: Knowledge) -> PairResult:
    """Return what the knowledge base says of two compounds in one syringe; the order does not matter.

    A rule for two compounds beats one for a compound and a family, that beats one for two families, that
    beats one with `any`. Among equals the worst verdict stands. A trial's use never silences an
    incompatibility of any breadth, because it shows that a mixture was injected and not that it held.
    """
    ranked = [(rank, rule) for rule in knowledge.pairs.values() if (rank := _rank(rule, a, b)) is not None]
    if not ranked:
        return PairResult(a=a.id, b=b.id, verdict=PairVerdict.UNKNOWN, text=_no_data(a, b))
    ranked.sort(key=lambda one: (one[0], _FROM_WORST.index(one[1].verdict), one[1].id))
    stands = ranked[0][1]
    if stands.verdict == "used_in_trial":
        stands = next((rule for _, rule in ranked if rule.verdict == "incompatible"), stands)
    return PairResult(
        a=a.id,
        b=b.id,
        verdict=PairVerdict(stands.verdict),
        text=stands.text,
        rule=stands.id,
        sources=stands.sources,
    )


def pairs_in(preparation: Preparation, knowledge: Knowledge) -> tuple[PairResult, ...]:
    """Return every pair of a preparation that matters: all but diluent with diluent."""
    return tuple(
        pair_result(a, b, knowledge)
        for a, b in combinations(compounds_in(preparation, knowledge), 2)
        if not (a.role is CompoundRole.DILUENT and b.role is CompoundRole.DILUENT)
    )


def _no_data(a: Compound, b: Compound) -> str:
    return f"No data on {a.title} with {b.title} in one syringe."


def _rank(rule: PairRule, a: Compound, b: Compound) -> int | None:
    """Return 0 for two named compounds to 3 for `any`; None where the rule does not speak of the pair."""
    ranks = [
        _BY_BREADTH[tuple(sorted((first, second)))]
        for one, other in ((a, b), (b, a))
        if (first := _breadth(rule.a, one)) is not None and (second := _breadth(rule.b, other)) is not None
    ]
    return min(ranks, default=None)


_BY_BREADTH: dict[tuple[int, ...], int] = {
    (0, 0): 0, (0, 1): 1, (1, 1): 2, (0, 2): 3, (1, 2): 3, (2, 2): 3,
}  # fmt: skip


def _breadth(named: str, compound: Compound) -> int | None:
    if named == compound.id:
        return 0
    if named in compound.families:
        return 1
    return 2 if named == ANY else None
