"""The regimens that a proposal was weighed against, as its column shows them, and a plan started with one of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from mesoplan.clinic.courses.figure_words import TARGET_WORDS
from mesoplan.clinic.courses.landing_cards import chance_text
from mesoplan.clinic.shell.parts import Interval
from mesoplan.clinic.shell.writing import number_text, quantity_text, with_unit
from mesoplan.domain.case import Case
from mesoplan.domain.exposure import Spread
from mesoplan.domain.plan import Plan
from mesoplan.domain.proposal import Proposal, Proposals, Regimen
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.individual_plan import NotPossible, Setting, individual_plan
from mesoplan.workflow import Refused

NO_SUCH_REGIMEN = gettext_noop("This regimen is not among those of the proposal. Open the proposals again.")
NO_LONGER_POSSIBLE = gettext_noop("The knowledge base has changed: no plan can be made with this regimen any more.")


@dataclass(frozen=True)
class TradeOff:
    """One regimen in words, at its place in the proposal; `more` and `gained` are empty for the planned one."""

    number: int
    scheme: str
    punctures: str
    injected: str
    coverage: Interval
    more: str
    gained: str
    is_planned: bool
    is_protocol: bool


@dataclass(frozen=True)
class TradeOffs:
    """The cell of one proposal."""

    coverage: Interval
    layer: str
    chance: str
    rows: list[TradeOff]


def trade_offs(proposal: Proposal) -> TradeOffs | None:
    """Return what a proposal was weighed against; None where nothing was searched."""
    planned = next((one for one in proposal.front if one.is_planned), None)
    if planned is None:
        return None
    targets = {landing.target or "" for landing in proposal.evaluation.landings}
    return TradeOffs(
        coverage=_percent(planned.coverage),
        layer=", ".join(str(TARGET_WORDS.get(one, one)) for one in sorted(targets)),
        chance=chance_text(planned.target_chance),
        rows=[_row(number, one, planned) for number, one in enumerate(proposal.front)],
    )


def _row(number: int, one: Regimen, planned: Regimen) -> TradeOff:
    return TradeOff(
        number=number,
        scheme=_("%(volume)s, %(spacing)s apart")
        % {
            "volume": quantity_text(one.volume_ml, "mL", decimals=2),
            "spacing": quantity_text(one.spacing_mm, "mm"),
        },
        punctures=number_text(one.punctures),
        injected=number_text(one.injected_ml, decimals=2),
        coverage=_percent(one.coverage),
        more="" if one.is_planned else _more(one, planned),
        gained="" if one.is_planned else _gained(one),
        is_planned=one.is_planned,
        is_protocol=one.is_protocol,
    )


def _percent(found: Spread) -> Interval:
    low, middle, high = (number_text(100 * one, decimals=0) for one in (found.low, found.middle, found.high))
    return Interval(with_unit(middle, "%"), low, high)


def _gained(one: Regimen) -> str:
    """By how much a regimen covers more than the planned one, and whether that can be told apart from nothing."""
    gained = [_signed(100 * value) for value in (one.gained.low, one.gained.middle, one.gained.high)]
    said = {"points": gained[1], "low": gained[0], "high": gained[2]}
    if one.differs:
        return _("%(points)s points (%(low)s to %(high)s)") % said
    return _("%(points)s points (%(low)s to %(high)s), not told apart") % said


def _signed(value: float) -> str:
    whole = round(value)
    return f"{'+' if whole > 0 else '−' if whole < 0 else ''}{abs(whole)}"


def _more(one: Regimen, planned: Regimen) -> str:
    more = one.punctures - planned.punctures
    if more == 0:
        return _("as many")
    words = ngettext("%(count)s more", "%(count)s more", more) if more > 0 else _fewer(-more)
    return words % {"count": number_text(abs(more))}


def _fewer(count: int) -> str:
    return ngettext("%(count)s fewer", "%(count)s fewer", count)


def plan_with(number: str, chosen: Proposal, answer: Proposals, case: Case, knowledge: Knowledge) -> Plan:
    """Return a proposal's plan with another of its regimens, worked out anew for the same goal and first day.

    Raises
    ------
    Refused
        The proposal has no such regimen, or the knowledge base lets no such plan be made any more.
    """
    if not number.isdecimal() or int(number) >= len(chosen.front):
        raise Refused(NO_SUCH_REGIMEN)
    regimen = chosen.front[int(number)]
    place = next(index for index, goal in enumerate(answer.goals) if chosen.id in goal.proposals)
    setting = Setting(regimen.volume_ml, regimen.spacing_mm)
    if chosen.protocol not in knowledge.protocols:
        raise Refused(NO_LONGER_POSSIBLE)
    protocol, first = knowledge.protocols[chosen.protocol], chosen.plan.schedule.sessions[0]
    try:
        return individual_plan(protocol, case.goals[place], first, case, knowledge, setting).plan
    except NotPossible as refusal:
        raise Refused(NO_LONGER_POSSIBLE) from refusal
