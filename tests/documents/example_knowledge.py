"""A knowledge base small enough to read here. Its figures are made up."""

from __future__ import annotations

from typing import Any

from mesoplan.knowledge.base import Knowledge, Shelf
from mesoplan.knowledge.kinds import KINDS, READ_WHEN_ASKED

LABEL = {"basis": "label", "seen": "seen", "sources": ["S73"], "review": "not yet reviewed"}
TRIAL = {"basis": "trial", "seen": "seen", "sources": ["S115"], "review": "not yet reviewed"}
RECALLED = {"basis": "practice", "seen": "recalled", "sources": ["house"], "review": "not yet reviewed"}
REVIEWED = {"basis": "review", "seen": "seen", "sources": ["S31"], "review": {"by": "Dr A. Moreau", "on": "2026-11-02"}}
PROPOSAL = {"basis": "proposal", "seen": "recalled", "sources": ["proposal"], "review": "not yet reviewed"}


def figure(value: Any, unit: str, cited: dict[str, Any] = TRIAL) -> dict[str, Any]:
    return {"value": value, "unit": unit, **cited}


def source(source_id: str, title: str, **more: Any) -> dict[str, Any]:
    return {"id": source_id, "title": title, "kind": "paper", "quality": "B", "read": "abstract", **more}


SOURCES = [
    source(
        "S31",
        "Facial skin thickness by high-frequency ultrasound in healthy adults",
        doi="10.1111/srt.12345",
        year=2020,
    ),
    source(
        "S24", "Angle, inserted length and depth of intradermal injection", url="https://example.org/depth", year=2019
    ),
    source(
        "S73",
        "Cyklokapron, US prescribing information",
        kind="label",
        quality="A",
        read="label section",
        url="https://example.org/label/tranexamic-acid",
        year=2024,
    ),
    source(
        "S115",
        "Intradermal tranexamic acid for melasma: a meta-analysis of 28 randomised trials",
        kind="review",
        quality="A",
        doi="10.1000/melasma.28",
        year=2023,
    ),
    source(
        "S116",
        "Routes of tranexamic acid in melasma: a network meta-analysis",
        kind="review",
        quality="A",
        doi="10.1000/melasma.17",
        year=2022,
    ),
    source(
        "S127",
        "Mesotherapy of the thigh against no treatment: a randomised half-side trial",
        doi="10.1000/thigh.rct",
        year=2010,
    ),
    source("S133", "Caffeine intoxication after mesotherapy: a case report", doi="10.1000/caffeine", year=2014),
    source("S108", "Micro-injections of tranexamic acid, 4 mg/mL, weekly", doi="10.1000/txa.4", year=2006),
    source("house", "Mesoplan formulary draft, November 2026", kind="house", quality="C", read="not read"),
    source("proposal", "Mesoplan proposals, November 2026", kind="house", quality="C", read="not read"),
]


def presentation(name: str, title: str, strength: float | None, volume: float) -> dict[str, Any]:
    return {
        "id": name,
        "title": title,
        "strength": None if strength is None else figure(strength, "mg/mL", LABEL),
        "container": figure(volume, "mL", LABEL),
    }


