"""The demo has tickets in every state at whatever hour it is started, and all of them replay."""

from collections import Counter

import pytest

from puntuale.demo.company import founded
from puntuale.demo.history import tell
from puntuale.guarantee.promise import State
from puntuale.tickets.models import Ticket
from puntuale.tickets.queues import View, page
from puntuale.tickets.reading import standings
from puntuale.tickets.replay import differences
from tests.guarantee.tables import at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-23T00:11:00+01:00",
        "2026-11-24T10:30:00+01:00",
        "2026-11-27T16:59:59+01:00",
        "2026-12-25T12:00:00+01:00",
        "2027-03-28T02:30:00+01:00",
        "2027-01-04T09:00:00+01:00",
    ],
    ids=[
        "Sunday night",
        "in hours",
        "just before closing",
        "Christmas",
        "the clocks change",
        "first minute of the year",
    ],
)
def test_every_state_is_there(moment):
    now = at(moment)
    tell(founded(at=now), at=now)
    tickets = list(Ticket.objects.order_by("pk"))
    shown = standings(tickets, at=now)
    states = Counter(standing.state for standing in shown)
    assert set(states) == {State.RUNNING, State.MISSED, State.MET, State.MET_LATE, State.NO_GUARANTEE}
    assert states[State.MISSED] == 1
    assert {standing.reason.value for standing in shown if standing.reason} == {"plan", "product_stage"}
    waiting = [
        standing.state for standing in standings(page(Ticket.objects.all(), View.DUE, by=None, at=now).tickets, at=now)
    ]
    assert waiting[0] is State.MISSED
    assert waiting.count(State.NO_GUARANTEE) == 2
    assert all(event.at <= now for ticket in tickets for event in ticket.events.all())
    assert list(differences(Ticket.objects.all())) == []
    assert {ticket.plan for ticket in tickets} == {"basic", "professional", "advanced"}
