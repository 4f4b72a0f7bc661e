"""Events, promises and published agreements cannot be changed, not even by somebody at the database's prompt."""

from contextlib import nullcontext

import pytest
from django.db import DatabaseError, connection, transaction

from puntuale.tickets import conversation
from tests.guarantee.tables import at

TABLES = ["tickets_event", "tickets_promisemade", "tickets_promiseending", "agreements_publication"]


@pytest.fixture
def story(company):
    ticket = company.ticket()
    conversation.answer(ticket, body="Yes.", by=company.ada, at=at("2026-11-20T16:30:00+01:00"))
    return ticket


def run(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        # Otherwise the checks that Django leaves to the end of the transaction refuse first, for a reason of their own.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET id = id",
        "DELETE FROM {}",
        "TRUNCATE {} CASCADE",
        "DELETE FROM {} WHERE id = (SELECT min(id) FROM {})",
    ],
)
@pytest.mark.usefixtures("story")
def test_the_database_itself_refuses(table, statement):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        before = cursor.fetchone()
    assert before[0] > 0
    with pytest.raises(DatabaseError, match="is only ever added to"):
        run(statement.replace("{}", table))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == before


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        (
            "INSERT INTO tickets_event (ticket_id, number, kind, at, facts, digest) SELECT ticket_id, 1, kind, at, facts, digest FROM tickets_event LIMIT 1",
            False,
        ),
        ("UPDATE tickets_ticket SET subject = 'corrected'", True),
    ],
    ids=["a second event of the same number", "a ticket's subject"],
)
@pytest.mark.usefixtures("story")
def test_what_else_the_database_refuses_and_allows(statement, allowed):
    with nullcontext() if allowed else pytest.raises(DatabaseError):
        run(statement)
