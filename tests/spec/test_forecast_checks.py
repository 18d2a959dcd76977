"""Every check that is computed from a course, by the table: a course that it speaks of, and the same course mended."""

from __future__ import annotations

import pytest

from mesoplan.planning.forecast_findings import findings_of as findings_on
from tests.planning.hand_made import shipped
from tests.spec.courses_in_words import findings_of, forecast_of
from tests.spec.tables import Row, in_words, rows

CHECKS = rows("forecast_checks.yaml")


def weights(words: str, code: str) -> set[str]:
    return {str(one.severity) for one in findings_of(words) if one.code == code}


@pytest.mark.parametrize("row", CHECKS, ids=in_words)
def test_a_check_speaks_of_what_is_wrong_and_is_silent_once_it_is_mended(row: Row) -> None:
    assert weights(row["wrong"], row["check"]) == {row["finding"]}
    assert weights(row["mended"], row["check"]) == set()


def test_few_draws_that_fit_are_said_to_be_few() -> None:
    """No course was found that leaves so few, because odd scores are drawn for again until enough fit."""
    course, found = forecast_of("as it is")
    assert found.basis is not None
    few = found.model_copy(update={"basis": found.basis.model_copy(update={"effective_sample_size": 150.0})})
    assert "forecast-imprecise" in {one.code for one in findings_on(course, few, shipped())}
    assert "forecast-imprecise" not in {one.code for one in findings_on(course, found, shipped())}
