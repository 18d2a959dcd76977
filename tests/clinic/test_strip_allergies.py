"""The strip says what is known of allergies: not asked is not none, and a name is not an id."""

from __future__ import annotations

from typing import Any

import pytest

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses.actions import start_assessment
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.patients.strip import strip_of

ROWS: list[tuple[str, dict[str, Any], tuple[str, ...], bool]] = [
    ("nothing asked", {}, (), False),
    ("asked, none", {"answers": {"allergy-fish": "no"}}, (), True),
    ("asked, yes", {"answers": {"allergy-fish": "yes"}}, ("fish",), True),
    ("listed by id", {"allergies": [{"id": "allergy-fish"}]}, ("fish",), False),
    ("listed with a note", {"allergies": [{"id": "allergy-fish", "note": "salmon, hives"}]}, ("salmon", ), False),
    ("another answer", {"answers": {"pregnancy": "no"}}, (), False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "case", "said", "asked"), ROWS, ids=[row[0] for row in ROWS])
def test_allergies_in_the_strip(
    dermatologist: User, patient: Patient, name: str, case: dict[str, Any], said: tuple[str, ...], asked: bool
) -> None:
    start_assessment(patient=patient, case=case, by=dermatologist)
    strip = strip_of(patient, dermatologist)
    assert len(strip.allergies) == len(said)
    assert all(word in shown.lower() for word, shown in zip(said, strip.allergies, strict=True))
    assert strip.allergies_asked is asked
