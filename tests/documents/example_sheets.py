"""What the example sheets are built from: arguments of a sheet, and short ways to write findings, doses, zones."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

from mesoplan.documents.sheet import PatientLabel, SheetHeader, SheetMap, Signature
from mesoplan.domain.case import Case
from mesoplan.domain.evaluation import Evaluation
from mesoplan.domain.plan import Plan
from mesoplan.domain.proposal import Reason
from mesoplan.knowledge.base import Knowledge
from tests.documents.example_knowledge import RULES, knowledge


@dataclass(frozen=True)
class Sheet:
    """All arguments of one plan sheet."""

    plan: Plan
    case: Case
    evaluation: Evaluation
    knowledge: Knowledge
    header: SheetHeader
    maps: tuple[SheetMap, ...]
    why: tuple[Reason, ...] = field(default=())

    def arguments(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def finding(code: str, text: str, sources: list[str], **more: Any) -> dict[str, Any]:
    severity = next(one[2] for one in RULES if one[0] == code)
    return {"code": code, "rule": code, "severity": severity, "text": text, "sources": sources, **more}


def dose(
    compound_id: str, measure: str, value: float | None, unit: str, limit: float | None, **more: Any
) -> dict[str, Any]:
    share = value / limit if limit and value is not None else None
    state = "no_limit_known" if share is None else "over" if share > 1 else "near" if share >= 0.9 else "below"
    basis = {"basis": "proposal", "sources": ["proposal"]} if limit else {}
    return {
        "compound": compound_id,
        "measure": measure,
        "value": value,
        "unit": unit,
        "limit": limit,
        "limit_text": "as given",
        "state": state,
        **basis,
        **more,
    }


def placement(zone_id: str, area: float, first: int, count: int, **more: Any) -> dict[str, Any]:
    values = {
        "preparation": "txa",
        "area_source": "template-scaled",
        "technique": "papule",
        "needle": "30g-4",
        "angle": "15 deg",
        "inserted": "3 mm",
        "volume_per_point": "0.04 mL",
        "spacing": "10 mm",
    }
    points = [
        {"id": str(number), "at": {"triangle": number, "weights": [0.2, 0.3, 0.5]}}
        for number in range(first, first + count)
    ]
    return {"zone": zone_id, "area": {"value": area, "unit": "cm2"}, "points": points, **values, **more}


def landing(
    zone_id: str, depth: float, depth_range: list[float], skin: list[float] | None, **more: Any
) -> dict[str, Any]:
    values = {"preparation": "txa", "skin_from": "sex-and-age", "landing": "dermal", "target": "dermis"}
    return {
        "zone": zone_id,
        "depth_mm": depth,
        "depth_range_mm": depth_range,
        "epidermis_mm": [0.05, 0.2],
        "skin_mm": skin,
        "sources": ["S31", "S24"],
        **values,
        **more,
    }


def every(first: date, days: int, count: int) -> list[str]:
    return [(first + timedelta(days=days * index)).isoformat() for index in range(count)]


def signed_header(**more: Any) -> SheetHeader:
    values: dict[str, Any] = {
        "clinic": "Clinique du Lac, Annecy",
        "patient": PatientLabel(name="Camille Lefèvre", birth_date=date(1985, 3, 14), record_number="A-20417"),
        "status": "signed",
        "revision": 5,
        "content_sha256": "3b1e77c09a" * 6 + "f00d",
        "signature": Signature(
            printed_name="Dr A. Moreau",
            role="Dermatologist",
            signed_at=datetime(2026, 11, 23, 14, 40, tzinfo=timezone(timedelta(hours=1))),
            meaning="I have examined this patient, I have read the findings, and I order this course.",
        ),
        "printed_at": "23 Nov 2026 14:41",
    }
    return SheetHeader(**{**values, **more})


def draft_header(**more: Any) -> SheetHeader:
    return signed_header(**{"status": "draft", "signature": None, "revision": 4, **more})


SMALL_MAP = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 140 180"><ellipse cx="70" cy="90" rx="66" ry="86" '
    'fill="none" stroke="#333"/><circle cx="70" cy="60" r="3"/><text x="76" y="63" font-size="8">1</text></svg>'
)


def sheet_of(
    plan: Any,
    case: Any,
    evaluation: Any,
    why: list[tuple[str, str, list[str]]],
    header: SheetHeader,
    maps: tuple[SheetMap, ...] | None,
) -> Sheet:
    return Sheet(
        plan=Plan.model_validate(plan),
        case=Case.model_validate(case),
        evaluation=Evaluation.model_validate(evaluation),
        knowledge=knowledge(),
        header=header,
        maps=maps if maps is not None else (SheetMap(title="Face from the front", svg=SMALL_MAP, width_mm=140),),
        why=tuple(Reason(choice=choice, text=text, sources=tuple(sources)) for choice, text, sources in why),
    )
