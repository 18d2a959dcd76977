"""The formulary agrees with itself: strengths, limits, osmolarity, citations, and what is blocked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from mesoplan.domain.evaluation import Measure
from mesoplan.domain.finding import Override
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.cross_references import walk
from mesoplan.knowledge.loader import load
from mesoplan.knowledge.schema.citation import Basis, Cited, Figure
from mesoplan.knowledge.schema.compounds import Compound, CompoundRole, Presentation

HOUSE = {"mesoplan-formulary-2026", "mesoplan-proposal-2026"}
OSMOLARITY_TOLERANCE = 0.02  # stated figures are rounded to three digits
UNIT_OF_LIMIT = {
    Measure.POINT: "{unit}",
    Measure.SESSION: "{unit}",
    Measure.COURSE: "{unit}",
    Measure.AREA: "{unit}/cm2",
    Measure.BODY_WEIGHT: "{unit}/kg",
    Measure.CONCENTRATION: "{unit}/mL",
    Measure.PUNCTURES: "count",
}
NEVER = {
    "botulinum-toxin-mesotherapy",
    "buflomedil",
    "carbon-dioxide",
    "corticosteroids",
    "cosmetic-vials",
    "exosomes",
    "homeopathic-multidose-ampoules",
    "hypo-osmolar-solution",
    "mineral-silicone-oils",
    "phosphatidylcholine",
    "thyroid-hormones",
    "undiluted-electrolytes",
}
WORDS_NOT_USED = re.compile(
    r"\b(guaranteed|safe|risk-free|proven|best|optimal|recommended|ideal|abnormal|flaw|natural|simply|just|easy"
    r"|please note|invalid|illegal|oops|sorry|AI|smart|ml)\b"
)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    """The knowledge base as shipped."""
    return load()


def presentations(knowledge: Knowledge) -> Iterator[tuple[Compound, Presentation]]:
    """Yield every presentation with its compound."""
    yield from knowledge.presentations.values()


def calculated_osmolarity(compound: Compound, presentation: Presentation) -> float | None:
    """Return strength / molar mass x particles [mosm/L], or None where one of the three is not one known number."""
    strength = presentation.strength
    chemistry = compound.physico_chemistry
    if strength is None or strength.unit != "mg/mL" or not chemistry.molar_mass or not chemistry.osmotic_particles:
        return None
    return strength.high / chemistry.molar_mass.low * chemistry.osmotic_particles.low * 1000


def test_a_strength_is_more_than_nothing_and_in_the_unit_of_the_dose(knowledge: Knowledge) -> None:
    for compound, presentation in presentations(knowledge):
        strength = presentation.strength
        if strength is None:
            assert compound.amount_unit == "mL", presentation.id
            continue
        assert strength.low > 0, presentation.id
        wanted = "mg/mL" if compound.amount_unit in ("mg", "mL") else "U/mL"
        assert strength.unit == wanted, presentation.id


def test_a_container_holds_something(knowledge: Knowledge) -> None:
    for _, presentation in presentations(knowledge):
        assert presentation.container.unit == "mL", presentation.id
        assert presentation.container.low > 0, presentation.id


def test_every_active_has_a_session_limit_or_says_that_none_is_known(knowledge: Knowledge) -> None:
    for compound in knowledge.compounds.values():
        if compound.blocked or compound.role not in (CompoundRole.ACTIVE, CompoundRole.ANAESTHETIC):
            continue
        notes = " ".join(one.note or "" for one in compound.presentations)
        limited = any(limit.measure is Measure.SESSION for limit in compound.limits)
        assert limited or "no session limit is known" in notes.lower(), compound.id


def test_a_limit_is_in_the_unit_in_which_the_dose_is_counted(knowledge: Knowledge) -> None:
    for compound in knowledge.compounds.values():
        for limit in compound.limits:
            assert limit.low > 0, compound.id
            assert limit.unit == UNIT_OF_LIMIT[limit.measure].format(unit=compound.amount_unit), compound.id


def test_the_default_of_a_limit_lies_below_the_absolute_one(knowledge: Knowledge) -> None:
    for compound in knowledge.compounds.values():
        for warn in (limit for limit in compound.limits if limit.over == "warn"):
            blocks = [one for one in compound.limits if one.over == "block" and one.measure is warn.measure]
            assert all(warn.high < block.high for block in blocks), (compound.id, warn.measure)


def test_derived_osmolarity_follows_from_strength_molar_mass_and_particles(knowledge: Knowledge) -> None:
    compared = []
    for compound, presentation in presentations(knowledge):
        calculated = calculated_osmolarity(compound, presentation)
        stated = presentation.osmolarity
        if calculated is None or stated is None or stated.basis is not Basis.DERIVED:
            continue
        if "Further solute" in (stated.note or ""):
            assert stated.low > calculated, presentation.id
        else:
            assert stated.low == pytest.approx(calculated, rel=OSMOLARITY_TOLERANCE), presentation.id
        compared.append(presentation.id)
    assert {"tranexamic-acid-100", "ascorbic-acid-500", "levocarnitine-200", "lidocaine-20"} <= set(compared)


def test_what_does_not_dissociate_wholly_measures_less_than_it_calculates(knowledge: Knowledge) -> None:
    compound, presentation = knowledge.presentations["aminophylline-25"]
    calculated = calculated_osmolarity(compound, presentation)
    assert presentation.osmolarity is not None
    assert calculated is not None
    assert presentation.osmolarity.high < calculated


MELASMA_MIXTURE_ML = {"tranexamic-acid-100": 0.04, "ascorbic-acid-500": 0.06, "glutathione-200": 0.1}


@pytest.mark.parametrize(
    ("draws_ml", "osmolarity"),
    [
        ({**MELASMA_MIXTURE_ML, "sodium-chloride-0.9": 0.8}, 743),
        ({**MELASMA_MIXTURE_ML, "water-for-injection": 0.8}, 496),
        ({"ascorbic-acid-500": 0.06, "sodium-chloride-0.9": 0.94}, 630),
        ({"ascorbic-acid-500": 0.06, "water-for-injection": 0.94}, 341),
    ],
)
def test_published_melasma_mixtures_come_out_as_worked_by_hand(
    knowledge: Knowledge, draws_ml: dict[str, float], osmolarity: float
) -> None:
    stocks = {name: knowledge.presentations[name][1].osmolarity for name in draws_ml}
    total = sum(volume * stock.low for name, volume in draws_ml.items() if (stock := stocks[name]) is not None)
    assert None not in stocks.values()
    assert total / sum(draws_ml.values()) == pytest.approx(osmolarity, abs=1)


def test_what_nobody_may_set_aside_is_this_list(knowledge: Knowledge) -> None:
    never = {one.id for one in knowledge.compounds.values() if one.blocked and one.blocked.override is Override.NEVER}
    assert never == NEVER


def test_conflicting_evidence_on_tranexamic_acid_stands_side_by_side(knowledge: Knowledge) -> None:
    found = Counter(one.direction for one in knowledge.compounds["tranexamic-acid"].evidence if one.aim == "melasma")
    assert min(found["positive"], found["negative"], found["neutral"], found["mixed"]) >= 1


def test_a_recalled_value_names_the_house_and_a_seen_one_never_does(knowledge: Knowledge) -> None:
    for kind in ("compounds", "pairs", "mixing-limits"):
        for entry_id, entry in knowledge.shelf(kind).items():
            for path, model in walk(entry):
                if isinstance(model, Cited):
                    from_the_house = bool(HOUSE & set(model.sources))
                    assert from_the_house == (model.seen == "recalled"), (entry_id, path)


def test_a_proposal_names_itself_as_one(knowledge: Knowledge) -> None:
    for kind in ("compounds", "pairs", "mixing-limits"):
        for entry_id, entry in knowledge.shelf(kind).items():
            for path, model in walk(entry):
                if isinstance(model, Cited):
                    proposed = "mesoplan-proposal-2026" in model.sources
                    assert proposed == (model.basis is Basis.PROPOSAL), (entry_id, path)


def test_a_pair_is_named_after_its_two_sides_and_stands_once(knowledge: Knowledge) -> None:
    sides = Counter(frozenset((pair.a, pair.b)) for pair in knowledge.pairs.values())
    assert [pair for pair, count in sides.items() if count > 1] == []
    for pair in knowledge.pairs.values():
        assert pair.id == f"pair-{pair.a}-{pair.b}"


def test_each_verdict_on_a_pair_is_cited_and_only_an_incompatible_one_can_be_overridden(knowledge: Knowledge) -> None:
    for pair in knowledge.pairs.values():
        assert all(source in knowledge.sources for source in pair.sources), pair.id
        assert (pair.verdict == "incompatible") == (pair.override is not None), pair.id
        if pair.verdict == "used_in_trial":
            assert pair.seen == "seen", pair.id


def test_texts_keep_to_the_words_of_the_house(knowledge: Knowledge) -> None:
    for kind in ("compounds", "pairs", "mixing-limits"):
        for entry_id, entry in knowledge.shelf(kind).items():
            for _, model in walk(entry):
                for name in ("text", "note", "title", "group"):
                    text = getattr(model, name, None) or ""
                    assert not WORDS_NOT_USED.search(text), (entry_id, text)


def test_the_limits_of_a_mixture_lie_in_order(knowledge: Knowledge) -> None:
    limits = knowledge.mixing_limits["mixing-limits"]
    in_order: list[Figure] = [limits.osmolarity_floor, limits.osmolarity_target, limits.osmolarity_ceiling]
    bounds = [bound for figure in in_order for bound in dict.fromkeys((figure.low, figure.high))]
    assert bounds == sorted(bounds)
    assert limits.ph.low < 7.4 < limits.ph.high
    assert limits.syringe_step.low < limits.dead_space.low
    assert limits.warn_actives_from.low <= limits.max_actives.low


def test_no_source_is_left_without_its_title(knowledge: Knowledge) -> None:
    assert [one.id for one in knowledge.sources.values() if "TITLE TO WRITE" in one.title] == []
