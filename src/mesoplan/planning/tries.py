"""What may be tried about a finding: one undoable change, and the figure that it would bring. A try never says "do".

A position is the one that `landing.choose_needle_position` gives for this skin below every ceiling there, with its
chance of the layer that is aimed at; a volume is
the most that the cap of the zone lets pass; a date is the first on which a wait is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from mesoplan.domain.case import Case
from mesoplan.domain.edits import Operation, SetValue, SwapDate, ZoneScope
from mesoplan.domain.finding import Finding, Severity
from mesoplan.domain.plan import Plan, ZonePlacement
from mesoplan.domain.quantities import Volume
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.depth_findings import depth_findings
from mesoplan.planning.landing import NeedleChoice, choose_needle_position, hand, landing_of, most_past_ceiling
from mesoplan.planning.placement import structures_under
from mesoplan.planning.placement_findings import placement_findings
from mesoplan.planning.skin import skin_of
from mesoplan.planning.zone_choice import ceiling_of, lowest_ceiling, volume_cap

DEPTH_CODES = frozenset(
    {"depth-outside-target", "depth-cap-zone", "depth-ceiling-chance", "depth-face-deep", "point-in-danger-zone"}
)
VOLUME_CODES = frozenset({"volume-cap-zone", "volume-face-point"})
MOST_LATER_DAYS = 365


@dataclass(frozen=True)
class Try:
    """One change: its operations, and the position, volume or day that it would give."""

    ops: tuple[Operation, ...]
    position: NeedleChoice | None = None
    volume: Volume | None = None
    day: date | None = None


def tries(finding: Finding, plan: Plan, case: Case, knowledge: Knowledge) -> tuple[Try, ...]:
    """Return what may be tried about one finding of a plan; empty where nothing is known to settle it."""
    if finding.severity is Severity.INFO:
        return ()
    if finding.until is not None:
        return tuple(_later(finding.until, plan))
    placement = _placement(finding, plan)
    if placement is None:
        return ()
    if finding.code in DEPTH_CODES:
        return tuple(_position(finding, placement, plan, case, knowledge))
    if finding.code in VOLUME_CODES:
        return tuple(_volume(placement, knowledge))
    return ()


def _placement(finding: Finding, plan: Plan) -> ZonePlacement | None:
    about = finding.subject
    own = [one for one in plan.placements if one.zone == about.zone]
    return next((one for one in own if about.preparation in (None, one.preparation)), None)


def _later(until: date, plan: Plan) -> Iterator[Try]:
    first = plan.schedule.sessions[0]
    if first < until and (until - first).days <= MOST_LATER_DAYS:
        yield Try((SwapDate(session=1, to=until.isoformat(), later_too=True),), day=until)


def _position(
    finding: Finding, placement: ZonePlacement, plan: Plan, case: Case, knowledge: Knowledge
) -> Iterator[Try]:
    if plan.protocol is None:
        return  # by hand: no layer is aimed at
    protocol = knowledge.protocols[plan.protocol]
    zone = knowledge.zones[placement.zone]
    ceilings = [ceiling_of(one, knowledge) for one in structures_under(placement, case, knowledge)]
    try:
        choice = choose_needle_position(
            skin=skin_of(case, zone, plan.schedule.sessions[0], knowledge),
            target=protocol.target,
            technique=knowledge.techniques[placement.technique],
            needle=knowledge.needles[placement.needle],
            tolerance=hand(knowledge, placement.technique),
            ceiling_mm=lowest_ceiling(zone, [one for one in ceilings if one is not None], knowledge),
            most_past_ceiling=most_past_ceiling(knowledge),
        )
    except ValueError:
        return  # no position of this needle stays above the ceiling: nothing to try
    there = placement.model_copy(update={"angle": choice.angle, "inserted": choice.inserted})
    if finding.code in _codes_of(there, plan, case, knowledge):
        return  # what stands there is not a question of depth, or no depth settles it
    scope = ZoneScope(zone=placement.zone, preparation=placement.preparation)
    ops: list[Operation] = []
    if choice.angle != placement.angle:
        ops.append(SetValue(scope=scope, field="angle", value=float(choice.angle.value), unit="deg"))
    if choice.inserted != placement.inserted:
        ops.append(SetValue(scope=scope, field="inserted", value=float(choice.inserted.value), unit="mm"))
    yield Try(tuple(ops), position=choice)


def _codes_of(placement: ZonePlacement, plan: Plan, case: Case, knowledge: Knowledge) -> set[str]:
    """The codes of what stands against one placement, but for notes."""
    target = knowledge.protocols[plan.protocol].target if plan.protocol else None
    landing = landing_of(placement, case, knowledge, target, plan.schedule.sessions[0])
    alone = plan.model_copy(update={"placements": (placement,)})
    found = [*depth_findings(placement, landing, knowledge), *placement_findings(alone, case, knowledge)]
    return {one.code for one in found if one.severity is not Severity.INFO}


def _volume(placement: ZonePlacement, knowledge: Knowledge) -> Iterator[Try]:
    zone, face = knowledge.zones[placement.zone], knowledge.checks["volume-face-point"].value
    most = volume_cap(zone)
    if zone.region in ("face", "neck") and isinstance(face, int | float):
        most = min(most, float(face))
    if most < placement.volume_per_point.value:
        scope = ZoneScope(zone=placement.zone, preparation=placement.preparation)
        yield Try((SetValue(scope=scope, field="volume_per_point", value=float(most), unit="mL"),), volume=Volume(most))
