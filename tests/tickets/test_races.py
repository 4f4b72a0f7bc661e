"""Two at the same moment, in real transactions: every order ends in one consistent story."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from puntuale.agreements.models import Publication
from puntuale.agreements.publication import PublicationRefused, publish
from puntuale.guarantee.facts import Phase
from puntuale.people.joining import InvitationInvalid, accept_invitation, invite_first_manager
from puntuale.people.models import Person
from puntuale.tickets import conversation, merging, resolution, waiting
from puntuale.tickets.assignment import assign, assign_all
from puntuale.tickets.classification import (
    AlreadyDecided,
    NotARaise,
    confirm,
    decline,
    reclassify,
    report_impact,
)
from puntuale.tickets.merging import CannotMerge
from puntuale.tickets.models import Grounds, Message, PromiseEnding, Ticket
from puntuale.tickets.priorities import NoChange
from puntuale.tickets.replay import differences
from puntuale.tickets.rights import ClosedForGood
from tests.company import PASSWORD, made
from tests.guarantee.documents import STANDARD
from tests.guarantee.tables import at

pytestmark = pytest.mark.django_db(transaction=True)
FRIDAY = at("2026-11-20T16:00:00+01:00")


@pytest.fixture
def company(transactional_db):
    return made()


def at_once(*deeds):
    """Do all of them in threads of their own, starting together. Return what came back, exceptions included."""
    start = Barrier(len(deeds))

    def run(deed):
        start.wait()
        try:
            return deed()
        except Exception as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


@pytest.mark.parametrize("round_", range(5))
def test_one_submission_sent_eight_times_at_once_is_one_ticket(company, round_):
    key = uuid4()
    tickets = at_once(*[lambda: company.ticket(at=FRIDAY, key=key)] * 8)
    assert {ticket.pk for ticket in tickets} == {Ticket.objects.get().pk}
    assert list(differences(Ticket.objects.all())) == []


FORMS = {
    "answer": lambda ticket, company, **more: conversation.answer(ticket, body="once", by=company.ada, **more),
    "note": lambda ticket, company, **more: conversation.note(ticket, body="once", by=company.ada, **more),
    "message": lambda ticket, company, **more: conversation.follow_up(ticket, body="once", by=company.anna, **more),
}


@pytest.mark.parametrize("send", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("over", [False, True], ids=["open", "over"])
def test_one_form_sent_eight_times_at_once_is_one_message(company, send, over):
    ticket, key = company.ticket(at=FRIDAY), uuid4()
    when = FRIDAY + timedelta(days=30 if over else 0)
    if over:
        conversation.answer(ticket, body="Done.", by=company.ada, at=FRIDAY, then=Phase.RESOLVED)
    sent = at_once(*[lambda: send(ticket, company, at=when, key=key)] * 8)
    assert {message.pk for message in sent} == {Message.objects.get(body="once").pk}
    assert list(differences(Ticket.objects.all())) == []


@pytest.mark.parametrize("round_", range(3))
def test_one_key_on_several_tickets_at_once_is_taken_by_one_of_them(company, round_):
    tickets, key = [company.ticket(at=FRIDAY) for _ in range(4)], uuid4()
    deeds = [
        lambda ticket=ticket: conversation.answer(ticket, body="once", by=company.ada, at=FRIDAY, key=key)
        for ticket in tickets
    ]
    results = at_once(*deeds)
    assert sorted(type(result).__name__ for result in results) == ["KeySpent", "KeySpent", "KeySpent", "Message"]
    assert Message.objects.filter(body="once").count() == 1
    assert list(differences(Ticket.objects.all())) == []


@pytest.mark.parametrize("round_", range(5))
def test_two_answers_at_once_are_two_messages_and_one_verdict(company, round_):
    ticket = company.ticket(at=FRIDAY)
    both = [
        lambda: conversation.answer(ticket, body="one", by=company.ada, at=FRIDAY + timedelta(seconds=1)),
        lambda: conversation.answer(ticket, body="two", by=company.grace, at=FRIDAY + timedelta(seconds=2)),
    ]
    at_once(*both)
    assert sorted(message.body for message in ticket.messages.all()) == ["Since this morning.", "one", "two"]
    assert PromiseEnding.objects.count() == 1
    assert list(differences(Ticket.objects.all())) == []


@pytest.mark.parametrize("round_", range(3))
def test_everything_at_once_on_one_ticket_is_a_story_without_gaps(company, round_):
    ticket = company.ticket(at=FRIDAY)
    when = FRIDAY + timedelta(minutes=5)
    results = at_once(
        lambda: conversation.answer(ticket, body="a", by=company.ada, at=when),
        lambda: conversation.note(ticket, body="n", by=company.grace, at=when),
        lambda: conversation.follow_up(ticket, body="f", by=company.anna, at=when),
        lambda: assign(ticket, to=company.ada, by=company.ada, at=when),
        lambda: assign(ticket, to=company.grace, by=company.grace, at=when),
        lambda: conversation.answer(ticket, body="b", by=company.mara, at=when - timedelta(minutes=1)),
    )
    assert not [result for result in results if isinstance(result, Exception)]
    ticket.refresh_from_db()
    assert list(ticket.events.order_by("number").values_list("number", flat=True)) == list(range(1, 8))
    instants = list(ticket.events.order_by("number").values_list("at", flat=True))
    assert instants == sorted(instants)
    assert list(differences(Ticket.objects.all())) == []


PAIRS = {
    "answer and reclassify": ("answer", "lower"),
    "answer and answer": ("answer", "answer too"),
    "assign and assign": ("assign", "assign too"),
    "resolve and customer's message": ("resolve", "follow up"),
    "answer and customer's message": ("answer", "follow up"),
    "merge and customer's message": ("merge", "follow up"),
    "merge and answer": ("merge", "answer"),
    "merge there and merge back": ("merge", "merge back"),
    "cancel and answer": ("cancel", "answer"),
    "lower and lower": ("lower", "lower too"),
    "reclassify and customer's report": ("middle", "impact"),
    "wait and customer's message": ("wait", "follow up"),
}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS.keys())
@pytest.mark.parametrize("round_", range(3))
def test_two_deeds_at_once_end_in_one_consistent_story(company, pair, round_):
    ticket, other = company.ticket(at=FRIDAY), company.ticket(at=FRIDAY)
    when = FRIDAY + timedelta(minutes=5)
    ada, grace = {"by": company.ada, "at": when}, {"by": company.grace, "at": when}
    if "resolve" in pair or "wait" in pair:
        conversation.answer(ticket, body="first", by=company.ada, at=FRIDAY + timedelta(minutes=1))
    deeds = {
        "answer": lambda: conversation.answer(ticket, body="a", **ada),
        "answer too": lambda: conversation.answer(ticket, body="b", **grace),
        "assign": lambda: assign(ticket, to=company.ada, **ada),
        "assign too": lambda: assign(ticket, to=company.grace, **grace),
        "lower": lambda: reclassify(ticket, to="3", because=Grounds.HOW_TO, telling="t", **ada),
        "lower too": lambda: reclassify(ticket, to="3", because=Grounds.OTHER, telling="u", **grace),
        "middle": lambda: reclassify(ticket, to="2", because=Grounds.OTHER, telling="u", **grace),
        "impact": lambda: report_impact(ticket, to="1", text="t", by=company.anna, at=when),
        "resolve": lambda: resolution.resolve(ticket, **ada),
        "wait": lambda: waiting.wait(ticket, **ada),
        "cancel": lambda: resolution.cancel(ticket, because=resolution.Because.SPAM, telling="", **grace),
        "follow up": lambda: conversation.follow_up(ticket, body="f", by=company.anna, at=when),
        "merge": lambda: merging.merge(ticket, into=other, **grace),
        "merge back": lambda: merging.merge(other, into=ticket, **ada),
    }
    refused = [one for one in at_once(*(deeds[name] for name in pair)) if isinstance(one, Exception)]
    assert all(isinstance(one, (ClosedForGood, NoChange, CannotMerge, NotARaise)) for one in refused), refused
    for one in (ticket, other):
        one.refresh_from_db()
        numbers = list(one.events.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, one.last_event + 1))
    assert list(differences(Ticket.objects.all())) == []
    if "follow up" in pair:
        written = Message.objects.get(body="f")
        assert written.ticket_id == (
            other.pk if ticket.phase == "merged" and written.ticket_id != ticket.pk else ticket.pk
        )
        assert "resolve" not in pair or ticket.phase in {"open", "resolved"}


@pytest.mark.parametrize("round_", range(3))
def test_of_two_who_send_on_the_same_page_the_second_is_shown_what_the_first_wrote(company, round_):
    ticket = company.ticket(at=FRIDAY)
    seen, when = ticket.messages.get().pk, FRIDAY + timedelta(minutes=5)
    results = at_once(
        lambda: conversation.answer(ticket, body="a", by=company.ada, at=when, seen=seen),
        lambda: conversation.answer(ticket, body="b", by=company.grace, at=when, seen=seen),
    )
    assert sum(isinstance(one, conversation.NewerMessages) for one in results) == 1
    assert ticket.messages.count() == 2


def test_a_lowering_that_two_managers_decide_at_once_is_decided_once(company):
    ticket = company.ticket(at=FRIDAY)
    when = FRIDAY + timedelta(minutes=50)
    lowering = reclassify(ticket, to="3", because=Grounds.HOW_TO, telling="t", by=company.ada, at=when)
    results = at_once(
        *[lambda: confirm(lowering, by=company.mara, at=when)] * 3, lambda: decline(lowering, by=company.mara, at=when)
    )
    assert sum(isinstance(one, AlreadyDecided) for one in results) == 3
    assert list(differences(Ticket.objects.all())) == []


def test_two_who_hand_over_the_same_tickets_in_another_order_do_not_block_each_other(company):
    tickets = [company.ticket(at=FRIDAY) for _ in range(12)]
    results = at_once(
        lambda: assign_all(tickets, to=company.ada, by=company.ada, at=FRIDAY),
        lambda: assign_all(tickets[::-1], to=company.grace, by=company.grace, at=FRIDAY),
    )
    assert results == [12, 12]
    assert len(set(Ticket.objects.values_list("assignee", flat=True))) == 1


def test_one_version_published_twice_at_once_is_published_once(company):
    source = STANDARD.replace("version = 1", "version = 2")
    results = at_once(*[lambda: publish(source, effective_from=FRIDAY, at=FRIDAY)] * 4)
    assert sum(isinstance(result, Publication) for result in results) == 1
    assert sum(isinstance(result, PublicationRefused) for result in results) == 3


def test_the_first_managers_link_used_twice_at_once_lets_one_in():
    secret = invite_first_manager(at=FRIDAY)

    def join(name):
        return accept_invitation(
            secret,
            name=name,
            email=f"{name}@puntuale.test",
            password=PASSWORD,
            language="en",
            zone_name="UTC",
            at=FRIDAY,
        )

    results = at_once(lambda: join("ada"), lambda: join("eve"), lambda: join("mal"))
    assert sum(isinstance(result, Person) for result in results) == 1
    assert sum(isinstance(result, InvitationInvalid) for result in results) == 2
    assert Person.objects.count() == 1
