"""Addresses of settings: only what differs from the start, and what was pinned beside it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse

from mesoplan.clinic.drops.fields import START

PINNED = "pin"
LONGEST_PIN = 600


def state_of(texts: Mapping[str, str]) -> str:
    """The setting as a query, without what the start has anyway."""
    return urlencode({name: texts[name] for name, start in START.items() if texts[name] != start})


def address_of(texts: Mapping[str, str], *, pinned: str | None = None, view: str = "drops:drops") -> str:
    """The page of a setting, beside a pinned one where there is one."""
    parts = [state_of(texts)] if state_of(texts) else []
    if pinned is not None:
        parts.append(urlencode({PINNED: pinned}))
    return reverse(view) + ("?" + "&".join(parts) if parts else "")


def pinned_query(query: Mapping[str, str]) -> dict[str, str] | None:
    """What was pinned, None where nothing is."""
    text = query.get(PINNED)
    if text is None or len(text) > LONGEST_PIN:
        return None
    return {name: value for name, value in parse_qsl(text) if name in START}
