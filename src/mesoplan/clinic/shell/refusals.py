"""Refusals of the workflow in the language of the reader."""

from __future__ import annotations

from django.utils.translation import gettext

from mesoplan.workflow import Refused


def sentence(refusal: Refused) -> str:
    """What the person is told. A sentence that the clinic's own code translated already stays as it is."""
    told = gettext(refusal.template) if refusal.template else ""
    return told % refusal.values if refusal.values else told
