"""Why a proposal has its volume and spacing: the protocol's own scheme, what was searched, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator

from mesoplan.domain.proposal import Reason
from mesoplan.domain.writing import count_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.protocols import Protocol
from mesoplan.planning.landing_words import percent_text
from mesoplan.planning.protocol_regimen import NotSearched, Searched, regimen_limits
from mesoplan.planning.regimen_choice import covers_more, covers_no_less, interval_of_gain, reaches
from mesoplan.planning.regimen_search import Regimen

CHOICE = "coverage"
WHAT_COVERAGE_IS = (
    "Coverage is the part of the layer that gets at least half of its mean exposure: how evenly it is reached, not how "
    "much is given nor what that does. It predicts no effect. It is read off lattices without edges, in the part of "
    "the zones that the points fill, as middle and 90 % interval over the stated ranges of diffusion, clearance and "
    "porosity; the coverage of the plan itself is worked out on its points."
)


def regimen_reasons(
    found: Searched | NotSearched, protocol: Protocol, planned: int, knowledge: Knowledge
) -> Iterator[Reason]:
    """Yield the reasons of volume and spacing; `planned` are the points of the protocol's own scheme here."""
    limits = regimen_limits(knowledge)
    own = (*protocol.volume_per_point.sources, *protocol.spacing.sources)
    rules = (*limits.coverage_wanted.sources, *limits.most_punctures.sources, *limits.least_dose.sources)
    if isinstance(found, NotSearched):
        text = f"No other volume or spacing was searched, and the protocol's own stay: {found.because}."
        yield Reason(choice=CHOICE, text=text, sources=tuple(dict.fromkeys(own)))
        return
    scale = planned / found.own.punctures
    layer = protocol.target.replace("-", " ")
    text = (
        f"The protocol's own scheme, {_scheme(found.own)}, covers {_coverage(found.own)} of the {layer} "
        f"here{_in_turn(found)}: its points fill {_percent(found.own.filled)} of the zones, edges and what is kept "
        f"clear left out. The chance that a drop ends in that layer is {percent_text(found.own.chance)}."
    )
    yield Reason(choice=CHOICE, text=text, sources=tuple(dict.fromkeys(own)))
    text = _choice(found, scale, limits.coverage_wanted.high / 100)
    yield Reason(choice=CHOICE, text=text, sources=tuple(dict.fromkeys((*own, *rules))))
    yield Reason(choice=CHOICE, text=WHAT_COVERAGE_IS, sources=limits.coverage_wanted.sources)


def _in_turn(found: Searched) -> str:
    count = found.question.syringes
    return "" if count < 2 else f", for each compound in its one point of {count}"


def _choice(found: Searched, scale: float, wanted: float) -> str:
    searched = _searched(found)
    if found.chosen is found.own:
        return f"{_why_kept(found, wanted)} {searched}"
    changed = f"{_scheme(found.chosen)} instead, {_coverage(found.chosen)}: {trade_off(found.own, found.chosen, scale)}"
    if found.room < 1:
        why = (
            "The own scheme would pass a dose limit; of what the limits let pass this needs fewest punctures of "
            "those that cover what is wanted or, where none does, that cannot be told from the most even one."
        )
    elif covers_no_less(found.own, found.chosen):
        why = "It covers no less with fewer punctures at the same dose on each cm²."
    else:
        why = f"It reaches the {_percent(wanted)} wanted, which the own scheme does not, with the fewest punctures."
    return f"{changed}. {why} {searched}"


def _why_kept(found: Searched, wanted: float) -> str:
    if found.room < 1:
        return "No regimen of the technique's published ranges keeps within the dose limits."
    aimed = f"the {_percent(wanted)} wanted of what its points fill"
    if reaches(found.own, wanted):
        return f"It is kept: it reaches {aimed}, and no other covers as much with fewer punctures."
    return f"It is kept, as what was tested: it misses {aimed}, and none that reaches it can be told apart from it."


def _searched(found: Searched) -> str:
    volumes, spacings = found.question.volumes_ml, found.question.spacings_mm
    return (
        f"Searched: {count_text(found.tried, 'regimen', 'regimens')} of {volumes[0]:g} to {volumes[-1]:g} mL and "
        f"{spacings[0]:g} to {spacings[-1]:g} mm, at no more on each cm² than the protocol gives."
    )


def _percent(share: float) -> str:
    return f"{round(100 * share)} %"


def _scheme(one: Regimen) -> str:
    return f"{one.volume_ml:.2f} mL at {one.spacing_mm:g} mm"


def _coverage(one: Regimen) -> str:
    low, middle, high = (round(100 * value) for value in (one.coverage.low, one.coverage.middle, one.coverage.high))
    return f"{middle} % ({low}–{high})"


def trade_off(first: Regimen, second: Regimen, scale: float) -> str:
    """Return in words what a second regimen costs and gains against a first; `scale` as in `rows_of`."""
    more = round((second.punctures - first.punctures) * scale)
    volume = (second.injected_ml - first.injected_ml) * scale
    gained = interval_of_gain(first, second)
    points = round(100 * gained.middle)
    told = covers_more(first, second) or covers_more(second, first)
    said = "told apart over the same draws" if told else "cannot be told apart over the same draws"
    punctures = f"{count_text(abs(more), 'puncture', 'punctures')} {'more' if more > 0 else 'fewer'}"
    return (
        f"{punctures if more else 'as many punctures'}, {volume:+.2f} mL and {points:+d} points of coverage "
        f"({round(100 * gained.low):+d} to {round(100 * gained.high):+d}; {said})"
    )
