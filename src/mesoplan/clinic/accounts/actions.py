"""Every write about the people of the clinic. Each leaves its audit entry in the same transaction."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from mesoplan.clinic.accounts.factors import KINDS, factors_of
from mesoplan.clinic.accounts.lockout import ACCEPTED, REFUSED, thing_of
from mesoplan.clinic.accounts.models import Language, Look, RequiredFactor, User
from mesoplan.clinic.audit.chain import record
from mesoplan.workflow import Act, Refused, Role, check_may


@transaction.atomic
def add_person(*, email: str, printed_name: str, role: Role, password: str | None, by: User | None) -> User:
    """`by` is None only for the first person of a clinic, who is added from the command line of its
    machine."""
    if by is not None:
        check_may(Act.MANAGE_PEOPLE, by.workflow_role)
    person = User.objects.create_user(email=email, password=password, printed_name=printed_name, role=role.value)
    after = {"email": person.email, "printed_name": printed_name, "role": role.value}
    record(by=by, act="add_person", thing=f"person {person.pk}", after=after)
    return person


@transaction.atomic
def change_role(*, person: User, role: Role, by: User) -> User:
    check_may(Act.MANAGE_PEOPLE, by.workflow_role)
    if person == by:
        raise Refused(_("Your own role is changed by another manager, so that the clinic is never left without one."))
    before = person.role
    person.role = role.value
    person.save(update_fields=["role"])
    record(
        by=by,
        act="change_role",
        thing=f"person {person.pk}",
        before={"role": before},
        after={"role": role.value},
    )
    return person


@transaction.atomic
def close_account(*, person: User, by: User) -> User:
    """The person can no longer log in; what they signed stays theirs."""
    check_may(Act.MANAGE_PEOPLE, by.workflow_role)
    if person == by:
        raise Refused(_("Your own account is closed by another manager, so that the clinic is never left without one."))
    person.is_active = False
    person.save(update_fields=["is_active"])
    record(
        by=by,
        act="close_account",
        thing=f"person {person.pk}",
        before={"active": True},
        after={"active": False},
    )
    return person


@transaction.atomic
def choose_look(*, look: Look, by: User) -> User:
    check_may(Act.SET_OWN_PREFERENCES, by.workflow_role)
    before = by.look
    by.look = look.value
    by.save(update_fields=["look"])
    record(by=by, act="choose_look", thing=f"person {by.pk}", before={"look": before}, after={"look": look.value})
    return by


@transaction.atomic
def choose_language(*, language: Language, by: User) -> User:
    check_may(Act.SET_OWN_PREFERENCES, by.workflow_role)
    before = by.language
    by.language = language.value
    by.save(update_fields=["language"])
    record(
        by=by,
        act="choose_language",
        thing=f"person {by.pk}",
        before={"language": before},
        after={"language": language.value},
    )
    return by


@transaction.atomic
def require_factor(*, role: Role, required: bool, by: User) -> None:
    """Whoever has this role must log in with a second factor, or need not."""
    check_may(Act.MANAGE_PEOPLE, by.workflow_role)
    before = RequiredFactor.objects.filter(role=role.value).exists()
    if required and not before:
        RequiredFactor.objects.create(role=role.value, set_by=by)
    elif not required:
        RequiredFactor.objects.filter(role=role.value).delete()
    record(
        by=by,
        act="require_factor",
        thing=f"role {role.value}",
        before={"required": before},
        after={"required": required},
    )


@transaction.atomic
def reset_factors(*, person: User, by: User | None) -> User:
    """Take away every second factor of somebody who lost theirs; the password alone lets them in until they set
    up another. `by` is None only from the command line of the clinic's machine, for a manager who is alone."""
    if by is not None:
        check_may(Act.MANAGE_PEOPLE, by.workflow_role)
    if person == by:
        raise Refused(
            _("Your own second factors are on your page of keys. If you lost them, another manager resets them.")
        )
    had = factors_of([person])[person.pk]
    if not had.any:
        raise Refused(_("%(name)s has no second factor to reset.") % {"name": person.printed_name})
    with override("en"):  # the audit is kept in one language
        kept = had.words
    Authenticator.objects.filter(user_id=person.pk).delete()
    record(by=by, act="reset_factors", thing=f"person {person.pk}", before={"factors": kept}, after={"factors": []})
    return person


@transaction.atomic
def note_factor_added(*, factor: Authenticator, by: User) -> None:
    record(by=by, act="add_factor", thing=f"person {by.pk}", after=_told(factor))


@transaction.atomic
def note_factor_removed(*, factor: Authenticator, by: User) -> None:
    record(by=by, act="remove_factor", thing=f"person {by.pk}", before=_told(factor))


@transaction.atomic
def note_recovery_codes(*, by: User) -> None:
    """New codes were made; those before them no longer work."""
    record(by=by, act="make_recovery_codes", thing=f"person {by.pk}")


@transaction.atomic
def note_log_in(*, by: User, factor: str = "") -> None:
    """`factor`: the second factor that was used, if any."""
    record(by=by, act=ACCEPTED, thing=thing_of(by.email), after={"second_factor": factor} if factor else None)


@transaction.atomic
def note_session_end(*, by: User, why: str) -> None:
    record(by=by, act="session_ended", thing=thing_of(by.email), after={"why": why})


@transaction.atomic
def note_log_out(*, by: User) -> None:
    record(by=by, act="log_out", thing=thing_of(by.email))


@transaction.atomic
def note_refused_log_in(*, email: str, by: None) -> None:
    record(by=by, who=email.strip().lower()[:254], act=REFUSED, thing=thing_of(email))


def _told(factor: Authenticator) -> dict[str, str]:
    name = {"name": str(factor)} if factor.type == Authenticator.Type.WEBAUTHN else {}
    return {"kind": KINDS[factor.type]} | name
