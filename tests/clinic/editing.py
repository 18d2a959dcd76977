"""What a page of the editor sends, and how a draft looks afterwards."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client
from django.urls import reverse

from mesoplan.clinic.courses.models import Plan


def sent(browser: Client, plan: Plan, *ops: dict[str, Any], seq: int = 1, client: str = "page-1", **more: Any) -> Any:
    """One batch, with the version and the number that the page would know."""
    plan.refresh_from_db()
    document = {"version": plan.version, "client": client, "seq": seq, "ops": list(ops), **more}
    address = reverse("editor:operations", args=[plan.pk])
    return browser.post(address, json.dumps(document), content_type="application/json")


def points_of(plan: Plan, zone: str = "malar-right") -> dict[str, Any]:
    """The points of a zone as they are kept now, by id."""
    plan.refresh_from_db()
    return {p["id"]: p for one in plan.plan["placements"] if one["zone"] == zone for p in one["points"]}
