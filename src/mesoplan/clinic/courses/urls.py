from __future__ import annotations

from django.urls import path

from mesoplan.clinic.courses.views import maps, plan, proposals, sheet, sign

app_name = "courses"

urlpatterns = [
    path("assessments/<int:assessment_id>/propose", proposals.propose, name="propose"),
    path("courses/<int:course_id>/proposals", proposals.proposals, name="proposals"),
    path("courses/<int:course_id>/proposals/<str:proposal_id>/start", proposals.start, name="start"),
    path("plans/<int:plan_id>", plan.plan, name="plan"),
    path("plans/<int:plan_id>/sign", sign.sign, name="sign"),
    path("plans/<int:plan_id>/revise", plan.revise, name="revise"),
    path("plans/<int:plan_id>/void", plan.void, name="void"),
    path("plans/<int:plan_id>/sheet.pdf", sheet.sheet, name="sheet"),
    path("maps/style.css", maps.style, name="map_style"),
    path("maps/head/<slug:view>.png", maps.head, name="head"),
]
