"""Every check that is computed from a plan, by the table: a plan that it speaks of, and the same plan mended."""

from __future__ import annotations

import pytest

from mesoplan.domain.finding import Severity
from mesoplan.knowledge.base import Knowledge
from tests.planning.hand_made import of_code, weight
from tests.spec.plans_in_words import findings_of
from tests.spec.tables import Row, in_words, rows

CHECKS = rows("checks.yaml")
MENDABLE = [row for row in CHECKS if not row["mended"].startswith("said ")]


def weights(row: Row, plan: str) -> set[str]:
    """Return how the check weighs in a plan, where its text speaks of what the row is about."""
    found = of_code(findings_of(row[plan]), row["check"])
    return {weight(one) for one in found if row.get("about", "") in one.text}


@pytest.mark.parametrize("row", CHECKS, ids=in_words)
def test_a_check_speaks_of_what_is_wrong(row: Row) -> None:
    assert row["finding"] in weights(row, "wrong")


@pytest.mark.parametrize("row", MENDABLE, ids=in_words)
def test_and_no_longer_once_it_is_mended(row: Row) -> None:
    assert row["finding"] not in weights(row, "mended")


def test_every_check_has_a_row(knowledge: Knowledge) -> None:
    of_forecasts = {row["check"] for row in rows("forecast_checks.yaml")} | {"forecast-imprecise"}
    assert {row["check"] for row in CHECKS} | of_forecasts == set(knowledge.checks)


def test_the_plan_that_the_rows_change_has_nothing_wrong_with_it() -> None:
    assert {finding.severity for finding in findings_of("as proposed")} == {Severity.INFO}
