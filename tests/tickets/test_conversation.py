"""The first public answer of a human keeps the promise. Nothing else does."""

from datetime import timedelta

import pytest

from puntuale.guarantee.promise import State
from puntuale.tickets import conversation
from puntuale.tickets.assignment import assign
from puntuale.tickets.models import Audience, Kind, PromiseEnding, Ticket
from puntuale.tickets.reading import messages_for, standings
from puntuale.tickets.replay import differences
from puntuale.tickets.rights import NotAnAgent, NotTheCustomer
from tests.guarantee.tables import at

FRIDAY = at("2026-11-20T16:00:00+01:00")
DUE = at("2026-11-20T17:00:00+01:00")


@pytest.fixture
def ticket(company):
    return company.ticket(at=FRIDAY)


def state(ticket, when):
    ticket.refresh_from_db()
    return standings([ticket], at=when)[0].state


@pytest.mark.parametrize(
    ("when", "ends"),
    [
        (FRIDAY + timedelta(minutes=5), State.MET),
        (DUE, State.MET),
        (DUE + timedelta(milliseconds=1), State.MET_LATE),
        (DUE + timedelta(days=3), State.MET_LATE),
    ],
)
def test_a_public_answer_ends_the_promise_in_the_same_transaction(company, ticket, when, ends):
    assert state(ticket, when) is (State.RUNNING if when <= DUE else State.MISSED)
    conversation.answer(ticket, body="We are on it.", by=company.ada, at=when)
    assert state(ticket, when + timedelta(days=30)) is ends
    assert (ticket.due_at, ticket.answered_at) == (None, when)
    assert PromiseEnding.objects.get().at == when


def test_a_note_keeps_no_promise(company, ticket):
    conversation.note(ticket, body="Looks like the roll-up.", by=company.ada, at=FRIDAY)
    assert state(ticket, FRIDAY) is State.RUNNING
    assert ticket.answered_at is None


def test_being_assigned_keeps_no_promise(company, ticket):
    assign(ticket, to=company.ada, by=company.grace, at=FRIDAY)
    assert state(ticket, FRIDAY) is State.RUNNING
    assert ticket.assignee == company.ada


def test_further_messages_of_the_customer_never_move_the_due_time(company, ticket):
    for minute in range(3):
        conversation.follow_up(ticket, body="Hello?", by=company.anna, at=FRIDAY + timedelta(minutes=minute))
    assert state(ticket, DUE) is State.RUNNING
    assert ticket.due_at == DUE


def test_only_the_first_answer_counts(company, ticket):
    conversation.answer(ticket, body="Yes.", by=company.ada, at=FRIDAY)
    conversation.answer(ticket, body="And more.", by=company.grace, at=DUE + timedelta(days=1))
    assert state(ticket, DUE) is State.MET
    assert PromiseEnding.objects.count() == 1


def test_an_answer_without_a_guarantee_ends_it_without_a_verdict(company):
    ticket = company.ticket(company.bruno, at=FRIDAY)
    conversation.answer(ticket, body="Here you are.", by=company.ada, at=FRIDAY + timedelta(days=9))
    assert state(ticket, DUE) is State.NO_GUARANTEE
    assert PromiseEnding.objects.get().verdict == "answered"


def test_an_untouched_ticket_is_missed_for_whoever_looks(ticket):
    assert state(ticket, DUE) is State.RUNNING
    assert state(ticket, DUE + timedelta(seconds=1)) is State.MISSED


def test_customers_do_not_answer_and_strangers_do_not_follow_up(company, ticket):
    with pytest.raises(NotAnAgent):
        conversation.answer(ticket, body="I answer myself", by=company.anna, at=FRIDAY)
    with pytest.raises(NotAnAgent):
        conversation.note(ticket, body="psst", by=company.anna, at=FRIDAY)
    with pytest.raises(NotTheCustomer):
        conversation.follow_up(ticket, body="me too", by=company.paola, at=FRIDAY)
    with pytest.raises(NotAnAgent):
        assign(ticket, to=company.anna, by=company.ada, at=FRIDAY)
    assert ticket.events.count() == 1


def test_customers_never_read_notes(company, ticket):
    conversation.note(ticket, body="NOTE", by=company.ada, at=FRIDAY)
    conversation.answer(ticket, body="ANSWER", by=company.ada, at=FRIDAY)
    assert [message.body for message in messages_for(company.anna, ticket)] == ["Since this morning.", "ANSWER"]
    assert [message.audience for message in messages_for(company.ada, ticket)] == [
        Audience.PUBLIC,
        Audience.INTERNAL,
        Audience.PUBLIC,
    ]


def test_each_deed_is_one_event_numbered_without_gaps(company, ticket):
    conversation.follow_up(ticket, body="Hello?", by=company.anna, at=FRIDAY)
    conversation.note(ticket, body="hm", by=company.ada, at=FRIDAY)
    assign(ticket, to=company.ada, by=company.ada, at=FRIDAY)
    assign(ticket, to=company.ada, by=company.ada, at=FRIDAY)
    conversation.answer(ticket, body="Yes.", by=company.ada, at=FRIDAY)
    assert list(ticket.events.order_by("number").values_list("number", "kind")) == [
        (1, Kind.SUBMITTED),
        (2, Kind.CUSTOMER_WROTE),
        (3, Kind.NOTED),
        (4, Kind.ASSIGNED),
        (5, Kind.ANSWERED),
    ]


def test_whoever_waited_for_the_ticket_is_not_dated_before_whoever_went_first(company, ticket):
    late, early = FRIDAY + timedelta(seconds=2), FRIDAY + timedelta(seconds=1)
    conversation.follow_up(ticket, body="first in the door", by=company.anna, at=late)
    conversation.answer(ticket, body="came earlier, waited", by=company.ada, at=early)
    assert list(ticket.events.order_by("number").values_list("at", flat=True)) == [FRIDAY, late, late]
    assert list(differences(Ticket.objects.all())) == []
