"""Tickets by the hundred thousand, written as the verbs would have written them, straight into the tables.

A tenth of them, or as many as asked for, is open. What is written replays: the benchmark checks a sample.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import product

from django.db import connection

from puntuale.agreements.contracts import sign
from puntuale.agreements.models import Product
from puntuale.agreements.reading import agreement_in_force
from puntuale.guarantee.agreement import Agreement
from puntuale.guarantee.alarms import rings
from puntuale.guarantee.promise import quote
from puntuale.people.joining import add_person, found_organisation
from puntuale.people.models import Role

PLANS = ("basic", "professional", "advanced")
PRIORITIES = ("1", "2", "3")
SLOTS = 20_000
"""How many distinct instants of submission there are: promises are reckoned once for each, plan and priority."""
LATEST = 80
"""How many of them have the open tickets."""
TABLES = ("ticket", "message", "event", "promisemade", "promiseending")
WORDS = "tickets_ticketwords"


def people(*, organisations: int, customers: int, agents: int, at: datetime) -> None:
    """Make organisations with contracts, their customers, and agents. The first customer administers her organisation.

    A manager answers for what is promised day and night, since nobody is on call.
    """
    head = add_person(name="Manager", email="manager@desk.example", password=None, role=Role.MANAGER, at=at)
    for number in range(organisations):
        company = found_organisation(name=f"Company {number:05}", at=at)
        sign(company, plan=PLANS[number % 3], starts_at=at, at=at, answering=head)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO people_person (password, email, name, role, organisation_id, language, zone_name, uses_keys,
                                       joined_at)
            SELECT '!', 'person' || n || '@company' || o.id || '.example', 'Person ' || n,
                   CASE WHEN n < %(organisations)s THEN 'organisation_admin' ELSE 'customer' END,
                   o.id, 'en', 'Europe/Rome', true, %(at)s
            FROM generate_series(0, %(customers)s - 1) n
            JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM people_organisation) o
              ON o.place = n %% %(organisations)s
            """,
            {"organisations": organisations, "customers": customers, "at": at},
        )
    for number in range(agents):
        add_person(name=f"Agent {number}", email=f"agent{number}@desk.example", password=None, role=Role.AGENT, at=at)
    Product.objects.create(name="Voice", stage="released", added_at=at)


def prepare(subjects: list[str], bodies: list[str], *, since: datetime, until: datetime) -> None:
    """Put texts, their stems and the promises of every slot of time into tables of this session."""
    agreement = agreement_in_force(until)
    step = (until - since) / SLOTS
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE said (n int PRIMARY KEY, subject text, body text, a tsvector, c tsvector)")
        rows = ((n, one, other) for n, (one, other) in enumerate(zip(subjects, bodies, strict=True)))
        _copy(cursor, "COPY said (n, subject, body) FROM STDIN", rows)
        cursor.execute("UPDATE said SET a = puntuale_stems(subject, 'A'), c = puntuale_stems(body, 'C')")
        cursor.execute(
            "CREATE TEMP TABLE slot (n int, plan text, priority text, at timestamptz, start_at timestamptz,"
            " due_at timestamptz, target text, seconds int, hours text, reason text, PRIMARY KEY (n, plan, priority))"
        )
        _copy(cursor, "COPY slot FROM STDIN", _slots(agreement, since, step))
        cursor.execute("CREATE TEMP TABLE ringing (n int, plan text, priority text, level text, at timestamptz)")
        _copy(cursor, "COPY ringing FROM STDIN", _ringing(agreement, since, step))
        cursor.execute("ANALYZE said; ANALYZE slot; ANALYZE ringing")


def _slots(agreement: Agreement, since: datetime, step: timedelta) -> Iterable[tuple[object, ...]]:
    for number, plan, priority in product(range(SLOTS), PLANS, PRIORITIES):
        at = since + number * step
        made = quote(agreement, plan=plan, priority=priority, environment="production", stage="released", at=at)
        yield (
            number,
            plan,
            priority,
            at,
            made.start_at,
            made.due_at,
            str(made.target) if made.target else "",
            made.target.seconds if made.target else None,
            made.target.hours if made.target else "",
            made.reason.value if made.reason else "",
        )


