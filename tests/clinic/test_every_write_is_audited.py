"""Every function of every actions.py is called once here and must leave an audit entry: a new one without a
call fails."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

import mesoplan.clinic
from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts import actions as accounts
from mesoplan.clinic.accounts.models import Language, Look, User
from mesoplan.clinic.audit import actions as audit
from mesoplan.clinic.audit.chain import verify
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.audit.words import ACTS
from mesoplan.clinic.courses import actions as courses
from mesoplan.clinic.courses.models import Assessment, Course, Plan
from mesoplan.clinic.editor import actions as editor
from mesoplan.clinic.evidence import actions as evidence
from mesoplan.clinic.evidence.cited_values import cited_values, value_sha256
from mesoplan.clinic.evidence.models import ValueReview, Verdict
from mesoplan.clinic.forecasts import actions as forecasts
from mesoplan.clinic.forecasts.models import Score
from mesoplan.clinic.patients import actions as patients
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos import actions as photos
from mesoplan.clinic.photos.models import ColourCard, Photo, PhotoConsent, PhotoSet, Purpose
from mesoplan.clinic.photos.preparing import Scale
from mesoplan.domain.edits import Batch
from mesoplan.workflow import Role
from tests.clinic.case_documents import melasma_case
from tests.clinic.photo_files import agreed, kept, kept_zone
from tests.clinic.plans import started

# Found, not listed: an app that gets its first actions.py tomorrow is held to the same rules.
APPS = sorted(file.parent.name for file in Path(mesoplan.clinic.__file__).parent.glob("*/actions.py"))
REVIEWED = ("compounds", "tranexamic-acid", "limits.1")


class World:
    """What the calls below act on."""

    def __init__(self, people: dict[Role, User], patient: Patient, assessment: Assessment, course: Course, draft: Plan):
        self.alma, self.nurse, self.manager = (people[Role(r)] for r in ("dermatologist", "nurse", "manager"))
        self.patient, self.assessment, self.course, self.draft = patient, assessment, course, draft

    def nurse_with_app(self) -> Authenticator:
        return Authenticator.objects.create(user=self.nurse, type="totp", data={})

    def review(self) -> ValueReview:
        """Confirm the first limit of tranexamic acid."""
        kind, entry, path = REVIEWED
        knowledge = knowledge_base.current()
        shown = value_sha256(cited_values(knowledge.shelf(kind)[entry])[path])
        return evidence.review_value(
            kind=kind, entry_id=entry, path=path, shown_sha256=shown, verdict=Verdict.CONFIRM, reason="",
            knowledge=knowledge, by=self.alma,
        )  # fmt: skip

    def edit(self) -> Any:
        """Move one point of a draft that was started from a proposal."""
        assessment = courses.start_assessment(patient=self.patient, case=melasma_case(), by=self.alma)
        browser = Client()
        browser.force_login(self.alma)
        plan = started(browser, assessment)
        shift = {"op": "shift", "points": ["5"], "right_mm": 1.0, "up_mm": -1.0, "along": "front"}
        batch = Batch.model_validate({"client": "test-page", "seq": 1, "by": str(self.alma), "ops": [shift]})
        return editor.take_in(plan_id=plan.pk, version=plan.version, batch=batch, by=self.alma)

    def consent(self) -> PhotoConsent:
        agreed(self.patient, self.alma)
        return PhotoConsent.objects.get()

    def photo_set(self) -> PhotoSet:
        self.consent()
        return kept(self.patient, self.nurse)

    def photo(self, *, deleted: bool = False) -> Photo:
        self.consent()
        photo = kept(self.patient, self.nurse, grey=True).photos.get()
        return photos.delete_photo(photo=photo, by=self.nurse) if deleted else photo

    def photo_with_grey_card(self) -> Photo:
        photo_set = self.photo_set()
        PhotoSet.objects.filter(pk=photo_set.pk).update(colour_card=ColourCard.GREY)
        return photo_set.photos.get()

    def photo_of_zone(self) -> Photo:
        agreed(self.patient, self.nurse)
        return kept_zone(self.patient, self.nurse, outlined=True)

    def score(self) -> Score:
        return forecasts.record_score(
            course=self.course, scale="masi", items={"chin": {"a": 1}}, day=date(2026, 11, 2), mode="live",
            rater="Bruno Sala", rater_person=self.nurse, by=self.nurse,
        )  # fmt: skip

    def removed(self) -> int:
        Photo.objects.filter(pk=self.photo(deleted=True).pk).update(deleted_at=datetime(2026, 1, 1, tzinfo=UTC))
        return photos.remove_deleted(by=None)

    def signed(self) -> Plan:
        courses.sign_plan(plan=self.draft, version=1, basis=BASIS, printed_name="A", meaning="m", by=self.alma)
        return Plan.objects.get(pk=self.draft.pk)


@pytest.fixture
def world(
    people: dict[Role, User],
    patient: Patient,
    assessment: Assessment,
    course: Course,
    draft: Plan,
    settings: Any,
    tmp_path: Path,
) -> World:
    settings.PHOTOS = tmp_path
    return World(people, patient, assessment, course, draft)


BASIS = courses.Basis(knowledge_release="2026.11", knowledge_sha256="ab" * 32, engine="0.1.0")
WARNING = {"severity": "warn", "rule": "clots-pill", "code": "clots", "text": "t"}
CALLS: dict[str, Callable[[World], Any]] = {
    "accounts.add_person": lambda w: accounts.add_person(
        email="new@clinic.test", printed_name="N", role=Role.NURSE, password="x", by=w.manager
    ),
    "accounts.change_role": lambda w: accounts.change_role(person=w.nurse, role=Role.AUDITOR, by=w.manager),
    "accounts.close_account": lambda w: accounts.close_account(person=w.nurse, by=w.manager),
    "accounts.choose_look": lambda w: accounts.choose_look(look=Look.DARK, by=w.nurse),
    "accounts.choose_language": lambda w: accounts.choose_language(language=Language.ITALIAN, by=w.nurse),
    "accounts.require_factor": lambda w: accounts.require_factor(role=Role.NURSE, required=True, by=w.manager),
    "accounts.reset_factors": lambda w: accounts.reset_factors(person=w.nurse_with_app().user, by=w.manager),
    "accounts.note_factor_added": lambda w: accounts.note_factor_added(factor=w.nurse_with_app(), by=w.nurse),
    "accounts.note_factor_removed": lambda w: accounts.note_factor_removed(factor=w.nurse_with_app(), by=w.nurse),
    "accounts.note_recovery_codes": lambda w: accounts.note_recovery_codes(by=w.nurse),
    "accounts.note_session_end": lambda w: accounts.note_session_end(by=w.nurse, why="idle"),
    "accounts.note_log_in": lambda w: accounts.note_log_in(by=w.nurse),
    "accounts.note_log_out": lambda w: accounts.note_log_out(by=w.nurse),
    "accounts.note_refused_log_in": lambda w: accounts.note_refused_log_in(email="x@y.test", by=None),
    "audit.note_seen": lambda w: audit.note_seen(thing="patient", patient=w.patient.ref, by=w.nurse),
    "audit.note_seen_once": lambda w: audit.note_seen_once(thing="patient", patient=w.patient.ref, by=w.nurse),
    "patients.add_patient": lambda w: patients.add_patient(by=w.nurse, full_name="Z", birth_date=date(1990, 1, 2)),
    "patients.edit_patient_contact": lambda w: patients.edit_patient_contact(
        patient=w.patient, version=1, by=w.nurse, phone="1"
    ),
    "courses.start_assessment": lambda w: courses.start_assessment(patient=w.patient, case={}, by=w.nurse),
    "courses.save_assessment": lambda w: courses.save_assessment(
        assessment=w.assessment, version=1, case={"a": 1}, by=w.nurse
    ),
    "courses.answer_open_questions": lambda w: courses.answer_open_questions(
        assessment=w.assessment, version=1, case={"answers": {"keloid": "no"}}, by=w.nurse
    ),
    "courses.take_back_answers": lambda w: courses.take_back_answers(
        assessment=w.assessment, version=1, case={}, by=w.nurse
    ),
    "courses.choose_face": lambda w: courses.choose_face(
        assessment=w.assessment, version=1, case={"patient": {}}, by=w.nurse
    ),
    "courses.sign_assessment": lambda w: courses.sign_assessment(assessment=w.assessment, version=1, by=w.alma),
    "courses.amend_assessment": lambda w: courses.amend_assessment(assessment=w.assessment, reason="weight", by=w.alma),
    "courses.open_course": lambda w: courses.open_course(patient=w.patient, goal="g", by=w.alma),
    "courses.keep_proposals": lambda w: courses.keep_proposals(
        course=w.course, assessment=w.assessment, proposals={}, basis=BASIS, by=w.alma
    ),
    "courses.start_plan": lambda w: courses.start_plan(
        course=w.course, assessment=w.assessment, plan={}, evaluation=None, by=w.alma
    ),
    "courses.save_draft": lambda w: courses.save_draft(
        plan=w.draft, version=1, content={"a": 1}, evaluation=None, by=w.alma
    ),
    "courses.note_printed": lambda w: courses.note_printed(plan=w.draft, revision=None, by=w.nurse),
    "courses.note_refused_signature": lambda w: courses.note_refused_signature(plan=w.draft, by=w.alma),
    "courses.override_finding": lambda w: courses.override_finding(
        plan=w.draft, finding=WARNING, reason="seen", by=w.alma
    ),
    "courses.sign_plan": lambda w: w.signed(),
    "courses.start_revision": lambda w: courses.start_revision(plan=w.signed(), by=w.alma),
    "editor.take_in": lambda w: w.edit(),
    "forecasts.record_score": lambda w: w.score(),
    "forecasts.void_score": lambda w: forecasts.void_score(score=w.score(), reason="another patient", by=w.nurse),
    "evidence.review_value": lambda w: w.review(),
    "evidence.take_back_review": lambda w: evidence.take_back_review(review=w.review(), by=w.alma),
    "photos.record_consent": lambda w: photos.record_consent(
        patient=w.patient, purposes=[Purpose.PLANNING], given_on=date(2026, 11, 2), by=w.nurse
    ),
    "photos.withdraw_consent": lambda w: photos.withdraw_consent(
        consent=w.consent(), withdrawn_on=date(2026, 11, 3), delete=False, by=w.nurse
    ),
    "photos.add_photos": lambda w: w.photo(),
    "photos.measure_again": lambda w: photos.measure_again(
        photo_set=w.photo().photo_set, scale=Scale(), found={}, by=w.nurse
    ),
    "photos.mark_card": lambda w: photos.mark_card(
        photo=w.photo_with_grey_card(), places=[(1.0, 2.0), (9.0, 8.0)], colours={"zones": {}}, by=w.nurse
    ),
    "photos.use_face": lambda w: photos.use_face(photo_set=w.photo_set(), by=w.nurse),
    "photos.use_template": lambda w: (
        photos.use_face(photo_set=w.photo_set(), by=w.nurse),
        photos.use_template(patient=w.patient, by=w.nurse),
    ),
    "photos.outline_zone": lambda w: photos.outline_zone(photo=w.photo_of_zone(), corners=[(1.0, 2.0)] * 3, by=w.nurse),
    "photos.use_area": lambda w: photos.use_area(photo=w.photo_of_zone(), by=w.nurse),
    "photos.place_points": lambda w: photos.place_points(photo=w.photo(), places=[(1.0, 2.0)] * 6, by=w.nurse),
    "photos.delete_photo": lambda w: photos.delete_photo(photo=w.photo(), by=w.nurse),
    "photos.bring_back_photo": lambda w: photos.bring_back_photo(photo=w.photo(deleted=True), by=w.nurse),
    "photos.remove_deleted": lambda w: w.removed(),
    "courses.void_plan": lambda w: courses.void_plan(plan=w.draft, reason="started twice", by=w.alma),
}


def actions() -> Iterator[tuple[str, Callable[..., Any]]]:
    for app in APPS:
        module: ModuleType = importlib.import_module(f"mesoplan.clinic.{app}.actions")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if not name.startswith("_") and function.__module__ == module.__name__:
                yield f"{app}.{name}", function


def test_every_action_is_called_here() -> None:
    assert {name for name, _ in actions()} == set(CALLS)


@pytest.mark.parametrize(("name", "function"), list(actions()))
def test_actions_take_everything_by_name_and_say_by_whom(name: str, function: Callable[..., Any]) -> None:
    parameters = inspect.signature(function).parameters
    assert "by" in parameters
    assert all(p.kind in {p.KEYWORD_ONLY, p.VAR_KEYWORD} for p in parameters.values())


@pytest.mark.parametrize("name", CALLS)
def test_a_write_leaves_its_audit_entry(name: str, world: World) -> None:
    before = AuditEntry.objects.count()
    CALLS[name](world)
    assert AuditEntry.objects.count() > before
    assert verify().whole
    assert set(AuditEntry.objects.values_list("act", flat=True)) - set(ACTS) == set()  # words for each language
