"""The recipe of a protocol: which ingredients share a syringe, and the draws of a syringe for a known volume."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mesoplan.domain.plan import Draw, Preparation
from mesoplan.domain.quantities import Volume
from mesoplan.kernels.draw_volumes import smallest_draws, steps_at_least, water_steps
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.mixing import MixingLimits
from mesoplan.knowledge.schema.protocols import Ingredient
from mesoplan.planning.contents import CONCENTRATION_TOLERANCE, mixing_limits
from mesoplan.planning.diluents import base_and_water
from mesoplan.planning.injectate import stock_osmolarity
from mesoplan.planning.recipe_reasons import why_made_up
from mesoplan.planning.syringe_plans import Recipe, SyringePlan, compose

__all__ = ["CannotBeDrawn", "Recipe", "SyringePlan", "compose", "make_up", "why_made_up"]

SYRINGE_GRADUATIONS_ML = {1.0: 0.01, 2.0: 0.1, 5.0: 0.2, 10.0: 0.5}
"""Usual nominal sizes of syringes and the step between their graduation marks. A point needs one mark at least."""

FINEST_POINT = Volume(0.01)
MOST_SYRINGES = 60
SMALLEST_SALINE_PART = 0.1
"""Part of the whole below which saline is left out where water alone stays within the target."""


class CannotBeDrawn(ValueError):
    """A syringe plan that no draws make: a stock too weak, a strength not known, a dilution too steep."""


@dataclass(frozen=True)
class _Fill:
    """Draws in steps, by presentation, for a number of syringes of one size."""

    size_ml: float
    syringes: int
    total: int
    draws: dict[str, int]


def make_up(
    plan: SyringePlan, injected: Volume, knowledge: Knowledge, volume_per_point: Volume = FINEST_POINT
) -> Preparation:
    """Return the draws and syringes of one session.

    Parameters
    ----------
    plan : SyringePlan
    injected : Volume
        What all points receive from it in one session.
    knowledge : Knowledge
    volume_per_point : Volume
        Decides which syringes can dose a point: one graduation mark at least. Without it syringes of 1 mL are taken.

    Returns
    -------
    Preparation
        The smallest volume that covers injection and dead space with every concentration within
        `CONCENTRATION_TOLERANCE`, in the fewest syringes. Undiluted ingredients share what the others leave.

    Raises
    ------
    CannotBeDrawn
        With the reason in words.
    """
    if injected.value <= 0 or volume_per_point.value <= 0:
        raise CannotBeDrawn(f"{plan.title}: no volume is injected")
    limits = mixing_limits(knowledge)
    fill = _fewest_syringes(plan, injected, volume_per_point, limits, knowledge)
    draws = _with_water(plan, fill, limits, knowledge)
    step = limits.syringe_step.low
    return Preparation(
        id=plan.id,
        title=plan.title,
        draws=tuple(Draw(presentation=one, volume=Volume(round(n * step, 6))) for one, n in draws.items() if n > 0),
        syringe=Volume(fill.size_ml),
        syringes=fill.syringes,
    )


def _strength(ingredient: Ingredient, knowledge: Knowledge) -> float:
    """Return the part of the whole that the stock must be, 0 to 1."""
    compound, presentation = knowledge.presentations[ingredient.presentation]
    wanted, strength = ingredient.concentration, presentation.strength
    if wanted is None:
        raise AssertionError("an undiluted ingredient has no wanted concentration")
    if strength is None or strength.unit != wanted.unit:
        raise CannotBeDrawn(f"{compound.title}: the strength of “{presentation.title}” is not known in {wanted.unit}")
    if wanted.low > strength.high:
        text = f"{compound.title}: {wanted.written()} is wanted and the stock holds {strength.written()}"
        raise CannotBeDrawn(text)
    return wanted.low / strength.high


def _fewest_syringes(
    plan: SyringePlan, injected: Volume, volume_per_point: Volume, limits: MixingLimits, knowledge: Knowledge
) -> _Fill:
    sizes = [size for size, mark in SYRINGE_GRADUATIONS_ML.items() if volume_per_point.value >= mark - 1e-9]
    fills = [fill for size in sizes if (fill := _fill(plan, size, injected, limits, knowledge)) is not None]
    if not fills:
        step = limits.syringe_step.low
        text = (
            f"{plan.title}: no draws in steps of {step:g} mL give the wanted concentrations in {MOST_SYRINGES} syringes"
        )
        raise CannotBeDrawn(text)
    return min(fills, key=lambda fill: (fill.syringes, fill.size_ml))


def _fill(
    plan: SyringePlan, size_ml: float, injected: Volume, limits: MixingLimits, knowledge: Knowledge
) -> _Fill | None:
    """Return the smallest fill of syringes of one size; each syringe more keeps one dead space more."""
    step, dead_space = limits.syringe_step.low, limits.dead_space.high
    for syringes in range(1, MOST_SYRINGES + 1):
        least = steps_at_least(injected.value + syringes * dead_space, step)
        most = round(size_ml / step) * syringes
        found = _draws(plan, least, most, knowledge) if least <= most else None
        if found is not None:
            return _Fill(size_ml, syringes, *found)
    return None


def _draws(plan: SyringePlan, least: int, most: int, knowledge: Knowledge) -> tuple[int, dict[str, int]] | None:
    diluted = [one for one in plan.ingredients if one.concentration is not None]
    undiluted = [one.presentation for one in plan.ingredients if one.concentration is None]
    share = np.array([_strength(one, knowledge) for one in diluted])
    found = smallest_draws(share, least, most, CONCENTRATION_TOLERANCE)
    if found is None:
        return None
    total, steps = found
    draws = {one.presentation: int(n) for one, n in zip(diluted, steps, strict=True)}
    rest = total - sum(draws.values())
    if rest == 0 and not undiluted:
        return total, draws
    base, _ = _base_and_water(plan, knowledge)
    fillers = undiluted or ([base] if base else [])
    if not fillers:
        raise CannotBeDrawn(f"{plan.title}: it has to be diluted and names no diluent")
    if rest < len(fillers):
        return None
    each, over = divmod(rest, len(fillers))
    return total, draws | {one: each + (index < over) for index, one in enumerate(fillers)}


def _with_water(plan: SyringePlan, fill: _Fill, limits: MixingLimits, knowledge: Knowledge) -> dict[str, int]:
    """Return the draws with as much diluent replaced by water as the osmolarity asks for."""
    base, water = _base_and_water(plan, knowledge)
    if base is None or water is None or not fill.draws.get(base):
        return fill.draws
    steps = _water_steps(base, water, fill, limits, knowledge)
    return fill.draws | {base: fill.draws[base] - steps, water: steps}


def _base_and_water(plan: SyringePlan, knowledge: Knowledge) -> tuple[str | None, str | None]:
    return base_and_water(plan.diluent, plan.ingredients, knowledge) if plan.diluent else (None, None)


def _water_steps(diluent: str, water: str, fill: _Fill, limits: MixingLimits, knowledge: Knowledge) -> int:
    """Return the steps of water; none where an osmolarity is not known, because there is nothing to aim with."""
    found = {one: stock_osmolarity(*knowledge.presentations[one]) for one in (*fill.draws, water)}
    known = {one: osmolarity for one, osmolarity in found.items() if osmolarity is not None}
    if len(known) < len(found):
        return 0
    own, of_water = known[diluent], known[water]
    low = sum(known[one].low * n for one, n in fill.draws.items() if one != diluent)
    high = sum(known[one].high * n for one, n in fill.draws.items() if one != diluent)
    room, target = fill.draws[diluent], limits.osmolarity_target
    steps = water_steps(
        (low, high), room, fill.total, (own.low, own.high), (of_water.low, of_water.high),
        target.high, limits.osmolarity_floor.low,
    )  # fmt: skip
    # A few hundredths of saline are not worth a third draw where water alone stays within the target.
    all_water = (low + room * of_water.low) / fill.total
    few = steps > 0 and room - steps < SMALLEST_SALINE_PART * fill.total
    return room if few and all_water >= target.low else steps
