from __future__ import annotations

from django.urls import path

from mesoplan.clinic.audit.views import audit

urlpatterns = [path("audit", audit.audit, name="audit")]
