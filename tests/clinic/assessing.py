"""Filling an assessment as the page does: one field at a time, or the whole form without script."""

from __future__ import annotations

from typing import Any

from django.test import Client

from mesoplan.clinic.courses.models import Assessment
from mesoplan.clinic.patients.models import Patient


def stored(patient: Patient) -> dict[str, Any]:
    """The case as it is kept now."""
    case: dict[str, Any] = Assessment.objects.get(patient=patient, signed_at__isnull=True).case
    return case


def version_of(patient: Patient) -> int:
    found = Assessment.objects.filter(patient=patient, signed_at__isnull=True).first()
    return found.version if found else 0


def send(client: Client, patient: Patient, act: str = "", *, version: int | None = None, **fields: Any) -> Any:
    """One change, as the script sends it. Dots of a field's name are written as two underscores, hyphens as one
    capital X: `answer__activeXskinXinfection`."""
    named = {name.replace("__", ".").replace("X", "-"): value for name, value in fields.items()}
    sent: dict[str, Any] = {"version": version_of(patient) if version is None else version, "changed": list(named)}
    if act:
        sent["act"] = act
    return client.post(f"/patients/{patient.ref}/assess", sent | named, headers={"HX-Request": "true"})


def send_one(client: Client, patient: Patient, field: str, value: Any) -> Any:
    """One field by its own name."""
    sent = {"version": version_of(patient), "changed": [field], field: value}
    return client.post(f"/patients/{patient.ref}/assess", sent, headers={"HX-Request": "true"})


def send_whole(
    client: Client, patient: Patient, fields: dict[str, Any], *, act: str = "save", version: int | None = None
) -> Any:
    """The whole form, as a browser without script sends it."""
    sent = {"version": version_of(patient) if version is None else version, "act": act, **fields}
    return client.post(f"/patients/{patient.ref}/assess", sent)


MELASMA: dict[str, Any] = {"goal__0__aim": "melasma", "goal__0__zones": ["malar-right", "malar-left", "forehead"]}
