"""Second factors: everybody sets up their own, the log-in asks for it, a manager sees, requires and resets."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory

from mesoplan.clinic.accounts.factors import passkeys_work_at
from mesoplan.clinic.accounts.lockout import FREE_TRIES
from mesoplan.clinic.accounts.models import RequiredFactor, User
from mesoplan.clinic.accounts.sealing import Unreadable, seal, unseal
from mesoplan.clinic.audit.models import AuditEntry

PASSWORD = "a long enough phrase"
SECRET = generate_totp_secret()


@pytest.fixture(autouse=True)
def no_code_was_used() -> None:
    cache.clear()


def code_of(secret: str, *, steps: int = 0) -> str:
    """What the app shows now, or `steps` half minutes later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def wrong_code(secret: str) -> str:
    near = {code_of(secret, steps=steps) for steps in range(-3, 4)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in near)


@pytest.fixture
def secured(nurse: User) -> User:
    """The nurse, who has an app and recovery codes."""
    with_app(nurse)
    RecoveryCodes.activate(nurse)
    return nurse


def with_app(person: User) -> Authenticator:
    return TOTP.activate(person, SECRET).instance


def log_in(client: Client, person: User) -> Any:
    return client.post("/log-in", {"login": person.email, "password": PASSWORD})


def acts() -> list[str]:
    return list(AuditEntry.objects.order_by("number").values_list("act", flat=True))


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# -- Setting up one's own


@pytest.fixture
def trusted(browser_of: Callable[[str], Client]) -> Callable[[str], Client]:
    """A browser in which the person has entered the password again."""

    def browser(role: str) -> Client:
        client = browser_of(role)
        response = client.post("/me/again?next=/me/keys", {"password": PASSWORD, "next": "/me/keys"})
        assert response["Location"] == "/me/keys"
        return client

    return browser


@pytest.mark.parametrize("role", ["dermatologist", "nurse", "pharmacist", "front_desk", "manager", "auditor"])
def test_everybody_has_a_page_of_keys(browser_of: Callable[[str], Client], role: str) -> None:
    page = browser_of(role).get("/me/keys").content.decode()
    assert "Set up an app" in page
    assert "Recovery codes" not in page


@pytest.mark.parametrize("path", ["app/new", "passkeys/new", "codes/new", "codes"])
def test_the_password_is_asked_again_before_anything_changes(browser_of: Callable[[str], Client], path: str) -> None:
    response = browser_of("nurse").get(f"/me/keys/{path}")
    assert response["Location"] == f"/me/again?{urlencode({'next': f'/me/keys/{path}'})}"


def test_a_wrong_password_there_counts_as_a_wrong_log_in(browser_of: Callable[[str], Client]) -> None:
    client = browser_of("nurse")
    for _ in range(FREE_TRIES):
        response = client.post("/me/again", {"password": "wrong"})
        assert response.status_code == 422
        assert "This is not your password." in response.content.decode()
    assert "Try again in" in client.post("/me/again", {"password": PASSWORD}).content.decode()
    assert acts() == ["log_in_refused"] * FREE_TRIES


def test_an_app_is_set_up_by_its_first_code_and_codes_are_shown_once(trusted: Callable[[str], Client]) -> None:
    client = trusted("nurse")
    page = client.get("/me/keys/app/new").content.decode()
    secret = re.search(r'class="secret">(\w+)<', page)
    assert secret is not None
    assert "data:image/svg+xml;base64," in page
    refused = client.post("/me/keys/app/new", {"code": wrong_code(secret[1])})
    assert refused.status_code == 422
    assert "This code does not fit." in refused.content.decode()
    assert secret[1] in refused.content.decode()  # the scan is not asked for twice
    response = client.post("/me/keys/app/new", {"code": code_of(secret[1])})
    assert response["Location"] == "/me/keys/codes"
    assert re.findall(r"<li><code>(\d{8})</code></li>", client.get("/me/keys/codes").content.decode())[9]
    assert "shown once and are not shown again" in client.get("/me/keys/codes").content.decode()
    assert acts() == ["add_factor", "make_recovery_codes"]


