"""One preparation evaluated: concentrations, osmolarity, pH, actives, volumes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesoplan.domain.evaluation import MixtureResult
from mesoplan.domain.finding import Finding, Override, Severity
from mesoplan.domain.plan import Preparation
from mesoplan.domain.quantities import Volume
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.jurisdiction import JurisdictionProfile, profile
from mesoplan.planning.mixture import amounts, compounds_in, evaluate_preparation
from tests.planning.mixing_base import COMPOUNDS, preparation, write_base

COCKTAIL = {"tranexamic_acid": 0.04, "ascorbic_acid": 0.06, "glutathione": 0.1}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return write_base(tmp_path_factory.mktemp("base"))


def evaluated(
    base: Knowledge, prepared: Preparation, injected_ml: float = 0.9, jurisdiction: str = "open"
) -> tuple[MixtureResult, dict[str, Finding]]:
    result, findings = evaluate_preparation(prepared, Volume(injected_ml), base, profile(base, jurisdiction))
    return result, {finding.code: finding for finding in findings}


def test_worked_check_of_the_melasma_cocktail(base: Knowledge) -> None:
    """Published cocktail: 4, 30 and 20 mg/mL; 743 mosm/L made up with saline, 496 with water for injection."""
    in_saline, found = evaluated(base, preparation(**COCKTAIL, saline=0.8))
    assert {one.compound: round(one.value or 0, 6) for one in in_saline.concentrations} == {
        "tranexamic-acid": 4,
        "ascorbic-acid": 30,
        "glutathione": 20,
    }
    assert in_saline.osmolarity is not None
    assert in_saline.osmolarity.low == pytest.approx(743, abs=0.5)
    assert found["mix-osmolarity-high"].severity is Severity.BLOCK
    in_water, found = evaluated(base, preparation(**COCKTAIL, water=0.8))
    assert in_water.osmolarity is not None
    assert in_water.osmolarity.high == pytest.approx(496, abs=0.5)
    assert found["mix-osmolarity-high"].severity is Severity.INFO


OSMOLARITY = [
    # drawn, code, severity
    ({"ascorbic_acid": 0.06, "saline": 0.94}, "mix-osmolarity-high", "block"),  # 630
    ({"ascorbic_acid": 0.06, "water": 0.94}, None, None),  # 341, in the target
    ({"tranexamic_acid": 0.04, "saline": 0.96}, None, None),  # 321
    ({"tranexamic_acid": 0.04, "water": 0.96}, "mix-osmolarity-low", "block"),  # 25: water alone lyses cells
    ({"tranexamic_acid": 0.04, "saline": 0.70, "water": 0.26}, "mix-osmolarity-low", "info"),  # 241, above the floor
    ({"tranexamic_acid": 1.0}, "mix-osmolarity-high", "block"),  # 636: undiluted, and not made for the skin
    ({"caffeine": 0.5, "saline": 0.5}, "mix-osmolarity-unknown", "warn"),
    ({"caffeine": 0.2, "ascorbic_acid": 0.8}, "mix-osmolarity-high", "block"),  # the known part alone passes 600
    ({"enzyme": 1.0}, None, None),  # 280 to 320
]


@pytest.mark.parametrize(("drawn", "code", "severity"), OSMOLARITY)
def test_osmolarity_findings(base: Knowledge, drawn: dict[str, float], code: str | None, severity: str | None) -> None:
    _, found = evaluated(base, preparation(**drawn))
    said = {name: finding.severity for name, finding in found.items() if "osmolarity" in name}
    assert said == ({code: Severity(severity)} if code and severity else {})


def test_unknown_osmolarity_names_the_stock_and_gives_no_number(base: Knowledge) -> None:
    result, _ = evaluated(base, preparation(caffeine=0.5, saline=0.5))
    assert result.osmolarity is None
    assert "Caffeine vial is not known" in result.osmolarity_note
    assert "154 mosm/L" in result.osmolarity_note


PH = [
    # drawn, range, code, severity
    ({"tranexamic_acid": 0.04, "saline": 0.96}, (6.5, 8.0), None, None),
    ({"tranexamic_acid": 0.04, "ascorbic_acid": 0.06, "saline": 0.9}, (5.5, 8.0), None, None),
    ({"aminophylline": 0.1, "saline": 0.9}, (8.6, 9.0), "mix-ph-range", "block"),
    ({"bicarbonate": 0.1, "saline": 0.9}, (7.5, 8.5), "mix-ph-range", "warn"),  # reaches outside, may lie inside
    ({"deoxycholic_acid": 1.0}, (8.3, 8.3), "mix-ph-range", "warn"),  # as its label has it
    ({"caffeine": 0.5, "saline": 0.5}, None, "mix-ph-range", "warn"),  # not on record
    ({"saline": 1.0}, (4.5, 7.0), "mix-ph-range", "warn"),
]


@pytest.mark.parametrize(("drawn", "span", "code", "severity"), PH)
def test_ph_is_a_range_and_never_a_mean(
    base: Knowledge, drawn: dict[str, float], span: tuple[float, float] | None, code: str | None, severity: str | None
) -> None:
    result, found = evaluated(base, preparation(**drawn))
    assert (None if result.ph is None else (result.ph.low, result.ph.high)) == span
    said = {name: finding.severity for name, finding in found.items() if name == "mix-ph-range"}
    assert said == ({code: Severity(severity)} if code and severity else {})


@pytest.mark.parametrize(
    ("drawn", "warned"),
    [
        ({"aminophylline": 0.5, "procaine": 0.5}, True),  # up to 5.5 apart
        ({"tranexamic_acid": 0.5, "ascorbic_acid": 0.5}, False),  # up to 2.5, which is the limit
        ({"tranexamic_acid": 0.5, "saline": 0.5}, False),  # an unbuffered diluent does not count
    ],
)
def test_stocks_far_apart_in_ph_are_warned_of(base: Knowledge, drawn: dict[str, float], warned: bool) -> None:
    _, found = evaluated(base, preparation(**drawn))
    assert ("mix-ph-distance" in found) is warned


ACTIVES = [
    # jurisdiction, drawn, codes
    ("open", {"tranexamic_acid": 0.5, "saline": 0.5}, {}),
    ("open", {"tranexamic_acid": 0.5, "lidocaine": 0.5}, {"mix-single-active": "warn"}),
    ("open", {"tranexamic_acid": 0.5, "bicarbonate": 0.5}, {}),  # a buffer is no active
    ("open", {**COCKTAIL, "lidocaine": 0.5}, {"mix-actives-many": "block"}),
    ("pair", COCKTAIL, {"mix-actives-many": "block"}),
    ("strict", {"tranexamic_acid": 0.5, "saline": 0.5}, {"mix-not-in-clinic": "info"}),  # dilution is no mixture
    ("strict", {"tranexamic_acid": 1.0}, {}),
    ("strict", {"tranexamic_acid": 0.5, "bicarbonate": 0.5}, {"mix-not-in-clinic": "block"}),
    (
        "strict",
        {"tranexamic_acid": 0.5, "lidocaine": 0.5},
        {"mix-actives-many": "block", "mix-not-in-clinic": "block"},
    ),
]


@pytest.mark.parametrize(("jurisdiction", "drawn", "codes"), ACTIVES)
def test_how_many_and_who_mixes(
    base: Knowledge, jurisdiction: str, drawn: dict[str, float], codes: dict[str, str]
) -> None:
    _, found = evaluated(base, preparation(**drawn), jurisdiction=jurisdiction)
    watched = ("mix-single-active", "mix-actives-many", "mix-not-in-clinic")
    assert {name: found[name].severity for name in watched if name in found} == codes


def test_a_borrowed_rule_is_said_to_be_borrowed(base: Knowledge) -> None:
    _, found = evaluated(base, preparation(tranexamic_acid=0.5, lidocaine=0.5), jurisdiction="silent")
    assert "strictest known stands" in found["mix-actives-many"].text
    assert "strictest known stands" in found["mix-not-in-clinic"].text


WATCHED = {"mix-volume-short", "mix-syringe-capacity", "mix-syringe-step"}
VOLUMES = [
    # drawn, injected mL, syringe mL, syringes, codes
    ({"tranexamic_acid": 0.04, "saline": 0.96}, 0.95, 1.0, 1, set()),
    ({"tranexamic_acid": 0.04, "saline": 0.96}, 0.96, 1.0, 1, {"mix-volume-short"}),
    ({"tranexamic_acid": 0.04, "saline": 0.96}, 0.95, 1.0, 2, {"mix-volume-short"}),  # a dead space more
    ({"tranexamic_acid": 0.05, "saline": 1.20}, 0.95, 1.0, 1, {"mix-syringe-capacity"}),
    ({"tranexamic_acid": 0.05, "saline": 1.20}, 1.15, 1.0, 2, set()),
    ({"tranexamic_acid": 0.045, "saline": 0.955}, 0.95, 1.0, 1, {"mix-syringe-step"}),
    ({"tranexamic_acid": 0.005, "saline": 2.0}, 3.0, 1.0, 1, WATCHED),
]  # fmt: skip


@pytest.mark.parametrize(("drawn", "injected", "size", "syringes", "codes"), VOLUMES)
def test_volumes(
    base: Knowledge, drawn: dict[str, float], injected: float, size: float, syringes: int, codes: set[str]
) -> None:
    _, found = evaluated(base, preparation(size, syringes, **drawn), injected)
    assert WATCHED & set(found) == codes


def test_a_short_volume_says_what_is_missing_and_nobody_may_override_it(base: Knowledge) -> None:
    _, found = evaluated(base, preparation(tranexamic_acid=0.04, saline=0.96), 1.2)
    assert "0.25\u00a0mL is missing" in found["mix-volume-short"].text
    assert found["mix-volume-short"].override is Override.NEVER


def test_a_preparation_of_nothing_is_evaluated_and_not_a_crash(base: Knowledge) -> None:
    result, found = evaluated(base, preparation(tranexamic_acid=0.0, saline=0.0))
    assert [one.value for one in result.concentrations] == [None]
    assert result.osmolarity is None
    assert {"mix-volume-short", "mix-syringe-step", "mix-osmolarity-unknown"} <= set(found)


@pytest.mark.parametrize(("jurisdiction", "hours"), [("open", 1), ("strict", 1)])
def test_use_within_is_the_shorter_of_limit_and_jurisdiction(base: Knowledge, jurisdiction: str, hours: float) -> None:
    result, found = evaluated(base, preparation(tranexamic_acid=1.0), jurisdiction=jurisdiction)
    assert result.use_within_h == hours
    assert "1 h" in found["mix-beyond-use"].text


def test_a_stock_without_strength_has_no_concentration_and_no_amount(base: Knowledge) -> None:
    mixed = preparation(unknown_extract=0.5, tranexamic_acid=0.5)
    result, _ = evaluated(base, mixed)
    assert [(one.compound, one.value) for one in result.concentrations] == [
        ("unknown-extract", None),
        ("tranexamic-acid", 50),
    ]
    held = amounts(mixed, Volume(0.1), base)
    assert held["unknown-extract"] is None
    assert held["tranexamic-acid"] is not None
    assert held["tranexamic-acid"].value == pytest.approx(5)


def test_a_product_dosed_by_volume_counts_in_millilitres_and_an_enzyme_in_units(base: Knowledge) -> None:
    held = amounts(preparation(vitamin_mix=0.5, enzyme=0.5), Volume(0.2), base)
    known = {name: one for name, one in held.items() if one}
    assert {name: one.unit for name, one in known.items()} == {"vitamin-mix": "mL", "enzyme": "U"}
    assert {name: one.value for name, one in known.items()} == pytest.approx({"vitamin-mix": 0.1, "enzyme": 15})


def test_compounds_stand_in_the_order_of_the_draws_each_once(base: Knowledge) -> None:
    mixed = preparation(saline=0.5, tranexamic_acid=0.5)
    doubled = mixed.model_copy(update={"draws": (*mixed.draws, *mixed.draws)})
    assert [one.id for one in compounds_in(doubled, base)] == ["saline", "tranexamic-acid"]


DRAWS = st.dictionaries(
    st.sampled_from(sorted(name.replace("-", "_") for name in COMPOUNDS)),
    st.integers(1, 300).map(lambda steps: round(steps * 0.01, 2)),
    min_size=1,
    max_size=5,
)


@settings(max_examples=80)
@given(DRAWS, st.floats(0.05, 5))
def test_parts_add_up_to_the_whole(base: Knowledge, drawn: dict[str, float], injected: float) -> None:
    prepared = preparation(5.0, 3, **drawn)
    result, findings = evaluate_preparation(prepared, Volume(injected), base, profile(base, "open"))
    assert result.made_ml == pytest.approx(sum(drawn.values()))
    assert result.discarded_ml == pytest.approx(max(0.0, result.made_ml - injected), abs=1e-5)
    whole = amounts(prepared, prepared.volume(), base)
    for name, amount in whole.items():
        per_ml = amounts(prepared, Volume(1.0), base)[name]
        assert (amount is None) == (per_ml is None)
        assert amount is None or per_ml is None or amount.value == pytest.approx(per_ml.value * result.made_ml)
    assert all(finding.sources and finding.rule for finding in findings)


def stricter(found: JurisdictionProfile, fewer: int, no_mixing: bool, hours: float) -> JurisdictionProfile:
    actives, mixing, use = found.max_actives_per_syringe, found.mixing_allowed, found.immediate_use_h
    return replace(
        found,
        max_actives_per_syringe=replace(actives, value=max(1, actives.value - fewer)),
        mixing_allowed=replace(mixing, value=mixing.value and not no_mixing),
        immediate_use_h=replace(use, value=use.value * hours),
    )


@settings(max_examples=80)
@given(DRAWS, st.integers(0, 3), st.booleans(), st.floats(0.1, 1))
def test_a_stricter_jurisdiction_never_gives_fewer_or_lighter_findings(
    base: Knowledge, drawn: dict[str, float], fewer: int, no_mixing: bool, hours: float
) -> None:
    loose = profile(base, "open")
    strict = stricter(loose, fewer, no_mixing, hours)
    prepared = preparation(5.0, 3, **drawn)
    _, before = evaluate_preparation(prepared, Volume(0.5), base, loose)
    _, after = evaluate_preparation(prepared, Volume(0.5), base, strict)
    assert len(after) >= len(before)
    for heaviest in (Severity.BLOCK, Severity.WARN):
        count = [sum(one.severity.rank <= heaviest.rank for one in group) for group in (before, after)]
        assert count[1] >= count[0]
