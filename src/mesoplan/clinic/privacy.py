"""Every field of every model says what it holds, so that export, erasure and a demo copy know what to take or
drop."""

from __future__ import annotations

from enum import StrEnum


class Privacy(StrEnum):
    PERSONAL = "personal"  # tells who somebody is, patient or staff
    CLINICAL = "clinical"  # tells something about a patient's body or care
    NONE = "none"
