"""Why a preparation is made up as it is: volume, syringes, concentrations, diluent, containers."""

from __future__ import annotations

from collections.abc import Iterator

from mesoplan.domain.plan import Preparation
from mesoplan.domain.proposal import Reason
from mesoplan.domain.quantities import Volume
from mesoplan.domain.writing import count_text, number_text, quantity_text, volume_text
from mesoplan.kernels.draw_volumes import steps_at_least
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.compounds import Presentation
from mesoplan.knowledge.schema.mixing import MixingLimits
from mesoplan.planning.contents import CONCENTRATION_TOLERANCE, Stock, mixing_limits, stocks_of
from mesoplan.planning.diluents import base_and_water
from mesoplan.planning.injectate import osmolarity_of
from mesoplan.planning.syringe_plans import SyringePlan


def why_made_up(
    plan: SyringePlan, preparation: Preparation, injected: Volume, knowledge: Knowledge
) -> tuple[Reason, ...]:
    """Return one sentence with sources for each choice that `make_up` made."""
    limits = mixing_limits(knowledge)
    return (
        *_volume(preparation, injected, limits),
        *_concentrations(plan, preparation, knowledge),
        *_diluent(plan, preparation, limits, knowledge),
        *_containers(preparation, knowledge),
    )


def _volume(preparation: Preparation, injected: Volume, limits: MixingLimits) -> Iterator[Reason]:
    syringes = count_text(preparation.syringes, "syringe", "syringes")
    dead_space = Volume(limits.dead_space.high)
    text = (
        f"{volume_text(preparation.volume())} is made for {volume_text(injected)} injected: "
        f"{volume_text(dead_space)} stays in each syringe, and this is the smallest volume whose parts are whole steps "
        f"of {quantity_text(limits.syringe_step.low, 'mL')}."
    )
    yield Reason(
        choice="volume",
        text=text,
        sources=tuple(dict.fromkeys((*limits.dead_space.sources, *limits.syringe_step.sources))),
    )
    size = quantity_text(preparation.syringe.value, "mL")
    text = f"{syringes} of {size}: the fewest whose graduation can dose a point."
    yield Reason(choice="syringe size", text=text, sources=limits.syringe_step.sources)


def _concentrations(plan: SyringePlan, preparation: Preparation, knowledge: Knowledge) -> Iterator[Reason]:
    drawn = {draw.presentation: draw.volume for draw in preparation.draws}
    for one in plan.ingredients:
        compound, presentation = knowledge.presentations[one.presentation]
        volume, wanted, strength = drawn[one.presentation], one.concentration, presentation.strength
        if wanted is None or strength is None:
            text = f"{compound.title} is drawn as supplied, not diluted."
            yield Reason(choice="concentration", text=text, sources=presentation.container.sources)
            continue
        reached = volume.value * strength.high / preparation.volume().value
        text = (
            f"{compound.title}: {volume_text(volume)} of {strength.written()} in {volume_text(preparation.volume())} "
            f"is {number_text(reached)} {wanted.unit} (wanted {wanted.written()}, never more, and less by "
            f"{CONCENTRATION_TOLERANCE:.0%} at most)."
        )
        yield Reason(choice="concentration", text=text, sources=(*wanted.sources, *strength.sources))


def _diluent(
    plan: SyringePlan, preparation: Preparation, limits: MixingLimits, knowledge: Knowledge
) -> Iterator[Reason]:
    """Yield why this diluent, from the osmolarity with and without the water that replaced it."""
    stocks = stocks_of(preparation, knowledge)
    volume_ml = sum(stock.volume_ml for stock in stocks if stock.is_diluent)
    if plan.diluent is None or volume_ml <= 0:
        return
    base, _ = base_and_water(plan.diluent, plan.ingredients, knowledge)
    compound, presentation = knowledge.presentations[base]
    others = tuple(stock for stock in stocks if not stock.is_diluent)
    before = osmolarity_of((*others, Stock(compound, presentation, volume_ml)))
    after = osmolarity_of(stocks)
    own_ml = sum(stock.volume_ml for stock in stocks if stock.presentation.id == base)
    if before.interval is None or after.interval is None:
        text = f"{presentation.title} makes up the volume. {before.note}"
        yield Reason(choice="diluent", text=text, sources=(*limits.osmolarity_target.sources, *before.sources))
        return
    water = next((one.compound.title for one in stocks if one.is_diluent and one.compound.id != compound.id), "")
    change = (before.interval.high, after.interval.high)
    text = _diluent_text(compound.title, water, change, own_ml / volume_ml, limits)
    sources = tuple(dict.fromkeys((*limits.osmolarity_target.sources, *after.sources)))
    yield Reason(choice="diluent", text=text, sources=sources)


def _diluent_text(name: str, water: str, mosm_l: tuple[float, float], own_part: float, limits: MixingLimits) -> str:
    (before, after), target, ceiling = mosm_l, limits.osmolarity_target, limits.osmolarity_ceiling
    if own_part >= 1:
        text = f"{name} makes up the volume, to {after:.0f} mosm/L (target {target.written()})."
    elif own_part <= 0:
        text = f"{water} makes up the volume, to {after:.0f} mosm/L; with {name} it would be {before:.0f}."
    else:
        text = f"{water} replaces part of {name}: {before:.0f} mosm/L become {after:.0f} (target {target.written()})."
    if after > ceiling.high:
        return f"{text} That is above {ceiling.written()}: a lower concentration or fewer ingredients are needed."
    return f"{text} No diluent brings it down to {target.written()}." if after > target.high else text


def _containers(preparation: Preparation, knowledge: Knowledge) -> Iterator[Reason]:
    """Yield how many containers are opened and what becomes of the rest."""
    for draw in preparation.draws:
        _, presentation = knowledge.presentations[draw.presentation]
        size = presentation.container.low
        opened = steps_at_least(draw.volume.value, size)
        rest = Volume(round(opened * size - draw.volume.value, 6))
        containers = count_text(opened, "container", "containers")
        text = f"{presentation.title}: {containers} of {quantity_text(size, 'mL')} opened; {_fate(presentation, rest)}"
        yield Reason(choice="containers", text=text, sources=presentation.container.sources)


def _fate(presentation: Presentation, rest: Volume) -> str:
    if rest.value <= 0:
        return "nothing is left."
    left = f"{volume_text(rest)} is left in the container"
    return {
        "yes": f"{left} and discarded (single dose).",
        "no": f"{left}; it is a multidose container, kept for this patient at most as its label says.",
        "not known": f"{left} and discarded, because nothing says that it may be kept.",
    }[presentation.single_dose]