def test_secrets_are_sealed_in_the_database(secured: User) -> None:
    for row in Authenticator.objects.filter(user=secured):
        assert SECRET not in str(row.data)
    stored = Authenticator.objects.get(user=secured, type="totp").data["secret"]
    assert unseal(stored, purpose="second factor") == SECRET
    with pytest.raises(Unreadable):
        unseal(stored, purpose="kept form")


def test_what_was_sealed_too_long_ago_is_not_read() -> None:
    sealed = seal("words", purpose="kept form")
    assert unseal(sealed, purpose="kept form", not_older_than=60) == "words"
    with pytest.raises(Unreadable):
        unseal(sealed, purpose="kept form", not_older_than=-1)


def test_an_app_is_removed_and_the_codes_go_with_it(trusted: Callable[[str], Client], secured: User) -> None:
    client = trusted("nurse")
    assert "Remove the app?" in client.get("/me/keys/app/remove").content.decode()
    assert client.post("/me/keys/app/remove")["Location"] == "/me/keys"
    assert not Authenticator.objects.filter(user=secured).exists()
    assert acts() == ["remove_factor"]


def test_new_codes_replace_the_old(trusted: Callable[[str], Client], secured: User) -> None:
    client = trusted("nurse")
    old = Authenticator.objects.get(user=secured, type="recovery_codes").wrap().get_unused_codes()
    assert client.post("/me/keys/codes/new")["Location"] == "/me/keys/codes"
    new = Authenticator.objects.get(user=secured, type="recovery_codes").wrap().get_unused_codes()
    assert not set(old) & set(new)
    assert acts() == ["make_recovery_codes"]


def test_nobody_makes_codes_without_a_factor(trusted: Callable[[str], Client]) -> None:
    response = trusted("nurse").post("/me/keys/codes/new")
    assert response.status_code == 422
    assert "Set one up first." in response.content.decode()
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("credential", ["", "x", "[]", "{}", '{"id": 1}', '{"response": {}, "type": "public-key"}'])
def test_what_is_no_passkey_is_refused(trusted: Callable[[str], Client], credential: str) -> None:
    client = trusted("nurse")
    assert client.get("/me/keys/passkeys/new", headers={"Host": "localhost"}).status_code == 200
    response = client.post("/me/keys/passkeys/new", {"name": "phone", "credential": credential})
    assert response.status_code == 422
    assert "Nothing was saved. Try again." in response.content.decode()
    assert not Authenticator.objects.exists()


def test_another_persons_passkey_is_not_there_to_remove(trusted: Callable[[str], Client], manager: User) -> None:
    theirs = Authenticator.objects.create(user=manager, type="webauthn", data={"name": "phone", "credential": {}})
    assert trusted("nurse").post(f"/me/keys/passkeys/{theirs.pk}/remove").status_code == 404
    assert Authenticator.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize(
    ("host", "secure", "work"),
    [
        ("localhost:8000", False, True),
        ("127.0.0.1:8000", False, False),
        ("[::1]:8000", False, False),
        ("clinic.test", False, False),
        ("clinic.test", True, True),
        ("192.168.1.4", True, False),
    ],
)
def test_where_passkeys_work(settings: Any, host: str, secure: bool, work: bool) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert passkeys_work_at(RequestFactory().get("/", secure=secure, headers={"Host": host})) is work


# -- Logging in


def test_the_log_in_asks_for_the_code_after_the_password(client: Client, secured: User) -> None:
    assert log_in(client, secured)["Location"] == "/log-in/second-factor"
    assert not is_in(client)
    page = client.get("/log-in/second-factor").content.decode()
    assert "Is it you, Bruno Sala?" in page
    response = client.post("/log-in/second-factor", {"code": code_of(SECRET)})
    assert response["Location"] == "/today"
    assert is_in(client)
    assert AuditEntry.objects.latest("number").after == {"second_factor": "code from an app"}


def test_the_way_that_was_wanted_is_gone_on_after_the_code(client: Client, secured: User) -> None:
    client.post("/log-in", {"login": secured.email, "password": PASSWORD, "next": "/patients?q=lef"})
    assert client.post("/log-in/second-factor", {"code": code_of(SECRET)})["Location"] == "/patients?q=lef"


