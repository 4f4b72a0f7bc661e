"""Requests that arrive twice at the same moment, in real transactions."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from puntuale.api.forgetting import forget_old_answers
from puntuale.api.models import KeptAnswer, Spending
from puntuale.people import tokens
from puntuale.tickets.models import Ticket
from tests.api.test_tickets import NEW
from tests.company import made

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@pytest.fixture
def anna(transactional_db, now):
    company = made()
    return tokens.issue(company.anna, name="x", scopes=["read", "write"], lasts=timedelta(days=30), at=AT)


def at_once(count, secret, **headers):
    """Send the same ticket from several threads, starting together."""
    start = Barrier(count)

    def run(_):
        start.wait()
        try:
            return Client().post(
                "/api/v1/tickets",
                json.dumps(NEW),
                content_type="application/json",
                headers={"Authorization": f"Bearer {secret}", **headers},
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_a_ticket_that_is_sent_twice_at_once_is_one_ticket(anna):
    _, secret = anna
    for key in ("one", "two", "three"):
        before = Ticket.objects.count()
        answers = at_once(4, secret, **{"Idempotency-Key": key})
        assert {one.status_code for one in answers} <= {201, 409}
        assert {one.json()["type"] for one in answers if one.status_code == 409} <= {"/api/v1/docs#problem-in-progress"}
        assert len({one.json()["number"] for one in answers if one.status_code == 201}) == 1
        assert Ticket.objects.count() == before + 1
        assert KeptAnswer.objects.filter(key=key).count() == 1


def test_every_request_is_counted(anna):
    token, secret = anna
    assert {one.status_code for one in at_once(4, secret)} == {201}
    assert Ticket.objects.count() == Spending.objects.get(token=token).count == 4


def test_what_was_counted_is_in_no_log_of_the_database(anna):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'api_spending'")
        assert cursor.fetchone() == ("u",)


def test_answers_are_kept_for_a_day(anna):
    _, secret = anna
    at_once(1, secret, **{"Idempotency-Key": "one"})
    assert forget_old_answers(at=AT + timedelta(hours=23)) == 0
    assert forget_old_answers(at=AT + timedelta(hours=25)) == 1
    assert not KeptAnswer.objects.exists()
