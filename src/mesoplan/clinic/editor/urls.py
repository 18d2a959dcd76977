from __future__ import annotations

from django.urls import path

from mesoplan.clinic.editor import views

app_name = "editor"

urlpatterns = [
    path("plans/<int:plan_id>/operations", views.operations, name="operations"),
    path("plans/<int:plan_id>/renewal", views.renewal, name="renewal"),
]
