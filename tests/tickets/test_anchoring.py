"""Anchors: one a day over what was recorded, which shows that it was not all written anew."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from puntuale.conf import worker
from puntuale.guarantee import anchors
from puntuale.people.models import AuditEntry
from puntuale.tickets import anchoring
from puntuale.tickets.models import Anchor, Event
from tests.guarantee.tables import at
from tests.tickets.deeds import FRIDAY

DAY = timedelta(days=1)
LEAVES = st.lists(st.text("0123456789abcdef", min_size=64, max_size=64), min_size=1, max_size=40, unique=True)


@given(leaves=LEAVES, data=st.data())
def test_the_path_of_every_leaf_leads_to_the_root_and_to_no_other(leaves, data):
    position = data.draw(st.integers(0, len(leaves) - 1))
    steps = anchors.path(leaves, position)
    assert anchors.climb(leaves[position], steps) == anchors.root(leaves)
    assert len(steps) <= len(leaves).bit_length()
    assert anchors.climb("0" * 63 + "x", steps) != anchors.root(leaves)
    assert anchors.root([*leaves, "1" * 64]) != anchors.root(leaves)


def test_no_side_is_refused():
    with pytest.raises(ValueError, match="is no side"):
        anchors.climb("a", [["up", "b"]])


def test_there_is_one_a_day_when_something_is_new(company):
    assert anchoring.anchor(at=FRIDAY) is None
    company.ticket(at=FRIDAY)
    first = anchoring.anchor(at=FRIDAY)
    assert anchoring.anchor(at=FRIDAY + DAY) is None
    company.ticket(at=FRIDAY)
    assert anchoring.anchor(at=FRIDAY) is None
    second = anchoring.anchor(at=FRIDAY + DAY)
    assert [(one.count, one.up_to) for one in (first, second)] == [
        (1, key) for key in Event.objects.order_by("pk").values_list("pk", flat=True)
    ]
    assert list(anchoring.broken_anchors()) == []
    assert AuditEntry.objects.filter(action="events_anchored", details__digest=second.digest).exists()


@pytest.mark.django_db(transaction=True)
def test_while_somebody_writes_there_is_none_and_afterwards_there_is(company):
    company.ticket(at=FRIDAY)
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("LOCK TABLE tickets_event IN ROW EXCLUSIVE MODE")
        assert anchoring.anchor(at=FRIDAY) is None
        other.rollback()
        assert anchoring.anchor(at=FRIDAY).count == 1
    finally:
        other.close()


def test_the_worker_makes_it(company, monkeypatch):
    monkeypatch.setattr(worker.clock, "now", lambda: FRIDAY)
    assert worker.anchor_the_events(0) == ""
    company.ticket(at=FRIDAY)
    assert worker.anchor_the_events(0) == Anchor.objects.get().digest


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE tickets_event SET digest = repeat('0', 64) WHERE id = (SELECT min(id) FROM tickets_event)",
        "UPDATE tickets_anchor SET root = repeat('0', 64)",
        "UPDATE tickets_anchor SET count = 7",
        "UPDATE tickets_anchor SET day = day - 1",
        "UPDATE agreements_publication SET digest = repeat('0', 64)",
    ],
)
def test_what_is_not_as_it_was_anchored_is_found(company, change):
    company.ticket(at=FRIDAY)
    company.ticket(at=FRIDAY)
    made = anchoring.anchor(at=FRIDAY)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(change)
    assert list(anchoring.broken_anchors()) == [made]


def test_the_database_refuses_to_change_an_anchor(company):
    company.ticket(at=FRIDAY)
    anchoring.anchor(at=FRIDAY)
    for deed in (lambda rows: rows.update(count=2), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
            deed(Anchor.objects.all())
    assert Anchor.objects.get().count == 1


def test_the_next_one_is_made_within_the_hour_or_when_the_day_is_over(company):
    assert worker.HOURLY.startswith(f"{anchors.MINUTE} ")
    assert anchoring.next_at(at=at("2026-11-20T16:42:59+01:00")) == at("2026-11-20T15:43:00+00:00")
    assert anchoring.next_at(at=at("2026-11-20T16:43:00+01:00")) == at("2026-11-20T16:43:00+00:00")
    company.ticket(company.anna, "2", FRIDAY)
    anchoring.anchor(at=FRIDAY)
    assert anchoring.next_at(at=FRIDAY) == at("2026-11-21T00:43:00+00:00")
    assert anchoring.next_at(at=at("2026-11-20T23:50:00+00:00")) == at("2026-11-21T00:43:00+00:00")
    assert anchoring.next_at(at=at("2026-11-23T09:00:00+00:00")) == at("2026-11-23T09:43:00+00:00")
