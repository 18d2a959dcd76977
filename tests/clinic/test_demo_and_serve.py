"""The demo clinic, and what stands in the terminal."""

from pathlib import Path

import pytest

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.chain import verify
from mesoplan.clinic.demo import PASSWORD, PEOPLE, make_demo_clinic
from mesoplan.clinic.environment import WrongSetting, data_directory, flag, secret_key
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.serve import welcome
from mesoplan.workflow import Role


def test_a_demo_clinic_has_every_role_and_six_patients_and_is_made_once(db: None) -> None:
    assert make_demo_clinic() is True
    assert {Role(role) for role in User.objects.values_list("role", flat=True)} == set(Role)
    assert all(user.check_password(PASSWORD) for user in User.objects.all())
    assert Patient.objects.count() == 6
    assert verify().whole
    assert make_demo_clinic() is False
    assert Patient.objects.count() == 6


def test_a_clinic_with_people_in_it_is_never_made_a_demo(nurse: User) -> None:
    people = User.objects.count()
    assert make_demo_clinic() is False
    assert User.objects.count() == people
    assert not Patient.objects.exists()


def test_the_terminal_names_address_people_and_password(db: None) -> None:
    told = welcome(demo=True, address="http://127.0.0.1:8000")
    assert "http://127.0.0.1:8000" in told
    assert PASSWORD in told
    assert all(person.email in told for person in PEOPLE)


def test_a_clinic_without_people_says_how_to_add_the_first(db: None) -> None:
    assert "add_person" in welcome(demo=False, address="x")


def test_a_clinic_with_people_says_no_password(nurse: User) -> None:
    told = welcome(demo=False, address="x")
    assert "add_person" not in told
    assert PASSWORD not in told


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", True), ("true", True), ("YES", True), ("0", False), ("no", False), ("", None), (" ", None)],
)
def test_flags_of_the_environment(text: str, value: bool | None) -> None:
    for default in (True, False):
        assert flag("MESOPLAN_X", default, {"MESOPLAN_X": text}) is (default if value is None else value)


def test_a_flag_that_cannot_be_read_names_its_variable() -> None:
    with pytest.raises(WrongSetting, match="MESOPLAN_X must be 1 or 0"):
        flag("MESOPLAN_X", False, {"MESOPLAN_X": "maybe"})


def test_where_data_are_kept(tmp_path: Path) -> None:
    assert data_directory({"MESOPLAN_DATA": str(tmp_path)}) == tmp_path
    assert data_directory({}).name in {"var", "mesoplan"}


def test_the_secret_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    first = secret_key(tmp_path, {})
    assert len(first) >= 50
    assert secret_key(tmp_path, {}) == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    assert secret_key(tmp_path, {"MESOPLAN_SECRET_KEY": "given"}) == "given"
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
