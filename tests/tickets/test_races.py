"""Two at the same moment, in real transactions: every order ends in one consistent story."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from puntuale.agreements.models import Publication
from puntuale.agreements.publication import PublicationRefused, publish
from puntuale.people.joining import InvitationInvalid, accept_invitation, invite_first_manager
from puntuale.people.models import Person
from puntuale.tickets import conversation
from puntuale.tickets.assignment import assign
from puntuale.tickets.models import PromiseEnding, Ticket
from puntuale.tickets.replay import differences
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
