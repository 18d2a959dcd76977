"""What the computed depth means: target layer, ceilings of the zone, the face's limit, the needle's own length."""

from __future__ import annotations

from collections.abc import Iterator

from mesoplan.domain.evaluation import CeilingChance, CeilingKind, Landing
from mesoplan.domain.finding import Finding, Severity, Subject
from mesoplan.domain.plan import ZonePlacement
from mesoplan.domain.writing import range_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.findings import from_check
from mesoplan.planning.landing import CEILING_CHANCE, share_of
from mesoplan.planning.landing_words import layers_text, percent_text
from mesoplan.planning.placement import zones_of


def depth_findings(placement: ZonePlacement, landing: Landing, knowledge: Knowledge) -> Iterator[Finding]:
    """Yield everything that is wrong with the depth in one zone."""
    subject = Subject(zone=placement.zone, preparation=placement.preparation)
    yield from _needle(placement, knowledge, subject)
    yield from _target(placement, landing, knowledge, subject)
    yield from _face_limit(placement, landing, knowledge, subject)
    for zone in zones_of(placement):
        yield from _zone_caps(zone, placement, landing, knowledge, subject)
    yield from _often_passed(placement, landing, knowledge, subject)


def position_text(placement: ZonePlacement, landing: Landing) -> str:
    """Return "At 15° x 2.0 mm the tip lies at 0.5 mm (0.3-0.9)"."""
    low, high = landing.depth_range_mm
    return (
        f"At {placement.angle.value:g}° and {placement.inserted.value:g} mm inserted the tip lies "
        f"{landing.depth_mm:.1f} mm deep ({low:.1f}–{high:.1f})"
    )


def _needle(placement: ZonePlacement, knowledge: Knowledge, subject: Subject) -> Iterator[Finding]:
    needle = knowledge.needles[placement.needle]
    if placement.inserted.value > needle.length.high:
        text = f"{placement.inserted.value:g} mm inserted, but {needle.title} is {needle.length.high:g} mm long."
        yield from_check(
            knowledge, "depth-needle-too-short", text, subject=subject, extra_sources=needle.length.sources
        )


def _target(placement: ZonePlacement, landing: Landing, knowledge: Knowledge, subject: Subject) -> Iterator[Finding]:
    if landing.chances is None:
        yield from_check(knowledge, "depth-not-assessable", "No skin thickness is known here.", subject=subject)
        return
    chances, title = landing.chances, knowledge.zones[placement.zone].title
    if chances.target is None:
        check, short = "depth-not-assessable", max(chances.epidermis, chances.dermis, chances.fat)
        said = f"{title}: {layers_text(chances)}, so the layer cannot be told."
    else:
        check, short = "depth-outside-target", chances.target
        layer = (landing.target or "").replace("-", " ")
        said = f"{title}: {percent_text(short)} of drops reach the {layer} that is aimed at; {layers_text(chances)}."
    if short < share_of(knowledge, check):
        text = f"{said} {position_text(placement, landing)}{_skin_text(landing)}."
        yield from_check(knowledge, check, text, subject=subject, extra_sources=landing.sources)


def _skin_text(landing: Landing) -> str:
    if landing.skin_mm is None:
        return ""
    return f"; the skin here is {range_text(*landing.skin_mm, 'mm', decimals=1)} thick"


def _often_passed(
    placement: ZonePlacement, landing: Landing, knowledge: Knowledge, subject: Subject
) -> Iterator[Finding]:
    """Yield one finding on all ceilings that the intended depth keeps and the hand does not."""
    most = share_of(knowledge, CEILING_CHANCE)
    passed = [one for one in landing.ceilings if landing.depth_mm <= one.ceiling_mm and one.chance > most]
    if not passed:
        return
    said = "; ".join(_passed_text(one, knowledge) for one in passed)
    text = f"{knowledge.zones[placement.zone].title}: {said}. {position_text(placement, landing)}."
    everywhere = any(not one.points for one in passed)
    points = () if everywhere else tuple(dict.fromkeys(point for one in passed for point in one.points))
    sources = tuple(source for one in passed for source in _sources(one, knowledge))
    about = subject.model_copy(update={"points": points})
    yield from_check(knowledge, CEILING_CHANCE, text, subject=about, extra_sources=sources)


def _passed_text(one: CeilingChance, knowledge: Knowledge) -> str:
    where = f" at {_points_text(one.points)}" if one.points else ""
    if one.kind is CeilingKind.STRUCTURE:
        by = f"over: {knowledge.danger_structures[one.set_by].title}"
    else:
        by = "the ceiling of " + ("the face" if one.kind is CeilingKind.FACE else knowledge.zones[one.set_by].title)
    return f"{percent_text(one.chance)} of drops{where} pass {one.ceiling_mm:g} mm, {by}"


def _points_text(points: tuple[str, ...]) -> str:
    named = ", ".join(points[:12]) + (f" and {len(points) - 12} more" if len(points) > 12 else "")
    return f"point {named}" if len(points) == 1 else f"points {named}"


def _sources(one: CeilingChance, knowledge: Knowledge) -> tuple[str, ...]:
    if one.kind is CeilingKind.STRUCTURE:
        ceiling = knowledge.danger_structures[one.set_by].ceiling
        return ceiling.sources if ceiling else ()
    if one.kind is CeilingKind.FACE:
        return knowledge.checks[one.set_by].sources
    return tuple(source for cap in knowledge.zones[one.set_by].caps if cap.what == "depth" for source in cap.sources)


def _face_limit(
    placement: ZonePlacement, landing: Landing, knowledge: Knowledge, subject: Subject
) -> Iterator[Finding]:
    check = knowledge.checks["depth-face-deep"]
    limit = check.value
    if not isinstance(limit, int | float) or knowledge.zones[placement.zone].region not in ("face", "neck"):
        return
    if landing.depth_mm > limit:
        text = f"{position_text(placement, landing)}; on the face no tip goes deeper than {limit:g} mm."
        yield from_check(knowledge, check.id, text, subject=subject, extra_sources=landing.sources)


def _zone_caps(
    zone_id: str, placement: ZonePlacement, landing: Landing, knowledge: Knowledge, subject: Subject
) -> Iterator[Finding]:
    zone = knowledge.zones[zone_id]
    for cap in zone.caps:
        severity = Severity.WARN if cap.over == "warn" else None
        if cap.what == "depth" and landing.depth_mm > cap.high:
            text = f"{zone.title}: {position_text(placement, landing)}; the ceiling here is {cap.high:g} mm. {cap.text}"
            yield from_check(
                knowledge,
                "depth-cap-zone",
                text,
                subject=subject,
                severity=severity,
                extra_sources=cap.sources,
            )
        if cap.what == "volume-per-point" and placement.volume_per_point.value > cap.high * (1 + 1e-9):
            given = placement.volume_per_point.value
            text = f"{zone.title}: {given:g} mL in a point; the most here is {cap.high:g} mL. {cap.text}"
            yield from_check(
                knowledge,
                "volume-cap-zone",
                text,
                subject=subject,
                severity=severity,
                extra_sources=cap.sources,
            )
