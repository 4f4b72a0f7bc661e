"""A replica is read from where that is allowed, while it is fresh, and by nobody who has just written."""

from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, connections
from django.test import Client

from puntuale.conf import replica
from puntuale.tickets.models import Draft, Ticket
from puntuale.watch.heartbeat import beat
from puntuale.watch.models import Heartbeat

pytestmark = pytest.mark.django_db(transaction=True)
SEARCH = "/en/desk/search/?q=drop"


@pytest.fixture
def second(monkeypatch, company, now):
    """A second connection to the same database that may only read: what it was asked is in the list."""
    known = connections.settings["default"]
    options = {**known["OPTIONS"], "options": "-c default_transaction_read_only=on"}
    monkeypatch.setitem(connections.settings, replica.ALIAS, {**known, "OPTIONS": options})
    asked = []

    def note(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    # Connected beforehand: the test runner refuses connections to databases that it does not know.
    connections[replica.ALIAS].connect()
    with connections[replica.ALIAS].execute_wrapper(note):
        yield asked
    connections[replica.ALIAS].close()
    del connections[replica.ALIAS]


@pytest.fixture
def ada(second, company):
    browser = Client()
    browser.force_login(company.ada)
    return browser


def test_a_search_is_read_from_the_replica_and_a_ticket_from_the_primary(ada, second, company, now):
    ticket = company.ticket(company.anna, at=now.at)
    assert "Calls drop" in ada.get(SEARCH).content.decode()
    assert any("tickets_ticketwords" in sql for sql in second)
    assert not any("django_session" in sql for sql in second), "who somebody is tells the primary"
    second.clear()
    assert ada.get(f"/en/desk/{ticket.number}/").status_code == 200
    assert second == []


def test_a_report_is_read_from_the_replica_with_all_its_queries(second, company, now):
    manager = Client()
    manager.force_login(company.mara)
    company.ticket(company.anna, at=now.at)
    manager.get("/en/office/reports/")
    assert manager.get("/en/office/reports/").status_code == 200
    assert any("promisemade" in sql and "FILTER" in sql for sql in second), "statements of our own among them"


def test_whoever_wrote_reads_what_she_wrote(ada, second, company, now):
    ada.get(SEARCH)
    ticket = company.ticket(company.anna, at=now.at)
    ada.post(f"/en/desk/{ticket.number}/assignment/", {"to": "me"})
    second.clear()
    ada.get(SEARCH)
    assert second == []
    assert ada.cookies["wrote"]["max-age"] == replica.OWN_WRITES
    del ada.cookies["wrote"]
    ada.get(SEARCH)
    assert second != []


def test_a_replica_that_is_late_is_not_read_from(ada, second, now, monkeypatch):
    monkeypatch.setattr(replica, "ASKED_EVERY", -1)
    monkeypatch.setattr(replica, "GIVEN_UP_FOR", -1)

    def words():
        second.clear()
        assert ada.get(SEARCH).status_code == 200
        return any("ticketwords" in sql or "tickets_ticket" in sql for sql in second)

    Heartbeat.objects.all().delete()
    assert not words(), "it knows of no beat at all"
    beat("a worker", at=now.at - replica.FRESH)
    assert not words()
    beat("a worker", at=now.at - replica.FRESH / 2)
    assert words()


def test_a_replica_that_fails_leaves_the_page_to_the_primary(ada, second, company, now, monkeypatch):
    company.ticket(company.anna, at=now.at)

    @contextmanager
    def away():
        raise DatabaseError("the server closed the connection")
        yield

    monkeypatch.setattr(replica, "reading", away)
    assert "Calls drop" in ada.get(SEARCH).content.decode()


def test_nothing_is_written_to_a_replica(second, company, now):
    primary = connection.settings_dict
    with replica.reading():
        assert Ticket.objects.count() == 0
        with pytest.raises(DatabaseError):
            Draft.objects.create(person=company.ada, place="note", body="x", saved_at=now.at)
    assert connection.settings_dict is primary
    assert not Draft.objects.exists()


def test_without_a_replica_nothing_is_different(company, now, client):
    client.force_login(company.ada)
    response = client.post("/en/preferences/", {})
    assert "wrote" not in response.cookies
