"""Every write about the people of the clinic. Each leaves its audit entry in the same transaction."""

from __future__ import annotations

from django.db import transaction

from mesoplan.clinic.accounts.lockout import ACCEPTED, REFUSED, thing_of
from mesoplan.clinic.accounts.models import Look, User
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
        raise Refused("Your own role is changed by another manager, so that the clinic is never left without one.")
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
        raise Refused("Your own account is closed by another manager, so that the clinic is never left without one.")
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
def note_log_in(*, by: User) -> None:
    record(by=by, act=ACCEPTED, thing=thing_of(by.email))


@transaction.atomic
def note_log_out(*, by: User) -> None:
    record(by=by, act="log_out", thing=thing_of(by.email))


@transaction.atomic
def note_refused_log_in(*, email: str, by: None) -> None:
    record(by=by, who=email.strip().lower()[:254], act=REFUSED, thing=thing_of(email))
