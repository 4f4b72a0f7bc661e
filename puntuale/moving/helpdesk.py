"""Tickets from the database of a django-helpdesk: an SQLite file, or the address of a PostgreSQL database.

Its tables are read as version 1 and 2 have them: `helpdesk_ticket`, `helpdesk_followup`, `helpdesk_queue` and
`auth_user`. Times without a zone are UTC, as Django stores them.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from puntuale.moving.rows import FileRefused, Row

Stored = Mapping[str, Any]
OPEN, REOPENED, RESOLVED, CLOSED, DUPLICATE = 1, 2, 3, 4, 5
STATES = {OPEN: "open", REOPENED: "open", RESOLVED: "resolved", CLOSED: "resolved", DUPLICATE: "cancelled"}
PRIORITIES = {1: "1", 2: "2", 3: "3", 4: "3", 5: "3"}
TICKETS = """
    SELECT ticket.id, ticket.title, ticket.description, ticket.created, ticket.modified, ticket.submitter_email,
        ticket.status, ticket.priority, queue.title AS queue, assignee.email AS assignee
    FROM helpdesk_ticket ticket
    JOIN helpdesk_queue queue ON queue.id = ticket.queue_id
    LEFT JOIN auth_user assignee ON assignee.id = ticket.assigned_to_id
    ORDER BY ticket.id
"""
FOLLOW_UPS = """
    SELECT said.ticket_id, said.date, said.comment, said.public, said.new_status,
        author.email, author.is_staff, author.first_name, author.last_name
    FROM helpdesk_followup said
    LEFT JOIN auth_user author ON author.id = said.user_id
    ORDER BY said.ticket_id, said.date, said.id
"""


def rows_of(source: str) -> Iterator[Row]:
    """Yield a row a ticket, under our names. Raises FileRefused when this is no such database."""
    try:
        with _opened(source) as (tickets, follow_ups):
            yield from _rows(tickets, follow_ups)
    except (sqlite3.Error, psycopg.Error, OSError) as problem:
        raise FileRefused(f"{source.partition('@')[2] or source}: {str(problem).strip()}") from problem


@contextmanager
def _opened(source: str) -> Iterator[tuple[Iterator[Stored], Iterator[Stored]]]:
    """Give the tickets and their follow-ups, both by the number of the ticket, as they are read."""
    if source.startswith(("postgres://", "postgresql://")):
        with psycopg.connect(source, row_factory=dict_row) as base:
            base.read_only = True
            with base.cursor("tickets") as tickets, base.cursor("follow_ups") as follow_ups:
                yield iter(tickets.execute(TICKETS)), iter(follow_ups.execute(FOLLOW_UPS))
        return
    if not Path(source).is_file():
        raise FileRefused(f"{source} is no file")
    with closing(sqlite3.connect(f"{Path(source).resolve().as_uri()}?mode=ro", uri=True)) as base:
        base.row_factory = sqlite3.Row
        yield map(dict, base.execute(TICKETS)), map(dict, base.execute(FOLLOW_UPS))


def _rows(tickets: Iterator[Stored], follow_ups: Iterator[Stored]) -> Iterator[Row]:
    groups = groupby(follow_ups, key=itemgetter("ticket_id"))
    number, group = next(groups, (None, iter(())))
    for ticket in tickets:
        while number is not None and number < ticket["id"]:
            number, group = next(groups, (None, iter(())))
        yield Row(ticket["id"], _row(ticket, list(group) if number == ticket["id"] else []))


def _row(ticket: Stored, said: list[Stored]) -> dict[str, Any]:
    over = [one["date"] for one in said if one["new_status"] in {RESOLVED, CLOSED}]
    return {
        "id": ticket["id"],
        "subject": ticket["title"],
        "body": ticket["description"],
        "requester_email": ticket["submitter_email"],
        "priority": PRIORITIES.get(ticket["priority"], ""),
        "state": STATES.get(ticket["status"], "open"),
        "submitted_at": _instant(ticket["created"]),
        "updated_at": _instant(ticket["modified"]),
        "resolved_at": _instant(over[-1]) if over else "",
        "assignee": ticket["assignee"],
        "messages": [_message(one) for one in said if one["comment"]],
    }


def _message(said: Stored) -> dict[str, Any]:
    return {
        "at": _instant(said["date"]),
        "author": said["email"],
        "author_name": f"{said['first_name'] or ''} {said['last_name'] or ''}".strip(),
        "body": said["comment"],
        "internal": not said["public"],
        "by_agent": bool(said["is_staff"]),
    }


def _instant(stored: datetime | str | None) -> str:
    if not stored:
        return ""
    found = stored if isinstance(stored, datetime) else datetime.fromisoformat(stored)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).isoformat()
