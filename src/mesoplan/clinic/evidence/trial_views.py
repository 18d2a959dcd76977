"""What do the studies of an aim show, all of them side by side? And one study with everything that is held of it."""

from __future__ import annotations

import csv

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.evidence.reading import KIND_TITLES
from mesoplan.clinic.evidence.titles import title_marked, title_of
from mesoplan.clinic.evidence.trial_pages import aim_context, study_context
from mesoplan.clinic.evidence.views import entry_context, kinds_with_counts
from mesoplan.clinic.requests import require
from mesoplan.planning.trial_evidence import trial_evidence
from mesoplan.workflow import Act


@require_GET
def trials(request: HttpRequest, aim: str) -> HttpResponse:
    require(request, Act.VIEW_EVIDENCE)
    knowledge = knowledge_base.current()
    if aim not in knowledge.aims:
        raise Http404("no such aim in this release")
    aims = [{"id": one, "title": title_marked("aims", one, knowledge)} for one in knowledge.aims]
    context = {
        "kind": "trials",
        "kind_title": KIND_TITLES["trials"],
        "aim": aim,
        "aims": aims,
        "aim_title": title_of("aims", aim, knowledge),
        "release": knowledge.release,
        **kinds_with_counts(knowledge),
        **aim_context(aim, knowledge),
    }
    return render(request, "evidence/trials.html", context)


@require_GET
def study(request: HttpRequest, entry_id: str) -> HttpResponse:
    person = require(request, Act.VIEW_EVIDENCE)
    context = entry_context("trials", entry_id, person, opened=request.GET.get("review"))
    knowledge = knowledge_base.current()
    shown = study_context(knowledge.trials[entry_id], knowledge)
    return render(request, "evidence/study.html", {**context, "shown": shown})


COLUMNS = (
    "study", "arm", "role", "group", "measure", "week", "when", "patients", "change_percent", "low_percent",
    "high_percent", "log_ratio", "standard_error", "error_rests_on", "flags", "sources",
)  # fmt: skip


@require_GET
def trials_csv(request: HttpRequest, aim: str) -> HttpResponse:
    """The rows of the forest plot as data; names of columns and values are those of the files, in English."""
    require(request, Act.VIEW_EVIDENCE)
    knowledge = knowledge_base.current()
    if aim not in knowledge.aims:
        raise Http404("no such aim in this release")
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="trials-{aim}-{knowledge.release}.csv"'
    writer = csv.writer(answer)
    writer.writerow(COLUMNS)
    for one in trial_evidence(aim, knowledge).effects:
        low, high = one.percent_interval or ("", "")
        writer.writerow([
            one.study.id, one.arm.id, one.arm.role, one.group.value, one.measure.id,
            "" if one.week is None else one.week, one.when or "", one.patients or "", one.percent, low, high,
            one.log_ratio, one.standard_error or "", one.ground.value, ";".join(flag.value for flag in one.flags),
            ";".join(one.arm.sources),
        ])  # fmt: skip
    return answer