def _ringing(agreement: Agreement, since: datetime, step: timedelta) -> Iterable[tuple[object, ...]]:
    """Yield the levels of what is promised in the latest slots, in which the open tickets lie."""
    for number, plan, priority in product(range(SLOTS - LATEST, SLOTS), PLANS, PRIORITIES):
        at = since + number * step
        made = quote(agreement, plan=plan, priority=priority, environment="production", stage="released", at=at)
        for ring in rings(made, agreement):
            yield number, plan, priority, str(ring.level), ring.at


def fill(*, count: int, open_share: float, until: datetime) -> None:
    """Write so many tickets with their messages, events, promises and words. The open ones lie in the latest slots."""
    facts = json.dumps({"version": 1, "chosen": True, "environment": "production", "stage": "released"})
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '256MB'")
        cursor.execute("SELECT coalesce(max(id), 1000) FROM tickets_ticket")
        first = cursor.fetchone()[0] + 1
        cursor.execute("SELECT count(*) FROM said")
        said = cursor.fetchone()[0]
        details = {"first": first, "count": count, "open": open_share, "said": said, "slots": SLOTS, "until": until,
                   "facts": facts, "latest": LATEST}  # fmt: skip
        with without_indexes(cursor, of=[WORDS], like="USING gin"):
            for statement in _STATEMENTS:
                cursor.execute(statement, details)
        cursor.execute("SET session_replication_role = DEFAULT; SET synchronous_commit = on; RESET work_mem")
    with connection.cursor() as cursor:
        for name in (*(f"tickets_{one}" for one in TABLES), "watch_alarm", "watch_watched", WORDS):
            if name not in {WORDS, "watch_watched"}:
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}")  # noqa: S608
            cursor.execute(f"VACUUM ANALYZE {name}")


@contextmanager
def without_indexes(cursor, *, of: Sequence[str], like: str = "") -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Drop the indexes of tables that look like something, and build them anew: a row at a time takes ten times as long.

    Primary keys stay.
    """
    cursor.execute(
        "SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary AND pg_get_indexdef(indexrelid) ~ %s",
        [list(of), like],
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f"DROP INDEX {name}")
    yield
    cursor.execute("SET maintenance_work_mem = '1GB'")
    for _, definition in found:
        cursor.execute(definition)
    cursor.execute("RESET maintenance_work_mem")


def _copy(cursor, statement: str, rows: Iterable[tuple[object, ...]]) -> None:  # type: ignore[no-untyped-def]
    with cursor.cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


# For each new ticket: who, which texts, when, and whether it is open. Open ones were sent lately; one in six is missed.
# Drawn once and kept: a plan that looks twice would draw twice.
_CHOSEN = """
CREATE TEMP TABLE chosen AS
WITH drawn AS MATERIALIZED (
    SELECT %(first)s + n AS id, random() AS luck, random() < %(open)s AS is_open,
           floor(random() * %(said)s)::int AS one, floor(random() * %(said)s)::int AS two,
           (SELECT min(id) FROM people_person WHERE role = 'agent') + (%(first)s + n) %% 50 AS agent_id,
           (ARRAY['1', '2', '3', '3', '3'])[1 + floor(random() * 5)::int] AS priority,
           floor(random() * (SELECT count(*) FROM people_person WHERE organisation_id IS NOT NULL))::int AS who
    FROM generate_series(0, %(count)s - 1) n
)
SELECT drawn.id, requester_id, organisation_id, slot.n AS slot, slot.plan, slot.priority, is_open, one, two, at, start_at, due_at, target,
       seconds, hours, reason, luck,
       CASE WHEN is_open THEN NULL
            WHEN luck < 0.95 AND due_at IS NOT NULL THEN at + (due_at - at) * luck
            ELSE at + interval '26 hours' * luck END AS answered_at,
       agent_id, luck < 0.7 AS is_taken
