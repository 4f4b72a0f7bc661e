"""The demo has tickets in every state at whatever hour it is started, and all of them replay."""

from collections import Counter

import pytest
from django.db import transaction

from puntuale.demo.company import founded
from puntuale.demo.history import tell
from puntuale.guarantee.facts import Phase
from puntuale.guarantee.promise import State
from puntuale.people.models import Role
from puntuale.tickets import saved_filters, saved_replies
from puntuale.tickets.attachments import path_of
from puntuale.tickets.models import (
    Attachment,
    Disagreement,
    Draft,
    Event,
    ImpactReport,
    Kind,
    Lowering,
    Rating,
    Reclassification,
    Ticket,
)
from puntuale.tickets.queues import View, page
from puntuale.tickets.reading import standings
from puntuale.tickets.replay import differences
from tests.guarantee.tables import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo():
    """The company of the demo as it stands at an instant."""

    def told(now):
        company = founded(at=now)
        tell(company, at=now)
        return company

    return told


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
def test_every_state_and_every_queue_shows_something_and_all_of_it_replays(moment, demo):
    now = at(moment)
    company = demo(now)
    tickets = list(Ticket.objects.order_by("pk"))
    assert len(tickets) >= 45
    assert {ticket.phase for ticket in tickets} == set(Phase)
    assert {ticket.plan for ticket in tickets} == {"basic", "professional", "advanced"}
    submitted = [ticket.submitted_at for ticket in tickets]
    assert submitted == sorted(submitted)
    assert not Event.objects.filter(at__gt=now).exists()
    assert list(differences(Ticket.objects.all())) == []
    shown = standings(tickets, at=now)
    states = Counter(standing.state for standing in shown)
    assert set(states) == set(State) - {State.PAUSED}
    assert states[State.MISSED] == 1
    assert {standing.reason.value for standing in shown if standing.reason} == {"plan", "product_stage"}
    waiting = standings(page(Ticket.objects.all(), View.DUE, by=None, at=now).tickets, at=now)
    assert waiting[0].state is State.MISSED
    for person in (company.ada, company.jonas, company.mara):
        empty = [view for view in View if not page(Ticket.objects.all(), view, by=person, at=now).tickets]
        assert empty == []


def test_everything_that_can_happen_to_a_ticket_has_happened(demo):
    company = demo(at("2026-11-24T10:30:00+01:00"))
    happened = set(Event.objects.values_list("kind", flat=True))
    unhappened = {Kind.COVERED, Kind.RENEWED, Kind.UNFOLLOWED, Kind.RESTORED, Kind.UNMERGED, Kind.GAVE_BACK}
    rare = {Kind.LOWERING_DECLINED, Kind.IMPACT_DECLINED, Kind.RESUMED}
    assert set(Kind) - happened == unhappened | rare
    assert Disagreement.objects.filter(decided_at=None).count() == 1
    assert set(Disagreement.objects.values_list("upheld", flat=True)) == {None, True, False}
    assert set(ImpactReport.objects.values_list("raised", flat=True)) == {None, True}
    assert Lowering.objects.filter(decided_at=None).count() == 1
    assert set(Rating.objects.values_list("good", flat=True)) == {True, False}
    files = {one.name: one for one in Attachment.objects.exclude(message=None)}
    assert set(files) == {"sip-trace.log", "dashboard-loading-times.png"}
    assert path_of(files["dashboard-loading-times.png"].digest).read_bytes().startswith(b"\x89PNG\r\n")
    assert Event.objects.filter(kind=Kind.RESOLVED, by__role=Role.ORGANISATION_ADMIN).exists()
    assert Draft.objects.count() == 1
    assert saved_filters.of(company.ada).count() == 2
    assert {reply.language for reply in saved_replies.on_offer()} == {"en", "it", "de", "fr", "es"}
    assert set(Ticket.objects.values_list("requester__language", flat=True)) == {"en", "it", "de", "fr", "es"}
    told = set(Reclassification.objects.values_list("ticket__requester__language", flat=True))
    assert told >= {"it", "de", "fr", "es"}


def test_the_same_instant_gives_the_same_desk(demo):
    now = at("2026-11-24T10:30:00+01:00")
    shown = []
    for _time in range(2):
        with transaction.atomic():
            demo(now)
            columns = ("subject", "requester__email", "phase", "priority", "due_at", "answered_at", "assignee__email")
            shown.append(list(Ticket.objects.order_by("pk").values_list(*columns)))
            transaction.set_rollback(True)
    assert shown[0] == shown[1]
