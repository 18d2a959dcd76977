"""Who may do what, spelled out by hand: a change of the table must be made here as well, by somebody who
means it."""

import pytest

from mesoplan.workflow import Act, NotPermitted, Refused, Role, check_may, may

#                         derm.  nurse  pharm. desk   manager auditor
TABLE = {
    "view_patients":        ("yes", "yes", "no",  "yes", "yes", "yes"),
    "add_patient":          ("yes", "yes", "no",  "yes", "no",  "no"),
    "edit_patient_contact": ("yes", "yes", "no",  "yes", "no",  "no"),
    "view_clinical":        ("yes", "yes", "no",  "no",  "no",  "no"),
    "prefill_assessment":   ("yes", "yes", "no",  "no",  "no",  "no"),
    "record_assessment":    ("yes", "no",  "no",  "no",  "no",  "no"),
    "record_score":         ("yes", "yes", "no",  "no",  "no",  "no"),
    "void_score":           ("yes", "yes", "no",  "no",  "no",  "no"),
    "learn_from_courses":   ("yes", "no",  "no",  "no",  "no",  "no"),
    "propose":              ("yes", "no",  "no",  "no",  "no",  "no"),
    "edit_plan":            ("yes", "no",  "no",  "no",  "no",  "no"),
    "override_block":       ("yes", "no",  "no",  "no",  "no",  "no"),
    "sign_plan":            ("yes", "no",  "no",  "no",  "no",  "no"),
    "void_plan":            ("yes", "no",  "no",  "no",  "no",  "no"),
    "print_plan":           ("yes", "yes", "no",  "no",  "no",  "no"),
    "see_photos":           ("yes", "yes", "no",  "no",  "no",  "no"),
    "add_photos":           ("yes", "yes", "no",  "no",  "no",  "no"),
    "delete_photos":        ("yes", "yes", "no",  "no",  "no",  "no"),
    "view_evidence":        ("yes", "yes", "yes", "yes", "yes", "yes"),
    "review_value":         ("yes", "no",  "yes", "no",  "no",  "no"),
    "view_audit":           ("no",  "no",  "no",  "no",  "yes", "yes"),
    "manage_people":        ("no",  "no",  "no",  "no",  "yes", "no"),
    "set_own_preferences":  ("yes", "yes", "yes", "yes", "yes", "yes"),
}  # fmt: skip
ROLES = ("dermatologist", "nurse", "pharmacist", "front_desk", "manager", "auditor")
CELLS = [(act, role, answer == "yes") for act, row in TABLE.items() for role, answer in zip(ROLES, row, strict=True)]


def test_the_table_names_every_act_and_every_role() -> None:
    assert set(TABLE) == {act.value for act in Act}
    assert set(ROLES) == {role.value for role in Role}


@pytest.mark.parametrize(("act", "role", "allowed"), CELLS)
def test_who_may_do_what(act: str, role: str, allowed: bool) -> None:
    assert may(Act(act), Role(role)) is allowed


@pytest.mark.parametrize(("act", "role", "allowed"), [cell for cell in CELLS if not cell[2]])
def test_a_refusal_says_who_can(act: str, role: str, allowed: bool) -> None:
    with pytest.raises(NotPermitted) as refusal:
        check_may(Act(act), Role(role))
    assert str(refusal.value).startswith("Only a")
    assert str(refusal.value).endswith(".")


def test_the_sentence_is_fit_for_the_person_who_tried() -> None:
    with pytest.raises(Refused, match=r"^Only a dermatologist can sign a plan\.$"):
        check_may(Act.SIGN_PLAN, Role.NURSE)
    with pytest.raises(Refused, match=r"^Only a manager or an auditor can read the audit\.$"):
        check_may(Act.VIEW_AUDIT, Role.NURSE)
    with pytest.raises(Refused, match=r"^Only a dermatologist or a pharmacist can review a value\.$"):
        check_may(Act.REVIEW_VALUE, Role.NURSE)
    with pytest.raises(Refused, match=r"^Only a dermatologist, a nurse or the front desk can add a patient\.$"):
        check_may(Act.ADD_PATIENT, Role.AUDITOR)
    everyone_else = "a dermatologist, a nurse, the front desk, a manager or an auditor"
    with pytest.raises(Refused, match=rf"^Only {everyone_else} can look up patients\.$"):
        check_may(Act.VIEW_PATIENTS, Role.PHARMACIST)
