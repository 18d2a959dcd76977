"""Evaluate one preparation: what it holds once made up, and everything that is wrong with it."""

from __future__ import annotations

from mesoplan.domain.evaluation import MixtureResult
from mesoplan.domain.finding import Finding
from mesoplan.domain.plan import Preparation
from mesoplan.domain.quantities import Volume
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.contents import (
    Amount,
    actives_in,
    amounts,
    compounds_in,
    concentrations,
    mixing_limits,
    stocks_of,
)
from mesoplan.planning.injectate import osmolarity_of, ph_of
from mesoplan.planning.jurisdiction import JurisdictionProfile
from mesoplan.planning.mixture_checks import MadeUp, mixture_findings
from mesoplan.planning.pairs import pairs_in

__all__ = ["Amount", "actives_in", "amounts", "compounds_in", "evaluate_preparation"]


def evaluate_preparation(
    preparation: Preparation, injected: Volume, knowledge: Knowledge, profile: JurisdictionProfile
) -> tuple[MixtureResult, list[Finding]]:
    """Return what a preparation is once made up, and every finding about it.

    Parameters
    ----------
    preparation : Preparation
    injected : Volume
        What all points receive from it in one session.
    knowledge : Knowledge
    profile : JurisdictionProfile

    Returns
    -------
    MixtureResult
    list of Finding
        The rule of a finding about a pair is the pair's id; of any other, the check's.

    Raises
    ------
    KnowledgeError
        If a draw names a presentation that the knowledge base does not have.
    """
    stocks = stocks_of(preparation, knowledge)
    limits = mixing_limits(knowledge)
    pairs = pairs_in(preparation, knowledge)
    osmolarity, ph = osmolarity_of(stocks), ph_of(stocks)
    made = MadeUp(preparation, injected, stocks, pairs, osmolarity, ph, knowledge, limits, profile)
    made_ml = preparation.volume().value
    strengths = [stock.presentation.strength for stock in stocks]
    cited = (
        *(source for strength in strengths if strength is not None for source in strength.sources),
        *osmolarity.sources, *ph.sources, *(source for pair in pairs for source in pair.sources),
    )  # fmt: skip
    result = MixtureResult(
        preparation=preparation.id,
        made_ml=made_ml,
        injected_ml=injected.value,
        discarded_ml=max(0.0, round(made_ml - injected.value, 6)),
        syringes=preparation.syringes,
        concentrations=concentrations(preparation, knowledge),
        osmolarity=osmolarity.interval,
        osmolarity_note=osmolarity.note,
        ph=ph.interval,
        ph_note=ph.note,
        pairs=pairs,
        use_within_h=min(limits.use_within.low, profile.immediate_use_h.value),
        sources=tuple(dict.fromkeys(cited)),
    )
    return result, mixture_findings(made)
