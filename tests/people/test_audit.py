"""The audit log: it only grows, forgets from where after thirty days, and shows when somebody changed it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from puntuale.people import audit
from puntuale.people.models import AuditEntry

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
pytestmark = pytest.mark.django_db


def record(number=1, at=NOW):
    return audit.record(
        "contract_signed", by=None, about=f"organisation {number}", at=at, address="192.0.2.7", plan="x"
    )


def past_the_trigger(change, key):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(change, [key])
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.parametrize(
    "deed",
    [
        lambda rows: rows.update(action="nothing"),
        lambda rows: rows.update(details={}),
        lambda rows: rows.update(address="", action="nothing"),
        lambda rows: rows.update(address="198.51.100.1"),
        lambda rows: rows.delete(),
    ],
)
def test_sec_s33_the_database_refuses_to_change_an_entry(deed):
    entry = record()
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        deed(AuditEntry.objects.filter(pk=entry.pk))
    entry.refresh_from_db()
    assert (entry.action, entry.details, entry.address) == ("contract_signed", {"plan": "x"}, "192.0.2.7")


def test_from_where_is_forgotten_after_thirty_days():
    old, young = record(at=NOW), record(at=NOW + timedelta(days=2))
    assert audit.forget_addresses(at=NOW + timedelta(days=31)) == 1
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.address, young.address) == ("", "192.0.2.7")


def test_what_is_younger_than_an_hour_is_sealed_later():
    record(1)
    record(2, at=LATER)
    first = audit.seal(at=LATER)
    assert audit.seal(at=LATER) is None
    second = audit.seal(at=LATER + timedelta(hours=2))
    assert (first.up_to, second.up_to) == tuple(AuditEntry.objects.order_by("pk").values_list("pk", flat=True))
    assert list(audit.broken_seals()) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE people_auditentry SET about = 'organisation 9' WHERE id = %s",
        "UPDATE people_auditentry SET at = at - interval '1 second' WHERE id = %s",
        "DELETE FROM people_auditentry WHERE id = %s",
    ],
)
def test_sec_s33_who_changes_an_entry_past_the_database_breaks_its_seal(change):
    entries = [record(number) for number in range(3)]
    seals = [audit.seal(at=LATER)]
    record(4, at=LATER)
    seals.append(audit.seal(at=LATER + timedelta(hours=2)))
    past_the_trigger(change, entries[1].pk)
    assert list(audit.broken_seals()) == [seals[0]]


def test_the_seals_hold_after_addresses_are_forgotten():
    record()
    audit.seal(at=LATER)
    audit.forget_addresses(at=NOW + timedelta(days=60))
    assert list(audit.broken_seals()) == []
