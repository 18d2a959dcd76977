"""Operations sent to a draft: who may, what is saved, what is answered to those that come twice, late or wrong."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.chain import verify
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.courses.models import Assessment, Plan
from mesoplan.clinic.editor.actions import take_in
from mesoplan.clinic.editor.answers import name_of
from mesoplan.clinic.editor.draft_log import _remembered
from mesoplan.clinic.editor.models import EditStep, ReceivedBatch
from mesoplan.domain.edits import Batch
from tests.clinic.case_documents import melasma_case
from tests.clinic.editing import points_of, sent
from tests.clinic.plans import posted, started

BrowserOf = Callable[[str], Client]
MOVE = {"op": "shift", "points": ["5"], "right_mm": 1.0, "up_mm": -1.0, "along": "front"}
VOLUME = {"op": "set", "scope": {"kind": "zone", "zone": "malar-right"}, "field": "volume_per_point"}


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case()


@pytest.fixture
def alma(browser_of: BrowserOf) -> Client:
    return browser_of("dermatologist")


@pytest.fixture
def plan(alma: Client, assessment: Assessment) -> Plan:
    return started(alma, assessment)


def test_a_move_is_saved_evaluated_audited_and_answered_with_figures_and_places(alma: Client, plan: Plan) -> None:
    answer = sent(alma, plan, MOVE)
    told = answer.json()

    assert answer.status_code == 200
    assert points_of(plan)["5"]["origin"] == "moved"
    assert (told["version"], plan.version, told["number"], told["seq"]) == (2, 2, 1, 1)
    assert told["undo"] == "move 1\xa0point"
    assert "Moved 1\xa0point" in told["note"]
    assert set(told["fragments"]) == {"plan-acts", "where-lists", "follows-inner"}
    assert 'class="findings"' in told["fragments"]["follows-inner"]
    (point,) = told["points_changed"]
    assert (point["id"], point["origin"]) == ("5", "moved")
    assert [one["id"] for one in told["moved"]] == ["5"]
    assert set(point["views"]) == {"front", "right-oblique", "left-oblique"}
    assert AuditEntry.objects.filter(act="save_draft").count() == 1
    assert verify().whole


def test_a_changed_value_comes_with_the_form_and_a_move_after_a_colleagues_save_too(alma: Client, plan: Plan) -> None:
    told = sent(alma, plan, {**VOLUME, "value": "0,04 mL"}, base=0).json()
    assert 'value="0.04"' in told["fragments"]["set-inner"]
    told = sent(alma, plan, MOVE, client="other", base=0, version=1).json()
    assert 'value="0.04"' in told["fragments"]["set-inner"]


def test_the_same_batch_again_changes_nothing_and_is_answered_the_same(alma: Client, plan: Plan) -> None:
    first = sent(alma, plan, MOVE).json()
    _remembered.clear()
    again = sent(alma, plan, MOVE, version=1).json()

    assert {key: again[key] for key in ("note", "number", "version", "seq")} == {
        key: first[key] for key in ("note", "number", "version", "seq")
    }
    # The first answer may have been lost: the second tells every point.
    assert first["points_changed"] == [point for point in again["points"] if point["id"] == "5"]
    assert EditStep.objects.count() == 1
    assert AuditEntry.objects.filter(act="save_draft").count() == 1


def test_a_batch_that_comes_too_early_is_told_which_one_is_wanted(alma: Client, plan: Plan) -> None:
    answer = sent(alma, plan, MOVE, seq=3)

    assert answer.status_code == 422
    assert answer.json()["expected"] == 1
    assert "Send 1 first" in answer.json()["text"]
    assert points_of(plan)["5"]["origin"] == "lattice"


@pytest.mark.parametrize("role", ["nurse", "front_desk", "manager", "auditor"])
def test_only_who_may_change_a_plan_sends_operations(browser_of: BrowserOf, plan: Plan, role: str) -> None:
    before = points_of(plan)
    answer = sent(browser_of(role), plan, MOVE)

    assert answer.status_code == 403
    assert points_of(plan) == before
    assert not EditStep.objects.exists()


def test_a_nurse_reads_the_state_and_is_told_that_nothing_can_be_changed(browser_of: BrowserOf, plan: Plan) -> None:
    answer = browser_of("nurse").get(reverse("editor:operations", args=[plan.pk]))

    assert answer.status_code == 200
    assert answer.json()["editable"] is False
    assert len(answer.json()["points"]) == 24


def test_nobody_without_log_in_and_nobody_from_another_page_gets_in(plan: Plan, people: Any) -> None:
    address = reverse("editor:operations", args=[plan.pk])
    answer = Client().post(address, "{}", content_type="application/json", headers={"Accept": "application/json"})
    assert answer.headers["X-Logged-Out"] == "1"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(next(iter(people.values())))
    assert strict.post(address, "{}", content_type="application/json").status_code == 403


def test_a_plan_that_is_signed_or_void_takes_no_operation(alma: Client, plan: Plan) -> None:
    alma.post(reverse("courses:void", args=[plan.pk]), {"reason": "started twice"})
    answer = sent(alma, plan, MOVE)

    assert answer.status_code == 409
    assert answer.json()["ended"] is True
    assert points_of(plan)["5"]["origin"] == "lattice"


def test_a_point_that_another_removed_is_refused_with_who_took_it(
    alma: Client, plan: Plan, browser_of: BrowserOf
) -> None:
    sent(alma, plan, {"op": "remove", "points": ["5"]}, client="theirs")
    answer = sent(alma, plan, MOVE, client="mine")

    assert answer.status_code == 422
    assert "Point 5 is not in the plan any more: removed. Dr Alma Weiss took it away" in answer.json()["text"]
    assert answer.json()["points"] == ["5"]


def test_the_same_point_moved_by_two_pages_is_not_overwritten(alma: Client, plan: Plan) -> None:
    sent(alma, plan, MOVE, client="theirs", base=0)
    theirs = points_of(plan)["5"]
    answer = sent(alma, plan, {**MOVE, "right_mm": -3}, client="mine", base=0, version=1)

    assert answer.status_code == 409
    assert answer.json()["clashes"]
    assert answer.json()["state"]["version"] == 2
    assert points_of(plan)["5"] == theirs


def test_different_points_of_two_pages_are_both_kept(alma: Client, plan: Plan) -> None:
    sent(alma, plan, MOVE, client="theirs", base=0)
    answer = sent(alma, plan, {**MOVE, "points": ["6"]}, client="mine", base=0, version=1)

    assert answer.status_code == 200
    assert {points_of(plan)[one]["origin"] for one in ("5", "6")} == {"moved"}


def test_what_a_form_saved_meanwhile_is_not_overwritten(alma: Client, plan: Plan) -> None:
    posted(alma, plan, **{"volume_per_point_malar-right": "0.04"})
    answer = sent(alma, plan, MOVE, version=1)

    assert answer.status_code == 409
    assert "Dr Alma Weiss saved at" in answer.json()["text"]
    assert points_of(plan)["5"]["origin"] == "lattice"
    assert not ReceivedBatch.objects.exists()


@pytest.mark.parametrize(
    ("op", "told"),
    [
        ({**VOLUME, "value": 9, "unit": "mL"}, "between 0.001 and 5"),
        ({**VOLUME, "value": 9}, "has no unit"),
        ({**MOVE, "right_mm": 9999}, "right_mm"),
        ({**MOVE, "points": ["777"]}, "Point 777 is not in the plan"),
        ({"op": "add", "view": "front", "points": [{"x": 500, "y": 0}]}, "beside the face"),
        ({"op": "add", "view": "top", "points": [{"x": 0, "y": 0}]}, "one of the three views"),
        ({"op": "add", "view": "front", "zone": "malar-right", "points": [{"x": 0, "y": 20}]}, "outside Malar, right"),
        ({"op": "paint"}, "ops"),
        ({"op": "undo"}, "Nothing is left to undo"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(alma: Client, plan: Plan, op: dict[str, Any], told: str) -> None:
    before = points_of(plan)
    answer = sent(alma, plan, op)

    assert answer.status_code == 422
    assert told in answer.json()["text"]
    assert points_of(plan) == before


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"version": "1", "ops": []}', b'{"version": 1, "ops": {}}'])
def test_what_is_not_a_batch_is_refused(alma: Client, plan: Plan, body: bytes) -> None:
    answer = alma.post(reverse("editor:operations", args=[plan.pk]), body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["text"]


def test_one_wrong_operation_refuses_the_whole_batch(alma: Client, plan: Plan) -> None:
    answer = sent(alma, plan, MOVE, {**VOLUME, "value": 9, "unit": "mL"})

    assert answer.status_code == 422
    assert answer.json()["index"] == 1
    assert points_of(plan)["5"]["origin"] == "lattice"


def test_a_thousand_points_pasted_are_refused_as_a_whole_with_the_room_that_is_left(alma: Client, plan: Plan) -> None:
    state = alma.get(reverse("editor:operations", args=[plan.pk])).json()
    x, y, *_ = next(one for one in state["points"] if one["id"] == "5")["views"]["front"]
    pasted = [{"x": x + (one % 32) / 8 - 2, "y": y + one / 256 - 2} for one in range(1000)]
    before = points_of(plan)
    answer = sent(alma, plan, {"op": "add", "view": "front", "zone": "malar-right", "points": pasted})

    assert answer.status_code == 422
    assert "Add 988 at most" in answer.json()["text"]
    assert points_of(plan) == before
    assert (
        sent(alma, plan, {"op": "add", "view": "front", "zone": "malar-right", "points": pasted[:300]}).status_code
        == 200
    )
    assert len(points_of(plan)) == 312


def test_a_hundred_steps_are_taken_back_one_by_one_also_by_a_process_that_starts_anew(
    alma: Client, plan: Plan, dermatologist: User
) -> None:
    """The first and the last of each way come from the page; those between spare themselves the page's answer."""

    def take(seq: int, op: dict[str, Any]) -> None:
        if seq % 100 in (0, 1):
            assert sent(alma, plan, op, seq=seq).status_code == 200
        else:
            batch = Batch.model_validate({"client": "page-1", "seq": seq, "by": name_of(dermatologist), "ops": [op]})
            take_in(plan_id=plan.pk, version=Plan.objects.get(pk=plan.pk).version, batch=batch, by=dermatologist)

    before = points_of(plan)
    for seq in range(1, 101):
        take(seq, {**MOVE, "right_mm": 0.5 if seq % 2 else -0.6, "up_mm": 0.0})
    _remembered.clear()
    assert EditStep.objects.count() == 100
    for seq in range(101, 200):
        take(seq, {"op": "undo"})
        assert points_of(plan) != before
    answer = sent(alma, plan, {"op": "undo"}, seq=200)
    assert points_of(plan) == before
    assert answer.json()["undo"] is None
    assert answer.json()["redo"] == "move 1\xa0point"
    assert verify().whole


