"""What is wrong with the points: too close, outside their zone, over a danger structure, too much for a face."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mesoplan.domain.case import Case
from mesoplan.domain.finding import Finding, Severity, Subject
from mesoplan.domain.plan import OnMesh, Plan, ZonePlacement
from mesoplan.domain.writing import count_text, length_text
from mesoplan.kernels.depth import tip_depth_mm
from mesoplan.kernels.mesh import distance_to_segments_mm
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.zones import DangerStructure
from mesoplan.planning.contents import compounds_in
from mesoplan.planning.findings import from_check
from mesoplan.planning.kept_clear import inside_of
from mesoplan.planning.placement import Over, nearest_mm, outside_zone, positions_mm, structures_under


def placement_findings(
    plan: Plan, case: Case, knowledge: Knowledge, over: Sequence[Over] | None = None
) -> Iterator[Finding]:
    """Yield everything that is wrong with where the points lie.

    `over` is what `structures_under` says of each placement, for a caller that has asked it already.
    """
    under = [structures_under(one, case, knowledge) for one in plan.placements] if over is None else over
    beside = {(one.zone, one.preparation): found for one, found in zip(plan.placements, under, strict=True)}
    for placement in plan.placements:
        yield from _face_volume(placement, knowledge)
        yield from _outside(placement, case, knowledge)
        yield from _in_kept_clear(placement, plan, case, knowledge)
    for zone in dict.fromkeys(placement.zone for placement in plan.placements):
        own = [placement for placement in plan.placements if placement.zone == zone]
        yield from _danger(own, plan, beside, knowledge)
        yield from _spacing(own, case, knowledge)
    yield from _across_drawn_edges(plan, case, knowledge)
    yield from _burden(plan, knowledge)


def _subject(placement: ZonePlacement, points: tuple[str, ...] = ()) -> Subject:
    return Subject(zone=placement.zone, preparation=placement.preparation, points=points)


def _face_volume(placement: ZonePlacement, knowledge: Knowledge) -> Iterator[Finding]:
    limit = knowledge.checks["volume-face-point"].value
    if not isinstance(limit, int | float) or knowledge.zones[placement.zone].region not in ("face", "neck"):
        return
    if placement.volume_per_point.value > limit * (1 + 1e-9):
        text = f"{placement.volume_per_point.value:g} mL in a point; on face and neck the most is {limit:g} mL."
        yield from_check(knowledge, "volume-face-point", text, subject=_subject(placement))


def _outside(placement: ZonePlacement, case: Case, knowledge: Knowledge) -> Iterator[Finding]:
    points = outside_zone(placement, case, knowledge)
    if points:
        title = knowledge.zones[placement.zone].title
        text = f"{count_text(len(points), 'point lies', 'points lie')} outside {title}: {', '.join(points[:12])}."
        yield from_check(knowledge, "point-outside-zone", text, subject=_subject(placement, points))


def _in_kept_clear(placement: ZonePlacement, plan: Plan, case: Case, knowledge: Knowledge) -> Iterator[Finding]:
    for marked in plan.kept_clear:
        inside = inside_of(marked, placement.zone, placement.points, case).tolist()
        points = tuple(point.id for point, one in zip(placement.points, inside, strict=True) if one)
        if points:
            told = count_text(len(points), "point lies", "points lie")
            text = (
                f"{knowledge.zones[placement.zone].title}: {told} nearer than {length_text(marked.radius)} to a place "
                f"that is kept clear: {', '.join(points[:12])}."
            )
            yield from_check(knowledge, "point-in-kept-clear", text, subject=_subject(placement, points))


def _danger(
    placements: list[ZonePlacement], plan: Plan, beside: Mapping[tuple[str, str], Over], knowledge: Knowledge
) -> Iterator[Finding]:
    """Yield a finding for each structure that a tip may reach in one zone, and one note on those that lie deeper."""
    deeper: dict[DangerStructure, tuple[str, ...]] = {}
    for placement in placements:
        depth = _depth(placement)
        families = _families(placement, plan, knowledge)
        for structure_id, points in beside[placement.zone, placement.preparation].items():
            structure = knowledge.danger_structures[structure_id]
            banned = sorted(families & set(structure.blocks_families))
            if banned or (structure.ceiling is not None and depth > structure.ceiling.high):
                yield _reached(structure, points, depth, banned, placement, knowledge)
            elif structure.ceiling is not None:
                deeper[structure] = (*deeper.get(structure, ()), *points)
    if deeper:
        yield _all_deeper(deeper, placements, knowledge)


def _depth(placement: ZonePlacement) -> float:
    return tip_depth_mm(placement.angle.value, placement.inserted.value)


def _families(placement: ZonePlacement, plan: Plan, knowledge: Knowledge) -> set[str]:
    (preparation,) = (one for one in plan.preparations if one.id == placement.preparation)
    return {family for compound in compounds_in(preparation, knowledge) for family in compound.families}


def _reached(
    structure: DangerStructure,
    points: tuple[str, ...],
    depth: float,
    banned: list[str],
    placement: ZonePlacement,
    knowledge: Knowledge,
) -> Finding:
    where = f"{count_text(len(points), 'point lies', 'points lie')} over: {structure.title}."
    ceiling = structure.ceiling
    if banned or ceiling is None:
        text = f"{where} No {', '.join(banned)} compound is injected there. {structure.location[0].text}"
        severity = None
    else:
        text = f"{where} The tip at {depth:.1f} mm passes the ceiling of {ceiling.high:g} mm there."
        severity = Severity.WARN if structure.over == "warn" else None
    return from_check(
        knowledge,
        "point-in-danger-zone",
        text,
        subject=_subject(placement, points),
        severity=severity,
        extra_sources=_sources(structure),
    )


def _all_deeper(
    deeper: dict[DangerStructure, tuple[str, ...]], placements: list[ZonePlacement], knowledge: Knowledge
) -> Finding:
    depth = max(_depth(placement) for placement in placements)
    rows = [
        f"{structure.title} ({count_text(len(points), 'point', 'points')}, ceiling {structure.ceiling.high:g} mm)"
        for structure, points in deeper.items()
        if structure.ceiling is not None
    ]
    zone = placements[0].zone
    text = f"{knowledge.zones[zone].title}: the tip at {depth:.1f} mm stays above {'; '.join(rows)}."
    points = tuple(dict.fromkeys(point for ids in deeper.values() for point in ids))
    sources = tuple(source for structure in deeper for source in _sources(structure))
    only = placements[0].preparation if len(placements) == 1 else None
    return from_check(
        knowledge,
        "point-in-danger-zone",
        text,
        subject=Subject(zone=zone, preparation=only, points=points),
        severity=Severity.INFO,
        extra_sources=sources,
    )


def _sources(structure: DangerStructure) -> tuple[str, ...]:
    return (*structure.reach.sources, *(structure.ceiling.sources if structure.ceiling else ()))


def _spacing(placements: list[ZonePlacement], case: Case, knowledge: Knowledge) -> Iterator[Finding]:
    """Neighbours of one zone, whichever syringe they come from, keep 60 % of the plan's spacing."""
    ratio = _least_share(knowledge)
    if ratio is None:
        return
    wanted = _wanted_mm(placements)
    distances = nearest_mm(placements, case, knowledge)
    close = {point: distance for point, distance in distances.items() if distance < ratio * wanted}
    if close:
        least = min(close.values())
        text = (
            f"{count_text(len(close), 'point has', 'points have')} a neighbour nearer than {ratio:.0%} of the spacing "
            f"(nearest {least:.1f} mm, spacing {wanted:.1f} mm)."
        )
        subject = Subject(zone=placements[0].zone, points=tuple(close))
        yield from_check(knowledge, "point-too-close", text, subject=subject)


