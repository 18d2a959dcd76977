"""Which diluent makes up the volume: saline first, water only to bring a strong mixture down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mesoplan.domain.evaluation import PairVerdict
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.compounds import Compound, CompoundRole
from mesoplan.knowledge.schema.protocols import Ingredient
from mesoplan.planning.contents import mixing_limits
from mesoplan.planning.injectate import StockOsmolarity, stock_osmolarity
from mesoplan.planning.pairs import pair_result


def base_and_water(named: str, ingredients: Sequence[Ingredient], knowledge: Knowledge) -> tuple[str, str | None]:
    """Return the presentations that make up the volume and that replace a part of it where it is too strong.

    Parameters
    ----------
    named : str
        Presentation that the protocol names. It is kept, unless it is the water itself: a protocol names water for a
        concentrated mixture, and a part of that mixture in water alone may lie under the floor.
    ingredients : sequence of Ingredient
    knowledge : Knowledge

    Returns
    -------
    base : str
        The diluent to begin with, within the osmolarity target where there is one.
    water : str or None
        The one of lowest osmolarity, None where no other diluent is lower than the base.
    """
    target = mixing_limits(knowledge).osmolarity_target
    known = dict(_diluents(ingredients, knowledge))
    if not known:
        return named, None
    water = min(known, key=lambda one: (known[one].high, one))
    isotonic = [one for one in known if target.low <= known[one].low and known[one].high <= target.high]
    base = min(isotonic) if named == water and isotonic else named
    lower = base in known and known[water].high < known[base].low
    return base, water if lower else None


def _diluents(ingredients: Sequence[Ingredient], knowledge: Knowledge) -> Iterator[tuple[str, StockOsmolarity]]:
    for compound, presentation in knowledge.presentations.values():
        if compound.role is CompoundRole.DILUENT and not _refused(compound, ingredients, knowledge):
            osmolarity = stock_osmolarity(compound, presentation)
            if osmolarity is not None:
                yield presentation.id, osmolarity


def _refused(diluent: Compound, ingredients: Sequence[Ingredient], knowledge: Knowledge) -> bool:
    return any(
        pair_result(knowledge.compounds[one.compound], diluent, knowledge).verdict is PairVerdict.INCOMPATIBLE
        for one in ingredients
    )
