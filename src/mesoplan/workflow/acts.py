"""Roles, acts, and the one table of which role may do which act."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mesoplan.workflow.refusals import NotPermitted


class Role(StrEnum):
    DERMATOLOGIST = "dermatologist"
    NURSE = "nurse"
    PHARMACIST = "pharmacist"
    FRONT_DESK = "front_desk"
    MANAGER = "manager"
    AUDITOR = "auditor"

    @property
    def label(self) -> str:
        """As printed beside a name: "Front desk"."""
        return self.value.replace("_", " ").capitalize()

    @property
    def in_sentence(self) -> str:
        """With its article, for a refusal: "a dermatologist"."""
        return _IN_SENTENCE[self]


_IN_SENTENCE: Final[Mapping[Role, str]] = MappingProxyType(
    {
        Role.DERMATOLOGIST: "a dermatologist",
        Role.NURSE: "a nurse",
        Role.PHARMACIST: "a pharmacist",
        Role.FRONT_DESK: "the front desk",
        Role.MANAGER: "a manager",
        Role.AUDITOR: "an auditor",
    }
)


class Act(StrEnum):
    VIEW_PATIENTS = "view_patients"
    ADD_PATIENT = "add_patient"
    EDIT_PATIENT_CONTACT = "edit_patient_contact"
    VIEW_CLINICAL = "view_clinical"
    PREFILL_ASSESSMENT = "prefill_assessment"
    RECORD_ASSESSMENT = "record_assessment"
    RECORD_SCORE = "record_score"
    VOID_SCORE = "void_score"
    LEARN_FROM_COURSES = "learn_from_courses"
    PROPOSE = "propose"
    EDIT_PLAN = "edit_plan"
    OVERRIDE_BLOCK = "override_block"
    SIGN_PLAN = "sign_plan"
    VOID_PLAN = "void_plan"
    PRINT_PLAN = "print_plan"
    SEE_PHOTOS = "see_photos"
    ADD_PHOTOS = "add_photos"
    DELETE_PHOTOS = "delete_photos"
    VIEW_EVIDENCE = "view_evidence"
    REVIEW_VALUE = "review_value"
    VIEW_AUDIT = "view_audit"
    MANAGE_PEOPLE = "manage_people"
    SET_OWN_PREFERENCES = "set_own_preferences"

    @property
    def words(self) -> str:
        """After "can": "sign a plan"."""
        return _WORDS[self]


_WORDS: Final[Mapping[Act, str]] = MappingProxyType(
    {
        Act.VIEW_PATIENTS: "look up patients",
        Act.ADD_PATIENT: "add a patient",
        Act.EDIT_PATIENT_CONTACT: "change a patient's name and contact",
        Act.VIEW_CLINICAL: "read clinical records",
        Act.PREFILL_ASSESSMENT: "prepare an assessment",
        Act.RECORD_ASSESSMENT: "sign off an assessment",
        Act.RECORD_SCORE: "record a score",
        Act.VOID_SCORE: "void a score",
        Act.LEARN_FROM_COURSES: "have forecasts learn from the clinic's own courses",
        Act.PROPOSE: "ask for proposals",
        Act.EDIT_PLAN: "change a plan",
        Act.OVERRIDE_BLOCK: "override a block",
        Act.SIGN_PLAN: "sign a plan",
        Act.VOID_PLAN: "void a plan",
        Act.PRINT_PLAN: "print a plan",
        Act.SEE_PHOTOS: "see photos of patients",
        Act.ADD_PHOTOS: "record consent and add photos",
        Act.DELETE_PHOTOS: "delete photos",
        Act.VIEW_EVIDENCE: "read the evidence",
        Act.REVIEW_VALUE: "review a value",
        Act.VIEW_AUDIT: "read the audit",
        Act.MANAGE_PEOPLE: "add people and change their roles",
        Act.SET_OWN_PREFERENCES: "set their own preferences",
    }
)

_EVERYONE: Final = frozenset(Role)
_CLINICAL: Final = frozenset({Role.DERMATOLOGIST, Role.NURSE})
_DERMATOLOGIST: Final = frozenset({Role.DERMATOLOGIST})

# A role may do what its work needs and nothing else. A pharmacist holds the values against their sources, for which
# nobody's name is needed: patients and their plans stay closed.
WHO_MAY: Final[Mapping[Act, frozenset[Role]]] = MappingProxyType(
    {
        Act.VIEW_PATIENTS: _EVERYONE - {Role.PHARMACIST},
        Act.ADD_PATIENT: _CLINICAL | {Role.FRONT_DESK},
        Act.EDIT_PATIENT_CONTACT: _CLINICAL | {Role.FRONT_DESK},
        Act.VIEW_CLINICAL: _CLINICAL,
        Act.PREFILL_ASSESSMENT: _CLINICAL,
        Act.RECORD_ASSESSMENT: _DERMATOLOGIST,
        Act.RECORD_SCORE: _CLINICAL,
        Act.VOID_SCORE: _CLINICAL,
        Act.LEARN_FROM_COURSES: _DERMATOLOGIST,
        Act.PROPOSE: _DERMATOLOGIST,
        Act.EDIT_PLAN: _DERMATOLOGIST,
        Act.OVERRIDE_BLOCK: _DERMATOLOGIST,
        Act.SIGN_PLAN: _DERMATOLOGIST,
        Act.VOID_PLAN: _DERMATOLOGIST,
        Act.PRINT_PLAN: _CLINICAL,
        Act.SEE_PHOTOS: _CLINICAL,
        Act.ADD_PHOTOS: _CLINICAL,
        Act.DELETE_PHOTOS: _CLINICAL,
        Act.VIEW_EVIDENCE: _EVERYONE,
        Act.REVIEW_VALUE: _DERMATOLOGIST | {Role.PHARMACIST},
        Act.VIEW_AUDIT: frozenset({Role.AUDITOR, Role.MANAGER}),
        Act.MANAGE_PEOPLE: frozenset({Role.MANAGER}),
        Act.SET_OWN_PREFERENCES: _EVERYONE,
    }
)


def who_may(act: Act) -> tuple[Role, ...]:
    """Roles that may do `act`, in the order in which roles are declared."""
    return tuple(role for role in Role if role in WHO_MAY[act])


def check_may(act: Act, role: Role) -> None:
    """Raise `NotPermitted` with a sentence for the user unless `role` may do `act`."""
    if role not in WHO_MAY[act]:
        raise NotPermitted(refusal_of(act))


def refusal_of(act: Act) -> str:
    """What somebody is told whose role may not do `act`."""
    *others, last = (each.in_sentence for each in who_may(act))
    allowed = f"{', '.join(others)} or {last}" if others else last
    return f"Only {allowed} can {act.words}."


def may(act: Act, role: Role) -> bool:
    """The same rule as `check_may`, as a bool for pages that leave out what a role may never do."""
    try:
        check_may(act, role)
    except NotPermitted:
        return False
    return True
