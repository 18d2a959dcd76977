"""Every screening rule, by the tables beside this file: who, what, which answer, and what must be said."""

from __future__ import annotations

import pytest

from mesoplan.knowledge.base import Knowledge
from tests.spec.cases_in_words import after_event, answered, day, patient_of, said, screened
from tests.spec.tables import Row, in_words, rows

SCREENING = rows("screening")
WAITS = rows("waits.yaml")
NOTHING_TO_ASK = {"screen-age-under-18", "screen-age-over-75"}
"""A case without a birth date cannot be read."""


@pytest.mark.parametrize("row", SCREENING, ids=in_words)
def test_what_a_rule_says(row: Row) -> None:
    case = answered(patient_of(row["patient"]), row["answers"])
    assert said(screened(case, row["treatment"]), row["rule"]) == row["finding"]


@pytest.mark.parametrize("row", WAITS, ids=in_words)
def test_the_first_date_allowed(row: Row) -> None:
    case = after_event(patient_of("female 41"), row["event"])
    assert said(screened(case, row["treatment"], day(row["session"])), row["rule"]) == row["finding"]


def test_every_rule_has_a_row_where_it_speaks_and_one_where_it_is_silent(knowledge: Knowledge) -> None:
    found: dict[str, set[str]] = {}
    for row in SCREENING + WAITS:
        found.setdefault(row["rule"], set()).add(row["finding"].split(" ")[0])
    assert set(found) == set(knowledge.rules)
    for rule, findings in found.items():
        assert "silent" in findings, rule
        assert findings - {"silent", "asks"}, rule


def test_every_rule_that_reads_an_answer_has_a_row_where_it_was_not_asked(knowledge: Knowledge) -> None:
    asking = {row["rule"] for row in SCREENING + WAITS if row["finding"].startswith("asks")}
    unconditional = {rule.id for rule in knowledge.rules.values() if rule.when.always}
    assert asking == set(knowledge.rules) - unconditional - NOTHING_TO_ASK


def test_every_term_stands_in_a_row(knowledge: Knowledge) -> None:
    words = {
        word for row in SCREENING + WAITS for word in (row.get("answers") or row["event"]).replace(";", "").split()
    }
    assert set(knowledge.terms) <= words
