"""A desk with some twelve thousand tickets: enough that the database would rather use an index where there is one."""

from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from benchmarks.filling import tickets
from benchmarks.filling.texts import texts
from puntuale.agreements.publication import publish
from puntuale.people.models import Person, Role
from puntuale.sending.intents import intend
from puntuale.sending.models import Intent
from puntuale.tickets.models import Ticket
from puntuale.watch.heartbeat import beat
from tests.company import FAR_AHEAD, LONG_AGO
from tests.guarantee.documents import STANDARD
from tests.guarantee.tables import at

NOW = at("2026-11-20T16:00:00+01:00")
TICKETS, LETTERS = 12_000, 5_000
FILLED = "said, slot, ringing, chosen, happened"


@pytest.fixture(scope="package")
def filled(django_db_setup, django_db_blocker, emptied_past_the_triggers):
    """The desk, filled once for all tests of this folder; what one of them writes is gone before the next one."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(tickets, "SLOTS", 1_000)
        publish(STANDARD, effective_from=LONG_AGO, at=LONG_AGO)
        tickets.people(organisations=100, customers=2_000, agents=50, at=LONG_AGO)
        tickets.prepare(*texts(500), since=LONG_AGO, until=NOW)
        tickets.fill(count=TICKETS, open_share=0.25, until=NOW)
        _letters()
        # The watch is alive, whatever the time of a test.
        beat("a worker", at=FAR_AHEAD)
        yield _people()
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {FILLED}")
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)


def _letters():
    """Letters that were sent long ago, as a desk has them that has been running for a while."""
    agent = Person.objects.filter(role=Role.AGENT).earliest("pk")
    intend(
        Intent(
            kind="alarm",
            about=number,
            channel="email",
            address=agent.email,
            person=agent,
            rank=1,
            made_at=NOW,
            sent_at=NOW,
        )
        for number in range(LETTERS)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _people():
    """Somebody for each door, signed in, with a ticket each has: a customer's own, and one of her organisation."""
    agent = Person.objects.filter(role=Role.AGENT).earliest("pk")
    own = Ticket.objects.filter(requester__role=Role.CUSTOMER, phase="open", due_at__isnull=False, priority="1").latest(
        "pk"
    )
    answered = Ticket.objects.filter(phase="resolved").latest("pk")
    admin = Person.objects.filter(role=Role.ORGANISATION_ADMIN).earliest("pk")
    return SimpleNamespace(
        agent=agent, customer=own.requester, admin=admin, open=own.pk, resolved=answered.pk, hers=own.pk
    )


@pytest.fixture
def doors(filled, db, now, settings):
    """The same desk with a browser for each of its people."""
    now.at = NOW
    settings.EMAIL_IS_SET = True
    for name in ("agent", "customer", "admin"):
        browser = Client()
        browser.force_login(getattr(filled, name))
        setattr(filled, f"as_{name}", browser)
    return filled