def test_a_renewal_is_told_before_it_is_made(alma: Client, plan: Plan) -> None:
    sent(alma, plan, MOVE)
    address = reverse("editor:renewal", args=[plan.pk])
    answer = alma.get(address, {"zone": "malar-right", "spacing": "7,0"})

    assert answer.status_code == 200
    told = answer.json()
    assert told["text"].startswith("12 → ")
    assert "eeps 1\xa0hand edit" in told["text"]
    assert told["text"] in told["panel"]
    keep = json.loads(html.unescape(re.findall(r'data-ops="([^"]+)"', told["panel"])[0]))
    assert keep[0]["hand_edits"] == "keep"
    assert len(answer.json()["ghosts"]) > 12
    assert len(points_of(plan)) == 12
    for values in (
        {"zone": "nose"},
        {"zone": "malar-right", "spacing": "900"},
        {"zone": "malar-right", "spacing": "x"},
    ):
        refused = alma.get(address, values)
        assert refused.status_code == 422
        assert refused.json()["text"]


def test_the_page_names_where_operations_go(alma: Client, plan: Plan) -> None:
    page = alma.get(reverse("courses:plan", args=[plan.pk])).content.decode()
    assert f'data-operations="{reverse("editor:operations", args=[plan.pk])}"' in page
    assert "editor/main.js" in page
    assert json.loads(alma.get(reverse("editor:operations", args=[plan.pk])).content)["editable"] is True
