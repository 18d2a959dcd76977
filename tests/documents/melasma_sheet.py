"""A melasma plan as a clinic would print it; its figures are made up."""

from __future__ import annotations

from datetime import date

from mesoplan.documents.sheet import SheetHeader, SheetMap
from tests.documents.example_sheets import Sheet, dose, every, finding, landing, placement, sheet_of, signed_header

LIKELY = {"epidermis": 0.012, "dermis": 0.846, "fat": 0.142, "target": 0.61}
"""The chances of a cheek; the other zones are as evaluations were kept before there were chances."""


def melasma(header: SheetHeader | None = None, maps: tuple[SheetMap, ...] | None = None) -> Sheet:
    """Return a melasma plan: four zones, 49 points, six sessions, eight findings."""
    case = {
        "id": "lefevre-2026",
        "as_of": "2026-11-23",
        "start": "2026-11-30",
        "jurisdiction": "fr",
        "patient": {
            "sex": "female",
            "birth_date": "1985-03-14",
            "weight": "62 kg",
            "phototype": "III",
            "face_width": "138 mm",
        },
        "goals": [{"aim": "melasma", "zones": ["malar-right", "malar-left", "forehead", "chin"]}],
        "answers": {"pregnancy": "no"},
        "allergies": [{"id": "penicillin", "on": "2009-05-01"}],
    }
    plan = {
        "case": "lefevre-2026",
        "goal": "melasma",
        "protocol": "txa-4",
        "title": "Tranexamic acid 4 mg/mL, four facial zones",
        "preparations": [
            {
                "id": "txa",
                "title": "Tranexamic acid 4 mg/mL in saline",
                "syringe": "1 mL",
                "syringes": 3,
                "draws": [
                    {"presentation": "txa-100-5", "volume": "0.10 mL"},
                    {"presentation": "nacl-09-10", "volume": "2.40 mL"},
                ],
            }
        ],
        "placements": [
            placement("malar-right", 19.2, 1, 11),
            placement("malar-left", 18.7, 12, 9),
            placement("forehead", 35.4, 21, 25),
            placement("chin", 8.9, 46, 4, inserted="2.5 mm", angle="20 deg"),
        ],
        "schedule": {
            "sessions": every(date(2026, 11, 30), 14, 6),
            "score_on": ["2027-01-25", "2027-03-08"],
            "first_judged_on": "2027-01-25",
            "review_on": "2027-01-11",
        },
        "overrides": [
            {
                "rule": "clot-history",
                "reason": "Superficial thrombophlebitis after a cannula in 2011, not a deep clot; "
                "discussed with her haematologist on 18 Nov 2026.",
            }
        ],
    }
    evaluation = {
        "case": "lefevre-2026",
        "rules_read": 214,
        "knowledge_release": "2026.11",
        "knowledge_sha256": "9f2c" * 16,
        "engine": "mesoplan 0.1.0",
        "burden": {
            "punctures_per_session": 49,
            "sessions": 6,
            "punctures_in_course": 294,
            "weeks": 10,
            "injected_ml_per_session": 1.96,
        },
        "findings": [
            finding(
                "clot-history",
                "A clot in the history: tranexamic acid is blocked by its label.",
                ["S73"],
                override="dermatologist",
                subject={"compound": "tranexamic-acid"},
            ),
            finding(
                "peel-14-days",
                "Peel on 16 Nov 2026: 14 days have to pass before the first session.",
                ["house"],
                until="2026-11-30",
            ),
            finding(
                "txa-combined-pill",
                "The label warns of clots with combined hormonal contraception. Change it or give a reason.",
                ["S73"],
                subject={"compound": "tranexamic-acid"},
            ),
            finding(
                "depth-below-dermis",
                "The tip lies at 0.8 mm (0.6–1.0); where the skin is thinnest, 0.9 mm, part of a drop can end in fat.",
                ["S31", "S24"],
                subject={"zone": "chin"},
            ),
            finding(
                "txa-evidence-conflicts",
                "One meta-analysis found no gain for this route, another ranked it first.",
                ["S115", "S116"],
            ),
            finding(
                "photoprotection",
                "Sunscreen against visible light through the course; without it relapse is frequent.",
                ["house"],
            ),
            finding(
                "off-label-duty",
                "Intradermal use is off label: the patient is told so and it is written down.",
                ["S31"],
            ),
            finding(
                "foramen-near",
                "Two points lie within 10 mm of the infraorbital foramen; ceiling 2.0 mm.",
                ["S31"],
                subject={"zone": "malar-right", "points": ["4", "9"]},
            ),
        ],
        "doses": [
            dose("tranexamic-acid", "point", 0.16, "mg", 0.5),
            dose("tranexamic-acid", "area", 0.11, "mg/cm2", None, zone="forehead"),
            dose("tranexamic-acid", "session", 7.84, "mg", 20),
            dose("tranexamic-acid", "course", 47.04, "mg", None),
            dose("tranexamic-acid", "body_weight", 0.126, "mg/kg", None),
            dose("tranexamic-acid", "concentration", 4, "mg/mL", 4.2),
        ],
        "mixtures": [
            {
                "preparation": "txa",
                "made_ml": 2.5,
                "injected_ml": 1.96,
                "discarded_ml": 0.54,
                "syringes": 3,
                "concentrations": [{"compound": "tranexamic-acid", "value": 4.0, "unit": "mg/mL"}],
                "osmolarity": {"low": 296, "high": 322, "unit": "mosm/L"},
                "osmolarity_note": "",
                "ph": {"low": 6.5, "high": 8.0, "unit": "pH"},
                "ph_note": "of the ampoule; the mixture was not measured",
                "pairs": [
                    {
                        "a": "tranexamic-acid",
                        "b": "sodium-chloride",
                        "verdict": "compatible",
                        "rule": "txa-nacl",
                        "text": "The label names sodium chloride 0.9 % as a diluent.",
                        "sources": ["S73"],
                    }
                ],
                "use_within_h": 1,
                "sources": ["S73"],
            }
        ],
        "landings": [
            landing("malar-right", 0.78, [0.53, 1.06], [1.2, 1.9], chances=LIKELY),
            landing("malar-left", 0.78, [0.53, 1.06], [1.2, 1.9], chances=LIKELY),
            landing("forehead", 0.78, [0.53, 1.06], [1.1, 1.8]),
            landing("chin", 0.86, [0.6, 1.14], [0.9, 1.7], landing="dermal_or_subdermal"),
        ],
    }
    why = [
        (
            "Tranexamic acid",
            "It blocks plasmin in keratinocytes and lowers what melanocytes are told; its trials are the largest here.",
            ["S116"],
        ),
        ("4 mg/mL", "The concentration that most trials used; 100 mg/mL would sting and is far above.", ["S108"]),
        (
            "15° and 3.0 mm",
            "The computed tip at 0.8 mm stays in the dermis at the thin end of her age group.",
            ["S24", "S31"],
        ),
        ("0.04 mL, 10 mm apart", "A papule of that volume spreads over some 8 mm; closer points overlap.", ["S108"]),
        ("Every 14 days", "The lower bound of the protocol; six sessions fit before summer light.", ["S108"]),
        ("Look again after 3", "Trials that gained showed it by week 8.", ["S108"]),
    ]
    return sheet_of(plan, case, evaluation, why, header or signed_header(), maps)
