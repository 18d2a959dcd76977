"""Doses of each compound over point, area, session, course and body weight, each beside its limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mesoplan.domain.case import Case
from mesoplan.domain.evaluation import Dose, LimitState, Measure
from mesoplan.domain.finding import Finding, Severity, Subject
from mesoplan.domain.plan import Plan, Preparation, ZonePlacement
from mesoplan.domain.quantities import Volume
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.compounds import Compound, CompoundRole, Limit
from mesoplan.planning.contents import amounts
from mesoplan.planning.findings import from_check

NEAR = 0.9


@dataclass(frozen=True)
class Exposure:
    """One compound in one placement: amount in a point, in the zone, on the area; None = cannot be computed."""

    compound: str
    placement: ZonePlacement
    per_point: float | None
    in_zone: float | None


def doses_of(plan: Plan, case: Case, knowledge: Knowledge) -> tuple[list[Dose], list[Finding]]:
    """Return every dose of a plan beside its limit, and what the limits say.

    Diluents are left out. Where no limit is known the dose stands alone and says so.
    """
    exposures = _exposures(plan, knowledge)
    doses: list[Dose] = []
    for compound_id in dict.fromkeys(exposure.compound for exposure in exposures):
        compound = knowledge.compounds[compound_id]
        own = [exposure for exposure in exposures if exposure.compound == compound_id]
        doses += _doses_of_compound(compound, own, plan, case, knowledge)
    findings = [finding for dose in doses for finding in _findings(dose, knowledge)]
    return doses, findings + _weight_findings(doses, case, knowledge) + _anaesthetic_sum(doses, knowledge)


def _exposures(plan: Plan, knowledge: Knowledge) -> list[Exposure]:
    by_id = {preparation.id: preparation for preparation in plan.preparations}
    found = []
    for placement in plan.placements:
        preparation = by_id[placement.preparation]
        for compound, share in _shares(preparation, placement.volume_per_point, knowledge).items():
            if knowledge.compounds[compound].role is CompoundRole.DILUENT:
                continue
            in_zone = None if share is None else share * len(placement.points)
            found.append(Exposure(compound, placement, share, in_zone))
    return found


def _shares(preparation: Preparation, volume: Volume, knowledge: Knowledge) -> dict[str, float | None]:
    return {
        compound: None if amount is None else amount.value
        for compound, amount in amounts(preparation, volume, knowledge).items()
    }


def _total(values: list[float | None]) -> float | None:
    """Return the sum, or None where one part is unknown: unknown is never zero."""
    return None if any(value is None for value in values) else sum(value for value in values if value is not None)


def _doses_of_compound(
    compound: Compound, exposures: list[Exposure], plan: Plan, case: Case, knowledge: Knowledge
) -> Iterator[Dose]:
    regions: set[str] = {knowledge.zones[exposure.placement.zone].region for exposure in exposures}
    session = _total([exposure.in_zone for exposure in exposures])
    per_point = [exposure.per_point for exposure in exposures]
    highest_point = None if None in per_point else max(value for value in per_point if value is not None)
    sessions = len(plan.schedule.sessions)
    unit = compound.amount_unit
    yield _dose(compound, Measure.POINT, highest_point, unit, regions)
    yield _area_dose(compound, exposures, regions)
    yield _dose(compound, Measure.SESSION, session, unit, regions)
    yield _dose(compound, Measure.COURSE, None if session is None else session * sessions, unit, regions)
    if any(limit.measure is Measure.BODY_WEIGHT for limit in compound.limits):
        weight = case.patient.weight
        per_kg = None if session is None or weight is None else session / weight.value
        yield _dose(compound, Measure.BODY_WEIGHT, per_kg, f"{unit}/kg", regions)
    if any(limit.measure is Measure.CONCENTRATION for limit in compound.limits):
        volumes = [exposure.placement.volume_per_point.value for exposure in exposures]
        strengths = [
            None if one is None else one / volume for one, volume in zip(per_point, volumes, strict=True) if volume > 0
        ]
        highest = None if None in strengths or not strengths else max(s for s in strengths if s is not None)
        yield _dose(compound, Measure.CONCENTRATION, highest, f"{unit}/mL", regions)
    if any(limit.measure is Measure.PUNCTURES for limit in compound.limits):
        count = float(sum(len(exposure.placement.points) for exposure in exposures))
        yield _dose(compound, Measure.PUNCTURES, count, "count", regions)


def _area_dose(compound: Compound, exposures: list[Exposure], regions: set[str]) -> Dose:
    """Return the dose on each cm² of the zone that gets most; placements of one zone add up."""
    zones = {exposure.placement.zone: exposure.placement.area.value for exposure in exposures}
    per_zone = {
        zone: _total([exposure.in_zone for exposure in exposures if exposure.placement.zone == zone]) for zone in zones
    }
    if any(amount is None for amount in per_zone.values()) or any(area <= 0 for area in zones.values()):
        return _dose(compound, Measure.AREA, None, f"{compound.amount_unit}/cm2", regions)
    densities = {zone: (amount or 0.0) / zones[zone] for zone, amount in per_zone.items()}
    zone = max(densities, key=lambda one: densities[one])
    return _dose(compound, Measure.AREA, densities[zone], f"{compound.amount_unit}/cm2", regions, zone)


def _applicable(compound: Compound, measure: Measure, unit: str, regions: set[str]) -> list[Limit]:
    limits = [
        limit
        for limit in compound.limits
        if limit.measure is measure and (not limit.regions or regions & set(limit.regions)) and limit.unit == unit
    ]
    return sorted(limits, key=lambda limit: limit.high)


def _dose(
    compound: Compound,
    measure: Measure,
    value: float | None,
    unit: str,
    regions: set[str],
    zone: str | None = None,
) -> Dose:
    """Return the dose beside the limit that matters: the highest one passed, else the lowest."""
    limits = _applicable(compound, measure, unit, regions)
    if not limits:
        state = LimitState.NOT_COMPUTABLE if value is None else LimitState.NO_LIMIT_KNOWN
        return Dose(compound=compound.id, measure=measure, value=value, unit=unit, limit=None,
                    limit_text="no limit known", state=state, zone=zone)  # fmt: skip
    passed = [limit for limit in limits if value is not None and value > limit.high * (1 + 1e-9)]
    limit = passed[-1] if passed else limits[0]
    reviewed = "reviewed" if limit.reviewed else "not yet reviewed"
    return Dose(
        compound=compound.id,
        measure=measure,
        value=value,
        unit=unit,
        limit=limit.high,
        limit_text=f"{limit.high:g} {unit} ({limit.basis.value}, {reviewed})",
        state=_state(value, limit, bool(passed)),
        limit_over=limit.over,
        basis=limit.basis.value,
        reviewed=limit.reviewed,
        sources=limit.sources,
        zone=zone,
    )


def _state(value: float | None, limit: Limit, passed: bool) -> LimitState:
    if value is None:
        return LimitState.NOT_COMPUTABLE
    if passed:
        return LimitState.OVER
    near = value >= NEAR * limit.high and limit.measure is not Measure.CONCENTRATION
    return LimitState.NEAR if near else LimitState.BELOW


_OVER_WHAT = {
    Measure.POINT: "in one point",
    Measure.AREA: "on each cm²",
    Measure.SESSION: "in one session",
    Measure.COURSE: "over the course",
    Measure.BODY_WEIGHT: "for each kg of body weight",
    Measure.CONCENTRATION: "as concentration",
    Measure.PUNCTURES: "points in one session",
}


def measure_text(measure: Measure) -> str:
    """Return "in one session" and the like."""
    return _OVER_WHAT[measure]


def _findings(dose: Dose, knowledge: Knowledge) -> Iterator[Finding]:
    name = knowledge.compounds[dose.compound].title
    subject = Subject(compound=dose.compound, zone=dose.zone)
    what = f"{name}, {measure_text(dose.measure)}"
    if dose.state is LimitState.OVER and dose.value is not None:
        yield from_check(
            knowledge, "dose-over-limit", f"{what}: {dose.value:.4g} {dose.unit} against a limit of {dose.limit_text}.",
            subject=subject, severity=Severity.WARN if dose.limit_over == "warn" else None, extra_sources=dose.sources,
        )  # fmt: skip
    elif dose.state is LimitState.NEAR and dose.value is not None:
        text = f"{what}: {dose.value:.4g} {dose.unit}, 90 % or more of {dose.limit_text}."
        yield from_check(knowledge, "dose-near-limit", text, subject=subject, extra_sources=dose.sources)
    elif dose.state is LimitState.NOT_COMPUTABLE and dose.limit is not None and dose.measure is not Measure.BODY_WEIGHT:
        text = f"{what}: cannot be computed, because a strength is not known; the limit is {dose.limit_text}."
        yield from_check(knowledge, "dose-not-computable", text, subject=subject, extra_sources=dose.sources)
    elif dose.state is LimitState.NO_LIMIT_KNOWN and dose.measure is Measure.SESSION:
        text = f"{what}: {dose.value:.4g} {dose.unit}. No published limit is known; judge by the sum."
        yield from_check(knowledge, "dose-no-limit-known", text, subject=subject)


def _weight_findings(doses: list[Dose], case: Case, knowledge: Knowledge) -> list[Finding]:
    if case.patient.weight is not None:
        return []
    return [
        from_check(
            knowledge, "dose-weight-missing",
            f"Enter the weight: a limit of {knowledge.compounds[dose.compound].title} needs it ({dose.limit_text}).",
            subject=Subject(compound=dose.compound), extra_sources=dose.sources,
        )
        for dose in doses
        if dose.measure is Measure.BODY_WEIGHT
    ]  # fmt: skip


def _anaesthetic_sum(doses: list[Dose], knowledge: Knowledge) -> list[Finding]:
    """Local anaesthetics add up: the fractions of their limits are summed."""
    shares = {
        dose.compound: dose.value / dose.limit
        for dose in doses
        if dose.measure is Measure.BODY_WEIGHT and dose.value is not None and dose.limit
        and "local-anaesthetic" in knowledge.compounds[dose.compound].families
    }  # fmt: skip
    if len(shares) < 2:
        return []
    total = sum(shares.values())
    names = ", ".join(f"{knowledge.compounds[one].title} {share:.0%}" for one, share in shares.items())
    text = f"Local anaesthetics together reach {total:.0%} of their limits ({names})."
    check = "dose-over-limit" if total > 1 else "dose-anaesthetic-sum"
    proposals_only = all(dose.limit_over == "warn" for dose in doses if dose.compound in shares and dose.limit)
    return [from_check(knowledge, check, text, warn_only=proposals_only)]