def test_nobody_passes_without_the_password_first(client: Client, secured: User) -> None:
    assert client.get("/log-in/second-factor")["Location"] == "/log-in"
    assert client.post("/log-in/second-factor", {"code": code_of(SECRET)})["Location"] == "/log-in"
    assert not is_in(client)


def test_a_wrong_code_is_told_and_audited(client: Client, secured: User) -> None:
    log_in(client, secured)
    response = client.post("/log-in/second-factor", {"code": wrong_code(SECRET)})
    assert response.status_code == 422
    assert "This code does not fit." in response.content.decode()
    assert not is_in(client)
    assert acts() == ["log_in_refused"]


def test_wrong_codes_wait_as_wrong_passwords_do(client: Client, secured: User) -> None:
    log_in(client, secured)
    for _ in range(FREE_TRIES):
        client.post("/log-in/second-factor", {"code": wrong_code(SECRET)})
    response = client.post("/log-in/second-factor", {"code": code_of(SECRET)})
    assert "Too many wrong codes. Try again in" in response.content.decode()
    assert not is_in(client)
    assert "Too many wrong passwords" in log_in(Client(), secured).content.decode()


def test_a_code_opens_once(client: Client, secured: User) -> None:
    code = code_of(SECRET)
    log_in(client, secured)
    client.post("/log-in/second-factor", {"code": code})
    cache.clear()  # as in another process
    other = Client()
    log_in(other, secured)
    response = other.post("/log-in/second-factor", {"code": code})
    assert "This code was used already. Take the next one." in response.content.decode()
    assert not is_in(other)
    assert other.post("/log-in/second-factor", {"code": code_of(SECRET, steps=1)})["Location"] == "/today"


def test_a_recovery_code_opens_once(secured: User) -> None:
    code = Authenticator.objects.get(user=secured, type="recovery_codes").wrap().get_unused_codes()[0]
    first, second = Client(), Client()
    log_in(first, secured)
    assert first.post("/log-in/second-factor", {"code": code})["Location"] == "/today"
    assert AuditEntry.objects.latest("number").after == {"second_factor": "recovery codes"}
    log_in(second, secured)
    assert second.post("/log-in/second-factor", {"code": code}).status_code == 422
    assert not is_in(second)


def test_whoever_is_held_at_the_code_may_start_anew(client: Client, secured: User, manager: User) -> None:
    log_in(client, secured)
    assert client.get("/log-in").status_code == 200
    assert log_in(client, manager)["Location"] == "/today"


@pytest.mark.parametrize("credential", ["", "x", "[]", "{}", '{"id": "a", "rawId": "a", "response": {}}'])
def test_a_log_in_with_what_is_no_passkey(db: None, credential: str) -> None:
    client = Client(SERVER_NAME="localhost")
    assert "request_options" in client.get("/log-in/passkey", headers={"Accept": "application/json"}).json()
    response = client.post("/log-in/passkey", {"credential": credential})
    assert response.status_code == 422
    assert 'class="mend"' in response.content.decode()
    assert not is_in(client)


# -- What the manager does


def test_the_manager_sees_who_has_one(browser_of: Callable[[str], Client], secured: User) -> None:
    page = browser_of("manager").get("/settings/people").content.decode()
    assert "code from an app" in page
    assert "Reset the second factor of Bruno Sala" in page
    assert "Reset the second factor of Dr Alma Weiss" not in page
    assert "1 of 1" in page


def test_a_required_factor_leads_to_the_keys_after_log_in(client: Client, manager: User, nurse: User) -> None:
    boss = Client()
    log_in(boss, manager)
    boss.post("/settings/people/required-factor", {"role": "nurse", "required": "yes"})
    assert RequiredFactor.objects.get().set_by == manager
    assert AuditEntry.objects.latest("number").act == "require_factor"
    log_in(client, nurse)
    assert client.get("/today")["Location"] == "/me/keys"
    assert client.post("/patients/new", {"full_name": "X"})["Location"] == "/me/keys"
    assert "asks everybody of the role nurse for a second factor" in client.get("/me/keys").content.decode()
    part = client.get("/patients", headers={"HX-Request": "true"})
    assert part.status_code == 403
    assert "Your role now needs a second factor" in part.content.decode()
    with_app(nurse)
    assert client.get("/today").status_code == 200
    assert boss.get("/today").status_code == 200  # nobody of another role


