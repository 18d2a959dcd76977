"""A finding takes weight, override and sources from its check."""

from __future__ import annotations

import pytest

from mesoplan.domain.errors import KnowledgeError
from mesoplan.domain.finding import Finding, Override, Severity
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.findings import from_check
from tests.planning.mixing_base import write_base


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return write_base(tmp_path_factory.mktemp("base"))


def weight(finding: Finding) -> tuple[Severity, Override | None]:
    return finding.severity, finding.override


def test_weight_and_who_may_override(base: Knowledge) -> None:
    block = (Severity.BLOCK, Override.DERMATOLOGIST)
    assert weight(from_check(base, "mix-ph-range", "Text.")) == block
    assert weight(from_check(base, "mix-ph-range", "Text.", warn_only=True)) == (Severity.WARN, None)
    assert weight(from_check(base, "mix-ph-range", "Text.", severity=Severity.INFO)) == (Severity.INFO, None)
    assert weight(from_check(base, "mix-beyond-use", "Text.", warn_only=True)) == (Severity.INFO, None)


def test_a_block_whose_check_names_nobody_can_be_overridden_by_nobody(base: Knowledge) -> None:
    assert weight(from_check(base, "mix-volume-short", "Text.")) == (Severity.BLOCK, Override.NEVER)


def test_sources_of_check_and_data_each_once(base: Knowledge) -> None:
    found = from_check(base, "mix-ph-range", "Text.", extra_sources=("other", "src", "other"))
    assert found.sources == ("src", "other")
    assert (found.code, found.rule) == ("mix-ph-range", "mix-ph-range")


def test_an_unknown_check_is_refused_with_the_nearest(base: Knowledge) -> None:
    with pytest.raises(KnowledgeError, match=r"mix-ph-rang.*mix-ph-range"):
        from_check(base, "mix-ph-rang", "Text.")
