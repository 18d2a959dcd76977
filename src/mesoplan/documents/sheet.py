"""What the plan sheet needs beside plan, case and evaluation: who, which revision, who signed, which maps."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field, model_validator

from mesoplan.domain.case import Text, Value
from mesoplan.domain.plan import OverrideReason


class Paper(StrEnum):
    """Paper sizes, as Typst names them."""

    A4 = "a4"
    LETTER = "us-letter"


class PatientLabel(Value):
    """Who the sheet is about, as the clinic writes it. The core knows no names; the caller gives them."""

    name: Text
    birth_date: date
    record_number: Text


class Signature(Value):
    """Whose name stands under the plan, when, and what it means."""

    printed_name: Text
    role: Text
    signed_at: AwareDatetime
    meaning: Text


class SheetHeader(Value):
    """What stands at the head and foot of every page.

    `patient` is None where no name is known, as on the command line. `overrides` are reasons kept beside the plan; the
    plan's own are always printed.
    """

    clinic: Text
    patient: PatientLabel | None = None
    status: Literal["draft", "signed"] = "draft"
    revision: int | None = Field(default=None, ge=1)
    content_sha256: str | None = None
    signature: Signature | None = None
    printed_at: Text
    overrides: tuple[OverrideReason, ...] = ()

    @model_validator(mode="after")
    def _signed_means_a_signature(self) -> SheetHeader:
        if (self.status == "signed") != (self.signature is not None):
            raise ValueError("a sheet is signed exactly when it carries a signature")
        return self


class SheetMap(Value):
    """One drawing: a face or a flat zone, as SVG text. With `width_mm`, what it spans, the scale is printed."""

    title: Text
    svg: str
    width_mm: float | None = Field(default=None, gt=0)