def _least_share(knowledge: Knowledge) -> float | None:
    share = knowledge.checks["point-too-close"].value
    if not isinstance(share, int | float):
        return None
    return share / 100 if share > 1 else share


def _wanted_mm(placements: list[ZonePlacement]) -> float:
    return float(min(placement.spacing.value for placement in placements) / len(placements) ** 0.5)


def _across_drawn_edges(plan: Plan, case: Case, knowledge: Knowledge) -> Iterator[Finding]:
    """Zones of the template do not overlap; one that was drawn may, so its points are held against all others too."""
    ratio = _least_share(knowledge)
    on_face = [one for one in plan.placements if one.points and isinstance(one.points[0].at, OnMesh)]
    drawn = dict.fromkeys(one.zone for one in on_face if one.outline is not None)
    if ratio is None:
        return
    seen: set[frozenset[str]] = set()
    for zone in drawn:
        own = [one for one in on_face if one.zone == zone]
        for other in dict.fromkeys(one.zone for one in on_face if one.zone != zone):
            pair = frozenset((zone, other))
            if pair not in seen:
                seen.add(pair)
                theirs = [one for one in on_face if one.zone == other]
                yield from _too_near(own, theirs, ratio, case, knowledge)


def _too_near(
    own: list[ZonePlacement], theirs: list[ZonePlacement], ratio: float, case: Case, knowledge: Knowledge
) -> Iterator[Finding]:
    points = [point for one in own for point in one.points]
    here = positions_mm(points, case)
    there = positions_mm([point for one in theirs for point in one.points], case)
    wanted = min(_wanted_mm(own), _wanted_mm(theirs))
    apart = distance_to_segments_mm(here, there, there)
    close = tuple(point.id for point, near in zip(points, (apart < ratio * wanted).tolist(), strict=True) if near)
    if close:
        titles = [knowledge.zones[one[0].zone].title for one in (own, theirs)]
        text = (
            f"{titles[0]}: {count_text(len(close), 'point lies', 'points lie')} nearer to points of {titles[1]} than "
            f"{ratio:.0%} of the spacing (nearest {apart.min():.1f} mm, spacing {wanted:.1f} mm)."
        )
        yield from_check(knowledge, "point-too-close", text, subject=Subject(zone=own[0].zone, points=close))


def _burden(plan: Plan, knowledge: Knowledge) -> Iterator[Finding]:
    punctures = plan.punctures()
    many, change = knowledge.checks["points-many"], knowledge.checks["needle-change"]
    if isinstance(many.value, int | float) and punctures > many.value:
        text = f"{punctures} punctures in one session; over {many.value:g} several needles and more time are needed."
        yield from_check(knowledge, many.id, text)
    if isinstance(change.value, tuple) and punctures > change.value[0]:
        needles = -(-punctures // int(change.value[0]))
        text = (
            f"{punctures} punctures: change the needle every {change.value[0]:g} to {change.value[1]:g}, "
            f"so have {needles} needles ready."
        )
        yield from_check(knowledge, change.id, text)
