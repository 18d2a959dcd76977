"""Licence and law of a plan's compounds. Prohibitions have their own table."""

from __future__ import annotations

import pytest

from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.compounds import CompoundRole
from mesoplan.planning.jurisdiction import profile
from mesoplan.planning.status import jurisdiction_findings, status_findings, status_in
from tests.planning.hand_made import weight

TABLE = [
    # compound, jurisdiction, whose status stands, status, what is said
    ("tranexamic-acid", "us", "us", "licensed_other_use", "info"),
    ("tranexamic-acid", "fr", "eu", "licensed_other_use", "info"),  # a member state without its own: the EU's
    ("tranexamic-acid", "uk", "uk", "not_known", "warn"),
    ("glutathione", "us", "us", "unlicensed", "warn"),
    ("glutathione", "fr", "fr", "not_known", "warn"),
    ("hyaluronic-acid", "it", "eu", "device", None),
    ("deoxycholic-acid", "us", "us", "licensed_for_this_use", None),
    ("deoxycholic-acid", "unknown", "fr", "prohibited", "block never"),  # not known: the strictest of all
    ("ascorbic-acid", "unknown", "fr", "not_known", "warn"),
]


@pytest.mark.parametrize(("compound", "jurisdiction", "place", "status", "said"), TABLE)
def test_whose_status_stands(
    knowledge: Knowledge, compound: str, jurisdiction: str, place: str, status: str, said: str | None
) -> None:
    found = status_in(knowledge.compounds[compound], jurisdiction)
    assert found
    stands = found[1].status
    assert stands == status
    assert found[0] == place or stands == knowledge.compounds[compound].model_dump()["status"][place]["status"]
    rules = profile(knowledge, jurisdiction)
    weights = {weight(one) for one in status_findings([compound], "melasma", jurisdiction, rules, knowledge)}
    assert weights == ({said} if said else set())


def test_a_place_of_which_nothing_is_known_counts_as_not_licensed(knowledge: Knowledge) -> None:
    compound = knowledge.compounds["tranexamic-acid"]
    silent = compound.model_copy(update={"status": {"us": compound.status["us"]}})
    assert status_in(silent, "uk") is None
    assert status_in(silent, "fr") is None


def test_every_active_has_a_status_wherever_a_clinic_may_be(knowledge: Knowledge) -> None:
    """Else the strictest of those on record would be milder than a silent place."""
    for compound in knowledge.compounds.values():
        if compound.role is CompoundRole.ACTIVE:
            for place in knowledge.jurisdictions:
                assert status_in(compound, place), (compound.id, place)


def test_duties_name_where_they_hold_and_come_for_what_is_used(knowledge: Knowledge) -> None:
    rules = profile(knowledge, "us")
    with_it = jurisdiction_findings(["glutathione"], rules, knowledge)
    without = jurisdiction_findings(["tranexamic-acid"], rules, knowledge)
    assert all(one.text.startswith("US: ") for one in with_it)
    assert [one for one in with_it if one not in without]
    assert all(one.sources for one in with_it)


def test_an_unknown_jurisdiction_says_so_and_brings_every_duty(knowledge: Knowledge) -> None:
    found = jurisdiction_findings(["tranexamic-acid"], profile(knowledge, "unknown"), knowledge)
    assert found[0].code == "jurisdiction-unknown"
    assert {one.text.split(":")[0] for one in found[1:]} >= {"FR", "US", "UK"}
