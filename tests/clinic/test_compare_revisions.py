"""Two signed revisions, plans of the body, who changed what, and plans whose entries a later release has dropped."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses import actions
from mesoplan.clinic.courses.models import Assessment, Plan
from mesoplan.knowledge.base import Knowledge, Shelf
from mesoplan.workflow import Role
from tests.clinic.case_documents import melasma_case
from tests.clinic.comparing import picked, plain, rows, shown, sign
from tests.clinic.editing import points_of, sent
from tests.clinic.plans import posted, started

BrowserOf = Callable[[str], Client]
RIGHT_MALAR_VOLUME = "volume_per_point_malar-right"
THIGHS = ("thigh-outer-right", "thigh-outer-left")
CHANGED_BY = 5
OTHER_GOAL = [{"aim": "hydration", "zones": ["malar-right"]}]


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case()


@pytest.fixture
def alma(browser_of: BrowserOf) -> Client:
    return browser_of("dermatologist")


@pytest.fixture
def plan(alma: Client, assessment: Assessment) -> Plan:
    return started(alma, assessment)


@pytest.fixture
def colleague(db: None) -> User:
    return User.objects.create_user(
        "vera@clinic.test", "a long enough phrase", printed_name="Dr Vera Lang", role=Role.DERMATOLOGIST.value
    )


def differing(page: str) -> list[list[str]]:
    return [row[:4] for row in rows(page)]


def changed_by(page: str) -> dict[str, str]:
    """What differs, with who changed it."""
    return {row[0]: row[CHANGED_BY] for row in rows(page)}


def test_two_revisions_as_they_were_signed(alma: Client, plan: Plan, dermatologist: User) -> None:
    first = sign(plan, dermatologist)
    second = actions.start_revision(plan=first, by=dermatologist)
    posted(alma, second, **{RIGHT_MALAR_VOLUME: "0.04"})
    second.refresh_from_db()
    sign(second, dermatologist)
    third = actions.start_revision(plan=second, by=dermatologist)
    posted(alma, third, **{RIGHT_MALAR_VOLUME: "0.03"})  # a later draft changes nothing of what was signed

    page = shown(alma, plan.course, "revision-1", "revision-2")

    assert picked(page) == ["revision-1", "revision-2"]
    assert "Revision 1, signed" in page
    assert ", superseded" in page
    assert [row[1:3] for row in differing(page)] == [["0.05 mL", "0.04 mL"]]
    assert differing(page)[0][0].startswith("Volume per point of Malar, right")
    assert "Changed by" not in page  # a signed plan keeps no log


class TestOfTheBody:
    """Points on a flat patch, such as the thighs: there is no face to draw."""

    @pytest.fixture
    def case(self) -> dict[str, Any]:
        areas = {"thigh-outer-right": "320 cm2", "thigh-outer-left": "310 cm2"}
        return melasma_case(goals=[{"aim": "cellulite", "zones": list(THIGHS)}], areas=areas)

    @pytest.fixture
    def plan(self, alma: Client, assessment: Assessment) -> Plan:
        return started(alma, assessment, "cellulite-caffeine")

    def test_a_point_less_on_a_thigh(self, alma: Client, plan: Plan) -> None:
        gone = next(iter(points_of(plan, THIGHS[0])))
        assert sent(alma, plan, {"op": "remove", "points": [gone]}).status_code == 200
        page = shown(alma, plan.course)
        row = next(one for one in rows(page) if one[2] == "removed")
        assert row[0].startswith(f"Point {gone} of ")
        assert "(−1)" in row[4]
        assert "no point on the face" in page

    def test_two_revisions_of_it(self, alma: Client, plan: Plan, dermatologist: User) -> None:
        first = sign(plan, dermatologist)
        second = actions.start_revision(plan=first, by=dermatologist)
        gone = list(points_of(second, THIGHS[1]))[:3]
        assert sent(alma, second, {"op": "remove", "points": gone}).status_code == 200
        second.refresh_from_db()
        sign(second, dermatologist)
        found = [row for row in differing(shown(alma, plan.course, "revision-1", "revision-2")) if row[2] == "removed"]
        assert [row[0].partition(" of ")[0] for row in found] == ["3 points"]


def test_each_difference_says_who_changed_it(
    alma: Client, plan: Plan, browser_of: BrowserOf, colleague: User, client: Client
) -> None:
    gone = next(iter(points_of(plan)))
    assert sent(alma, plan, {"op": "remove", "points": [gone]}).status_code == 200
    client.force_login(colleague)
    scope = {"kind": "zone", "zone": "malar-left"}
    op = {"op": "set", "scope": scope, "field": "volume_per_point", "value": 0.04, "unit": "mL"}
    answer = sent(client, plan, op, client="page-2")
    assert answer.status_code == 200, answer.content

    told = changed_by(shown(alma, plan.course))

    assert told[f"Point {gone} of Malar, right"] == "Dr Alma Weiss"
    assert next(who for what, who in told.items() if what.startswith("Volume per point")) == "Dr Vera Lang"


def test_swapped_the_same_people_did_it(alma: Client, plan: Plan) -> None:
    gone = next(iter(points_of(plan)))
    sent(alma, plan, {"op": "remove", "points": [gone]})
    page = shown(alma, plan.course, f"draft-{plan.pk}", f"proposal-{plan.pk}")
    assert set(changed_by(page).values()) == {"Dr Alma Weiss"}


def test_what_a_save_without_a_step_changed_is_not_in_the_log(alma: Client, plan: Plan, dermatologist: User) -> None:
    content = {**plan.plan, "note": "Told on the telephone."}
    actions.save_draft(plan=plan, version=plan.version, content=content, evaluation=None, by=dermatologist)
    assert set(changed_by(shown(alma, plan.course)).values()) == {"– not in the log"}


@pytest.fixture
def in_force(monkeypatch: pytest.MonkeyPatch) -> Callable[[Knowledge], None]:
    return lambda knowledge: monkeypatch.setattr(knowledge_base, "current", lambda: knowledge)


def without(kind: str, entry_id: str) -> Knowledge:
    """The next release, in which one entry is gone."""
    knowledge = knowledge_base.current()
    kept = {name: entry for name, entry in knowledge.shelf(kind).items() if name != entry_id}
    changed: dict[str, Any] = {kind.replace("-", "_"): Shelf(kind, kept)}
    return replace(knowledge, release="2027.01", sha256="cd" * 32, title_files=(), **changed)


@pytest.mark.parametrize(
    ("kind", "entry_id"),
    [
        ("zones", "malar-left"),
        ("compounds", "tranexamic-acid"),
        ("protocols", "melasma-tranexamic-acid-monthly"),
        ("aims", "melasma"),
    ],
)
def test_what_a_later_release_dropped_is_said(
    alma: Client,
    plan: Plan,
    dermatologist: User,
    in_force: Callable[[Knowledge], None],
    kind: str,
    entry_id: str,
) -> None:
    draft = actions.start_revision(plan=sign(plan, dermatologist), by=dermatologist)
    Assessment.objects.update(case={**plan.assessment.case, "goals": OTHER_GOAL})
    in_force(without(kind, entry_id))

    page = shown(alma, plan.course, "revision-1", f"draft-{draft.pk}")

    words = plain(page[page.index('class="told"') : page.index('id="figures-head"')])
    assert "no longer in release 2027.01" in words
    assert re.search(r"\S+ \(no longer in this release\)", words)
    assert rows(page) == []
    assert "Punctures in a session" in page  # what was computed then can still be read
    assert "Reference" not in page


def test_a_draft_of_dropped_entries_that_was_never_checked(
    alma: Client, plan: Plan, dermatologist: User, in_force: Callable[[Knowledge], None]
) -> None:
    actions.save_draft(plan=plan, version=plan.version, content=plan.plan, evaluation=None, by=dermatologist)
    Assessment.objects.update(case={**plan.assessment.case, "goals": OTHER_GOAL})
    in_force(without("zones", "malar-left"))
    page = shown(alma, plan.course, f"proposal-{plan.pk}", f"draft-{plan.pk}", status=409)
    assert "this draft names what is no longer in release 2027.01" in page


def test_the_proposals_lead_here_once_there_is_a_plan(alma: Client, assessment: Assessment) -> None:
    alma.post(f"/assessments/{assessment.pk}/propose")
    course = assessment.patient.courses.get()
    assert "/compare" not in alma.get(f"/courses/{course.pk}/proposals").content.decode()
    plan = started(alma, assessment)
    page = alma.get(f"/courses/{plan.course_id}/proposals").content.decode()
    assert f'href="/courses/{plan.course_id}/compare"' in page


PAGES = {
    "fr": ("Comparer", "Aucune différence.", "Proposition\u00a0: ", "Mélasma"),
    "it": ("Confrontare", "Nessuna differenza.", "Proposta: ", "Melasma"),
    "es": ("Comparar", "Ninguna diferencia.", "Propuesta: ", "Melasma"),
}


@pytest.mark.parametrize("language", PAGES)
def test_in_the_language_of_the_reader(alma: Client, plan: Plan, dermatologist: User, language: str) -> None:
    User.objects.filter(pk=dermatologist.pk).update(language=language)
    page = shown(alma, plan.course)
    assert f'<html lang="{language}"' in page
    assert [words for words in PAGES[language] if words not in page] == []
    assert not [words for words in ("No difference", "Doses of", ">Before<", "Figures") if words in page]
