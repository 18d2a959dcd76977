"""Compose: which ingredients of a protocol's mixture may share a syringe, and why the others may not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from mesoplan.domain.evaluation import PairResult, PairVerdict
from mesoplan.domain.proposal import Reason
from mesoplan.domain.writing import count_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.compounds import Compound
from mesoplan.knowledge.schema.protocols import Ingredient, Mixture
from mesoplan.planning.contents import NOT_ACTIVE, mixing_limits
from mesoplan.planning.jurisdiction import JurisdictionProfile
from mesoplan.planning.pairs import pair_result

SYRINGES = "syringes"


@dataclass(frozen=True)
class SyringePlan:
    """What goes into one kind of syringe, before its volume is known.

    Attributes
    ----------
    id, title : str
        Of the preparation that it becomes.
    mixture : str
        Id of the protocol's mixture that it is, or is a part of.
    parts : int
        Into how many such syringes that mixture was split; their points alternate, or they are given in passes.
    ingredients : tuple of Ingredient
    diluent : str or None
        Id of the presentation that makes up the volume.
    why : tuple of Reason
    """

    id: str
    title: str
    mixture: str
    parts: int
    ingredients: tuple[Ingredient, ...]
    diluent: str | None
    why: tuple[Reason, ...]


@dataclass(frozen=True)
class Recipe:
    """Every syringe of a protocol for one jurisdiction."""

    syringes: tuple[SyringePlan, ...]

    @property
    def why(self) -> tuple[Reason, ...]:
        """Return the reasons of all syringes, each once."""
        return tuple(dict.fromkeys(reason for syringe in self.syringes for reason in syringe.why))


def compose(mixtures: Sequence[Mixture], knowledge: Knowledge, profile: JurisdictionProfile) -> Recipe:
    """Return the syringes that a protocol's mixtures become in one jurisdiction.

    Ingredients share a syringe only where every pair is known to be compatible, the jurisdiction lets the clinic mix,
    and their number is within its limit. A pair without data, or known from a trial's use alone, is split.

    Parameters
    ----------
    mixtures : sequence of Mixture
    knowledge : Knowledge
    profile : JurisdictionProfile

    Returns
    -------
    Recipe
        With a reason for each split, and for each mixture that was kept together.
    """
    return Recipe(tuple(syringe for mixture in mixtures for syringe in _syringes(mixture, knowledge, profile)))


def _syringes(mixture: Mixture, knowledge: Knowledge, profile: JurisdictionProfile) -> Iterator[SyringePlan]:
    groups = _groups(mixture, knowledge, profile)
    why = tuple(_reasons(mixture, groups, knowledge, profile))
    for group in groups:
        names = " and ".join(knowledge.compounds[one.compound].title for one in group)
        whole = len(groups) == 1
        yield SyringePlan(
            id=mixture.id if whole else f"{mixture.id}-{group[0].compound}"[:80].rstrip("-."),
            title=mixture.title if whole else names,
            mixture=mixture.id,
            parts=len(groups),
            ingredients=tuple(group),
            diluent=mixture.diluent if _needs_diluent(group) else None,
            why=why,
        )


def whole_syringe(mixture: Mixture) -> SyringePlan:
    """Return a mixture as one syringe, whatever chemistry and law say of it; a person chose so."""
    return SyringePlan(
        id=mixture.id,
        title=mixture.title,
        mixture=mixture.id,
        parts=1,
        ingredients=mixture.ingredients,
        diluent=mixture.diluent if _needs_diluent(mixture.ingredients) else None,
        why=(),
    )


def _needs_diluent(group: Sequence[Ingredient]) -> bool:
    return all(one.concentration is not None for one in group)


def _groups(mixture: Mixture, knowledge: Knowledge, profile: JurisdictionProfile) -> list[list[Ingredient]]:
    """Put each ingredient into the first syringe that takes it."""
    groups: list[list[Ingredient]] = []
    for ingredient in mixture.ingredients:
        for group in groups:
            if _fits(ingredient, group, knowledge, profile):
                group.append(ingredient)
                break
        else:
            groups.append([ingredient])
    return groups


def _fits(
    ingredient: Ingredient, group: Sequence[Ingredient], knowledge: Knowledge, profile: JurisdictionProfile
) -> bool:
    together = [knowledge.compounds[one.compound] for one in (*group, ingredient)]
    verdicts = {pair_result(a, together[-1], knowledge).verdict for a in together[:-1]}
    return (
        verdicts == {PairVerdict.COMPATIBLE}
        and profile.mixing_allowed.value
        and _count_actives(together) <= _most_actives(knowledge, profile)
    )


def _count_actives(compounds: Sequence[Compound]) -> int:
    return sum(one.role not in NOT_ACTIVE for one in compounds)


def _most_actives(knowledge: Knowledge, profile: JurisdictionProfile) -> int:
    return int(min(profile.max_actives_per_syringe.value, mixing_limits(knowledge).max_actives.low))


def _reasons(
    mixture: Mixture, groups: list[list[Ingredient]], knowledge: Knowledge, profile: JurisdictionProfile
) -> Iterator[Reason]:
    home = {id(one): index for index, group in enumerate(groups) for one in group}
    pairs = list(combinations(mixture.ingredients, 2))
    compatible_but_apart: list[PairResult] = []
    for first, second in pairs:
        result = pair_result(knowledge.compounds[first.compound], knowledge.compounds[second.compound], knowledge)
        apart = home[id(first)] != home[id(second)]
        if apart and result.verdict is PairVerdict.COMPATIBLE:
            compatible_but_apart.append(result)
        elif apart:
            yield _why_apart(result, knowledge)
        else:
            yield Reason(choice=SYRINGES, text=f"One syringe: {result.text}", sources=result.sources)
    if len(groups) > 1:
        yield from _what_the_law_adds(mixture, compatible_but_apart, knowledge, profile)


def _why_apart(result: PairResult, knowledge: Knowledge) -> Reason:
    names = f"{knowledge.compounds[result.a].title} and {knowledge.compounds[result.b].title}"
    apart = f"{names} are given from separate syringes, at alternating points or in passes:"
    if result.verdict is PairVerdict.UNKNOWN:
        check = knowledge.checks["mix-pair-unknown"]
        text = f"{apart} there are no data on the two in one syringe, and no data counts as incompatible."
        return Reason(choice=SYRINGES, text=text, sources=check.sources)
    if result.verdict is PairVerdict.USED_IN_TRIAL:
        text = f"{apart} a trial injected them together, which is evidence of use and not of stability. {result.text}"
        return Reason(choice=SYRINGES, text=text, sources=result.sources)
    return Reason(choice=SYRINGES, text=f"{apart} {result.text}", sources=result.sources)


def _what_the_law_adds(
    mixture: Mixture, compatible: Sequence[PairResult], knowledge: Knowledge, profile: JurisdictionProfile
) -> Iterator[Reason]:
    """Yield what forbids the mixture whatever chemistry says, or limits how many go together."""
    mixing, count = profile.mixing_allowed, profile.max_actives_per_syringe
    most = _most_actives(knowledge, profile)
    actives = _count_actives([knowledge.compounds[one.compound] for one in mixture.ingredients])
    if not mixing.value:
        yield Reason(choice=SYRINGES, text=f"Nothing is mixed in the clinic: {mixing.text}", sources=mixing.sources)
    elif compatible and actives > most:
        together = count_text(most, "active goes", "actives go")
        yield Reason(choice=SYRINGES, text=f"At most {together} into one syringe: {count.text}", sources=count.sources)
