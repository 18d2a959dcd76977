"""What is signed is never changed: not by the code, not by the database."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import NeverChanged
from mesoplan.clinic.courses import actions
from mesoplan.clinic.courses.models import Assessment, OverrideReason, Plan, Revision, Signature
from mesoplan.clinic.courses.queries import why_not_standing

BASIS = actions.Basis(knowledge_release="2026.11", knowledge_sha256="ab" * 32, engine="0.1.0")


@pytest.fixture
def signature(draft: Plan, dermatologist: User) -> Signature:
    return actions.sign_plan(
        plan=draft,
        version=1,
        basis=BASIS,
        printed_name="Dr Alma Weiss",
        meaning="I approve this plan",
        by=dermatologist,
    )


def test_a_revision_is_neither_saved_again_nor_deleted(signature: Signature) -> None:
    revision = signature.revision
    revision.content = {"spacing_mm": 5.0}
    for act in (revision.save, revision.delete, signature.delete, signature.save):
        with pytest.raises(NeverChanged):
            act()
    with pytest.raises(NeverChanged):
        Revision.objects.update(number=9)


@pytest.mark.parametrize("table", ["courses_revision", "courses_signature"])
def test_the_database_itself_refuses_a_change(signature: Signature, table: str) -> None:
    column = "content_hash" if table == "courses_revision" else "bound_hash"
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = 'x'")  # noqa: S608


def test_a_signature_stands_until_what_it_binds_changes(signature: Signature, dermatologist: User) -> None:
    assert why_not_standing(signature) is None
    assessment = Assessment.objects.get()
    actions.save_assessment(assessment=assessment, version=1, case={"patient": {"weight_kg": 70}}, by=dermatologist)
    told = why_not_standing(signature)
    assert told is not None
    assert told.endswith(", after this was signed. Sign again.")


def test_what_was_changed_behind_the_signature_is_seen(signature: Signature) -> None:
    with connection.cursor() as cursor:
        on = " ON courses_revision" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER courses_revision_never_changed{on}")
        cursor.execute("UPDATE courses_revision SET content = '{\"spacing_mm\": 5.0}'")
    told = why_not_standing(Signature.objects.get())
    assert told is not None
    assert told.startswith("What is stored differs from what was signed.")


def test_an_override_of_a_block_needs_its_length_in_the_database_too(draft: Plan, dermatologist: User) -> None:
    said: dict[str, Any] = {"plan": draft, "rule": "r", "code": "c", "given_by": dermatologist}
    with pytest.raises(IntegrityError), transaction.atomic():
        OverrideReason.objects.create(severity="block", reason="too short", **said)
    OverrideReason.objects.create(severity="warn", reason="short", **said)
    OverrideReason.objects.create(severity="block", reason="x" * 20, **said)


@pytest.mark.parametrize(
    "half",
    [
        {"voided_at": timezone.now()},
        {"void_reason": "why"},
        {"proposal_id": "p1"},
        {"state": "void"},
        {"state": "lost"},
    ],
)
def test_the_database_refuses_half_a_decision(draft: Plan, half: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=draft.pk).update(**half)
