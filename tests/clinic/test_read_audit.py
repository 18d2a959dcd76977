"""The audit page: auditor and manager read and filter; nobody writes; a broken chain is said first."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.chain import record
from mesoplan.clinic.audit.models import AuditEntry


@pytest.fixture(autouse=True)
def _no_walk_kept() -> None:
    cache.clear()


@pytest.fixture
def history(dermatologist: User, nurse: User) -> None:
    record(
        by=dermatologist,
        act="sign_plan",
        thing="plan 1",
        patient="PAAAAAAA",
        before={"state": "draft"},
        after={"revision": 1},
    )
    record(by=nurse, act="see", thing="record", patient="PBBBBBBB", after={"full_name": "=HYPERLINK(1)"})


@pytest.mark.parametrize(
    ("role", "status"),
    [("auditor", 200), ("manager", 200), ("dermatologist", 403), ("nurse", 403), ("front_desk", 403)],
)
def test_who_reads(browser_of: Callable[[str], Client], history: None, role: str, status: int) -> None:
    response = browser_of(role).get("/audit")
    assert response.status_code == status
    assert ("plan 1" in response.content.decode()) is (status == 200)


def test_it_takes_no_post(browser_of: Callable[[str], Client], history: None) -> None:
    assert browser_of("auditor").post("/audit", {"who": "x"}).status_code == 405
    assert AuditEntry.objects.count() == 2


@pytest.mark.parametrize(
    ("wanted", "shown", "hidden"),
    [
        ({"who": "alma"}, "plan 1", "PBBBBBBB"),
        ({"who": "nurse@clinic"}, "PBBBBBBB", "plan 1"),
        ({"patient": "pbbbbbbb"}, "PBBBBBBB", "plan 1"),
        ({"act": "sign_plan"}, "plan 1", "PBBBBBBB</a>"),
        ({"until": "2001-01-01"}, "No entry fits this filter.", "plan 1"),
    ],
)
def test_filters(
    browser_of: Callable[[str], Client], history: None, wanted: dict[str, str], shown: str, hidden: str
) -> None:
    page = browser_of("auditor").get("/audit", wanted).content.decode()
    table = page[page.index("<tbody>") :]
    assert shown in table
    assert hidden not in table


def test_the_chain_is_said_first(browser_of: Callable[[str], Client], history: None) -> None:
    assert "Chain verified to entry <b>2</b>" in browser_of("auditor").get("/audit").content.decode()
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TRIGGER audit_auditentry_never_changed"
            + (" ON audit_auditentry" if connection.vendor == "postgresql" else "")
        )
        cursor.execute("UPDATE audit_auditentry SET who = 'x' WHERE number = 2")
    assert "The chain breaks at entry <b>2</b>" in browser_of("auditor").get("/audit?verify=1").content.decode()


def test_csv_takes_the_filter_and_disarms_formulas(browser_of: Callable[[str], Client], history: None) -> None:
    response: Any = browser_of("manager").get("/audit?who=bruno&as=csv")
    lines = response.content.decode().splitlines()
    assert response["Content-Type"].startswith("text/csv")
    assert len(lines) == 2
    assert "Bruno Sala" in lines[1]
    assert '"{""full_name"": ""=HYPERLINK(1)""}"' in lines[1]