def compound(name: str, title: str, presentations: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    status = {"fr": {"status": "unlicensed", "text": "No product is licensed for this route.", **RECALLED}}
    return {
        "id": name,
        "title": title,
        "abbreviation": name[:3].upper(),
        "group": "as the label says",
        "amount_unit": "mg",
        "presentations": presentations,
        "routes": [{"text": "Intravenous.", **LABEL}],
        "status": status,
        **more,
    }


COMPOUNDS = [
    compound(
        "tranexamic-acid",
        "Tranexamic acid",
        [presentation("txa-100-5", "Tranexamic acid 100 mg/mL, ampoule 5 mL", 100, 5)],
    ),
    compound(
        "sodium-chloride",
        "Sodium chloride 0.9 %",
        [presentation("nacl-09-10", "Sodium chloride 0.9 %, ampoule 10 mL", 9, 10)],
        role="diluent",
    ),
    compound("caffeine", "Caffeine", [presentation("caffeine-50-2", "Caffeine 50 mg/mL, ampoule 2 mL", 50, 2)]),
    compound(
        "lidocaine",
        "Lidocaine",
        [presentation("lidocaine-10-5", "Lidocaine 10 mg/mL, ampoule 5 mL", 10, 5)],
        role="anaesthetic",
    ),
]


def zone(name: str, title: str, region: str, side: str) -> dict[str, Any]:
    surface = "mesh" if region == "face" else "patch"
    return {
        "id": name,
        "title": title,
        "region": region,
        "side": side,
        "surface": surface,
        "skin_bounds": figure([0.8, 2.0], "mm", REVIEWED),
    }


ZONES = [
    zone("malar-right", "Malar, right", "face", "right"),
    zone("malar-left", "Malar, left", "face", "left"),
    zone("forehead", "Forehead", "face", "middle"),
    zone("chin", "Chin", "face", "middle"),
    zone("thigh-right", "Thigh, outer side, right", "body", "right"),
    zone("thigh-left", "Thigh, outer side, left", "body", "left"),
    zone("buttock-right", "Buttock, right", "body", "right"),
    zone("buttock-left", "Buttock, left", "body", "left"),
]

RULES: list[tuple[str, str, str, dict[str, Any]]] = [
    ("peel-14-days", "Two weeks after a peel", "wait", RECALLED),
    ("txa-combined-pill", "Tranexamic acid with a combined pill", "warn", LABEL),
    ("txa-evidence-conflicts", "Trials of this route conflict", "info", TRIAL),
    ("photoprotection", "Sunscreen through the course", "info", RECALLED),
    ("off-label-duty", "Off-label use is disclosed", "info", REVIEWED),
    ("clot-history", "A clot in the past", "block", LABEL),
    ("depth-below-dermis", "Depth below the dermis", "warn", PROPOSAL),
    ("foramen-near", "Point near a foramen", "info", REVIEWED),
    ("caffeine-dose", "Caffeine by weight", "warn", TRIAL),
    ("cellulite-evidence", "Cellulite: the evidence is negative or weak", "warn", TRIAL),
]


def rule(name: str, title: str, severity: str, cited: dict[str, Any]) -> dict[str, Any]:
    override = {"override": "dermatologist"} if severity == "block" else {}
    return {
        "id": name,
        "title": title,
        "severity": severity,
        "text": title + ".",
        "when": {"always": True},
        **cited,
        **override,
    }


def evidence(
    aim: str, direction: str, level: str, text: str, source_id: str, participants: int | None
) -> dict[str, Any]:
    return {
        "aim": aim,
        "direction": direction,
        "level": level,
        "text": text,
        "participants": participants,
        "basis": "trial",
        "seen": "seen",
        "sources": [source_id],
        "review": "not yet reviewed",
    }


def protocol(name: str, title: str, aim: str, mixture: str, lines: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": name,
        "title": title,
        "aim": aim,
        "summary": {"text": title, **TRIAL},
        "technique": "papule",
        "mixtures": [
            {
                "id": "a",
                "title": title,
                "ingredients": [{"compound": mixture, "presentation": "x", "concentration": None}],
            }
        ],
        "needle": "30g-4",
        "target": "dermis",
        "regions": ["face"],
        "volume_per_point": figure(0.04, "mL"),
        "spacing": figure(10, "mm"),
        "interval": figure([14, 28], "d"),
        "sessions": figure(6, "count"),
        "review_after": figure(3, "count"),
        "judge_from": figure(8, "wk"),
        "edge_margin": figure(3, "mm"),
        "evidence": lines,
        "why": [{"text": "It fits.", **TRIAL}],
    }


PROTOCOLS = [
    protocol(
        "txa-4",
        "Tranexamic acid 4 mg/mL, intradermal",
        "melasma",
        "tranexamic-acid",
        [
            evidence(
                "melasma",
                "positive",
                "1",
                "Ranked the intradermal and microneedling routes first among five.",
                "S116",
                1040,
            ),
            evidence(
                "melasma",
                "negative",
                "1",
                "28 trials pooled: no gain of the intradermal route over the controls.",
                "S115",
                1724,
            ),
            evidence(
                "melasma", "positive", "4", "mMASI fell by week 8 with weekly injections; no control group.", "S108", 85
            ),
        ],
    ),
    protocol(
        "caffeine-body",
        "Caffeine, deep intradermal",
        "cellulite",
        "caffeine",
        [
            evidence(
                "cellulite",
                "negative",
                "2",
                "Treated and untreated thigh did not differ in girth or fat by scan.",
                "S127",
                20,
            ),
            evidence(
                "cellulite",
                "mixed",
                "5",
                "Lipolysis in cell culture at doses that the skin does not keep.",
                "house",
                None,
            ),
        ],
    ),
]

OTHERS: dict[str, list[dict[str, Any]]] = {
    "aims": [
        {"id": "melasma", "title": "Melasma: less pigment", "summary": {"text": "Pigment.", **TRIAL}},
        {"id": "cellulite", "title": "Cellulite: appearance", "summary": {"text": "Dimples.", **TRIAL}},
    ],
    "needles": [
        {
            "id": "30g-4",
            "title": "30 G, 4 mm",
            "gauge": figure(30, "G"),
            "outer_diameter": figure(0.311, "mm"),
            "length": figure(4, "mm"),
            "shortest_inserted": figure(1, "mm"),
            "length_step": figure(0.5, "mm"),
        },
        {
            "id": "30g-13",
            "title": "30 G, 13 mm",
            "gauge": figure(30, "G"),
            "outer_diameter": figure(0.311, "mm"),
            "length": figure(13, "mm"),
            "shortest_inserted": figure(2, "mm"),
            "length_step": figure(1, "mm"),
        },
    ],
    "techniques": [
        {
            "id": "papule",
            "title": "Intradermal papule",
            "published_depth": figure([1, 2], "mm"),
            "needles": ["30g-4"],
            "angle": figure([15, 45], "deg"),
            "regions": ["face"],
        },
    ],
    "terms": [
        {"id": "penicillin", "title": "Penicillin", "kind": "allergy", "question": "Are you allergic to penicillin?"},
        {"id": "pregnancy", "title": "Pregnancy", "kind": "condition", "question": "Are you pregnant?"},
    ],
    "pairs": [
        {
            "id": "txa-nacl",
            "title": "Tranexamic acid in saline",
            "a": "tranexamic-acid",
            "b": "sodium-chloride",
            "verdict": "compatible",
            "text": "The label names sodium chloride 0.9 % as a diluent.",
            **LABEL,
        },
    ],
    "checks": [],
}


def knowledge() -> Knowledge:
    """Return the small knowledge base."""
    raw = {
        **OTHERS,
        "sources": SOURCES,
        "compounds": COMPOUNDS,
        "zones": ZONES,
        "protocols": PROTOCOLS,
        "rules": [rule(*one) for one in RULES],
    }
    shelves: dict[str, Any] = {
        kind.replace("-", "_"): Shelf(kind, {one["id"]: model.model_validate(one) for one in raw.get(kind, [])})
        for kind, model in KINDS.items()
        if kind not in READ_WHEN_ASKED
    }
    return Knowledge(release="2026.11", sha256="9f2c" * 16, **shelves)
