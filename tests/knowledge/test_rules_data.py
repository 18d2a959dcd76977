"""The shape of zones, structures, terms, rules and checks: read from the files, without the kinds that others fill."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from mesoplan.domain.case import Value
from mesoplan.domain.errors import KnowledgeError
from mesoplan.domain.finding import Severity
from mesoplan.knowledge.cross_references import terms_of, walk
from mesoplan.knowledge.kinds import KINDS
from mesoplan.knowledge.loader import packaged_data
from mesoplan.knowledge.schema.citation import Cited
from mesoplan.knowledge.schema.rules import Check, Rule, Term
from mesoplan.knowledge.schema.sources import Source
from mesoplan.knowledge.schema.zones import DangerStructure, Zone
from mesoplan.knowledge.validation import build
from mesoplan.knowledge.yaml_reading import read_text

OURS = ("zones", "danger-structures", "terms", "rules", "checks")

BANNED = re.compile(
    r"\b((?i:guaranteed|safe|risk-free|proven|best|optimal|recommended|ideal|normal|abnormal|flaws?|natural|simply|just|"
    r"easy|please|invalid|illegal|oops|sorry|smart)|AI|ml)\b",
)

CHECKS_THE_CODE_CITES = [
    "mix-ph-range", "mix-ph-distance", "mix-osmolarity-high", "mix-osmolarity-low",
    "mix-osmolarity-unknown", "mix-single-active", "mix-actives-many", "mix-not-in-clinic",
    "mix-pair-incompatible", "mix-pair-unknown", "mix-pair-trial-only", "mix-volume-short",
    "mix-syringe-step", "mix-syringe-capacity", "mix-beyond-use", "dose-over-limit", "dose-near-limit",
    "dose-no-limit-known", "dose-not-computable", "dose-weight-missing", "dose-anaesthetic-sum",
    "forecast-too-early", "forecast-futile", "forecast-unlikely", "forecast-outside-prior",
    "forecast-rater-changed",
    "forecast-score-zero", "forecast-goal-reached", "forecast-few-arms", "forecast-beyond-evidence",
    "forecast-interval",
    "forecast-imprecise",
    "depth-outside-target", "depth-face-deep", "depth-cap-zone", "depth-ceiling-chance",
    "depth-not-assessable",
    "depth-needle-too-short", "zone-blocked", "zone-unknown-area", "volume-cap-zone", "volume-face-point",
    "point-in-danger-zone", "point-too-close", "point-outside-zone", "point-in-kept-clear",
    "points-many", "needle-change", "technique-not-here", "compound-blocked", "compound-prohibited",
    "compound-unlicensed", "evidence-negative", "evidence-conflicting", "evidence-none", "interval-short",
    "session-before-assessment", "sessions-beyond-evidence", "judged-early",
    "score-missing", "zone-not-in-protocol", "zone-not-in-goal", "recipe-differs-from-protocol",
    "knowledge-not-reviewed", "assessment-old", "jurisdiction-unknown", "jurisdiction-duty",
    "code-not-read",
]  # fmt: skip


@cache
def entries(kind: str) -> tuple[Value, ...]:
    """Return all entries of one kind, built with its model."""
    found: list[Value] = []
    folder = packaged_data() / kind
    for item in sorted(folder.iterdir(), key=lambda one: one.name):
        data = read_text(item.read_text(encoding="utf-8"), item.name)
        raws: list[dict[str, Any]] = data if isinstance(data, list) else [data]
        found.extend(build(KINDS[kind], raw, f"{kind}/{item.name} ({raw.get('id')})", KnowledgeError) for raw in raws)
    return tuple(found)


def rules() -> list[Rule]:
    return [entry for entry in entries("rules") if isinstance(entry, Rule)]


def zones() -> dict[str, Zone]:
    return {entry.id: entry for entry in entries("zones") if isinstance(entry, Zone)}


def checks() -> dict[str, Check]:
    return {entry.id: entry for entry in entries("checks") if isinstance(entry, Check)}


def terms() -> dict[str, Term]:
    return {entry.id: entry for entry in entries("terms") if isinstance(entry, Term)}


def rule(rule_id: str) -> Rule:
    return next(one for one in rules() if one.id == rule_id)


def texts_shown(entry: Value) -> Iterator[str]:
    for _, model in walk(entry):
        for name in ("title", "text", "question", "note", "parent"):
            value = getattr(model, name, None)
            if isinstance(value, str):
                yield value


@pytest.mark.parametrize("kind", OURS)
def test_every_id_stands_once(kind: str) -> None:
    ids = [entry.id for entry in entries(kind)]  # type: ignore[attr-defined]
    assert ids
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("kind", OURS)
def test_every_value_names_a_source_that_exists(kind: str) -> None:
    known = {entry.id for entry in entries("sources") if isinstance(entry, Source)}
    for entry in entries(kind):
        for path, model in walk(entry):
            if isinstance(model, Cited):
                assert set(model.sources) <= known, (entry, path)


@pytest.mark.parametrize("kind", OURS)
def test_what_was_only_recalled_or_proposed_says_so(kind: str) -> None:
    for entry in entries(kind):
        for path, model in walk(entry):
            if isinstance(model, Cited):
                ours = any(source.startswith("mesoplan-") for source in model.sources)
                assert (model.seen == "recalled") == ours, (entry, path)
                if model.basis == "proposal":
                    assert "mesoplan-proposal-2026" in model.sources, (entry, path)


def test_the_list_of_banned_words_catches_them() -> None:
    assert BANNED.search("Proven to work")
    assert BANNED.search("0.05 ml")
    assert not BANNED.search("0.05 mL in the airway")


@pytest.mark.parametrize("kind", OURS)
def test_no_banned_word_in_a_text_that_users_see(kind: str) -> None:
    for entry in entries(kind):
        for text in texts_shown(entry):
            assert not BANNED.search(text), text
            assert "](" not in text, text


def test_every_term_is_read_by_a_rule_and_every_rule_reads_known_terms() -> None:
    read = set().union(*(terms_of(one.when) for one in rules()))
    assert read == set(terms())


def test_every_code_of_a_term_belongs_to_the_right_kind() -> None:
    for term in terms().values():
        systems = {code.split(":")[0] for code in term.codes}
        if "atc" in systems:
            assert term.kind in {"medication", "procedure", "condition"}, term.id
        assert term.question.endswith("?"), term.id


def test_general_rules_can_be_read_before_any_plan_and_the_others_name_what_they_are_about() -> None:
    bound = [one.id for one in rules() if not one.applies_to.patient_only]
    for needed in ("screen-pregnancy", "screen-age-under-18", "screen-infection-at-site", "wait-isotretinoin-month"):
        assert rule(needed).applies_to.patient_only
    for needed in ("screen-txa-active-clotting", "screen-fish-allergy", "face-lipolytic", "screen-pacemaker"):
        assert needed in bound
    assert not [one.id for one in rules() if one.id.startswith("face-") and one.applies_to.patient_only]


def test_sex_is_tested_before_questions_put_to_one_sex_only() -> None:
    asked_of_one_sex = {term.id: term.sex for term in terms().values() if term.sex is not None}
    for one in rules():
        for term_id in terms_of(one.when) & set(asked_of_one_sex):
            assert one.when.all is not None, one.id
            assert one.when.all[0].sex is asked_of_one_sex[term_id], one.id


@pytest.mark.parametrize(
    "rule_id",
    [
        "screen-age-under-18",
        "screen-pregnancy",
        "screen-breast-feeding",
        "screen-infection-at-site",
        "screen-anaphylaxis",
        "screen-txa-active-clotting",
        "screen-txa-allergy",
        "screen-fish-allergy",
        "screen-ester-allergy",
        "screen-five-alpha-pregnancy",
    ],
)
def test_blocks_that_nobody_sets_aside(rule_id: str) -> None:
    assert rule(rule_id).override == "never"


@pytest.mark.parametrize(
    ("rule_id", "days"),
    [
        ("wait-isotretinoin-month", 30),
        ("wait-isotretinoin-half-year", 182),
        ("wait-botulinum-toxin", 14),
        ("wait-ablative-laser", 42),
        ("wait-peel-medium", 56),
        ("wait-facial-surgery", 91),
        ("wait-deoxycholate", 28),
        ("wait-nsaid", 2),
    ],
)
def test_waiting_times_in_days(rule_id: str, days: int) -> None:
    within = rule(rule_id).when.within_days
    assert within is not None
    assert within.days == days
    assert terms()[within.term].dated


def test_a_waiting_time_reads_a_dated_term() -> None:
    for one in rules():
        for _, model in walk(one.when):
            within = getattr(model, "within_days", None)
            if within is not None:
                assert terms()[within.term].dated, one.id


def test_both_sides_of_the_isotretinoin_conflict_are_said() -> None:
    for rule_id in ("wait-isotretinoin-month", "wait-isotretinoin-half-year"):
        text = rule(rule_id).text
        assert "six months" in text
        assert "ASDS" in text


def test_checks_are_those_the_code_cites() -> None:
    assert sorted(checks()) == sorted(CHECKS_THE_CODE_CITES)


def test_a_check_that_blocks_says_who_may_set_it_aside() -> None:
    for check in checks().values():
        assert (check.severity is Severity.BLOCK) == (check.override is not None), check.id
        assert (check.value is None) == (check.unit is None), check.id


@pytest.mark.parametrize(
    ("check_id", "value", "unit"),
    [
        ("mix-ph-range", (5.0, 8.0), "pH"),
        ("mix-ph-distance", 2.5, "pH"),
        ("mix-osmolarity-high", 600, "mosm/L"),
        ("mix-osmolarity-low", 200, "mosm/L"),
        ("mix-syringe-step", 0.01, "mL"),
        ("dose-near-limit", 90, "%"),
        ("depth-face-deep", 3.0, "mm"),
        ("volume-face-point", 0.1, "mL"),
        ("point-too-close", 60, "%"),
        ("assessment-old", 30, "d"),
    ],
)
def test_numbers_of_checks(check_id: str, value: float, unit: str) -> None:
    assert checks()[check_id].value == value
    assert checks()[check_id].unit == unit


def test_sided_zones_come_in_pairs_with_equal_figures() -> None:
    for zone in zones().values():
        if zone.side not in {"right", "left"}:
            continue
        other = zones()[zone.id.replace(zone.side, "left" if zone.side == "right" else "right")]
        same = {name: getattr(zone, name) for name in Zone.model_fields if name not in {"id", "title", "side"}}
        assert same == {name: getattr(other, name) for name in same}, zone.id


def test_every_zone_has_a_code_or_names_its_parent() -> None:
    for zone in zones().values():
        assert bool(zone.codes) != bool(zone.parent), zone.id


def test_skin_bounds_are_plausible_and_in_mm() -> None:
    for zone in zones().values():
        assert zone.skin_bounds.unit == "mm"
        assert 0.5 < zone.skin_bounds.low < zone.skin_bounds.high < 7, zone.id


@pytest.mark.parametrize(
    ("zone_id", "what", "most"),
    [
        ("glabella", "depth", 2.0),
        ("glabella", "volume-per-point", 0.05),
        ("forehead", "depth", 3.0),
        ("nose", "depth", 1.0),
        ("infraorbital-left", "depth", 1.0),
        ("infraorbital-left", "volume-per-point", 0.02),
        ("nasolabial-right", "depth", 3.0),
        ("neck-front", "depth", 2.0),
    ],
)
def test_caps_of_zones(zone_id: str, what: str, most: float) -> None:
    assert [cap.value for cap in zones()[zone_id].caps if cap.what == what] == [most]


@pytest.mark.parametrize(
    "zone_id", ["periorbital-right", "lips", "areola", "genital-skin", "palms", "soles", "ear-concha"]
)
def test_zones_that_take_no_injection(zone_id: str) -> None:
    assert zones()[zone_id].blocked is not None


def test_a_structure_has_a_ceiling_blocks_a_family_or_is_only_a_note() -> None:
    structures = {entry.id: entry for entry in entries("danger-structures") if isinstance(entry, DangerStructure)}
    notes = sorted(one.id for one in structures.values() if one.ceiling is None and not one.blocks_families)
    assert notes == ["sentinel-vein"]
    assert structures["marginal-mandibular-band"].blocks_families == ("cytolytic",)
    for one in structures.values():
        if one.ceiling is not None and one.depth:
            assert one.ceiling.high < min(depth.low for depth in one.depth), one.id
