"""Log-in as a browser does it: passkeys, codes, the warning before the end, the log-in over the page, no script."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.patients.models import Patient
from tests.clinic.axe import found_by_axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a long enough phrase"
SECRET = generate_totp_secret()
WIDTHS = {"desk": (1440, 900), "tablet": (1024, 768), "phone": (390, 844), "narrow": (320, 640)}
EXPECTED = re.compile(r"status of (403|422)")  # the browser notes every refusal; each is asserted in its place


def code() -> str:
    return str(format_hotp_value(hotp_value(SECRET, int(time.time()) // 30)))


@pytest.fixture
def new_page(browser: Browser, live_server: Any, people: dict[Any, User]) -> Iterator[Callable[..., Page]]:
    """A page of a browser of its own, nobody logged in. Errors of scripts and of the console fail the test."""
    cache.clear()
    contexts, said = [], []

    def open_(width: str = "desk", look: Any = "light", script: bool = True) -> Page:
        wide, high = WIDTHS[width]
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": wide, "height": high},
            color_scheme=look,
            has_touch=width != "desk",
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    yield open_
    for context in contexts:
        context.close()
    assert [text for text in said if not EXPECTED.search(text)] == []


def log_in(page: Page, role: str = "nurse", to: str = "/today") -> None:
    page.goto(f"/log-in?next={to}")
    page.get_by_label("E-mail").fill(f"{role}@clinic.test")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def arrive(page: Page, path: str) -> None:
    page.wait_for_url(lambda url: bool(re.fullmatch(path, urlsplit(url).path)))


def age(*, idle: int = 0) -> None:
    """Every session was last used so many seconds earlier than it was."""
    for row in Session.objects.all():
        store = SessionStore(row.session_key)
        if "seen" in store:
            store["seen"] -= idle
            store.save()


def trust(page: Page, path: str) -> None:
    page.goto(path)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    arrive(page, path)


# -- Codes


@pytest.mark.parametrize("script", [True, False])
def test_an_app_is_set_up_and_asked_for(new_page: Callable[..., Page], script: bool) -> None:
    from playwright.sync_api import expect

    page = new_page(script=script)
    log_in(page)
    trust(page, "/me/keys/app/new")
    expect(page.locator("img.qr")).to_be_visible()
    secret = page.locator(".secret").inner_text()
    page.get_by_label("The six figures").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.get_by_role("button", name="Switch it on").click()
    expect(page.locator(".codes li")).to_have_count(10)
    recovery = page.locator(".codes li").first.inner_text()
    page.context.clear_cookies()
    log_in(page)
    expect(page.get_by_role("heading", name="Is it you, Bruno Sala?")).to_be_visible()
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Log in", exact=True).click()
    arrive(page, "/today")


# -- Passkeys


def add_device(page: Page) -> None:
    """A security chip as phones have it: keeps passkeys, and knows its owner."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_made_and_logs_in_alone_and_after_the_password(new_page: Callable[..., Page]) -> None:
    from playwright.sync_api import expect

    page = new_page()
    add_device(page)
    log_in(page)
    trust(page, "/me/keys/passkeys/new")
    page.get_by_label("Name of the passkey").fill("Tablet of room 2")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto("/me/keys")
    expect(page.locator(".keylist")).to_contain_text("Tablet of room 2")
    assert AuditEntry.objects.get(act="add_factor").after == {"kind": "passkey", "name": "Tablet of room 2"}

    page.context.clear_cookies()
    page.goto("/log-in?next=/patients")
    page.get_by_role("button", name="Use a passkey").click()
    arrive(page, "/patients")
    assert AuditEntry.objects.filter(act="log_in").latest("number").after == {"second_factor": "passkey"}

    page.context.clear_cookies()
    log_in(page)
    page.get_by_role("button", name="Use your passkey").click()
    arrive(page, "/today")

    # the same device makes no second one, and says why
    trust(page, "/me/keys/passkeys/new")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.locator("main [data-told]")).to_contain_text("This device has a passkey for you already.")

    User.objects.filter(email="nurse@clinic.test").update(is_active=False)
    page.context.clear_cookies()
    page.goto("/log-in")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator(".login .mend")).to_contain_text("This passkey was not accepted.")


def test_without_script_nobody_is_offered_a_passkey(new_page: Callable[..., Page]) -> None:
    page = new_page(script=False)
    page.goto("/log-in")
    assert not page.get_by_role("button", name="Use a passkey").is_visible()


# -- Before the end


def test_two_minutes_before_the_end_one_tap_extends(new_page: Callable[..., Page], settings: Any) -> None:
    from playwright.sync_api import expect

    page = new_page()
    settings.SESSION_IDLE_SECONDS = 122
    log_in(page)
    arrive(page, "/today")
    dialog = page.get_by_role("alertdialog", name="Stay logged in?")
    expect(dialog).to_be_visible(timeout=9000)
    expect(dialog).to_contain_text(re.compile(r"At \d\d:\d\d you are logged out, after an hour without use."))
    expect(page.get_by_role("button", name="Stay logged in")).to_be_focused()
    settings.SESSION_IDLE_SECONDS = 3600
    page.get_by_role("button", name="Stay logged in").click()
    expect(dialog).to_be_hidden()


def test_what_another_window_did_counts(new_page: Callable[..., Page], settings: Any) -> None:
    page = new_page()
    settings.SESSION_IDLE_SECONDS = 122
    log_in(page)
    arrive(page, "/today")
    settings.SESSION_IDLE_SECONDS = 3600  # as if it had been used elsewhere meanwhile
    with page.expect_response("**/session") as asked:
        pass
    assert asked.value.json()["ends_in"] > 3000
    page.wait_for_timeout(200)
    assert not page.get_by_role("alertdialog").is_visible()


