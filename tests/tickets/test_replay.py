"""Replaying a ticket's events gives its stored state, and finds it when somebody has tampered with that."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puntuale.agreements.models import Publication
from puntuale.guarantee.facts import Phase
from puntuale.tickets import classification, conversation, merging, resolution, splitting, waiting
from puntuale.tickets.assignment import assign
from puntuale.tickets.classification import AlreadyDecided, NotARaise, NotOpen, SecondPersonNeeded
from puntuale.tickets.coverage import cover
from puntuale.tickets.merging import CannotMerge
from puntuale.tickets.models import Grounds, Lowering, Ticket
from puntuale.tickets.priorities import NoChange
from puntuale.tickets.replay import differences, still_owed
from puntuale.tickets.rights import ClosedForGood
from puntuale.tickets.splitting import NotACustomersMessage
from puntuale.tickets.waiting import NotAnsweredYet
from tests.tickets.deeds import FRIDAY, publish_goals

DEEDS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "answer",
                "ask",
                "done",
                "note",
                "follow_up",
                "assign",
                "raise",
                "lower",
                "middle",
                "wait",
                "go_on",
                "resolve",
                "reopen",
                "cancel",
                "restore",
                "merge",
                "unmerge",
                "absorb",
                "split",
                "plan",
                "impact",
            ]
        ),
        st.integers(0, 5 * 86_400),
    ),
    max_size=10,
)

REFUSALS = (
    ClosedForGood, NotAnsweredYet, NoChange, CannotMerge, NotARaise, NotOpen, AlreadyDecided, SecondPersonNeeded,
    NotACustomersMessage,
)  # fmt: skip


def do(deed, company, ticket, other, customer, when):
    """Do something to a ticket, as somebody would who does not look first."""
    ada = {"by": company.ada, "at": when}

    def reclassify(to):
        change = classification.reclassify(ticket, to=to, because=Grounds.OTHER, telling="t", **ada)
        if isinstance(change, Lowering):
            classification.confirm(change, by=company.mara, at=when)

    deeds = {
        "answer": lambda: conversation.answer(ticket, body="a", **ada),
        "ask": lambda: conversation.answer(ticket, body="a?", then=Phase.WAITING, **ada),
        "done": lambda: conversation.answer(ticket, body="a!", then=Phase.RESOLVED, **ada),
        "note": lambda: conversation.note(ticket, body="n", **ada),
        "follow_up": lambda: conversation.follow_up(ticket, body="f", by=customer, at=when),
        "assign": lambda: assign(ticket, to=company.grace, **ada),
        "raise": lambda: reclassify("1"),
        "lower": lambda: reclassify("3"),
        "middle": lambda: reclassify("2"),
        "wait": lambda: waiting.wait(ticket, **ada),
        "go_on": lambda: waiting.go_on(ticket, **ada),
        "resolve": lambda: resolution.resolve(ticket, **ada),
        "reopen": lambda: resolution.reopen(ticket, **ada),
        "cancel": lambda: resolution.cancel(ticket, because=resolution.Because.SPAM, telling="", **ada),
        "restore": lambda: resolution.restore(ticket, **ada),
        "merge": lambda: merging.merge(ticket, into=other, **ada),
        "absorb": lambda: merging.merge(other, into=ticket, **ada),
        "unmerge": lambda: merging.unmerge(ticket, **ada),
        "split": lambda: splitting.split(ticket.messages.first(), subject="s", **ada),
        "plan": lambda: cover(ticket.organisation, at=when),
        "impact": lambda: classification.report_impact(ticket, to="1", text="t", by=customer, at=when),
    }
    with suppress(*REFUSALS):
        deeds[deed]()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    who=st.sampled_from(["anna", "paola", "bruno"]),
    priority=st.sampled_from(["1", "2", "3", None]),
    deeds=DEEDS,
    goals=st.booleans(),
)
def test_any_story_replays_to_what_is_stored(company, who, priority, deeds, goals):
    if goals and Publication.objects.count() == 1:
        publish_goals(FRIDAY - timedelta(days=30))
    customer = getattr(company, who)
    ticket, other = company.ticket(customer, priority, FRIDAY), company.ticket(customer, "2", FRIDAY)
    for deed, seconds in deeds:
        do(deed, company, ticket, other, customer, FRIDAY + timedelta(seconds=seconds))
    assert list(differences(Ticket.objects.all())) == []


@pytest.mark.parametrize(
    ("tampering", "what"),
    [
        ("UPDATE tickets_ticket SET due_at = due_at + interval '1 hour'", "due_at"),
        ("UPDATE tickets_ticket SET answered_at = submitted_at", "answered_at"),
        ("UPDATE tickets_ticket SET priority = '3'", "priority"),
        ("UPDATE tickets_ticket SET plan = 'basic'", "plan"),
        ("UPDATE tickets_ticket SET last_event = 7", "the numbering of events"),
        ("UPDATE tickets_ticket SET phase = 'resolved'", "phase"),
        ("UPDATE tickets_ticket SET phase_since = phase_since + interval '1 hour'", "phase_since"),
        ("UPDATE tickets_ticket SET due_metric = 'resolution'", "due_metric"),
        ("UPDATE tickets_ticket SET environment = 'staging'", "environment"),
        ("UPDATE tickets_ticket SET product_id = NULL", "product"),
        ("UPDATE tickets_ticket SET assignee_id = requester_id", "assignee"),
        ("UPDATE tickets_ticket SET submitted_at = submitted_at + interval '1 hour'", "submitted_at"),
        ("UPDATE tickets_promisemade SET basis = 'raised'", "the list of promises"),
        ("UPDATE tickets_promisemade SET due_at = due_at + interval '1 hour'", "the list of promises"),
        ("DELETE FROM watch_watched; DELETE FROM tickets_promisemade", "the list of promises"),
        ("UPDATE tickets_event SET at = at + interval '1 hour'", "the list of promises"),
        ("UPDATE tickets_event SET facts = jsonb_set(facts, '{plan}', '\"professional\"')", "plan"),
        ("DELETE FROM watch_watched; DELETE FROM tickets_promisemade; DELETE FROM tickets_event", "the story"),
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


def test_a_ticket_that_was_made_to_look_closed_is_still_looked_at(company):
    ticket = company.ticket(at=FRIDAY)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tickets_ticket SET phase = 'resolved', answered_at = now(), due_at = NULL")
    assert list(still_owed(Ticket.objects.all())) == [ticket]
    assert {one.what for one in differences(still_owed(Ticket.objects.all()))} == {"phase", "answered_at", "due_at"}
