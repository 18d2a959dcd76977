from __future__ import annotations

from django.urls import path

from mesoplan.clinic.leaflets import views

app_name = "leaflets"

urlpatterns = [
    path("plans/<int:plan_id>/leaflet", views.leaflet_page, name="leaflet"),
    path("plans/<int:plan_id>/leaflet.pdf", views.leaflet_pdf, name="leaflet_pdf"),
]
