"""Proving once more that it is you: the password, and a code where the act asks for one."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from allauth.core.context import request_context
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import RequestFactory

from mesoplan.clinic.accounts.lockout import FREE_TRIES
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.accounts.proof import missing_proof
from mesoplan.clinic.audit.models import AuditEntry

PASSWORD = {"password": "a long enough phrase"}
SECRET = generate_totp_secret()


@pytest.fixture(autouse=True)
def in_a_request() -> Iterator[None]:
    cache.clear()
    with request_context(RequestFactory().post("/")):
        yield


def code() -> dict[str, str]:
    return {"code": str(format_hotp_value(hotp_value(SECRET, int(time.time()) // 30)))}


def test_the_right_password_is_enough_where_no_code_is_asked(dermatologist: User) -> None:
    assert missing_proof(dermatologist, PASSWORD) == {}
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(("typed", "told"), [("", "Enter your password again."), ("wrong", "This is not your")])
def test_another_password_is_not(dermatologist: User, typed: str, told: str) -> None:
    assert missing_proof(dermatologist, {"password": typed})["password"].startswith(told)
    assert AuditEntry.objects.count() == (1 if typed else 0)


def test_wrong_tries_wait(dermatologist: User) -> None:
    for _ in range(FREE_TRIES):
        missing_proof(dermatologist, {"password": "wrong"})
    assert missing_proof(dermatologist, PASSWORD)["password"].startswith("Too many wrong tries. Try again in ")


def test_a_code_is_asked_and_used_once(dermatologist: User) -> None:
    TOTP.activate(dermatologist, SECRET)
    assert missing_proof(dermatologist, PASSWORD, with_code=True)["code"].startswith("Enter the code")
    right = PASSWORD | code()
    assert missing_proof(dermatologist, right, with_code=True) == {}
    assert "code" in missing_proof(dermatologist, right, with_code=True)


def test_a_wrong_password_uses_no_code_up(dermatologist: User) -> None:
    TOTP.activate(dermatologist, SECRET)
    right = code()
    assert "password" in missing_proof(dermatologist, {"password": "wrong"} | right, with_code=True)
    assert missing_proof(dermatologist, PASSWORD | right, with_code=True) == {}


def test_whoever_has_no_app_is_told_where_to_set_one_up(dermatologist: User) -> None:
    assert "Keys for log-in" in missing_proof(dermatologist, PASSWORD | {"code": "123456"}, with_code=True)["code"]
