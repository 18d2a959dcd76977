"""Protocols, aims, techniques and jurisdictions: figures a dermatologist would look up, and what holds for all."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from mesoplan.domain.case import Value
from mesoplan.knowledge.cross_references import walk
from mesoplan.knowledge.loader import load
from mesoplan.knowledge.schema.citation import Basis, Cited
from mesoplan.knowledge.schema.protocols import Protocol

KNOWLEDGE = load()
PROTOCOLS = sorted(KNOWLEDGE.protocols)
OURS = ("aims", "protocols", "techniques", "needles", "hand-tolerances", "instruments", "scales", "jurisdictions")
BANNED = re.compile(
    r"\b((?i:guaranteed|safe|risk-free|proven|best|optimal|recommended|ideal|normal|abnormal|flaws?|natural|simply|just|"
    r"easy|please|invalid|illegal|oops|sorry|smart)|AI|ml)\b",
)


def entries() -> Iterator[tuple[str, Value]]:
    for kind in OURS:
        for entry_id, entry in KNOWLEDGE.shelf(kind).items():
            yield f"{kind}/{entry_id}", entry


@pytest.mark.parametrize(
    ("protocol", "volume", "spacing", "interval", "sessions", "concentrations"),
    [
        ("melasma-tranexamic-acid-weekly", 0.05, 10, 7, 12, {"tranexamic-acid": 4}),
        ("melasma-tranexamic-acid-fortnightly", 0.05, 10, 14, 6, {"tranexamic-acid": 4}),
        ("melasma-tranexamic-acid-monthly", 0.05, 10, 28, 3, {"tranexamic-acid": 4}),
        (
            "melasma-tranexamic-acid-ascorbic-acid-glutathione", 0.05, 10, 14, 6,
            {"tranexamic-acid": 4, "ascorbic-acid": 30, "glutathione": 20},
        ),
        ("melasma-glutathione-ascorbic-acid", 0.05, 10, 14, 6, {"glutathione": 20, "ascorbic-acid": 30}),
        ("hydration-hyaluronic-acid", 0.02, 10, 28, 3, {"hyaluronic-acid": None}),
        ("collagen-remodelling-polynucleotide", 0.02, 10, 21, 3, {"polynucleotide": None}),
        ("collagen-remodelling-organic-silicon", 0.05, 10, 7, 10, {"organic-silicon": 1}),
        ("cellulite-aminophylline", 0.1, 20, 7, 12, {"aminophylline": 2.5}),
        ("submental-fat-deoxycholic-acid", 0.2, 10, 30, 4, {"deoxycholic-acid": None}),
    ],
)  # fmt: skip
def test_figures_of_a_protocol(
    protocol: str,
    volume: float,
    spacing: float,
    interval: float,
    sessions: float,
    concentrations: dict[str, float | None],
) -> None:
    entry = KNOWLEDGE.protocols[protocol]
    found = {
        one.compound: one.concentration.value if one.concentration else None
        for mixture in entry.mixtures
        for one in mixture.ingredients
    }
    assert found == concentrations
    assert entry.volume_per_point.value == volume
    assert entry.spacing.value == spacing
    assert entry.interval.low == interval
    assert entry.sessions.value == sessions


@pytest.mark.parametrize(
    ("aim", "protocols"),
    [
        ("melasma", 6),
        ("skin-lightening", 3),
        ("post-inflammatory-hyperpigmentation", 1),
        ("hydration", 2),
        ("fine-lines", 3),
        ("collagen-remodelling", 5),
        ("texture", 4),
        ("cellulite", 3),
        ("submental-fat", 1),
        ("hair-loss", 0),
    ],
)
def test_protocols_of_each_aim(aim: str, protocols: int) -> None:
    assert sum(entry.aim == aim for entry in KNOWLEDGE.protocols.values()) == protocols


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_area_dose_of_tranexamic_acid_is_that_of_the_first_series(protocol: str) -> None:
    entry = KNOWLEDGE.protocols[protocol]
    for mixture in entry.mixtures:
        for one in mixture.ingredients:
            if one.compound == "tranexamic-acid" and one.concentration is not None:
                points_on_a_square_centimetre = 100 / entry.spacing.low**2
                dose = one.concentration.low * entry.volume_per_point.low * points_on_a_square_centimetre
                assert dose == pytest.approx(0.2)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_protocol_is_made_of_what_exists(protocol: str) -> None:
    entry = KNOWLEDGE.protocols[protocol]
    technique = KNOWLEDGE.techniques[entry.technique]
    assert entry.needle in technique.needles
    assert set(entry.regions) <= set(technique.regions)
    for mixture in entry.mixtures:
        for one in mixture.ingredients:
            compound, presentation = KNOWLEDGE.presentations[one.presentation]
            assert compound.id == one.compound
            assert compound.blocked is None, f"{compound.id} is blocked and cannot be proposed"
            if one.concentration is not None and presentation.strength is not None:
                assert one.concentration.high < presentation.strength.low
        diluted = any(one.concentration is not None for one in mixture.ingredients)
        assert (mixture.diluent is not None) == diluted, "what is diluted names its diluent, and nothing else does"


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_zones_lie_in_the_regions_and_take_injections(protocol: str) -> None:
    entry = KNOWLEDGE.protocols[protocol]
    assert entry.zones
    for zone_id in entry.zones:
        zone = KNOWLEDGE.zones[zone_id]
        assert zone.region in entry.regions
        assert zone.blocked is None


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_review_comes_within_the_course_and_scores_exist(protocol: str) -> None:
    entry = KNOWLEDGE.protocols[protocol]
    assert 1 <= entry.review_after.low <= entry.sessions.low
    assert entry.score_with
    assert set(entry.score_with) <= set(KNOWLEDGE.scales)
    assert entry.judge_from.low >= 8, "no trial of this base allows a judgement sooner"


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_reasons_for_each_choice(protocol: str) -> None:
    said = " ".join(one.text.lower() for one in KNOWLEDGE.protocols[protocol].why)
    for choice in ("concentration", "depth", "interval", "sessions", "volume", "spacing"):
        assert choice in said, f"no reason given for {choice}"


def doubts(entry: Protocol) -> bool:
    return any(one.direction != "positive" for one in entry.evidence)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_evidence_against_stands_beside_evidence_for(protocol: str) -> None:
    assert doubts(KNOWLEDGE.protocols[protocol])


@pytest.mark.parametrize(
    ("protocol", "first_words"),
    [
        ("cellulite-aminophylline", "Negative"),
        ("cellulite-caffeine", "No trial"),
        ("cellulite-organic-silicon", "No trial"),
        ("skin-lightening-glutathione-ascorbic-acid", "No trial"),
        ("skin-lightening-tranexamic-acid", "No trial"),
        ("post-inflammatory-hyperpigmentation-tranexamic-acid", "No injection trial"),
        ("hydration-revitalising-mix", "Two small biopsy studies of vitamin mixes were negative"),
        ("fine-lines-revitalising-mix", "Negative"),
        ("texture-revitalising-mix", "Negative"),
    ],
)
def test_weak_or_negative_evidence_is_said_first(protocol: str, first_words: str) -> None:
    assert KNOWLEDGE.protocols[protocol].summary.text.startswith(first_words)


def test_deoxycholic_acid_is_offered_only_where_it_is_authorised() -> None:
    assert set(KNOWLEDGE.protocols["submental-fat-deoxycholic-acid"].only_in) == {"us", "ca"}
    prohibited = {
        family
        for one in KNOWLEDGE.jurisdictions["fr"].prohibited
        if "submental-fat" in one.aims
        for family in one.families
    }
    assert set(KNOWLEDGE.compounds["deoxycholic-acid"].families) & prohibited


@pytest.mark.parametrize(
    ("jurisdiction", "actives", "mixing", "hours"),
    [
        ("fr", 1, False, None),
        ("it", 1, None, None),
        ("us", None, True, 4),
        ("uk", None, True, None),
        ("ca", None, True, None),
        ("unknown", None, None, None),
    ],
)
def test_rules_of_a_jurisdiction(
    jurisdiction: str, actives: int | None, mixing: bool | None, hours: float | None
) -> None:
    entry = KNOWLEDGE.jurisdictions[jurisdiction]
    assert (entry.max_actives_per_syringe and entry.max_actives_per_syringe.value) == actives
    assert (entry.mixing_in_clinic.allowed if entry.mixing_in_clinic else None) is mixing
    assert (entry.immediate_use and entry.immediate_use.value) == hours


def test_unknown_jurisdiction_has_no_rules_of_its_own() -> None:
    entry = KNOWLEDGE.jurisdictions["unknown"]
    assert not entry.prohibited
    assert not entry.duties


def test_what_was_not_seen_does_not_claim_to_be_seen() -> None:
    house = {"mesoplan-formulary-2026", "mesoplan-proposal-2026"}
    for place, entry in entries():
        for path, model in walk(entry):
            if isinstance(model, Cited):
                if set(model.sources) <= house:
                    assert model.seen == "recalled", (place, path)
                if model.basis is Basis.PROPOSAL:
                    assert "mesoplan-proposal-2026" in model.sources, (place, path)
                    assert model.seen == "recalled", (place, path)
                if model.basis is Basis.DERIVED:
                    assert model.note, (place, path)


def test_words_and_units_that_users_read() -> None:
    for place, entry in entries():
        for path, model in walk(entry):
            for name in ("text", "title", "note", "label"):
                text = getattr(model, name, None)
                if isinstance(text, str):
                    assert not BANNED.search(text), (place, path, name, text)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_evidence_of_another_aim_is_no_controlled_trial_of_this_one(protocol: str) -> None:
    """A trial in melasma says nothing controlled of lightening; it stands beside as a series or among the reasons."""
    entry = KNOWLEDGE.protocols[protocol]
    for line in entry.evidence:
        assert line.aim == entry.aim or line.level in ("4", "5"), line.text