FROM drawn
JOIN (SELECT id AS requester_id, organisation_id, row_number() OVER (ORDER BY id) - 1 AS who FROM people_person
      WHERE organisation_id IS NOT NULL) person USING (who)
JOIN (SELECT organisation_id, plan FROM agreements_contract WHERE ends_at IS NULL) contract USING (organisation_id)
JOIN slot ON slot.plan = contract.plan AND slot.priority = drawn.priority
  AND slot.n = CASE WHEN is_open THEN %(slots)s - 1 - floor(%(latest)s * luck)::int
                    ELSE floor(luck * (%(slots)s - 100))::int END
"""

# What happens on a ticket, one row an event, with the place of its message among the ticket's five. Whoever takes it does
# so at once. A closed one is answered, asked about once more, and answered for good; on an open one nobody has answered.
_HAPPENED = """
CREATE TEMP TABLE happened AS
WITH told AS (
    SELECT c.*, %(facts)s::jsonb || jsonb_build_object('plan', plan, 'priority', priority,
        'product', (SELECT min(id) FROM agreements_product)) AS facts,
        (SELECT coalesce(max(id), 0) FROM tickets_message) + (c.id - %(first)s) * 5 AS before
    FROM chosen c
), step AS (
    SELECT id, requester_id, before, step.*
    FROM told CROSS JOIN LATERAL (VALUES
        (1, 'submitted', at, requester_id, facts, 1, 'public', one),
        (2, CASE WHEN is_taken THEN 'assigned' END, at, agent_id, jsonb_build_object('to', agent_id), NULL, '', NULL),
        (3, 'noted', at + CASE WHEN is_open THEN interval '1 minute' ELSE (answered_at - at) / 2 END, agent_id,
            '{}', 2, 'internal', two),
        (4, CASE WHEN is_open THEN 'customer_wrote' ELSE 'answered' END, coalesce(answered_at, at + interval '2 minutes'),
            CASE WHEN is_open THEN requester_id ELSE agent_id END,
            CASE WHEN is_open THEN '{}' ELSE '{"then": "waiting"}' END::jsonb, 3, 'public', two),
        (5, CASE WHEN is_open THEN 'noted' ELSE 'customer_wrote' END,
            coalesce(answered_at + interval '1 hour', at + interval '3 minutes'),
            CASE WHEN is_open THEN agent_id ELSE requester_id END,
            '{}', 4, CASE WHEN is_open THEN 'internal' ELSE 'public' END, one),
        (6, CASE WHEN is_open THEN 'customer_wrote' ELSE 'answered' END,
            coalesce(answered_at + interval '2 hours', at + interval '4 minutes'),
            CASE WHEN is_open THEN requester_id ELSE agent_id END,
            CASE WHEN is_open THEN '{}' ELSE '{"then": "resolved"}' END::jsonb, 5, 'public', two)
    ) step (place, kind, at, by_id, facts, message, audience, text)
    WHERE step.kind IS NOT NULL
), numbered AS (
    SELECT id, place, kind, at, by_id, before + message AS message, audience, text,
        (row_number() OVER (PARTITION BY id ORDER BY place))::int AS number,
        CASE WHEN place < 3 THEN facts ELSE facts || jsonb_build_object('message', before + message) END AS facts
    FROM step
)
SELECT *, pg_temp.chained(id, number, kind, at, by_id, facts) OVER (PARTITION BY id ORDER BY number) AS digest
FROM numbered
"""

_STATEMENTS = (
    "DROP TABLE IF EXISTS chosen",
    _CHOSEN,
    "CREATE UNIQUE INDEX ON chosen (id); ANALYZE chosen",
    "DROP AGGREGATE IF EXISTS pg_temp.chained (bigint, integer, text, timestamptz, bigint, jsonb)",
    """
    CREATE AGGREGATE pg_temp.chained (bigint, integer, text, timestamptz, bigint, jsonb)
        (SFUNC = puntuale_digest, STYPE = text, INITCOND = '')
    """,
    "DROP TABLE IF EXISTS happened",
    _HAPPENED,
    "CREATE INDEX ON happened (id); ANALYZE happened",
    """
    INSERT INTO tickets_ticket (id, submission_key, subject, organisation_id, requester_id, product_id, environment,
        priority, plan, submitted_at, assignee_id, due_at, due_metric, phase, phase_since, answered_at, last_event,
        last_event_at, last_digest)
    SELECT c.id, gen_random_uuid(), s.subject, organisation_id, requester_id, (SELECT min(id) FROM agreements_product),
        'production', priority, plan, c.at,
        CASE WHEN is_taken THEN agent_id END,
        CASE WHEN is_open THEN due_at END, CASE WHEN is_open AND due_at IS NOT NULL THEN 'first_response' ELSE '' END,
        CASE WHEN is_open THEN 'open' ELSE 'resolved' END, CASE WHEN is_open THEN c.at ELSE last.at END,
        answered_at, last.number, last.at, last.digest
    FROM chosen c JOIN said s ON s.n = c.one JOIN happened last ON last.id = c.id AND last.place = 6
    """,
    """
    INSERT INTO tickets_message (id, ticket_id, author_id, audience, body, written_at)
    SELECT message, h.id, by_id, audience, body, at
    FROM happened h JOIN said s ON s.n = h.text WHERE message IS NOT NULL ORDER BY message
    """,
    """
    INSERT INTO tickets_event (ticket_id, number, kind, at, by_id, facts, digest)
    SELECT id, number, kind, at, by_id, facts, digest FROM happened ORDER BY id, number
    """,
    """
    INSERT INTO tickets_promisemade (ticket_id, metric, number, publication_id, plan, priority, made_at, start_at, due_at,
        target, target_seconds, hours, no_guarantee, basis, pauses, made_by_id)
    SELECT c.id, 'first_response', 1, 1, plan, priority, c.at, start_at, due_at, target, seconds, hours, reason,
        'submitted', '[]', e.id
    FROM chosen c JOIN tickets_event e ON e.ticket_id = c.id AND e.number = 1 ORDER BY c.id
    """,
    """
    INSERT INTO tickets_promiseending (promise_id, verdict, at, ended_by_id)
    SELECT p.id, CASE WHEN c.due_at IS NULL THEN 'answered' WHEN answered_at <= c.due_at THEN 'met' ELSE 'met_late' END,
        answered_at, e.id
    FROM chosen c
    JOIN tickets_promisemade p ON p.ticket_id = c.id
    JOIN tickets_event e ON e.ticket_id = c.id AND e.number = 3 + is_taken::int
    WHERE NOT is_open ORDER BY c.id
    """,
    """
    INSERT INTO tickets_ticketwords (ticket_id, public, whole, characters)
    SELECT c.id, words, words, 500 FROM chosen c
    JOIN said one ON one.n = c.one JOIN said two ON two.n = c.two
    CROSS JOIN LATERAL (
        SELECT one.a || puntuale_stems('Company ' || organisation_id, 'B') || one.c || two.c
    ) made (words)
    """,
    # What is watched: the next level of each promise that is owed, and as alarms the levels that it has passed.
    """
    INSERT INTO watch_watched (promise_id, ticket_id, rank, ring_at, problem)
    SELECT p.id, c.id, c.priority::int - 1, min(level.at) FILTER (WHERE level.at > %(until)s), ''
    FROM chosen c
    JOIN tickets_promisemade p ON p.ticket_id = c.id
    JOIN ringing level ON (level.n, level.plan, level.priority) = (c.slot, c.plan, c.priority)
    WHERE is_open AND c.due_at IS NOT NULL GROUP BY p.id, c.id, c.priority
    """,
    """
    INSERT INTO watch_alarm (promise_id, ticket_id, level, rank, ring_at, rung_at)
    SELECT p.id, c.id, level.level, c.priority::int - 1, level.at, level.at
    FROM chosen c
    JOIN tickets_promisemade p ON p.ticket_id = c.id
    JOIN ringing level ON (level.n, level.plan, level.priority) = (c.slot, c.plan, c.priority)
    WHERE is_open AND level.at <= %(until)s
    """,
)
