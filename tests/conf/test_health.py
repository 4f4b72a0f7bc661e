"""What machines ask: alive, ready, measured; and nothing private in any of it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError

from puntuale.watch import heartbeat, ringing
from puntuale.watch.models import Heartbeat, Watched
from tests.guarantee.test_story import on

AT = on("fri 16:00")


@pytest.fixture
def database_clock(monkeypatch, company):
    Heartbeat.objects.all().delete()
    at = [AT]
    monkeypatch.setattr(heartbeat, "database_now", lambda: at[0])
    return at


def test_alive_needs_no_database(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_ready_while_the_watch_goes_its_rounds(client, company, database_clock):
    heartbeat.beat("one", at=AT)
    assert client.get("/readyz").status_code == 200
    database_clock[0] += timedelta(seconds=16)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["watch"]) == (503, False)


def test_not_ready_without_a_database(client, monkeypatch):
    def gone():
        raise DatabaseError("secret host name")

    monkeypatch.setattr(heartbeat, "database_now", gone)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"database": False})


def test_not_ready_with_a_watch_set_aside(client, company, database_clock):
    heartbeat.beat("one", at=AT)
    company.ticket(company.anna, "1", AT)
    Watched.objects.update(set_aside_at=AT)
    assert client.get("/readyz").json() == {"database": True, "watch": True, "set_aside": False}


@pytest.mark.parametrize("given", ["", "Bearer wrong", "Bearer ", "Bearer \u00e9"])
def test_figures_are_for_those_with_the_token(client, db, settings, given):
    assert client.get("/metrics", headers={"authorization": given}).status_code == 404
    settings.METRICS_TOKEN = "a-token-for-figures"
    assert client.get("/metrics", headers={"authorization": given}).status_code == 404


def test_the_figures(client, company, settings, database_clock):
    heartbeat.beat("one", at=AT)
    company.ticket(company.anna, "1", AT, subject="Canary")
    ringing.go_round(at=AT + timedelta(minutes=30, seconds=3))
    database_clock[0] = AT + timedelta(minutes=61)
    settings.METRICS_TOKEN = "a-token-for-figures"
    said = client.get("/metrics", headers={"authorization": "Bearer a-token-for-figures"}).content.decode()
    for line in (
        "puntuale_watch_silent_seconds 3660.0",
        'puntuale_tickets{phase="open"} 1.0',
        'puntuale_promises_owed{state="missed"} 1.0',
        'puntuale_promises_owed{state="running"} 0.0',
        "puntuale_alarms_overdue_seconds 960.0",
        "puntuale_intents_waiting 0.0",
        'puntuale_alarm_lateness_seconds_bucket{le="2.0"} 0.0',
        'puntuale_alarm_lateness_seconds_bucket{le="5.0"} 1.0',
        "puntuale_alarm_lateness_seconds_sum 3.0",
    ):
        assert line in said, said
    assert "Canary" not in said
    assert "Northwind" not in said
