"""What the worker and the verbs ask the database for, on a desk that has many tickets."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from puntuale.oncall import paging
from puntuale.people.models import Person
from puntuale.sending import delivery
from puntuale.tickets import classification, conversation, presence
from puntuale.tickets.models import Grounds, Ticket
from puntuale.tickets.submission import submit
from puntuale.watch import ringing
from tests.scale.conftest import NOW
from tests.scale.plans import scanned

pytestmark = pytest.mark.django_db


def open_ticket(filled):
    return Ticket.objects.get(pk=filled.open)


def another(filled):
    origin = open_ticket(filled)
    return submit(
        requester=Person.objects.get(pk=filled.customer.pk),
        subject="Calls drop",
        body="Since this morning.",
        environment="production",
        product=origin.product,
        priority="2",
        key=uuid4(),
        at=NOW,
    )


def lowered(filled):
    return classification.reclassify(
        open_ticket(filled), to="3", because=Grounds.HOW_TO, telling="A question.", by=filled.agent, at=NOW
    )


WORK = {
    "alarms ring": lambda _: ringing.go_round(at=NOW),
    "the next alarm is looked for": lambda _: ringing.next_ring_at(),
    "people are paged": lambda _: paging.go_round(NOW),
    "letters are taken in hand": lambda _: delivery.claim(channel="email", at=NOW, at_most=10),
    "who looks at what is forgotten": lambda _: presence.forget_old(at=NOW),
    "a ticket is sent": another,
    "a ticket is answered": lambda filled: conversation.answer(
        open_ticket(filled), body="So.", by=filled.agent, at=NOW
    ),
    "a customer writes more": lambda filled: conversation.follow_up(
        open_ticket(filled), body="And?", by=filled.customer, at=NOW
    ),
    "a priority is lowered": lowered,
}


@pytest.mark.parametrize("work", WORK)
def test_no_work_reads_a_large_table_from_end_to_end(filled, settings, work):
    settings.EMAIL_IS_SET = True
    with CaptureQueriesContext(connection) as found:
        WORK[work](filled)
    assert found.captured_queries
    read = {table: query["sql"] for query in found.captured_queries for table in scanned(query["sql"])}
    assert not read, f"{work} reads all of {read}"
