"""A cellulite plan with two syringes, of a case without a name; its figures are made up."""

from __future__ import annotations

from datetime import date
from typing import Any

from mesoplan.documents.sheet import SheetHeader, SheetMap
from tests.documents.example_sheets import Sheet, dose, draft_header, every, finding, landing, placement, sheet_of


def cellulite(header: SheetHeader | None = None, maps: tuple[SheetMap, ...] | None = None) -> Sheet:
    """Return a cellulite plan: two syringes, four body zones, ten sessions, doses near and over a limit."""
    case = {
        "id": "okafor-2026",
        "as_of": "2026-11-23",
        "start": "2026-12-01",
        "patient": {"sex": "female", "birth_date": "1991-07-02", "weight": "71.5 kg", "phototype": "V"},
        "goals": [{"aim": "cellulite", "zones": ["thigh-right", "thigh-left", "buttock-right", "buttock-left"]}],
        "areas": {"thigh-right": "220 cm2"},
    }
    body: dict[str, Any] = {
        "area_source": "measured",
        "needle": "30g-13",
        "angle": "45 deg",
        "inserted": "4 mm",
        "volume_per_point": "0.10 mL",
        "spacing": "20 mm",
    }
    zones = [
        ("thigh-right", 220.0, 34),
        ("thigh-left", 220.0, 34),
        ("buttock-right", 180.0, 28),
        ("buttock-left", 180.0, 28),
    ]
    placements, first = [], 1
    for name, area, count in zones:
        placements.append(placement(name, area, first, count, **{**body, "preparation": "caffeine"}))
        first += count
    numbing = {**body, "preparation": "lidocaine", "volume_per_point": "0.05 mL", "spacing": "40 mm"}
    placements += [
        placement(name, area, first + 20 * index, 8, **numbing) for index, (name, area, _) in enumerate(zones)
    ]
    plan = {
        "case": "okafor-2026",
        "goal": "cellulite",
        "protocol": "caffeine-body",
        "title": "Caffeine, thighs and buttocks",
        "preparations": [
            {
                "id": "caffeine",
                "title": "Caffeine 20 mg/mL in saline",
                "syringe": "5 mL",
                "syringes": 3,
                "draws": [
                    {"presentation": "caffeine-50-2", "volume": "5.20 mL"},
                    {"presentation": "nacl-09-10", "volume": "7.80 mL"},
                ],
            },
            {
                "id": "lidocaine",
                "title": "Lidocaine 10 mg/mL, undiluted",
                "syringe": "2 mL",
                "syringes": 1,
                "draws": [{"presentation": "lidocaine-10-5", "volume": "1.80 mL"}],
            },
        ],
        "placements": placements,
        "schedule": {"sessions": every(date(2026, 12, 1), 7, 10), "review_on": "2027-01-05"},
        "note": "Syringe A in rows from the knee upwards, syringe B before it.",
    }
    both = [
        {**one, "zone": name, "preparation": preparation}
        for name, _, _ in zones
        for preparation in ("caffeine", "lidocaine")
        for one in [
            landing(
                name,
                2.83,
                [2.1, 3.5],
                [1.6, 2.6] if "thigh" in name else None,
                skin_from="all-studies" if "thigh" in name else "unknown",
                landing="subdermal" if "thigh" in name else "not_assessable",
            )
        ]
    ]
    evaluation = {
        "case": "okafor-2026",
        "rules_read": 214,
        "knowledge_release": "2026.11",
        "knowledge_sha256": "9f2c" * 16,
        "engine": "mesoplan 0.1.0",
        "burden": {
            "punctures_per_session": 156,
            "sessions": 10,
            "punctures_in_course": 1560,
            "weeks": 9,
            "injected_ml_per_session": 14,
        },
        "findings": [
            finding(
                "cellulite-evidence",
                "The half-side trial of the thigh was negative; no trial shows a lasting gain.",
                ["S127"],
            ),
            finding(
                "caffeine-dose",
                "Caffeine 248 mg in one session against a limit of 200 mg; a case of intoxication is on record.",
                ["S133"],
                subject={"compound": "caffeine"},
            ),
        ],
        "doses": [
            dose("caffeine", "point", 2.0, "mg", None),
            dose("caffeine", "area", 0.31, "mg/cm2", None, zone="thigh-right"),
            dose("caffeine", "session", 248, "mg", 200, sources=["S133"]),
            dose("caffeine", "course", 2480, "mg", None),
            dose("lidocaine", "point", 0.5, "mg", None),
            dose("lidocaine", "session", 16, "mg", 300, sources=["S73"]),
            dose("lidocaine", "body_weight", 0.224, "mg/kg", 4.5, sources=["S73"]),
            dose("lidocaine", "course", 160, "mg", None),
            dose("lidocaine", "concentration", 9.5, "mg/mL", 10, sources=["S73"]),
            {**dose("lidocaine", "area", None, "mg/cm2", None), "state": "not_computable"},
        ],
        "mixtures": [
            {
                "preparation": "caffeine",
                "made_ml": 13,
                "injected_ml": 12.4,
                "discarded_ml": 0.6,
                "syringes": 3,
                "concentrations": [{"compound": "caffeine", "value": 20, "unit": "mg/mL"}],
                "osmolarity": None,
                "osmolarity_note": "the caffeine salt is not named on the ampoule",
                "ph": None,
                "ph_note": "",
                "pairs": [],
                "use_within_h": 1,
                "sources": ["proposal"],
            },
            {
                "preparation": "lidocaine",
                "made_ml": 1.8,
                "injected_ml": 1.6,
                "discarded_ml": 0.2,
                "syringes": 1,
                "concentrations": [{"compound": "lidocaine", "value": 10, "unit": "mg/mL"}],
                "osmolarity": {"low": 290, "high": 310, "unit": "mosm/L"},
                "osmolarity_note": "",
                "use_within_h": 1,
                "ph": {"low": 5.0, "high": 7.0, "unit": "pH"},
                "ph_note": "",
                "pairs": [],
                "sources": ["S73"],
            },
        ],
        "landings": both,
    }
    why = [("Two syringes", "A local anaesthetic in the same syringe stops the lipolysis that is wanted.", ["S127"])]
    header = header or draft_header(patient=None)
    return sheet_of(plan, case, evaluation, why, header, maps)
