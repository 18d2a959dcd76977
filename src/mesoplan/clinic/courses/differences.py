"""Two versions of a document, value by value: what the audit keeps of a save, and what two people are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mesoplan.workflow import sha256_of

Flat = dict[str, Any]
_KEYS = ("id", "scale", "zone")  # what names an entry of a list, so that order says nothing


def flat(document: Mapping[str, Any]) -> Flat:
    """Every value by its path: `patient.weight`, `answers.keloid`, `procedures.peel-superficial.on`."""
    return dict(_walk("", document))


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Flat, Flat]:
    """The values that differ, as they were and as they are; one that is absent is absent, not null."""
    old, new = flat(before), flat(after)
    changed = [path for path in {**old, **new} if old.get(path) != new.get(path)]
    return (
        {path: old[path] for path in changed if path in old},
        {path: new[path] for path in changed if path in new},
    )


def without_mesh(case: Mapping[str, Any]) -> Mapping[str, Any]:
    """The case as the audit keeps it: of a measured face the hash in place of the mesh, and nothing of its photos.

    A face is as telling as a photo, and what stands in the audit can never be erased.
    """
    patient = case.get("patient")
    if not isinstance(patient, Mapping) or not patient.get("face"):
        return case
    face = {name: value for name, value in patient["face"].items() if name != "photos"}
    face["vertices_mm"] = sha256_of(patient["face"].get("vertices_mm"))
    return {**case, "patient": {**patient, "face": face}}


def _walk(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _walk(f"{path}.{key}" if path else str(key), part)
    elif isinstance(value, Sequence) and not isinstance(value, str) and any(isinstance(p, Mapping) for p in value):
        for number, part in enumerate(value):
            yield from _walk(f"{path}.{_name(part, number)}", part)
    else:
        yield path, list(value) if isinstance(value, tuple) else value


def _name(entry: Any, number: int) -> str:
    named = [entry[key] for key in _KEYS if isinstance(entry, Mapping) and key in entry]
    return str(named[0]) if named else str(number)
