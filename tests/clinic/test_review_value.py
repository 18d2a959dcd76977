"""A dermatologist or pharmacist confirms a released value or disagrees; the clinic's word stands beside the release."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.chain import verify
from mesoplan.clinic.audit.models import AuditEntry, NeverChanged
from mesoplan.clinic.evidence import actions
from mesoplan.clinic.evidence.cited_values import value_sha256, values_of
from mesoplan.clinic.evidence.links import entry_link
from mesoplan.clinic.evidence.models import ValueReview, Verdict
from mesoplan.clinic.evidence.reviews import entries_reviewed_here, reviews_of
from mesoplan.clinic.privacy import Privacy
from mesoplan.domain.writing import date_text
from mesoplan.workflow import NotPermitted, Refused, Role, WrongState

BrowserOf = Callable[[str | Role], Client]

ENTRY = ("compounds", "tranexamic-acid")
PATH = "limits.1"
OTHERS = [role for role in Role if role not in {Role.DERMATOLOGIST, Role.PHARMACIST}]
REASON = "The label says 10 mg/mL, not what stands here."


@pytest.fixture
def colleague(db: None) -> User:
    return User.objects.create_user(
        "second@clinic.test", "a long enough phrase", printed_name="Dr Nadia Roux", role="dermatologist"
    )


def sha256(path: str = PATH) -> str:
    return value_sha256(values_of(*ENTRY, knowledge_base.current())[path])


def reviewed(by: User, verdict: Verdict = Verdict.CONFIRM, reason: str = "", path: str = PATH) -> ValueReview:
    return actions.review_value(
        kind=ENTRY[0],
        entry_id=ENTRY[1],
        path=path,
        shown_sha256=sha256(path),
        verdict=verdict,
        reason=reason,
        knowledge=knowledge_base.current(),
        by=by,
    )


def sent(browser: Client, **said: str) -> Any:
    form = {"path": PATH, "shown": sha256(), "verdict": "confirm", "reason": "", **said}
    return browser.post(reverse("evidence:review", args=ENTRY), form)


def page(browser: Client, review: str | None = None) -> str:
    asked = {} if review is None else {"review": review}
    return browser.get(entry_link(*ENTRY), asked).content.decode()


def today() -> str:
    return date_text(timezone.localdate())


# -- Confirm and disagree


def test_a_confirmation_is_shown_with_name_and_day(browser_of: BrowserOf) -> None:
    browser = browser_of("dermatologist")

    answer = sent(browser)

    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{entry_link(*ENTRY)}#value-limits-1"
    assert f"confirmed in this clinic by Dr Alma Weiss, {today()}" in page(browser)
    assert "in the release: not yet reviewed" in page(browser)


def test_a_row_holds_what_was_read_and_by_whom(dermatologist: User) -> None:
    row = reviewed(dermatologist, Verdict.DISAGREE, f"  {REASON}  ")

    assert (row.kind, row.entry_id, row.path) == (*ENTRY, PATH)
    assert row.value_sha256 == sha256()
    assert (row.verdict, row.reason, row.reviewed_by) == ("disagree", REASON, dermatologist)
    assert row.knowledge_release == knowledge_base.current().release


def test_a_disagreement_is_shown_with_its_reason(browser_of: BrowserOf) -> None:
    browser = browser_of("dermatologist")
    sent(browser, verdict="disagree", reason=REASON)

    shown = page(browser)

    assert f"disagreed in this clinic by Dr Alma Weiss, {today()}:" in shown
    assert f"“{REASON}”" in shown
    assert "Reviewed in this clinic: 1 disagreed" in shown


def test_two_people_may_differ_and_both_are_shown(dermatologist: User, colleague: User, browser_of: BrowserOf) -> None:
    reviewed(dermatologist)
    reviewed(colleague, Verdict.DISAGREE, REASON)

    shown = page(browser_of("nurse"))

    assert "confirmed in this clinic by Dr Alma Weiss" in shown
    assert "disagreed in this clinic by Dr Nadia Roux" in shown
    here = reviews_of(*ENTRY, knowledge_base.current())
    assert (here.confirmed, here.disagreed) == (0, 1)


def test_a_later_review_of_the_same_person_replaces_the_earlier_which_stays(
    dermatologist: User, browser_of: BrowserOf
) -> None:
    reviewed(dermatologist)
    reviewed(dermatologist, Verdict.DISAGREE, REASON)

    here = reviews_of(*ENTRY, knowledge_base.current()).values[PATH]

    assert [one.row.verdict for one in here.held] == ["disagree"]
    assert [row.verdict for row in here.earlier] == ["confirm"]
    assert "1 earlier" in page(browser_of("nurse"))


def test_the_same_review_sent_twice_is_kept_once(browser_of: BrowserOf) -> None:
    browser = browser_of("dermatologist")
    sent(browser)
    sent(browser)
    assert ValueReview.objects.count() == 1


def test_what_was_typed_is_shown_as_text_never_as_markup(dermatologist: User, browser_of: BrowserOf) -> None:
    reviewed(dermatologist, Verdict.DISAGREE, "<script>alert(1)</script> stands there")
    assert "<script>alert(1)" not in page(browser_of("nurse"))


def test_every_value_of_an_entry_can_be_opened_for_review(browser_of: BrowserOf) -> None:
    browser = browser_of("dermatologist")
    for kind, one, path in ((*ENTRY, PATH), ("rules", "screen-amide-allergy", "")):
        shown = browser.get(entry_link(kind, one), {"review": path}).content.decode()
        assert "I have read the source" in shown
        assert shown.count('class="review stack"') == 1


def test_released_data_stay_as_they_are(dermatologist: User) -> None:
    before = knowledge_base.current()
    reviewed(dermatologist)
    cited = values_of(*ENTRY, knowledge_base.current())[PATH]
    assert knowledge_base.current() is before
    assert not cited.reviewed


# -- Take back


def test_taking_back_adds_a_row_and_deletes_nothing(dermatologist: User, browser_of: BrowserOf) -> None:
    row = reviewed(dermatologist)
    browser = browser_of("dermatologist")

    answer = browser.post(reverse("evidence:take_back", args=[row.pk]))

    assert answer.status_code == 302
    assert [one.verdict for one in ValueReview.objects.all()] == ["confirm", "taken_back"]
    shown = page(browser)
    assert "confirmed in this clinic" not in shown
    assert "Dr Alma Weiss took it back" in shown


def test_after_taking_back_one_may_review_again(dermatologist: User) -> None:
    actions.take_back_review(review=reviewed(dermatologist), by=dermatologist)
    reviewed(dermatologist)
    assert reviews_of(*ENTRY, knowledge_base.current()).confirmed == 1
    assert ValueReview.objects.count() == 3


def test_nobody_takes_back_what_another_said(dermatologist: User, colleague: User) -> None:
    row = reviewed(dermatologist)
    with pytest.raises(NotPermitted, match=r"^Only Dr Alma Weiss can take back this review\."):
        actions.take_back_review(review=row, by=colleague)
    assert ValueReview.objects.count() == 1


@pytest.mark.parametrize("later", ["taken back", "replaced"])
def test_what_no_longer_stands_is_not_taken_back_again(dermatologist: User, later: str) -> None:
    row = reviewed(dermatologist)
    if later == "taken back":
        actions.take_back_review(review=row, by=dermatologist)
    else:
        reviewed(dermatologist, Verdict.DISAGREE, REASON)
    count = ValueReview.objects.count()

    with pytest.raises(WrongState, match="no longer stands"):
        actions.take_back_review(review=row, by=dermatologist)
    assert ValueReview.objects.count() == count


def test_a_taking_back_is_not_itself_taken_back(dermatologist: User) -> None:
    back = actions.take_back_review(review=reviewed(dermatologist), by=dermatologist)
    with pytest.raises(WrongState):
        actions.take_back_review(review=back, by=dermatologist)


# -- Who may not, and how not


@pytest.mark.parametrize("role", OTHERS)
def test_only_a_dermatologist_or_a_pharmacist_reviews(role: Role, browser_of: BrowserOf) -> None:
    answer = sent(browser_of(role))

    assert answer.status_code == 403
    assert "Only a dermatologist or a pharmacist can review a value." in answer.content.decode()
    assert not ValueReview.objects.exists()
    assert not AuditEntry.objects.filter(act="review_value").exists()


@pytest.mark.parametrize("role", OTHERS)
def test_only_a_dermatologist_or_a_pharmacist_takes_back(
    role: Role, dermatologist: User, browser_of: BrowserOf
) -> None:
    row = reviewed(dermatologist)
    assert browser_of(role).post(reverse("evidence:take_back", args=[row.pk])).status_code == 403
    assert ValueReview.objects.count() == 1


@pytest.mark.parametrize("role", OTHERS)
def test_who_may_not_review_sees_the_reviews_and_no_form(
    role: Role, dermatologist: User, browser_of: BrowserOf
) -> None:
    reviewed(dermatologist)
    shown = page(browser_of(role), review=PATH)
    assert "confirmed in this clinic by Dr Alma Weiss" in shown
    assert "I have read the source" not in shown
    assert "Take back" not in shown
    assert "#review" not in shown


@pytest.mark.parametrize("act", ["review", "take_back"])
def test_an_address_alone_changes_nothing(act: str, dermatologist: User, browser_of: BrowserOf) -> None:
    row = reviewed(dermatologist)
    path = reverse("evidence:review", args=ENTRY) if act == "review" else reverse("evidence:take_back", args=[row.pk])
    assert browser_of("dermatologist").get(path).status_code == 405
    assert ValueReview.objects.count() == 1


def test_nobody_reviews_without_logging_in(client: Client, db: None) -> None:
    assert sent(client).status_code == 302
    assert not ValueReview.objects.exists()


# -- What is refused keeps what was typed


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"verdict": "disagree", "reason": "not so"}, "in at least 20 characters. You wrote 6."),
        ({"verdict": "disagree", "reason": "        not so        "}, "in at least 20 characters. You wrote 6."),
        ({"verdict": "", "reason": "my own words on this"}, "Choose whether the source says this."),
        ({"verdict": "taken_back", "reason": "my own words on this"}, "Choose whether the source says this."),
        ({"verdict": "confirm", "reason": "x" * 2001}, "Write 2000 characters or fewer. You wrote 2001."),
    ],
)
def test_a_refused_review_stores_nothing_and_keeps_the_words(
    said: dict[str, str], told: str, browser_of: BrowserOf
) -> None:
    answer = sent(browser_of("dermatologist"), **said)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert shown.count(told) == 2  # on top and at the field
    assert f"{said['reason']}</textarea>" in shown
    assert "<title>Error: " in shown
    assert not ValueReview.objects.exists()
    assert not AuditEntry.objects.filter(act="review_value").exists()


def test_a_value_that_changed_since_the_page_was_opened_is_not_reviewed(browser_of: BrowserOf) -> None:
    answer = sent(browser_of("dermatologist"), shown="0" * 64, verdict="disagree", reason=REASON)

    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "This value has changed since the page was opened." in shown
    assert REASON in shown
    assert sha256() in shown  # sent again, it is of the value as it stands now
    assert not ValueReview.objects.exists()


def test_a_value_that_is_not_there_is_not_reviewed_and_the_words_are_shown(browser_of: BrowserOf) -> None:
    answer = sent(browser_of("dermatologist"), path="limits.99", verdict="disagree", reason=REASON)

    assert answer.status_code == 409
    assert "This release no longer holds this value." in answer.content.decode()
    assert REASON in answer.content.decode()
    assert not ValueReview.objects.exists()


@pytest.mark.parametrize("entry", [("compounds", "made-up"), ("made-up", "tranexamic-acid")])
def test_an_entry_that_is_not_there_is_not_reviewed(entry: tuple[str, str], browser_of: BrowserOf) -> None:
    form = {"path": "", "shown": "0" * 64, "verdict": "confirm"}
    assert browser_of("dermatologist").post(reverse("evidence:review", args=entry), form).status_code == 404
    assert browser_of("dermatologist").post(reverse("evidence:take_back", args=[4711])).status_code == 404


def test_a_short_disagreement_is_refused_by_the_action_too(dermatologist: User) -> None:
    with pytest.raises(Refused, match="at least 20 characters"):
        reviewed(dermatologist, Verdict.DISAGREE, "no")


# -- The list


def listed(browser: Client, **asked: str) -> str:
    return browser.get(reverse("evidence:evidence"), asked).content.decode()


@pytest.mark.parametrize(
    ("state", "there"), [("open", True), ("confirmed", True), ("disagreed", False), ("lapsed", False)]
)
def test_the_list_is_narrowed_by_review(state: str, there: bool, dermatologist: User, browser_of: BrowserOf) -> None:
    reviewed(dermatologist)
    shown = listed(browser_of("nurse"), review=state, kind="compounds")
    assert (entry_link(*ENTRY) in shown) is there


def test_the_list_finds_disagreements_in_every_kind(dermatologist: User, browser_of: BrowserOf) -> None:
    reviewed(dermatologist, Verdict.DISAGREE, REASON)
    shown = listed(browser_of("nurse"), review="disagreed")
    assert entry_link(*ENTRY) in shown
    assert "1 disagreed" in shown
    assert "1 entry" in shown


def test_an_entry_leaves_not_yet_reviewed_when_each_value_is(dermatologist: User, browser_of: BrowserOf) -> None:
    for path in values_of(*ENTRY, knowledge_base.current()):
        reviewed(dermatologist, path=path)
    assert entry_link(*ENTRY) not in listed(browser_of("nurse"), review="open", kind="compounds")


def test_a_made_up_filter_is_no_filter(browser_of: BrowserOf) -> None:
    assert browser_of("nurse").get(reverse("evidence:evidence"), {"review": "made-up"}).status_code == 200


def test_an_entry_is_reviewed_here_when_each_of_its_values_is_confirmed(dermatologist: User, colleague: User) -> None:
    knowledge = knowledge_base.current()
    paths = list(values_of(*ENTRY, knowledge))
    for path in paths[1:]:
        reviewed(dermatologist, path=path)
    assert ENTRY not in entries_reviewed_here([ENTRY[0]], knowledge)
    reviewed(dermatologist, path=paths[0])
    assert ENTRY in entries_reviewed_here([ENTRY[0]], knowledge)
    reviewed(colleague, Verdict.DISAGREE, REASON, path=paths[0])
    assert ENTRY not in entries_reviewed_here([ENTRY[0]], knowledge)


# -- On record


def test_both_acts_are_in_the_audit(dermatologist: User) -> None:
    row = reviewed(dermatologist, Verdict.DISAGREE, REASON)
    actions.take_back_review(review=row, by=dermatologist)

    entries = list(AuditEntry.objects.order_by("number"))[-2:]

    assert [one.act for one in entries] == ["review_value", "take_back_review"]
    assert entries[0].after is not None
    assert entries[0].after["reason"] == REASON
    assert entries[0].after["entry"] == "compounds/tranexamic-acid"
    assert entries[0].after["value"]["unit"]
    assert entries[1].before == {"verdict": "disagree", "reason": REASON}
    assert verify().whole


def test_actions_take_everything_by_name_and_say_by_whom() -> None:
    for action in (actions.review_value, actions.take_back_review):
        parameters = inspect.signature(action).parameters
        assert "by" in parameters
        assert all(one.kind is one.KEYWORD_ONLY for one in parameters.values())


def test_a_review_is_neither_changed_nor_deleted(dermatologist: User) -> None:
    row = reviewed(dermatologist)
    for act in (row.save, row.delete, ValueReview.objects.all().delete):
        with pytest.raises(NeverChanged):
            act()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE evidence_valuereview SET verdict = 'disagree'")


@pytest.mark.parametrize(
    "wrong",
    [
        {"verdict": "perhaps"},
        {"verdict": "disagree", "reason": "too short"},
        {"verdict": "taken_back"},
        {"value_sha256": "abc"},
        {"kind": ""},
        {"entry_id": ""},
        {"knowledge_release": ""},
    ],
)
def test_the_database_refuses_half_a_review(wrong: dict[str, str], dermatologist: User) -> None:
    whole = {"kind": "rules", "entry_id": "a", "value_sha256": "a" * 64, "knowledge_release": "1", "verdict": "confirm"}
    with pytest.raises(IntegrityError), transaction.atomic():
        ValueReview.objects.create(reviewed_by=dermatologist, **{**whole, **wrong})
    ValueReview.objects.create(reviewed_by=dermatologist, **whole)


def test_a_review_is_taken_back_once(dermatologist: User) -> None:
    row = reviewed(dermatologist)
    actions.take_back_review(review=row, by=dermatologist)
    with pytest.raises(IntegrityError), transaction.atomic():
        ValueReview.objects.create(
            kind=row.kind,
            entry_id=row.entry_id,
            path=row.path,
            value_sha256=row.value_sha256,
            knowledge_release="1",
            verdict=Verdict.TAKEN_BACK,
            takes_back=row,
            reviewed_by=dermatologist,
        )


def test_every_field_has_a_privacy_class() -> None:
    names = {field.name for field in ValueReview._meta.get_fields() if field.concrete}
    assert set(ValueReview.privacy) == names
    assert ValueReview.privacy["reason"] is not Privacy.NONE
