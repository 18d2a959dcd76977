from __future__ import annotations

from django.urls import path

from mesoplan.clinic.forecasts.views import forecast, own, scores

app_name = "forecasts"

urlpatterns = [
    path("courses/<int:course_id>/forecast", forecast.forecast, name="forecast"),
    path("courses/<int:course_id>/scores/new", scores.new_score, name="new_score"),
    path("evidence/own-courses", own.own_courses, name="own_courses"),
    path("scores/<int:score_id>/void", scores.void, name="void_score"),
]
