"""People and roles: the manager alone; never their own role; what each role may do is shown as it is."""

from collections.abc import Callable

import pytest
from django.test import Client

from mesoplan.clinic.accounts.actions import add_person, change_role, close_account
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.workflow import NotPermitted, Refused, Role

FORM = {
    "printed_name": "Dr F. Neu",
    "email": "Neu@clinic.test",
    "role": "dermatologist",
    "password": "twelve words long",
}


def test_the_manager_adds_a_person_who_can_log_in(browser_of: Callable[[str], Client]) -> None:
    assert browser_of("manager").post("/settings/people/new", FORM)["Location"] == "/settings/people"
    person = User.objects.get(email="neu@clinic.test")
    assert (person.printed_name, person.role) == ("Dr F. Neu", "dermatologist")
    assert Client().post("/log-in", {"login": "neu@clinic.test", "password": FORM["password"]}).status_code == 302
    entry = AuditEntry.objects.get(act="add_person")
    assert "password" not in str(entry.after)


@pytest.mark.parametrize("role", ["dermatologist", "nurse", "pharmacist", "front_desk", "auditor"])
@pytest.mark.parametrize(
    ("method", "path"), [("get", ""), ("get", "/new"), ("post", "/new"), ("post", "/1/role"), ("post", "/1/close")]
)
def test_nobody_else(browser_of: Callable[[str], Client], role: str, method: str, path: str) -> None:
    before = list(User.objects.values_list("pk", "role", "is_active"))
    response = getattr(browser_of(role), method)(f"/settings/people{path}", FORM if method == "post" else None)
    assert response.status_code == 403
    assert list(User.objects.values_list("pk", "role", "is_active")) == before


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("email", "nurse@CLINIC.test", "nurse@clinic.test can log in already. Use another e-mail."),
        ("email", "nurse", "An e-mail has a name, an @ and a domain"),
        ("password", "short", "at least 12 characters"),
        ("printed_name", "", "Enter the name as it is printed on signed plans."),
    ],
)
def test_what_is_refused(browser_of: Callable[[str], Client], field: str, typed: str, told: str) -> None:
    response = browser_of("manager").post("/settings/people/new", FORM | {field: typed})
    assert response.status_code == 422
    assert told in response.content.decode()
    assert not User.objects.filter(printed_name="Dr F. Neu").exists()


def test_a_role_is_changed(browser_of: Callable[[str], Client], nurse: User) -> None:
    browser_of("manager").post(f"/settings/people/{nurse.pk}/role", {"role": "auditor"})
    nurse.refresh_from_db()
    assert nurse.role == "auditor"
    entry = AuditEntry.objects.get(act="change_role")
    assert (entry.before, entry.after) == ({"role": "nurse"}, {"role": "auditor"})


@pytest.mark.parametrize("path", ["role", "close"])
def test_a_get_changes_nothing(browser_of: Callable[[str], Client], nurse: User, path: str) -> None:
    assert browser_of("manager").get(f"/settings/people/{nurse.pk}/{path}?role=auditor").status_code == 405
    nurse.refresh_from_db()
    assert (nurse.role, nurse.is_active) == ("nurse", True)


def test_a_role_that_does_not_exist_is_refused(browser_of: Callable[[str], Client], nurse: User) -> None:
    response = browser_of("manager").post(f"/settings/people/{nurse.pk}/role", {"role": "king"})
    assert response.status_code == 422
    nurse.refresh_from_db()
    assert nurse.role == "nurse"


def test_nobody_changes_or_closes_themselves(manager: User) -> None:
    with pytest.raises(Refused, match="another manager"):
        change_role(person=manager, role=Role.NURSE, by=manager)
    with pytest.raises(Refused, match="another manager"):
        close_account(person=manager, by=manager)


def test_the_first_person_needs_nobody_the_others_a_manager(nurse: User) -> None:
    with pytest.raises(NotPermitted):
        add_person(email="x@y.test", printed_name="X", role=Role.MANAGER, password="p", by=nurse)


def test_the_table_of_acts_is_shown_as_it_is(browser_of: Callable[[str], Client]) -> None:
    page = browser_of("manager").get("/settings/people").content.decode()
    row = page[page.index("<td>Sign a plan</td>") :].split("</tr>")[0]
    assert row.count("<td>may</td>") == 1
