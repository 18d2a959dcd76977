"""The regimen of a protocol for one patient: its own scheme, what else was searched, and which of them is planned.

The protocol's own volume and spacing are what its trials gave, so they stay unless another regimen of the same
technique does as much with fewer punctures, or reaches what is wanted where they do not, and that can be told apart
over the same draws. Nothing chosen here gives more on a square centimetre than the protocol, nor much less: coverage is
relative to its own mean and would not notice (`RegimenLimits` of the knowledge base says how much).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf

from mesoplan.domain.exposure import Spread
from mesoplan.domain.proposal import Regimen as RegimenRow
from mesoplan.kernels.coverage_interval import Interval
from mesoplan.kernels.lattice_coverage import area_per_point_mm2
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.citation import Figure
from mesoplan.knowledge.schema.compounds import CompoundRole
from mesoplan.knowledge.schema.protocols import Protocol
from mesoplan.knowledge.schema.regimens import RegimenLimits
from mesoplan.planning.drop import skin_layers, solute_of
from mesoplan.planning.ideal_lattices import NotInTable
from mesoplan.planning.regimen_choice import choose, covers_more, front, interval_of_gain, reaches
from mesoplan.planning.regimen_search import MM2_PER_CM2, Bounds, Depth, Question, Regimen, SearchZone, regimens
from mesoplan.planning.syringe_plans import Recipe
from mesoplan.planning.zone_choice import ZoneChoice, volume_cap

VOLUME_STEP_ML = 0.01
SPACING_STEP_MM = 1.0
MOST_ROWS = 6
PERCENT = 100.0


@dataclass(frozen=True, eq=False)
class Searched:
    """What the search for a protocol's regimen gave.

    Attributes
    ----------
    own : Regimen
        The protocol's own scheme.
    chosen : Regimen
        The one to plan; the same object as `own` where that stays.
    front : tuple of Regimen
        Those that no other beats, fewest punctures first.
    tried : int
        How many kept to the bounds.
    question : Question
        What was searched.
    room : float
        Share of the protocol's own volume that the dose limits let pass, 1 where they let pass all of it.
    """

    own: Regimen
    chosen: Regimen
    front: tuple[Regimen, ...]
    tried: int
    question: Question
    room: float


@dataclass(frozen=True)
class NotSearched:
    """Why nothing was searched, as a clause."""

    because: str


def regimen_limits(knowledge: Knowledge) -> RegimenLimits:
    """Return the one set of limits of the search that the knowledge base holds."""
    (limits,) = knowledge.regimen_limits.values()
    return limits


def search_regimen(
    protocol: Protocol, choices: Sequence[ZoneChoice], recipe: Recipe, knowledge: Knowledge, room: float = 1.0
) -> Searched | NotSearched:
    """Return the regimen to plan for a protocol in the skin of some zones, with what it was chosen from.

    Parameters
    ----------
    protocol
        Gives the scheme that was tested, the technique whose ranges are searched, and the layer.
    choices
        The zones with their points and needle positions under the protocol's own scheme.
    recipe
        The syringes; their points are taken in turn.
    knowledge
        Compounds, technique, limits.
    room
        Share of the protocol's own volume that every dose limit lets pass.
    """
    try:
        solutes, zones = _solutes(recipe, knowledge), _zones(choices, protocol.spacing.low)
    except ValueError as refusal:
        return NotSearched(str(refusal))
    question = _question(protocol, choices, solutes, zones, len(recipe.syringes), knowledge)
    try:
        (own,) = regimens(_own(question, protocol))
    except NotInTable as refusal:
        return NotSearched(str(refusal))
    limits = regimen_limits(knowledge)
    dose = _ml_per_cm2(own) * room
    bounds = Bounds(most_ml_per_cm2=dose, most_punctures=own.punctures * _share(limits.most_punctures))
    found = regimens(replace(question, bounds=bounds))
    enough = [one for one in found if _ml_per_cm2(one) >= dose * _share(limits.least_dose) * (1 - 1e-9)]
    wanted = _share(limits.coverage_wanted)
    chosen = choose(own, enough, wanted) if room >= 1 else _within_limits(own, enough, wanted)
    return Searched(own, chosen, tuple(front(found)), len(found), question, room)


def _share(figure: Figure) -> float:
    return figure.high / PERCENT


def _ml_per_cm2(one: Regimen) -> float:
    return one.volume_ml / float(area_per_point_mm2(one.spacing_mm, one.pattern)) * MM2_PER_CM2


def _within_limits(own: Regimen, others: Sequence[Regimen], wanted: float) -> Regimen:
    """Where the own scheme passes a dose limit: fewest punctures of those that reach what is wanted; where none does,
    of those that cannot be told apart from the one that covers most. The own scheme where there is none at all."""
    if not others:
        return own
    most = max(others, key=lambda one: one.coverage.middle)
    reaching = [one for one in others if reaches(one, wanted)]
    alike = reaching or [one for one in others if not covers_more(one, most)]
    return min(alike, key=lambda one: (one.punctures, -one.coverage.middle))


def _question(
    protocol: Protocol,
    choices: Sequence[ZoneChoice],
    solutes: tuple[str, ...],
    zones: tuple[SearchZone, ...],
    syringes: int,
    knowledge: Knowledge,
) -> Question:
    technique = knowledge.techniques[protocol.technique]
    volume, spacing = technique.volume_per_point, technique.spacing
    most = _most_volume(protocol, choices, volume, knowledge)
    return Question(
        target=protocol.target,
        zones=zones,
        solutes=solutes,
        volumes_ml=_steps(volume, protocol.volume_per_point.high, VOLUME_STEP_ML, most),
        spacings_mm=_steps(spacing, protocol.spacing.low, SPACING_STEP_MM),
        syringes=syringes,
    )


def _own(question: Question, protocol: Protocol) -> Question:
    return replace(question, volumes_ml=(protocol.volume_per_point.high,), spacings_mm=(protocol.spacing.low,))


def _zones(choices: Sequence[ZoneChoice], spacing_mm: float) -> tuple[SearchZone, ...]:
    """Zones as the lattice at this spacing fills them; raises ValueError where skin is not thicker than epidermis."""
    own = float(area_per_point_mm2(spacing_mm, "triangular")) / MM2_PER_CM2
    found = []
    for choice in choices:
        position, area = choice.position, choice.placed.area.value
        depth = Depth(position.angle.value, position.inserted.value, position.depth_mm, position.odds.target or 0.0)
        filled = min(len(choice.points) * own / area, 1.0)
        if choice.points:
            found.append(SearchZone(area, skin_layers(choice.skin), (depth,), volume_cap(choice.zone), filled))
    return tuple(found)


def _solutes(recipe: Recipe, knowledge: Knowledge) -> tuple[str, ...]:
    """What spreads; raises ValueError where that cannot be told of one of the compounds, or there is none."""
    compounds = dict.fromkeys(one.compound for syringe in recipe.syringes for one in syringe.ingredients)
    active = [one for one in compounds if knowledge.compounds[one].role is not CompoundRole.DILUENT]
    if not active:
        raise ValueError("nothing in it is more than a diluent")
    return tuple(dict.fromkeys(solute_of(one, knowledge) for one in active))


def _most_volume(
    protocol: Protocol, choices: Sequence[ZoneChoice], published: Figure | None, knowledge: Knowledge
) -> float:
    """Most in a point that may be chosen [mL]; the protocol's own volume always may."""
    own = protocol.volume_per_point.high
    most = own if published is None else published.high
    if any(choice.zone.region in ("face", "neck") for choice in choices):
        most = min(most, regimen_limits(knowledge).most_volume_face.high)
    return max(most, own)


