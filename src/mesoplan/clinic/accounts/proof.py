"""Proof that it is this person, once more, before an act that stands for their hand: the password, and a code of the
second factor where the act asks for one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from allauth.mfa.models import Authenticator
from django.utils import timezone
from django.utils.translation import gettext as _

from mesoplan.clinic.accounts.actions import note_refused_log_in
from mesoplan.clinic.accounts.factor_forms import CodeForm
from mesoplan.clinic.accounts.lockout import in_words, waiting_time
from mesoplan.clinic.accounts.models import User

PASSWORD: Final = "password"  # noqa: S105  # the names of the fields
CODE: Final = "code"


def missing_proof(person: User, typed: Mapping[str, str], *, with_code: bool = False) -> dict[str, str]:
    """What is missing or wrong, by field; nothing when it is them. Wrong tries are audited and wait as at log-in.

    A code is used up by being right, so it is looked at last: ask everything else of the form before.
    """
    wait = waiting_time(person.email, timezone.now())
    if wait:
        return {PASSWORD: _("Too many wrong tries. Try again in %(time)s.") % {"time": in_words(wait)}}
    password = typed.get(PASSWORD, "")
    if not password:
        return {PASSWORD: _("Enter your password again. It stands for your hand.")}
    if not person.check_password(password):
        note_refused_log_in(email=person.email, by=None)
        return {PASSWORD: _("This is not your password. Enter it again; everything else is kept.")}
    return _missing_code(person, typed) if with_code else {}


def _missing_code(person: User, typed: Mapping[str, str]) -> dict[str, str]:
    if not Authenticator.objects.filter(user_id=person.pk, type=Authenticator.Type.TOTP).exists():
        told = _("This asks for a code of an app, and you have none. Set one up under Keys for log-in.")
        return {CODE: told}
    form = CodeForm(user=person, data={CODE: typed.get(CODE, "")})
    return {} if form.is_valid() else {CODE: " ".join(form.errors[CODE])}
