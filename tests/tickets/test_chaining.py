"""The chain of a ticket's events: the database and the guarantee reckon the same, and who changes an event breaks it."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puntuale.guarantee import chain
from puntuale.tickets import chaining, conversation, merging
from puntuale.tickets.chaining import breaks
from puntuale.tickets.models import Event
from tests.tickets.deeds import FRIDAY, fresh

KEYS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
FACTS = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)
SEAL = """
UPDATE tickets_ticket SET last_digest = e.digest
FROM tickets_event e WHERE e.ticket_id = tickets_ticket.id AND e.number = tickets_ticket.last_event
"""


# As somebody with all rights could. What points to events goes first, as the tests look for loose ends.
ALONE = """
SET LOCAL session_replication_role = replica;
DELETE FROM watch_watched; DELETE FROM tickets_promiseending; DELETE FROM tickets_promisemade;
"""


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    facts=st.dictionaries(KEYS, FACTS, max_size=5),
    at=st.timedeltas(timedelta(days=-20_000), timedelta(days=60_000)).map(lambda gone: FRIDAY + gone),
    by=st.none() | st.integers(1, 2**40),
    before=st.sampled_from(["", "a" * 64]),
)
def test_the_database_reckons_the_same_digest(db, facts, at, by, before):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT puntuale_digest(%s, 4711, 3, 'noted', %s, %s, %s::jsonb)", [before, at, by, chain.canonical(facts)]
        )
        reckoned = cursor.fetchone()[0]
    assert reckoned == chain.link(before, ticket=4711, number=3, kind="noted", at=at, by=by, facts=facts)


@pytest.fixture
def story(company):
    ticket, other = company.ticket(at=FRIDAY), company.ticket(at=FRIDAY)
    conversation.answer(ticket, body="Yes.", by=company.ada, at=FRIDAY + timedelta(minutes=5))
    conversation.follow_up(ticket, body="And?", by=company.anna, at=FRIDAY + timedelta(minutes=6))
    merging.merge(other, into=ticket, by=company.ada, at=FRIDAY + timedelta(minutes=7))
    return fresh(ticket)


def test_the_chain_of_what_was_recorded_is_whole(story):
    assert list(breaks()) == []
    digests = list(story.events.order_by("number").values_list("digest", flat=True))
    assert len(set(digests)) == 4
    assert digests[-1] == story.last_digest


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ("UPDATE tickets_event SET at = at - interval '1 microsecond' WHERE ticket_id = %s AND number = 2", 2),
        ('UPDATE tickets_event SET facts = facts || \'{"then": "resolved"}\' WHERE ticket_id = %s AND number = 2', 2),
        ("UPDATE tickets_event SET kind = 'noted' WHERE ticket_id = %s AND number = 2", 2),
        ("UPDATE tickets_event SET by_id = NULL WHERE ticket_id = %s AND number = 3", 3),
        ("UPDATE tickets_event SET digest = repeat('0', 64) WHERE ticket_id = %s AND number = 1", 1),
        ("DELETE FROM tickets_event WHERE ticket_id = %s AND number = 1", 2),
        ("DELETE FROM tickets_event WHERE ticket_id = %s AND number = 4", 0),
        ("DELETE FROM tickets_event WHERE ticket_id = %s", 0),
    ],
)
def test_who_changes_an_event_past_the_database_breaks_the_chain(story, change, number):
    with connection.cursor() as cursor:
        cursor.execute(ALONE)
        cursor.execute(change, [story.pk])
    assert next(breaks()) == (story.pk, number)
    assert str(next(breaks())).startswith(f"ticket {story.pk}: ")


def test_an_event_moved_to_another_ticket_is_found(story):
    other = Event.objects.exclude(ticket=story).latest("number")
    with connection.cursor() as cursor:
        cursor.execute(ALONE)
        cursor.execute("DELETE FROM tickets_event WHERE ticket_id = %s AND number = 1", [story.pk])
        cursor.execute("UPDATE tickets_event SET ticket_id = %s, number = 1 WHERE id = %s", [story.pk, other.pk])
        cursor.execute(SEAL)
    assert [one.ticket for one in breaks()][:1] == [min(story.pk, other.ticket_id)]
    assert {story.pk, other.ticket_id} == {one.ticket for one in breaks()}


def test_events_from_before_there_was_a_chain_are_chained_as_they_stand(story):
    before = list(Event.objects.order_by("pk").values_list("pk", "digest"))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE tickets_event SET digest = ''; UPDATE tickets_ticket SET last_digest = ''")
        cursor.execute("SET LOCAL session_replication_role = origin")
        assert len(list(chaining.breaks())) == 2
        cursor.execute(import_module("puntuale.tickets.migrations.0008_chain").CHAIN)
    assert list(Event.objects.order_by("pk").values_list("pk", "digest")) == before
    assert list(breaks()) == []
    assert fresh(story).last_digest == story.last_digest


def test_an_instant_is_written_in_utc_to_the_microsecond():
    assert chain.instant(datetime(2026, 11, 20, 15, tzinfo=UTC)) == "2026-11-20T15:00:00.000000Z"
