"""Replaying a ticket's events gives its stored state, and finds it when somebody has tampered with that."""

from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puntuale.tickets import conversation
from puntuale.tickets.assignment import assign
from puntuale.tickets.models import Ticket
from puntuale.tickets.replay import differences
from tests.guarantee.tables import at

FRIDAY = at("2026-11-20T16:00:00+01:00")

DEEDS = st.lists(
    st.tuples(st.sampled_from(["answer", "note", "follow up", "assign"]), st.integers(0, 5 * 86_400)), max_size=8
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(who=st.sampled_from(["anna", "paola", "bruno"]), priority=st.sampled_from(["1", "2", "3", None]), deeds=DEEDS)
def test_any_story_replays_to_what_is_stored(company, who, priority, deeds):
    customer = getattr(company, who)
    ticket = company.ticket(customer, priority, FRIDAY)
    for deed, seconds in deeds:
        when = FRIDAY + timedelta(seconds=seconds)
        if deed == "answer":
            conversation.answer(ticket, body="a", by=company.ada, at=when)
        elif deed == "note":
            conversation.note(ticket, body="n", by=company.ada, at=when)
        elif deed == "follow up":
            conversation.follow_up(ticket, body="f", by=customer, at=when)
        else:
            assign(ticket, to=company.grace, by=company.ada, at=when)
    assert list(differences(Ticket.objects.filter(pk=ticket.pk))) == []


@pytest.mark.parametrize(
    ("tampering", "what"),
    [
        ("UPDATE tickets_ticket SET due_at = due_at + interval '1 hour'", "due_at"),
        ("UPDATE tickets_ticket SET answered_at = submitted_at", "answered_at"),
        ("UPDATE tickets_ticket SET priority = '3'", "priority"),
        ("UPDATE tickets_ticket SET plan = 'basic'", "plan"),
        ("UPDATE tickets_ticket SET last_event = 7", "the numbering of events"),
        ("UPDATE tickets_promisemade SET due_at = due_at + interval '1 hour'", "the list of promises"),
        ("DELETE FROM tickets_promisemade", "the list of promises"),
        ("UPDATE tickets_event SET at = at + interval '1 hour'", "the list of promises"),
        ("UPDATE tickets_event SET facts = jsonb_set(facts, '{plan}', '\"professional\"')", "plan"),
        ("DELETE FROM tickets_promisemade; DELETE FROM tickets_event", "the story"),
        (
            "INSERT INTO tickets_promiseending (promise_id, verdict, at, ended_by_id)"
            " SELECT id, 'met', start_at, made_by_id FROM tickets_promisemade",
            "the ending",
        ),
    ],
)
def test_tampering_is_found(company, tampering, what):
    ticket = company.ticket(at=FRIDAY)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # as somebody with all rights could
        cursor.execute(tampering)
    assert what in [difference.what for difference in differences(Ticket.objects.all())]
    assert str(next(differences(Ticket.objects.all()))).startswith(f"ticket {ticket.number}: ")
