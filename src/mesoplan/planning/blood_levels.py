"""What one session brings into the blood: the fastest uptake and the peak, where the body's kinetics are known.

All that is injected counts as set down in the skin and taken up from there; the body is one well-mixed volume. Uptake
curves are worked out at the nodes of k / D and porosity and read off for each draw, as coverage is.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesoplan.domain.case import Case
from mesoplan.domain.exposure import BloodLevel
from mesoplan.domain.plan import Plan
from mesoplan.kernels.coverage_interval import DRAWS, SEED
from mesoplan.kernels.depth import tip_depth_mm
from mesoplan.kernels.solutes import BodyKinetics, SkinLayers, Solute, solute
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.drop import solute_of
from mesoplan.planning.exposure_drops import Drop, compounds_by_zone, dose_of_session_mg, layers_of
from mesoplan.planning.exposure_figures import draws_of, mixed_uptake, nodes_of, spread_of, uptake_of

Floats = NDArray[np.floating[Any]]

_SCALED_HOURS = np.concatenate([[0.0], np.geomspace(1e-4, 1e3, 140)])
"""Times at D = 1 mm2/h, from which those of another D follow."""


def blood_levels(plan: Plan, case: Case, knowledge: Knowledge) -> tuple[BloodLevel, ...]:
    """Return the blood level of each active compound of a plan, in the order of the plan."""
    named = dict.fromkeys(one for zone in compounds_by_zone(plan, knowledge).values() for one in zone)
    return tuple(_level(compound, plan, case, knowledge) for compound in named)


def _level(compound: str, plan: Plan, case: Case, knowledge: Knowledge) -> BloodLevel:
    toxic = knowledge.compounds[compound].toxic_level
    told = BloodLevel(
        compound=compound,
        dose_mg=None,
        peak_mg_l=None,
        peak_hours=None,
        rate_mg_h=None,
        toxic_mg_l=toxic.low if toxic else None,
        sources=toxic.sources if toxic else (),
    )
    try:
        known = solute(solute_of(compound, knowledge))
        doses = dose_of_session_mg(compound, plan, knowledge)
        if doses is None:
            raise ValueError("how much of it the session holds is not known in mg")
        whole = sum(dose for _, dose in doses)
        told = told.model_copy(update={"dose_mg": round(whole, 4)})
        if known.body is None:
            raise ValueError("no kinetics of it in the body were found")
        if not whole > 0:
            raise ValueError("nothing of it is injected")
        shares: dict[tuple[SkinLayers, Drop], float] = {}
        for placement, dose in doses:
            depth = tip_depth_mm(placement.angle.value, placement.inserted.value)
            drop = Drop(round(depth, 4), placement.volume_per_point.value)
            where = (layers_of(placement.zone, plan, case, knowledge), drop)
            shares[where] = shares.get(where, 0.0) + dose / whole
        rounded = tuple((*where, round(share, 6)) for where, share in shares.items())
        alike = Solute(known.diffusivity_mm2_h, known.clearance_per_h)
        peak, hours, rate = _over_draws(rounded, alike, known.body)
    except ValueError as reason:
        return told.model_copy(update={"not_computed": str(reason)})
    kinetics = (known.body.volume_l.source, known.body.clearance_l_h.source)
    return told.model_copy(
        update={
            "peak_mg_l": spread_of(peak * whole),
            "peak_hours": spread_of(hours),
            "rate_mg_h": spread_of(rate * whole),
            "kinetics": kinetics,
        }
    )


Parts = tuple[tuple[SkinLayers, Drop, float], ...]


def _curves(parts: Parts, known: Solute) -> tuple[Floats, Floats]:
    """Share taken up by each scaled time (a, b, times), and the fastest rate of uptake (a, b), at the nodes."""
    nodes = nodes_of(known)
    taken = np.zeros((len(nodes.decay_per_mm2), len(nodes.porosity), len(_SCALED_HOURS)))
    fastest = np.zeros(taken.shape[:2])
    for a, decay in enumerate(nodes.decay_per_mm2.tolist()):
        for b, porosity in enumerate(nodes.porosity.tolist()):
            both = mixed_uptake([(uptake_of(layers, drop, decay, porosity), share) for layers, drop, share in parts])
            taken[a, b] = np.clip(1.0 - both.amount_left(_SCALED_HOURS), 0.0, 1.0)
            fastest[a, b] = max(float(both.flow_per_h(_SCALED_HOURS).max()), 1e-12)
    return taken, fastest


@lru_cache(maxsize=64)
def _over_draws(parts: Parts, known: Solute, body: BodyKinetics) -> tuple[Floats, Floats, Floats]:
    """Peak [1/L], its time [h] and fastest uptake [1/h] of a unit dose, one each a draw."""
    taken, fastest = _curves(parts, known)
    draws = draws_of(known)
    curve = np.maximum.accumulate(draws.read(taken), axis=1)
    peak, hours = peak_in_blood(curve, _SCALED_HOURS / draws.diffusivity[:, None], *body_draws(body))
    return peak, hours, draws.read_logarithm(fastest) * draws.diffusivity


def body_draws(body: BodyKinetics) -> tuple[Floats, Floats]:
    """Return volume [L] and elimination [1/h] of each draw; independent of the draws of the skin."""
    generator = np.random.default_rng(SEED + 1)
    volume = body.volume_l.draws(DRAWS, generator)
    return volume, body.clearance_l_h.draws(DRAWS, generator) / volume


def peak_in_blood(taken: Floats, hours: Floats, volume_l: Floats, elimination_per_h: Floats) -> tuple[Floats, Floats]:
    """Return the peak [1/L] of a one-compartment body and its time [h], for curves of what was taken up.

    Parameters
    ----------
    taken : (n, t)
        Share of a unit dose taken up by each time, rising; taken as even between the times.
    hours : (n, t)
        The times, rising from 0.
    volume_l, elimination_per_h : (n,)
    """
    amount = np.zeros(len(taken))
    highest, at = np.zeros(len(taken)), np.zeros(len(taken))
    for i in range(1, taken.shape[1]):
        gone = elimination_per_h * (hours[:, i] - hours[:, i - 1])
        amount = amount * np.exp(-gone) + (taken[:, i] - taken[:, i - 1]) * -np.expm1(-gone) / gone
        above = amount > highest
        highest, at = np.where(above, amount, highest), np.where(above, hours[:, i], at)
    return highest / volume_l, at
