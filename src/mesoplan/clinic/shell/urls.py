from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from mesoplan.clinic.shell.views import components, settings, today

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="today"), name="home"),
    path("today", today.today, name="today"),
    path("settings", settings.settings, name="settings"),
    path("settings/components", components.components, name="components"),
]