def test_the_last_required_factor_stays(trusted: Callable[[str], Client], secured: User, manager: User) -> None:
    RequiredFactor.objects.create(role="nurse", set_by=manager)
    client = trusted("nurse")
    told = "Set up another before you remove this one."
    assert told in client.get("/me/keys/app/remove").content.decode()
    response = client.post("/me/keys/app/remove")
    assert response.status_code == 422
    passkey = Authenticator.objects.create(user=secured, type="webauthn", data={"name": "phone", "credential": {}})
    assert client.post("/me/keys/app/remove").status_code == 302
    response = client.post(f"/me/keys/passkeys/{passkey.pk}/remove")
    assert response.status_code == 422
    assert told in response.content.decode()
    assert Authenticator.objects.filter(pk=passkey.pk).exists()


def test_a_requirement_is_lifted(browser_of: Callable[[str], Client], manager: User) -> None:
    RequiredFactor.objects.create(role="nurse", set_by=manager)
    browser_of("manager").post("/settings/people/required-factor", {"role": "nurse", "required": "no"})
    assert not RequiredFactor.objects.exists()
    entry = AuditEntry.objects.get(act="require_factor")
    assert (entry.before, entry.after) == ({"required": True}, {"required": False})


def test_the_manager_resets_a_lost_factor(browser_of: Callable[[str], Client], secured: User) -> None:
    browser_of("manager").post(f"/settings/people/{secured.pk}/reset-factors")
    assert not Authenticator.objects.filter(user=secured).exists()
    entry = AuditEntry.objects.get(act="reset_factors")
    assert (entry.who, entry.before) == ("manager@clinic.test", {"factors": ["code from an app"]})
    assert log_in(Client(), secured)["Location"] == "/today"


def test_nobody_resets_their_own_or_what_is_not_there(
    browser_of: Callable[[str], Client], manager: User, nurse: User
) -> None:
    with_app(manager)
    own = browser_of("manager").post(f"/settings/people/{manager.pk}/reset-factors")
    assert own.status_code == 422
    assert "another manager resets them" in own.content.decode()
    none = browser_of("manager").post(f"/settings/people/{nurse.pk}/reset-factors")
    assert "Bruno Sala has no second factor to reset." in none.content.decode()
    assert Authenticator.objects.filter(user=manager).exists()


@pytest.mark.parametrize("role", ["dermatologist", "nurse", "pharmacist", "front_desk", "auditor"])
def test_nobody_else_requires_or_resets(browser_of: Callable[[str], Client], secured: User, role: str) -> None:
    client = browser_of(role)
    assert client.post(f"/settings/people/{secured.pk}/reset-factors").status_code == 403
    asked = client.post("/settings/people/required-factor", {"role": "manager", "required": "yes"})
    assert asked.status_code == 403
    assert Authenticator.objects.filter(user=secured).count() == 2
    assert not RequiredFactor.objects.exists()


def test_a_role_that_does_not_exist_is_refused(browser_of: Callable[[str], Client]) -> None:
    response = browser_of("manager").post("/settings/people/required-factor", {"role": "king", "required": "yes"})
    assert response.status_code == 422


def test_a_manager_who_is_alone_is_helped_from_the_command_line(manager: User, capsys: Any) -> None:
    with_app(manager)
    call_command("reset_factors", "MANAGER@clinic.test")
    assert not Authenticator.objects.exists()
    assert AuditEntry.objects.get(act="reset_factors").who == "system"
    for wrong in ("nobody@clinic.test", manager.email):
        with pytest.raises(CommandError):
            call_command("reset_factors", wrong)


def test_a_demo_requires_none(db: None) -> None:
    from mesoplan.clinic.demo import make_demo_clinic

    make_demo_clinic()
    assert not RequiredFactor.objects.exists()
    assert not Authenticator.objects.exists()
