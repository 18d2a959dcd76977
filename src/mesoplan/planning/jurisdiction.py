"""What a jurisdiction lets a clinic do. Where it is silent the strictest value of all stands, and says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.citation import Figure
from mesoplan.knowledge.schema.rules import Jurisdiction, JurisdictionDuty, Prohibition
from mesoplan.planning.contents import mixing_limits

UNKNOWN = "unknown"
T = TypeVar("T", int, float, bool)
I = TypeVar("I", Prohibition, JurisdictionDuty)  # noqa: E741


@dataclass(frozen=True)
class Provision(Generic[T]):
    """One thing that a jurisdiction sets.

    Attributes
    ----------
    value
        The count, the hours, or whether it is allowed.
    text : str
        The rule in words.
    rule : str
        Id of the jurisdiction, or of the mixing limits, whose rule it is.
    borrowed : bool
        True where the jurisdiction itself is silent and another's rule stands in.
    sources : tuple of str
    """

    value: T
    text: str
    rule: str
    borrowed: bool
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Enacted(Generic[I]):
    """A prohibition or a duty, and the jurisdiction that sets it."""

    rule: str
    item: I


@dataclass(frozen=True)
class JurisdictionProfile:
    """All that binds a clinic in one jurisdiction; `not_known` names the fields on which it is silent."""

    id: str
    title: str
    max_actives_per_syringe: Provision[int]
    mixing_allowed: Provision[bool]
    immediate_use_h: Provision[float]
    prohibitions: tuple[Enacted[Prohibition], ...]
    duties: tuple[Enacted[JurisdictionDuty], ...]
    not_known: tuple[str, ...]


def profile(knowledge: Knowledge, jurisdiction_id: str) -> JurisdictionProfile:
    """Return what binds a clinic in one jurisdiction.

    Parameters
    ----------
    knowledge : Knowledge
    jurisdiction_id : str
        An id of the knowledge base, or `unknown`: then the strictest of all in everything, and all
        prohibitions.

    Returns
    -------
    JurisdictionProfile

    Raises
    ------
    KnowledgeError
        If the knowledge base has no such jurisdiction.
    """
    everyone = tuple(knowledge.jurisdictions.values())
    own = everyone if jurisdiction_id == UNKNOWN else (knowledge.jurisdictions[jurisdiction_id],)
    title = "Jurisdiction not known" if jurisdiction_id == UNKNOWN else own[0].title
    limits = mixing_limits(knowledge)
    actives = _strictest(_counts, own, everyone)
    actives = actives or _from_limit(limits.id, limits.max_actives, int(limits.max_actives.low))
    hours = _strictest(_hours, own, everyone)
    hours = hours or _from_limit(limits.id, limits.use_within, limits.use_within.low)
    mixing = _strictest(_mixing, own, everyone) or _no_mixing_rule(limits.id, limits.max_actives)
    borrowed = {
        "max_actives_per_syringe": actives.borrowed,
        "mixing_in_clinic": mixing.borrowed,
        "immediate_use": hours.borrowed,
    }
    return JurisdictionProfile(
        id=jurisdiction_id,
        title=title,
        max_actives_per_syringe=actives,
        mixing_allowed=mixing,
        immediate_use_h=hours,
        prohibitions=tuple(Enacted(one.id, item) for one in own for item in one.prohibited),
        duties=tuple(Enacted(one.id, item) for one in own for item in one.duties),
        not_known=tuple(name for name, is_borrowed in borrowed.items() if is_borrowed),
    )


def _counts(one: Jurisdiction) -> Provision[int] | None:
    count = one.max_actives_per_syringe
    return None if count is None else Provision(count.value, count.text, one.id, False, count.sources)


def _hours(one: Jurisdiction) -> Provision[float] | None:
    hours = one.immediate_use
    return None if hours is None else Provision(hours.value, hours.text, one.id, False, hours.sources)


def _mixing(one: Jurisdiction) -> Provision[bool] | None:
    mixing = one.mixing_in_clinic
    return None if mixing is None else Provision(mixing.allowed, mixing.text, one.id, False, mixing.sources)


def _strictest(
    read: Callable[[Jurisdiction], Provision[T] | None],
    own: Iterable[Jurisdiction],
    everyone: Iterable[Jurisdiction],
) -> Provision[T] | None:
    """Return the jurisdiction's own value, else the lowest of all (fewer, shorter, not allowed), or None."""
    for group, borrowed in ((own, False), (everyone, True)):
        known = [provision for one in group if (provision := read(one)) is not None]
        if known:
            least = min(known, key=lambda provision: provision.value)
            return Provision(least.value, least.text, least.rule, borrowed, least.sources)
    return None


def _from_limit(limits_id: str, figure: Figure, value: T) -> Provision[T]:
    text = f"No jurisdiction on record sets it; the mixing limit of {figure.written()} stands in."
    return Provision(value, text, limits_id, True, figure.sources)


def _no_mixing_rule(limits_id: str, figure: Figure) -> Provision[bool]:
    text = "No jurisdiction on record says who may mix, so mixing in the clinic counts as not allowed."
    return Provision(False, text, limits_id, True, figure.sources)
