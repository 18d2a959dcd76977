"""Reading second factors: who has which, whose role asks for one, where passkeys can work."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext

from mesoplan.clinic.accounts.models import RequiredFactor, User
from mesoplan.workflow import Role

# As the audit keeps them.
KINDS = {
    Authenticator.Type.TOTP: "code from an app",
    Authenticator.Type.WEBAUTHN: "passkey",
    Authenticator.Type.RECOVERY_CODES: "recovery codes",
}
# Recovery codes alone are none: they exist beside one of these.
COUNTS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass
class Factors:
    """What one person has set up."""

    app: Authenticator | None = None
    passkeys: list[Authenticator] = field(default_factory=list)
    codes: Authenticator | None = None

    @property
    def any(self) -> bool:
        return self.app is not None or bool(self.passkeys)

    @property
    def codes_left(self) -> int:
        return len(self.codes.wrap().get_unused_codes()) if self.codes else 0

    @property
    def words(self) -> list[str]:
        """As the manager reads it: "2 passkeys", "code from an app"."""
        many = len(self.passkeys)
        said = [ngettext("passkey", "%(count)s passkeys", many) % {"count": many}] if many else []
        return [*said, gettext("code from an app")] if self.app else said


def factors_of(people: Iterable[User]) -> dict[int, Factors]:
    """By person; everybody asked for is there. One query."""
    found = {person.pk: Factors() for person in people}
    for row in Authenticator.objects.filter(user__in=found).order_by("created_at", "id"):
        mine = found[row.user_id]
        if row.type == Authenticator.Type.TOTP:
            mine.app = row
        elif row.type == Authenticator.Type.WEBAUTHN:
            mine.passkeys.append(row)
        else:
            mine.codes = row
    return found


def has_factor(person: User) -> bool:
    return bool(Authenticator.objects.filter(user_id=person.pk, type__in=COUNTS).exists())


def is_required(role: Role) -> bool:
    return RequiredFactor.objects.filter(role=role.value).exists()


def must_set_up(person: User) -> bool:
    """The person's role asks for a second factor and there is none yet."""
    return is_required(person.workflow_role) and not has_factor(person)


def is_last_of_required(factor: Authenticator, person: User) -> bool:
    """Without this one the person would have none, and the role asks for one."""
    others = Authenticator.objects.filter(user_id=person.pk, type__in=COUNTS).exclude(pk=factor.pk)
    return is_required(person.workflow_role) and not others.exists()


def passkeys_work_at(request: HttpRequest) -> bool:
    """Browsers bind a passkey to a name under HTTPS, or to localhost; an address of figures has no name."""
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    with suppress(ValueError):
        ipaddress.ip_address(host)
        return False
    return request.is_secure() or host == "localhost" or host.endswith(".localhost")
