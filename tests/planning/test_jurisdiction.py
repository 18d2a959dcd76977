"""What a clinic may do in each jurisdiction: its own rule, else the strictest known one, said as such."""

from __future__ import annotations

from pathlib import Path

import pytest

from mesoplan.domain.errors import KnowledgeError
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.jurisdiction import profile
from tests.planning.mixing_base import write_base

FIELDS = ("max_actives_per_syringe", "mixing_in_clinic", "immediate_use")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return write_base(tmp_path_factory.mktemp("base"))


@pytest.mark.parametrize(
    ("jurisdiction", "most", "mixing", "hours", "not_known"),
    [
        ("strict", 1, False, 1, ()),
        ("open", 3, True, 4, ()),
        ("pair", 2, True, 1, ("immediate_use",)),
        ("silent", 1, False, 1, FIELDS),
        ("unknown", 1, False, 1, ()),
    ],
)
def test_profiles(
    base: Knowledge, jurisdiction: str, most: int, mixing: bool, hours: float, not_known: tuple[str, ...]
) -> None:
    found = profile(base, jurisdiction)
    assert found.max_actives_per_syringe.value == most
    assert found.mixing_allowed.value is mixing
    assert found.immediate_use_h.value == hours
    assert found.not_known == not_known


def test_a_borrowed_rule_names_where_it_comes_from(base: Knowledge) -> None:
    borrowed = profile(base, "silent").mixing_allowed
    assert (borrowed.rule, borrowed.borrowed, borrowed.sources) == ("strict", True, ("src",))
    assert profile(base, "strict").mixing_allowed.borrowed is False


def test_prohibitions_bind_where_they_are_made_and_where_the_jurisdiction_is_not_known(base: Knowledge) -> None:
    made_in = {one: [ban.rule for ban in profile(base, one).prohibitions] for one in ("strict", "open", "unknown")}
    assert made_in == {"strict": ["strict"], "open": [], "unknown": ["strict"]}
    assert [duty.rule for duty in profile(base, "unknown").duties] == ["strict"]


def test_an_id_that_no_jurisdiction_has_is_refused_with_what_is_allowed(base: Knowledge) -> None:
    with pytest.raises(KnowledgeError, match=r"stricct.*allowed: open, pair, silent, strict"):
        profile(base, "stricct")


def test_where_no_jurisdiction_says_anything_the_mixing_limits_stand_and_nothing_is_mixed(tmp_path: Path) -> None:
    found = profile(write_base(tmp_path, "- {id: silent, title: Silent}"), "silent")
    assert found.max_actives_per_syringe.value == 3
    assert found.immediate_use_h.value == 1
    assert found.mixing_allowed.value is False
    assert found.not_known == FIELDS
    assert {found.max_actives_per_syringe.rule, found.mixing_allowed.rule} == {"mixing-limits"}
