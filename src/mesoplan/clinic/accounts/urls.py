from __future__ import annotations

from django.urls import path

from mesoplan.clinic.accounts.views import keys, language, log_in, look, people, session

# Names that begin with account_ or mfa_ are those by which django-allauth finds the pages.
urlpatterns = [
    path("log-in", log_in.log_in, name="account_login"),
    path("log-in/second-factor", log_in.second_factor, name="mfa_authenticate"),
    path("log-in/passkey", log_in.passkey_log_in, name="mfa_login_webauthn"),
    path("log-out", log_in.log_out, name="account_logout"),
    path("session", session.session, name="session"),
    path("session/kept", session.kept_form, name="kept_form"),
    path("me/again", log_in.again, name="account_reauthenticate"),
    path("me/keys", keys.keys, name="mfa_index"),
    path("me/keys/app/new", keys.new_app, name="mfa_activate_totp"),
    path("me/keys/app/remove", keys.remove_app, name="mfa_deactivate_totp"),
    path("me/keys/passkeys/new", keys.new_passkey, name="mfa_add_webauthn"),
    path("me/keys/passkeys/<int:pk>/remove", keys.remove_passkey, name="mfa_remove_webauthn"),
    path("me/keys/codes", keys.codes, name="mfa_view_recovery_codes"),
    path("me/keys/codes/new", keys.new_codes, name="mfa_generate_recovery_codes"),
    path("language", language.language, name="language"),
    path("settings/look", look.look, name="look"),
    path("settings/people", people.people, name="people"),
    path("settings/people/new", people.new_person, name="new_person"),
    path("settings/people/required-factor", people.set_required_factor, name="set_required_factor"),
    path("settings/people/<int:pk>/role", people.set_role, name="set_role"),
    path("settings/people/<int:pk>/reset-factors", people.reset, name="reset_factors"),
    path("settings/people/<int:pk>/close", people.close, name="close_account"),
]
