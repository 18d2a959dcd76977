"""Reading patients: search, namesakes, likely doubles."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from mesoplan.clinic.patients.fold import birth_words, digits_of, folded, phone_words, query_words, words_of
from mesoplan.clinic.patients.models import Patient, PatientWord


def search_words(patient: Patient) -> set[str]:
    """Every word under which this patient is found."""
    words = {*words_of(patient.full_name), *words_of(patient.called), *words_of(patient.email)}
    words |= {*words_of(patient.record_number), "".join(words_of(patient.record_number)), folded(patient.ref)}
    words |= phone_words(patient.phone) | birth_words(patient.birth_date)
    return words - {""}


def found(query: str) -> QuerySet[Patient]:
    """Patients of whom every typed word begins one of their words. An empty query finds all."""
    patients = Patient.objects.all()
    for word in query_words(query):
        patients = patients.filter(Exists(PatientWord.objects.filter(patient=OuterRef("pk"), word__begins=word)))
    return patients


def namesakes(patients: list[Patient]) -> set[int]:
    """Ids of those in the list who share their name with another patient of the clinic, in the list or
    not."""
    shared = (
        Patient.objects.filter(sort_key__in={patient.sort_key for patient in patients})
        .values("sort_key")
        .annotate(people=Count("id"))
        .filter(people__gt=1)
        .order_by()
        .values_list("sort_key", flat=True)
    )
    names = set(shared)
    return {patient.pk for patient in patients if patient.sort_key in names}


def likely_doubles(
    *, full_name: str, birth_date: date | None, phone: str = "", email: str = "", but: int | None = None
) -> list[Patient]:
    """Patients who may be the same person: same name, or same birthday and a name in common, or same phone or
    e-mail."""
    alike = Q(sort_key=sort_key_of(full_name))
    names = [word for word in words_of(full_name) if len(word) > 2]
    if birth_date and names:
        shares_a_name = Exists(PatientWord.objects.filter(patient=OuterRef("pk"), word__in=names))
        alike |= Q(shares_a_name, birth_date=birth_date)
    if len(digits_of(phone)) >= 6:
        same_number = PatientWord.objects.filter(patient=OuterRef("pk"), word__in=_whole_numbers(phone))
        alike |= Q(Exists(same_number))
    if email:
        alike |= Q(email__iexact=email)
    others = Patient.objects.filter(alike)
    if but is not None:
        others = others.exclude(pk=but)
    return list(others[:5])


def without_contact() -> QuerySet[Patient]:
    """Patients whom nobody could reach."""
    return Patient.objects.filter(phone="", email="")


def sort_key_of(full_name: str) -> str:
    return " ".join(words_of(full_name))[:200]


def _whole_numbers(phone: str) -> set[str]:
    return {word for word in phone_words(phone) if len(word) > 6}
