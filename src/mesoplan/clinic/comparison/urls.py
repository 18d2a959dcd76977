from __future__ import annotations

from django.urls import path

from mesoplan.clinic.comparison import views

app_name = "comparison"

urlpatterns = [path("courses/<int:course_id>/compare", views.compare, name="compare")]
