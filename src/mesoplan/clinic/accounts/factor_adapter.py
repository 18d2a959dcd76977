"""How the second factors of django-allauth behave in this clinic: its name, its words, secrets sealed at rest."""

from __future__ import annotations

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mesoplan.clinic.accounts.factors import is_last_of_required
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.accounts.sealing import seal, unseal

PURPOSE = "second factor"
LAST = _("Your role needs a second factor. Set up another before you remove this one.")


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code does not fit. A code is used once and lasts half a minute: take the next one."),
        "cannot_delete_authenticator": LAST,
        "cannot_generate_recovery_codes": _("Recovery codes belong to a second factor. Set one up first."),
    }

    def get_totp_issuer(self) -> str:
        return f"Mesoplan {settings.CLINIC_NAME}"

    def _get_site_name(self) -> str:
        return str(settings.CLINIC_NAME)

    def encrypt(self, text: str) -> str:
        return seal(text, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, purpose=PURPOSE)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not is_last_of_required(authenticator, authenticator.user)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)s") % {"number": count + 1}
