"""A form that arrives twice makes one message, and never one too few."""

from datetime import timedelta
from uuid import uuid4

import pytest

from puntuale.guarantee.facts import Phase
from puntuale.tickets import attachments, conversation, merging, resolution
from puntuale.tickets.conversation import answer, follow_up, note
from puntuale.tickets.models import Mention, Message, Ticket
from puntuale.tickets.once import KeySpent
from puntuale.tickets.replay import differences
from tests.guarantee.tables import at

FRIDAY = at("2026-11-20T16:00:00+01:00")
LATER = FRIDAY + timedelta(minutes=2)
VERBS = {"answer": (answer, "ada"), "note": (note, "ada"), "follow_up": (follow_up, "anna")}


@pytest.fixture
def ticket(company):
    return company.ticket(at=FRIDAY)


@pytest.fixture(params=VERBS.values(), ids=VERBS.keys())
def write(request, company, ticket):
    """One of the three ways to write on a ticket: `write(key, body)`, by who writes so."""
    verb, name = request.param

    def written(key, body="Once.", on=ticket, when=FRIDAY, **more):
        return verb(on, body=body, by=getattr(company, name), at=when, key=key, **more)

    return written


def stood(ticket):
    """Return what can change when something is written: events, messages, promises, mentions, the ticket itself."""
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    return row, ticket.events.count(), Message.objects.count(), ticket.promises.count(), Mention.objects.count()


def a_file(by, content=b"trace"):
    return attachments.take_in("trace.log", iter([content]), by=by, at=FRIDAY).key


def test_the_same_form_again_gives_the_first_message_and_changes_nothing(write, ticket):
    key = uuid4()
    first = write(key, "Ask @grace.\r\n")
    before = stood(ticket)
    again = write(key, "Ask @grace.", when=LATER)
    assert (again.pk, again.written_at) == (first.pk, FRIDAY)
    assert stood(ticket) == before
    assert list(differences(Ticket.objects.all())) == []


def test_other_forms_and_none_at_all_make_messages_of_their_own(write):
    written = {write(key).pk for key in (uuid4(), uuid4(), None, None)}
    assert len(written) == 4


def test_another_text_with_the_same_key_is_refused_rather_than_lost(write, ticket):
    key = uuid4()
    write(key, "Once.")
    before = stood(ticket)
    with pytest.raises(KeySpent):
        write(key, "And something else.", when=LATER)
    assert stood(ticket) == before


def test_the_key_of_another_ticket_is_refused(write, company):
    key, other = uuid4(), company.ticket(at=FRIDAY)
    write(key)
    with pytest.raises(KeySpent):
        write(key, on=other)
    assert other.messages.count() == 1


def test_somebody_elses_key_is_refused_even_with_her_words(company, ticket):
    key = uuid4()
    answer(ticket, body="Once.", by=company.ada, at=FRIDAY, key=key)
    for verb, other in ((answer, company.grace), (follow_up, company.anna), (note, company.grace)):
        with pytest.raises(KeySpent):
            verb(ticket, body="Once.", by=other, at=FRIDAY, key=key)
    assert ticket.messages.count() == 2


def test_a_note_is_never_taken_for_the_answer_it_could_have_been(company, ticket):
    key = uuid4()
    note(ticket, body="Once.", by=company.ada, at=FRIDAY, key=key)
    with pytest.raises(KeySpent):
        answer(ticket, body="Once.", by=company.ada, at=FRIDAY, key=key)
    assert [message.audience for message in ticket.messages.order_by("pk")] == ["public", "internal"]


def test_files_sent_again_are_the_same_whether_uploaded_once_or_twice(write, company, request, ticket):
    by = company.anna if "follow_up" in request.node.name else company.ada
    key, file = uuid4(), a_file(by)
    first = write(key, files=[file])
    assert write(key, files=[file]) == write(key, files=[a_file(by)]) == first
    for other in ([], [a_file(by, b"another")], [file, a_file(by, b"another")]):
        with pytest.raises(KeySpent):
            write(key, files=other)
    assert first.attachments.get().key == file


def test_an_answer_sent_again_is_not_held_up_by_what_came_after_it(company, ticket):
    key, seen = uuid4(), ticket.messages.get().pk
    first = answer(ticket, body="Yes.", by=company.ada, at=FRIDAY, seen=seen, key=key)
    follow_up(ticket, body="Thanks.", by=company.anna, at=LATER)
    resolution.cancel(ticket, because=resolution.Because.SPAM, telling="", by=company.grace, at=LATER)
    assert answer(ticket, body="Yes.", by=company.ada, at=LATER, seen=seen, key=key) == first


@pytest.mark.parametrize("merged", ["before", "after"])
def test_a_message_sent_again_is_found_where_the_ticket_went(company, ticket, merged):
    key, into = uuid4(), company.ticket(at=FRIDAY)
    if merged == "before":
        merging.merge(ticket, into=into, by=company.ada, at=FRIDAY)
    first = follow_up(ticket, body="Hello?", by=company.anna, at=FRIDAY, key=key)
    if merged == "after":
        merging.merge(ticket, into=into, by=company.ada, at=FRIDAY)
    assert first.ticket == (into if merged == "before" else ticket)
    assert follow_up(ticket, body="Hello?", by=company.anna, at=LATER, key=key) == first


def test_a_message_that_opened_a_new_ticket_opens_no_second_one(company, ticket):
    answer(ticket, body="Done.", by=company.ada, at=FRIDAY, then=Phase.RESOLVED)
    key, much_later = uuid4(), FRIDAY + timedelta(days=30)
    first, again = (
        conversation.follow_up(ticket, body="It is back.", by=company.anna, at=much_later, key=key) for _ in range(2)
    )
    assert first == again
    assert first.ticket != ticket
    assert Ticket.objects.count() == 2
    with pytest.raises(KeySpent):
        conversation.follow_up(ticket, body="And worse.", by=company.anna, at=much_later, key=key)
