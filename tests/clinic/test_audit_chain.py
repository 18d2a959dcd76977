"""The audit is only added to, and any touch of what stands breaks the chain."""

import pytest
from django.db import DatabaseError, connection, transaction

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.chain import record, verify
from mesoplan.clinic.audit.models import AuditEntry, NeverChanged


@pytest.fixture
def five(dermatologist: User) -> list[AuditEntry]:
    return [
        record(by=dermatologist, act="save_draft", thing=f"plan {n}", before={"mm": 10.0}, after={"mm": 9.5})
        for n in range(5)
    ]


def by_hand(sql: str) -> None:
    """What somebody with the database file could do: the trigger taken off first."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER audit_auditentry_never_changed")
        cursor.execute(sql)


def test_an_empty_and_a_written_chain_are_whole(db: None) -> None:
    assert verify().whole
    assert verify().entries == 0


def test_entries_are_numbered_and_each_carries_the_hash_before_it(five: list[AuditEntry]) -> None:
    assert [entry.number for entry in five] == [1, 2, 3, 4, 5]
    assert [entry.previous_hash for entry in five[1:]] == [entry.entry_hash for entry in five[:-1]]
    assert verify().entries == 5


@pytest.mark.parametrize(
    ("touched", "first_broken"),
    [
        ("UPDATE audit_auditentry SET who = 'somebody.else' WHERE number = 3", 3),
        ("UPDATE audit_auditentry SET after = '{\"mm\": 9.0}' WHERE number = 2", 2),
        ("UPDATE audit_auditentry SET after = NULL WHERE number = 1", 1),
        ("UPDATE audit_auditentry SET at = '2020-01-01 00:00:00' WHERE number = 5", 5),
        ("DELETE FROM audit_auditentry WHERE number = 4", 4),
        ("DELETE FROM audit_auditentry WHERE number = 1", 1),
    ],
)
def test_a_touch_breaks_the_chain_at_its_place(five: list[AuditEntry], touched: str, first_broken: int) -> None:
    by_hand(touched)
    state = verify()
    assert state.first_broken == first_broken
    assert not state.whole


def test_an_entry_is_neither_saved_again_nor_deleted(five: list[AuditEntry]) -> None:
    five[2].who = "somebody.else"
    with pytest.raises(NeverChanged):
        five[2].save()
    with pytest.raises(NeverChanged):
        five[2].delete()
    with pytest.raises(NeverChanged):
        AuditEntry.objects.all().update(who="x")
    with pytest.raises(NeverChanged):
        AuditEntry.objects.filter(number=1).delete()
    assert verify().entries == 5


def test_the_database_itself_refuses_a_change(five: list[AuditEntry]) -> None:
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditentry SET who = 'x' WHERE number = 1")
    assert verify().whole


def test_a_change_that_is_rolled_back_leaves_no_entry(five: list[AuditEntry], dermatologist: User) -> None:
    class Stop(Exception):
        pass

    def write_and_stop() -> None:
        with transaction.atomic():
            record(by=dermatologist, act="sign_plan", thing="plan 9")
            raise Stop

    with pytest.raises(Stop):
        write_and_stop()
    assert AuditEntry.objects.count() == 5
    assert record(by=dermatologist, act="sign_plan", thing="plan 9").number == 6
    assert verify().whole


def test_history_outlives_the_person(five: list[AuditEntry], dermatologist: User) -> None:
    dermatologist.delete()
    assert AuditEntry.objects.filter(who_name="Dr Alma Weiss").count() == 5
    assert verify().whole