# -- After the end


def fill_in_the_dialog(page: Page, email: str = "") -> None:
    from playwright.sync_api import expect

    dialog = page.get_by_role("dialog", name="Log in again to go on")
    expect(dialog.get_by_label("E-mail")).to_have_value("nurse@clinic.test")
    expect(dialog.get_by_label("Password")).to_be_focused()
    if email:
        dialog.get_by_label("E-mail").fill(email)
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Log in", exact=True).click()


def test_a_search_after_the_end_asks_for_the_log_in_and_goes_on(
    new_page: Callable[..., Page], patient: Patient
) -> None:
    from playwright.sync_api import expect

    page = new_page()
    log_in(page, to="/patients")
    arrive(page, "/patients")
    age(idle=3601)
    page.get_by_role("searchbox", name=re.compile("^Name, date")).fill("lefev 1985")
    dialog = page.get_by_role("dialog", name="Log in again to go on")
    dialog.get_by_label("Password").fill("wrong")
    dialog.get_by_role("button", name="Log in", exact=True).click()
    expect(dialog).to_contain_text("E-mail and password do not belong together.")
    fill_in_the_dialog(page)
    expect(dialog).to_be_hidden()
    expect(page.locator("#results")).to_contain_text("Lefèvre, Camille")
    expect(page.get_by_role("searchbox", name=re.compile("^Name, date"))).to_have_value("lefev 1985")


def test_a_form_after_the_end_is_sent_after_the_second_factor_too(new_page: Callable[..., Page], nurse: User) -> None:
    from playwright.sync_api import expect

    page = new_page()
    log_in(page, to="/patients/new")
    arrive(page, "/patients/new")
    TOTP.activate(nurse, SECRET)
    RecoveryCodes.activate(nurse)
    page.get_by_label("Full name").fill("Novák, Petra")
    page.get_by_label("Date of birth").fill("1990-12-01")
    age(idle=3601)
    page.clock.install(time=time.time() + 3700)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # a tablet wakes an hour later
    dialog = page.get_by_role("dialog", name="Log in again to go on")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add patient").click()
    fill_in_the_dialog(page)
    dialog.get_by_label("Code").fill(code())
    dialog.get_by_role("button", name="Log in", exact=True).click()
    arrive(page, "/patients/P.*")
    assert Patient.objects.get().full_name == "Novák, Petra"


def test_another_person_does_not_send_what_is_not_theirs(new_page: Callable[..., Page], patient: Patient) -> None:
    from playwright.sync_api import expect

    page = new_page()
    log_in(page, to="/patients")
    arrive(page, "/patients")
    age(idle=3601)
    page.get_by_role("searchbox", name=re.compile("^Name, date")).fill("lefev")
    fill_in_the_dialog(page, email="front_desk@clinic.test")
    dialog = page.get_by_role("dialog", name="Log in again to go on")
    expect(dialog).to_contain_text("Somebody else is logged in now. Nothing of this page was sent")
    page.reload()
    expect(page.locator("details.person summary")).to_contain_text("Chiara Conti")


def test_without_script_a_late_form_is_shown_again_and_sent(new_page: Callable[..., Page]) -> None:
    from playwright.sync_api import expect

    page = new_page(script=False)
    log_in(page, to="/patients/new")
    page.get_by_label("Full name").fill("Novák, Petra")
    page.get_by_label("Date of birth").fill("1990-12-01")
    age(idle=3601)
    page.get_by_role("button", name="Add patient").click()
    expect(page.locator(".login")).to_contain_text("what you sent was not saved. It is kept for half an hour")
    page.get_by_label("E-mail").fill("nurse@clinic.test")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="Not sent yet")).to_be_visible()
    page.get_by_role("button", name="Send it now").click()
    arrive(page, "/patients/P.*")
    assert Patient.objects.get().full_name == "Novák, Petra"


# -- Every page, every width, both looks


@pytest.mark.parametrize(("width", "look"), [("tablet", "light"), ("narrow", "dark")])
def test_pages_of_the_log_in(new_page: Callable[..., Page], nurse: User, width: str, look: str) -> None:
    def check(page: Page) -> None:
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (page.url, wider, found_by_axe(page)) == (page.url, 0, [])

    page = new_page(width=width, look=look)
    page.goto("/log-in")
    check(page)
    log_in(page)
    arrive(page, "/today")
    page.goto("/me/keys")
    check(page)
    page.goto("/me/keys/app/new")
    check(page)
    trust(page, "/me/keys/app/new")
    check(page)
    page.goto("/me/keys/passkeys/new")
    check(page)
    TOTP.activate(nurse, SECRET)
    RecoveryCodes.activate(nurse)
    Authenticator.objects.create(user=nurse, type="webauthn", data={"name": "phone", "credential": {}})
    for path in ("/me/keys", "/me/keys/codes", "/me/keys/codes/new", "/me/keys/app/remove"):
        page.goto(path)
        check(page)
    page.goto("/patients")
    page.evaluate("document.getElementById('session-ending').showModal()")
    check(page)
    page.evaluate("document.getElementById('session-ending').close()")
    age(idle=3601)
    Authenticator.objects.filter(type="webauthn").delete()
    page.get_by_role("searchbox", name=re.compile("^Name, date")).fill("lefev")
    page.get_by_role("dialog").get_by_label("Password").wait_for()
    check(page)
    fill_in_the_dialog(page)
    page.get_by_role("dialog").get_by_label("Code").wait_for()
    check(page)
    page.goto("/log-in/second-factor")
    check(page)
