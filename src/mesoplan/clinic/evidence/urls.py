from __future__ import annotations

from django.urls import path

from mesoplan.clinic.evidence import review_views, trial_views, views

app_name = "evidence"

urlpatterns = [
    path("evidence", views.evidence, name="evidence"),
    path("evidence/reviews/<int:review_id>/take-back", review_views.take_back, name="take_back"),
    path("evidence/aims/<str:aim>/trials", trial_views.trials, name="trials"),
    path("evidence/aims/<str:aim>/trials.csv", trial_views.trials_csv, name="trials_csv"),
    path("evidence/trials/<str:entry_id>", trial_views.study, name="study"),
    path("evidence/<slug:kind>/<str:entry_id>", views.entry, name="entry"),
    path("evidence/<slug:kind>/<str:entry_id>/review", review_views.review, name="review"),
]
