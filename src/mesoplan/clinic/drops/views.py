"""The page where one plays with a drop. Nothing is stored, nobody's record is read: the address holds everything."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.drops import techniques
from mesoplan.clinic.drops.addresses import address_of, pinned_query
from mesoplan.clinic.drops.choices import TARGETS
from mesoplan.clinic.drops.comparing import comparison
from mesoplan.clinic.drops.fields import Tried, read_setting
from mesoplan.clinic.drops.later import later_figures
from mesoplan.clinic.drops.page import drop_context, form_context, ground_context, reach_context
from mesoplan.clinic.requests import StaffRequest, require
from mesoplan.workflow import Act

UNREADABLE = 422
REACHED = "reached"
"""Event on which the page asks for the hours after."""


@require_GET
@vary_on_headers("HX-Request", "HX-Target")
def drops(request: HttpRequest) -> HttpResponse:
    """The whole page, all of it below the heading, or the pictures alone, as htmx asks for them."""
    require(request, Act.VIEW_CLINICAL)
    asked, query = cast(StaffRequest, request).htmx, request.GET.dict()
    tried = read_setting(techniques.filled(query, knowledge_base.current()), knowledge_base.current())
    if tried.setting is None:
        return _refused(request, tried, query, parts=bool(asked))
    whole = "whole" in query
    context = {
        **form_context(tried, query),
        **drop_context(tried, query),
        **reach_context(tried.setting, with_interval=whole),
        "comparison": comparison(tried.setting, query) if whole else None,
        "later": later_figures(tried.setting, tried.hours) if whole else None,
    }
    if not asked:
        return render(request, "drops/drops.html", context | ground_context(tried))
    if asked.target == "drop":
        answer = render(request, "drops/moved.html", context)
    else:
        answer = render(request, "drops/play.html", context | ground_context(tried))
    if asked.trigger:  # a field, all of which have ids; links say themselves that their address is a new one
        answer["HX-Replace-Url"] = address_of(tried.texts, pinned=query.get("pin"))
    return answer


@require_GET
def reach(request: HttpRequest) -> HttpResponse:
    """What takes longer: the lattice with its intervals, and the comparison with what was pinned."""
    require(request, Act.VIEW_CLINICAL)
    query = request.GET.dict()
    tried = read_setting(query, knowledge_base.current())
    if tried.setting is None:
        return HttpResponse(status=UNREADABLE, headers={"HX-Reswap": "none"})
    context = {
        **drop_context(tried, query),
        **reach_context(tried.setting, with_interval=True),
        "comparison": comparison(tried.setting, query),
    }
    # One after the other: what comes next shares what this one has worked out.
    answer = render(request, "drops/reached.html", context)
    answer["HX-Trigger"] = REACHED
    return answer


@require_GET
def later(request: HttpRequest) -> HttpResponse:
    """The lattice some hours after it was set."""
    require(request, Act.VIEW_CLINICAL)
    tried = read_setting(request.GET.dict(), knowledge_base.current())
    if tried.setting is None:
        return HttpResponse(status=UNREADABLE, headers={"HX-Reswap": "none"})
    context = {"later": later_figures(tried.setting, tried.hours), "target_title": TARGETS[tried.setting.target]}
    return render(request, "drops/later.html", context)


def _refused(request: HttpRequest, tried: Tried, query: dict[str, str], *, parts: bool) -> HttpResponse:
    """What each field must hold. The last picture stays where it is and is marked as such."""
    context: dict[str, Any] = {**form_context(tried, query), "pinned": pinned_query(query)}
    if not parts:
        return render(request, "drops/drops.html", context, status=UNREADABLE)
    answer = render(request, "drops/refused.html", context, status=UNREADABLE)
    answer["HX-Reswap"] = "none"
    return answer