def _steps(published: Figure | None, own: float, step: float, most: float = inf) -> tuple[float, ...]:
    """What is tried: the technique's range in steps, and the protocol's own value."""
    if published is None:
        return (own,)
    count = int((min(published.high, most) - published.low) / step + 1e-9)
    tried = (round(published.low + index * step, 3) for index in range(count + 1))
    return tuple(sorted({own, *(one for one in tried if one > 0)}))


def rows_of(searched: Searched, punctures: int, planned: tuple[float, float, int]) -> tuple[RegimenRow, ...]:
    """Return the trade-offs as a proposal shows them, most covered first, then fewest punctures.

    Shown are the protocol's own scheme, the one that is planned, and of the front the cheapest of each ten per cent of
    coverage that saves punctures against those before it, down to half of what the own scheme covers. `punctures` are
    those of the own scheme in the patient's zones; those of the others follow from the area that a point has to itself.
    `planned` is volume, spacing and points of the plan.
    """
    scale = punctures / searched.own.punctures
    held = replace(searched.question, volumes_ml=planned[:1], spacings_mm=planned[1:2], bounds=Bounds())
    (plan,) = regimens(held)
    shown = {_key(one): one for one in (plan, searched.chosen, searched.own)}
    for one in _by_tens(searched):
        if len(shown) < MOST_ROWS:
            shown.setdefault(_key(one), one)
    ordered = sorted(shown.values(), key=lambda one: (-one.percent, one.costs))
    return tuple(
        RegimenRow(
            volume_ml=one.volume_ml,
            spacing_mm=one.spacing_mm,
            punctures=planned[2] if _key(one) == planned[:2] else round(one.punctures * scale),
            injected_ml=round(one.injected_ml * scale, 2),
            coverage=_spread(one.coverage),
            target_chance=round(one.chance, 4),
            is_protocol=one is searched.own,
            is_planned=_key(one) == planned[:2],
            gained=_spread(interval_of_gain(plan, one)),
            differs=covers_more(plan, one) or covers_more(one, plan),
        )
        for one in ordered
    )


def _by_tens(searched: Searched) -> Iterator[Regimen]:
    """Yield the cheapest of each ten per cent covered, the greatest first, each with fewer punctures than before."""
    tens, fewest = 11, inf
    worth = [one for one in searched.front if 2 * one.percent >= searched.own.percent]
    for one in sorted(worth, key=lambda found: (-(found.percent // 10), found.costs)):
        if one.percent // 10 < tens and one.punctures < fewest:
            tens, fewest = one.percent // 10, one.punctures
            yield one


def _key(one: Regimen) -> tuple[float, float]:
    return one.volume_ml, one.spacing_mm


def _spread(found: Interval) -> Spread:
    """To the whole per cent that the table is good for."""
    return Spread(low=round(found.low, 2), middle=round(found.middle, 2), high=round(found.high, 2))
