from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("mesoplan.clinic.shell.urls")),
    path("", include("mesoplan.clinic.accounts.urls")),
    path("", include("mesoplan.clinic.patients.urls")),
    path("", include("mesoplan.clinic.assessments.urls")),
    path("", include("mesoplan.clinic.courses.urls")),
    path("", include("mesoplan.clinic.editor.urls")),
    path("", include("mesoplan.clinic.exposure.urls")),
    path("", include("mesoplan.clinic.comparison.urls")),
    path("", include("mesoplan.clinic.leaflets.urls")),
    path("", include("mesoplan.clinic.drops.urls")),
    path("", include("mesoplan.clinic.forecasts.urls")),
    path("", include("mesoplan.clinic.photos.urls")),
    path("", include("mesoplan.clinic.evidence.urls")),
    path("", include("mesoplan.clinic.audit.urls")),
]

handler403 = "mesoplan.clinic.shell.views.errors.forbidden"
handler404 = "mesoplan.clinic.shell.views.errors.not_found"
handler500 = "mesoplan.clinic.shell.views.errors.server_error"
