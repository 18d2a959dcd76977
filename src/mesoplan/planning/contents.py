"""What a preparation holds: compounds, their amounts in a volume, their final concentrations."""

from __future__ import annotations

from dataclasses import dataclass

from mesoplan.domain.evaluation import CompoundConcentration
from mesoplan.domain.plan import Preparation
from mesoplan.domain.quantities import Volume
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.compounds import Compound, CompoundRole, Presentation
from mesoplan.knowledge.schema.mixing import MixingLimits

CONCENTRATION_TOLERANCE = 0.01
"""How far rounding to the syringe's step may leave a concentration short of the wanted one; never above it."""

NOT_ACTIVE = (CompoundRole.DILUENT, CompoundRole.BUFFER)


@dataclass(frozen=True)
class Amount:
    """An amount of one compound in the unit in which its dose is counted: mg, U or mL."""

    value: float
    unit: str


@dataclass(frozen=True)
class Stock:
    """One draw with what is known of it."""

    compound: Compound
    presentation: Presentation
    volume_ml: float

    @property
    def is_diluent(self) -> bool:
        """Return whether it only makes up the volume."""
        return self.compound.role is CompoundRole.DILUENT


def mixing_limits(knowledge: Knowledge) -> MixingLimits:
    """Return the one set of physical limits that the knowledge base holds."""
    (limits,) = knowledge.mixing_limits.values()
    return limits


def stocks_of(preparation: Preparation, knowledge: Knowledge) -> tuple[Stock, ...]:
    """Return the draws of a preparation with compound and presentation."""
    return tuple(Stock(*knowledge.presentations[draw.presentation], draw.volume.value) for draw in preparation.draws)


def compounds_in(preparation: Preparation, knowledge: Knowledge) -> tuple[Compound, ...]:
    """Return the compounds of a preparation in the order of its draws, diluents too, each once."""
    by_id = {stock.compound.id: stock.compound for stock in stocks_of(preparation, knowledge)}
    return tuple(by_id.values())


def actives_in(preparation: Preparation, knowledge: Knowledge) -> tuple[Compound, ...]:
    """Return the compounds that count as actives: neither diluent nor buffer."""
    return tuple(one for one in compounds_in(preparation, knowledge) if one.role not in NOT_ACTIVE)


def amounts(preparation: Preparation, volume: Volume, knowledge: Knowledge) -> dict[str, Amount | None]:
    """Return what a volume of the preparation holds of each compound.

    Parameters
    ----------
    preparation : Preparation
    volume : Volume
        A point's, a zone's or a session's volume.
    knowledge : Knowledge

    Returns
    -------
    dict of str to Amount or None
        By compound id; None where a stock's strength is not known in the unit of the dose. A strength given
        as a range counts with its upper bound, because amounts are set against upper limits.
    """
    made_ml = preparation.volume().value
    held: dict[str, Amount | None] = {}
    for stock in stocks_of(preparation, knowledge):
        unit = stock.compound.amount_unit
        strength = 1.0 if unit == "mL" else _strength(stock.presentation, f"{unit}/mL")
        before = held.get(stock.compound.id, Amount(0.0, unit))
        if strength is None or before is None or made_ml <= 0:
            held[stock.compound.id] = None
        else:
            share = stock.volume_ml / made_ml * volume.value
            held[stock.compound.id] = Amount(before.value + share * strength, unit)
    return held


def _strength(presentation: Presentation, unit: str) -> float | None:
    strength = presentation.strength
    return strength.high if strength is not None and strength.unit == unit else None


def concentrations(preparation: Preparation, knowledge: Knowledge) -> tuple[CompoundConcentration, ...]:
    """Return the final concentration of each compound but diluents; None where a strength is not known."""
    made_ml = preparation.volume().value
    stocks = stocks_of(preparation, knowledge)
    found = []
    for compound in compounds_in(preparation, knowledge):
        if compound.role is CompoundRole.DILUENT:
            continue
        own = [stock for stock in stocks if stock.compound.id == compound.id]
        unit = _concentration_unit(compound, own)
        known = [(s, stock.volume_ml) for stock in own if (s := _strength(stock.presentation, unit)) is not None]
        complete = len(known) == len(own) and made_ml > 0
        value = sum(strength * volume for strength, volume in known) / made_ml if complete else None
        found.append(CompoundConcentration(compound=compound.id, value=value, unit=unit))
    return tuple(found)


def _concentration_unit(compound: Compound, own: list[Stock]) -> str:
    """Return the unit of the stocks' strength; where none is known, the unit of the dose in 1 mL."""
    units = [stock.presentation.strength.unit for stock in own if stock.presentation.strength is not None]
    return units[0] if units else f"{compound.amount_unit}/mL"
