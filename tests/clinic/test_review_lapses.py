"""A review is of a value as it stood: it lapses, visibly, when the value changes, and not when anything else does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.evidence.actions import review_value, take_back_review
from mesoplan.clinic.evidence.cited_values import value_sha256, values_of
from mesoplan.clinic.evidence.links import entry_link, link_to_finding
from mesoplan.clinic.evidence.models import ValueReview, Verdict
from mesoplan.clinic.evidence.reviews import reviews_of
from mesoplan.domain.finding import Finding, Severity
from mesoplan.domain.writing import date_text
from mesoplan.knowledge.base import Knowledge, Shelf
from mesoplan.knowledge.schema.citation import Review
from mesoplan.knowledge.schema.compounds import Compound

ENTRY = ("compounds", "tranexamic-acid")
PATH = "limits.1"
REASON = "The label says 10 mg/mL, not what stands here."
RULE = "screen-amide-allergy"

ChangeLimit = Callable[..., Knowledge]


def with_compound(compound: Compound) -> Knowledge:
    knowledge = knowledge_base.current()
    return replace(knowledge, compounds=Shelf("compounds", {**knowledge.compounds, compound.id: compound}))


def with_first_limit(**changed: Any) -> Knowledge:
    compound = knowledge_base.current().compounds[ENTRY[1]]
    first, *others = compound.limits
    return with_compound(compound.model_copy(update={"limits": (first.model_copy(update=changed), *others)}))


def without_limits() -> Knowledge:
    return with_compound(knowledge_base.current().compounds[ENTRY[1]].model_copy(update={"limits": ()}))


def reviewed(by: User, kind: str, entry_id: str, path: str, verdict: Verdict, reason: str = "") -> ValueReview:
    knowledge = knowledge_base.current()
    return review_value(
        kind=kind,
        entry_id=entry_id,
        path=path,
        shown_sha256=value_sha256(values_of(kind, entry_id, knowledge)[path]),
        verdict=verdict,
        reason=reason,
        knowledge=knowledge,
        by=by,
    )


@pytest.fixture
def confirmed(dermatologist: User) -> ValueReview:
    return reviewed(dermatologist, *ENTRY, PATH, Verdict.CONFIRM)


@pytest.fixture
def in_force(monkeypatch: pytest.MonkeyPatch) -> Callable[[Knowledge], None]:
    return lambda knowledge: monkeypatch.setattr(knowledge_base, "current", lambda: knowledge)


@pytest.mark.parametrize(
    ("changed", "lapses"),
    [
        ({"value": 4711.0}, True),
        ({"unit": "%"}, True),
        ({"sources": ("S1",)}, True),
        ({"seen": "another"}, True),
        ({"note": "Another sentence."}, True),
        ({"review": Review(by="Dr B. Lang", on=date(2026, 12, 1))}, False),
        ({}, False),
    ],
)
def test_what_changes_a_value_and_what_does_not(changed: dict[str, Any], lapses: bool, confirmed: ValueReview) -> None:
    here = reviews_of(*ENTRY, with_first_limit(**changed)).values[PATH]
    assert here.lapsed is lapses
    assert here.confirmed is not lapses


@pytest.mark.parametrize("verdict", ["confirm", "disagree"])
def test_a_lapse_is_said_on_the_page(
    verdict: str,
    dermatologist: User,
    browser_of: Callable[[str], Client],
    in_force: Callable[[Knowledge], None],
) -> None:
    reviewed(dermatologist, *ENTRY, PATH, Verdict(verdict), REASON)
    in_force(with_first_limit(value=4711.0))

    shown = browser_of("nurse").get(entry_link(*ENTRY)).content.decode()

    day = date_text(timezone.localdate())
    told = {
        "confirm": f"was confirmed in this clinic by Dr Alma Weiss on {day}; the value has changed since",
        "disagree": f"Dr Alma Weiss disagreed on {day}; the value has changed since",
    }[verdict]
    assert told in shown
    assert "Reviewed in this clinic: 1 lapsed" in shown
    assert "confirmed in this clinic by Dr Alma Weiss, " not in shown


def test_a_lapsed_value_is_listed_as_changed_and_as_not_yet_reviewed(
    confirmed: ValueReview, browser_of: Callable[[str], Client], in_force: Callable[[Knowledge], None]
) -> None:
    in_force(with_first_limit(value=4711.0))
    browser = browser_of("nurse")
    for state, there in (("lapsed", True), ("open", True), ("confirmed", False)):
        shown = browser.get(reverse("evidence:evidence"), {"review": state}).content.decode()
        assert (entry_link(*ENTRY) in shown) is there, state


def test_a_new_review_of_the_changed_value_stands_again(
    confirmed: ValueReview, dermatologist: User, in_force: Callable[[Knowledge], None]
) -> None:
    in_force(with_first_limit(value=4711.0))
    reviewed(dermatologist, *ENTRY, PATH, Verdict.CONFIRM)

    here = reviews_of(*ENTRY, knowledge_base.current()).values[PATH]

    assert here.confirmed
    assert [row.pk for row in here.earlier] == [confirmed.pk]


def test_a_lapsed_review_can_be_taken_back(confirmed: ValueReview, dermatologist: User) -> None:
    take_back_review(review=confirmed, by=dermatologist)
    assert reviews_of(*ENTRY, with_first_limit(value=4711.0)).lapsed == 0


def test_a_review_of_a_value_that_is_gone_is_still_shown(
    confirmed: ValueReview, browser_of: Callable[[str], Client], in_force: Callable[[Knowledge], None]
) -> None:
    in_force(without_limits())
    shown = browser_of("dermatologist").get(entry_link(*ENTRY)).content.decode()
    assert "Reviews of values that this release no longer holds" in shown
    assert "was confirmed in this clinic by Dr Alma Weiss" in shown
    assert reviews_of(*ENTRY, knowledge_base.current()).lapsed == 1


def test_a_review_of_an_entry_that_is_gone_troubles_no_page(
    dermatologist: User, browser_of: Callable[[str], Client], in_force: Callable[[Knowledge], None]
) -> None:
    reviewed(dermatologist, "rules", RULE, "", Verdict.CONFIRM)
    knowledge = knowledge_base.current()
    in_force(replace(knowledge, rules=Shelf("rules", {k: v for k, v in knowledge.rules.items() if k != RULE})))
    assert browser_of("nurse").get(reverse("evidence:evidence"), {"review": "lapsed"}).status_code == 200


def test_the_link_of_a_finding_says_reviewed_here_until_the_rule_changes(dermatologist: User) -> None:
    knowledge = knowledge_base.current()
    finding = Finding(
        rule=RULE, code=RULE, severity=Severity.BLOCK, text="Asked.", sources=knowledge.rules[RULE].sources
    )
    assert link_to_finding(finding, knowledge)["review"] == "not yet reviewed"

    reviewed(dermatologist, "rules", RULE, "", Verdict.CONFIRM)
    link = link_to_finding(finding, knowledge)
    assert link["title"].endswith(", reviewed here")
    assert link["review"] == ""

    rule = knowledge.rules[RULE].model_copy(update={"note": "Another sentence."})
    changed = replace(knowledge, rules=Shelf("rules", {**knowledge.rules, RULE: rule}))
    assert link_to_finding(finding, changed)["review"] == "not yet reviewed"
