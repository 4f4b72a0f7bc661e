"""What the benchmark of sizes fills a desk with is what the verbs would have written."""

import pytest
from django.db import connection

from benchmarks.filling import tickets
from puntuale.agreements.publication import publish
from puntuale.tickets import chaining
from puntuale.tickets.models import Event, Kind, PromiseEnding, Ticket
from puntuale.tickets.replay import differences
from tests.company import LONG_AGO
from tests.guarantee.documents import STANDARD
from tests.guarantee.tables import at

NOW = at("2026-11-20T16:00:00+01:00")
TEXTS = ["Calls drop", "No dial tone", "The invoice is wrong"]


@pytest.fixture
def filled(transactional_db, monkeypatch):
    monkeypatch.setattr(tickets, "SLOTS", 300)
    publish(STANDARD, effective_from=LONG_AGO, at=LONG_AGO)
    tickets.people(organisations=6, customers=30, agents=50, at=LONG_AGO)
    tickets.prepare(TEXTS, TEXTS, since=at("2026-02-01T00:00:00+01:00"), until=NOW)
    yield tickets.fill(count=400, open_share=0.5, until=NOW)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS said, slot, ringing, chosen, happened")


@pytest.mark.usefixtures("filled")
def test_what_is_filled_in_replays():
    assert list(differences(Ticket.objects.all())) == []
    assert list(chaining.breaks()) == []
    assert Ticket.objects.count() == 400
    taken = Ticket.objects.exclude(assignee=None).count()
    assert Event.objects.filter(kind=Kind.ASSIGNED).count() == taken > 100
    assert set(PromiseEnding.objects.values_list("verdict", flat=True)) >= {"met", "answered"}
