from __future__ import annotations

from django.urls import path

from mesoplan.clinic.accounts.views import log_in, look, people

urlpatterns = [
    path("log-in", log_in.log_in, name="account_login"),
    path("log-out", log_in.log_out, name="account_logout"),
    path("settings/look", look.look, name="look"),
    path("settings/people", people.people, name="people"),
    path("settings/people/new", people.new_person, name="new_person"),
    path("settings/people/<int:pk>/role", people.set_role, name="set_role"),
    path("settings/people/<int:pk>/close", people.close, name="close_account"),
]
