"""Promises by the million, for reports: tickets, what was promised and what became of it, and who answered. No texts.

Written in the order of time, as a desk writes them. Every twentieth ticket was raised and so has a second promise.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from benchmarks.filling.tickets import LATEST, SLOTS, without_indexes

AT_ONCE = 1_000_000
TABLES = ("tickets_ticket", "tickets_event", "tickets_promisemade", "tickets_promiseending")


def fill(*, count: int, opened: int) -> None:
    """Write so many tickets, the last of them open, on empty tables; `tickets.prepare` has reckoned what is promised."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '256MB'")
        cursor.execute(_CUSTOMERS)
        with _without_keys(cursor), without_indexes(cursor, of=TABLES):
            for first in range(1, count + 1, AT_ONCE):
                details = {"first": first, "last": min(first + AT_ONCE - 1, count), "count": count,
                           "opened": opened, "slots": SLOTS, "latest": LATEST}  # fmt: skip
                for statement in _STATEMENTS:
                    cursor.execute(statement, details)
        cursor.execute("SET session_replication_role = DEFAULT; SET synchronous_commit = on; RESET work_mem")
        for name in TABLES:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}")  # noqa: S608
            cursor.execute(f"VACUUM ANALYZE {name}")


@contextmanager
def _without_keys(cursor) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Drop what is unique besides the primary keys, and make it anew afterwards."""
    cursor.execute(
        "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'u' AND conrelid = ANY(%s::regclass[])",
        [list(TABLES)],
    )
    keys = cursor.fetchall()
    for table, name, _ in keys:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    yield
    for table, name, definition in keys:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


_CUSTOMERS = """
CREATE TEMP TABLE customer AS
SELECT row_number() OVER (ORDER BY person.id) - 1 AS who, person.id AS requester_id, organisation_id, plan
FROM people_person person JOIN agreements_contract USING (organisation_id) WHERE ends_at IS NULL;
ANALYZE customer
"""

# Answered within what was promised 19 times of 20, or within 26 hours.
_CHOSEN = """
CREATE TEMP TABLE chosen AS
WITH drawn AS MATERIALIZED (
    SELECT n AS id, random() AS luck, n > %(count)s - %(opened)s AS is_open,
        (SELECT min(id) FROM people_person WHERE role = 'agent') + n %% 50 AS agent_id,
        (ARRAY['1', '2', '3', '3', '3'])[1 + floor(random() * 5)::int] AS priority,
        floor(random() * (SELECT count(*) FROM customer))::int AS who
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
)
SELECT drawn.id, is_open, agent_id, requester_id, organisation_id, slot.plan, slot.priority, at, start_at, due_at,
    target, seconds, hours, reason,
    CASE WHEN is_open THEN NULL
        WHEN luck < 0.95 AND due_at IS NOT NULL THEN at + (due_at - at) * luck
        ELSE at + interval '26 hours' * luck END AS answered_at,
    slot.n AS slot, drawn.id %% 20 = 0 AND slot.priority <> '1' AS is_raised
FROM drawn JOIN customer USING (who)
JOIN slot ON slot.plan = customer.plan AND slot.priority = drawn.priority
    AND slot.n = CASE WHEN is_open THEN %(slots)s - 1 - floor(%(latest)s * luck)::int
        ELSE (drawn.id * (%(slots)s - 100) / %(count)s)::int END
"""

_STATEMENTS = (
    "DROP TABLE IF EXISTS chosen",
    _CHOSEN,
    """
    INSERT INTO tickets_ticket (id, submission_key, subject, organisation_id, requester_id, product_id, environment,
        priority, plan, submitted_at, assignee_id, due_at, due_metric, phase, phase_since, answered_at, last_event,
        last_event_at, last_digest)
    SELECT id, gen_random_uuid(), 'Ticket', organisation_id, requester_id, (SELECT min(id) FROM agreements_product),
        'production', priority, plan, at, agent_id, CASE WHEN is_open THEN due_at END,
        CASE WHEN is_open AND due_at IS NOT NULL THEN 'first_response' ELSE '' END,
        CASE WHEN is_open THEN 'open' ELSE 'resolved' END, coalesce(answered_at, at), answered_at, 2,
        coalesce(answered_at, at), ''
    FROM chosen ORDER BY id
    """,
    """
    INSERT INTO tickets_event (id, ticket_id, number, kind, at, by_id, facts, digest)
    SELECT id, id, 2, 'answered', answered_at, agent_id, '{"then": "resolved"}', '' FROM chosen
    WHERE NOT is_open ORDER BY id
    """,
    """
    INSERT INTO tickets_promisemade (id, ticket_id, metric, number, publication_id, plan, priority, made_at, start_at,
        due_at, target, target_seconds, hours, no_guarantee, basis, pauses, made_by_id)
    SELECT id, id, 'first_response', 1, 1, plan, priority, at, start_at, due_at, target, seconds, hours, reason,
        'submitted', '[]', id FROM chosen ORDER BY id
    """,
    """
    INSERT INTO tickets_promisemade (id, ticket_id, metric, number, publication_id, plan, priority, made_at, start_at,
        due_at, target, target_seconds, hours, no_guarantee, basis, pauses, made_by_id)
    SELECT %(count)s + c.id, c.id, 'first_response', 2, 1, c.plan, '1', c.at, slot.start_at, slot.due_at, slot.target,
        slot.seconds, slot.hours, slot.reason, 'raised', '[]', c.id
    FROM chosen c JOIN slot ON slot.n = c.slot AND slot.plan = c.plan AND slot.priority = '1'
    WHERE is_raised ORDER BY c.id
    """,
    """
    INSERT INTO tickets_promiseending (promise_id, verdict, at, ended_by_id)
    SELECT id, 'replaced', at, id FROM chosen WHERE is_raised ORDER BY id
    """,
    """
    INSERT INTO tickets_promiseending (promise_id, verdict, at, ended_by_id)
    SELECT p.id, CASE WHEN p.due_at IS NULL THEN 'answered' WHEN answered_at <= p.due_at THEN 'met' ELSE 'met_late' END,
        answered_at, c.id
    FROM chosen c JOIN tickets_promisemade p ON p.id = CASE WHEN is_raised THEN %(count)s ELSE 0 END + c.id
    WHERE NOT is_open ORDER BY c.id
    """,
)
