"""Codes of outside systems (SNOMED CT, ATC, RxNorm, ICD-10) and the terms of the knowledge base that they mean."""

from __future__ import annotations

import re

from mesoplan.knowledge.base import Knowledge

_WRITTEN = {
    "snomed": re.compile(r"[1-9]\d{5,17}"),
    "atc": re.compile(r"[A-Z](\d\d([A-Z]([A-Z](\d\d)?)?)?)?"),
    "rxnorm": re.compile(r"[1-9]\d{0,8}"),
    "icd10": re.compile(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?"),
}
CODE_SYSTEMS = tuple(_WRITTEN)
EXAMPLES_OF_CODES = "snomed:77386006, atc:B01AA03, rxnorm:11289, icd10:D69.6"


def is_code(reference: str) -> bool:
    """Return whether a code is written as its system writes it; one that is not, no rule would ever read."""
    system, _, code = reference.partition(":")
    return system in _WRITTEN and _WRITTEN[system].fullmatch(code) is not None


def terms_named(reference: str, knowledge: Knowledge) -> list[str]:
    """Return the ids of the terms that an id or a code means; a longer ATC code means its parents too."""
    if ":" not in reference:
        return [reference] if reference in knowledge.terms else []
    system = reference.split(":")[0]
    return [
        term.id
        for term in knowledge.terms.values()
        for code in term.codes
        if reference == code or (system == "atc" and reference.startswith(code))
    ]
