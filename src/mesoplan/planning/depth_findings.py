"""What the computed depth means: target layer, ceilings of the zone, the face's limit, the needle's own length."""

from __future__ import annotations

from collections.abc import Iterator

from mesoplan.domain.evaluation import Landing, LandingClass
from mesoplan.domain.finding import Finding, Severity, Subject
from mesoplan.domain.plan import ZonePlacement
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.findings import from_check
from mesoplan.planning.placement import zones_of


def depth_findings(placement: ZonePlacement, landing: Landing, knowledge: Knowledge) -> Iterator[Finding]:
    """Yield everything that is wrong with the depth in one zone."""
    subject = Subject(zone=placement.zone, preparation=placement.preparation)
    yield from _needle(placement, knowledge, subject)
    yield from _target(placement, landing, knowledge, subject)
    yield from _face_limit(placement, landing, knowledge, subject)
    for zone in zones_of(placement):
        yield from _zone_caps(zone, placement, landing, knowledge, subject)


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
    if landing.skin_mm is None:
        yield from_check(knowledge, "depth-not-assessable", "No skin thickness is known here.", subject=subject)
        return
    thin, thick = landing.skin_mm
    skin = f"the skin here is {thin:.1f}–{thick:.1f} mm thick"
    title = knowledge.zones[placement.zone].title
    if landing.target is None and landing.landing is LandingClass.DERMAL_OR_SUBDERMAL:
        text = f"{title}: {position_text(placement, landing)}; {skin}, so dermis and fat cannot be told apart."
        yield from_check(knowledge, "depth-not-assessable", text, subject=subject, extra_sources=landing.sources)
    if landing.target == "subcutis" and landing.depth_mm < thick:
        text = f"{title}: {position_text(placement, landing)}; {skin}, so it may still lie in the dermis."
        yield from_check(knowledge, "depth-outside-target", text, subject=subject, extra_sources=landing.sources)
    elif landing.target not in (None, "subcutis") and landing.landing is LandingClass.SUBDERMAL:
        text = f"{title}: {position_text(placement, landing)}; {skin}: the drop lies in the fat, not in the dermis."
        yield from_check(knowledge, "depth-outside-target", text, subject=subject, extra_sources=landing.sources)
    elif landing.target not in (None, "subcutis") and landing.depth_mm > thin:
        text = f"{title}: {position_text(placement, landing)}; {skin}: where it is thin the drop lies in the fat."
        yield from_check(knowledge, "depth-outside-target", text, subject=subject, extra_sources=landing.sources)


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
