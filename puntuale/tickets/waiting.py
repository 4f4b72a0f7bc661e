"""Waiting for the customer. Goals stand still meanwhile; the first response never does (rule 8)."""

from datetime import datetime

from django.db import transaction

from puntuale.guarantee.facts import Phase
from puntuale.people.models import Person
from puntuale.tickets.events import locked, record, story_of
from puntuale.tickets.models import Kind, Ticket
from puntuale.tickets.replay import CONCERNING, replay
from puntuale.tickets.rights import agents_only, still_alive


class NotAnsweredYet(ValueError):
    """Nobody has answered the customer yet. Asking her something is the first response."""


def wait(ticket: Ticket, *, by: Person, at: datetime) -> Ticket:
    """Return the ticket waiting for the customer; one that waits already stays as it is.

    Raises NotAnAgent, NotAnsweredYet, ClosedForGood.
    """
    agents_only(by)
    with transaction.atomic():
        ticket = locked(ticket)
        still_alive(ticket)
        if ticket.answered_at is None:
            raise NotAnsweredYet(ticket.pk)
        if ticket.phase != Phase.WAITING:
            record(ticket, Kind.WAITED, at=at, by=by, facts={})
        return ticket


def go_on(ticket: Ticket, *, by: Person, at: datetime) -> Ticket:
    """Return the ticket open again although the customer has not written. Raises NotAnAgent.

    One that only a merge had opened stays open when that is taken back.
    """
    agents_only(by)
    with transaction.atomic():
        ticket = locked(ticket)
        if ticket.phase == Phase.WAITING or is_woken(ticket, Phase.WAITING):
            record(ticket, Kind.RESUMED, at=at, by=by, facts={})
        return ticket


def is_woken(ticket: Ticket, before: Phase) -> bool:
    """Tell whether a ticket is open only because of a merge, and was waiting or resolved until then."""
    return ticket.phase == Phase.OPEN and story_of(ticket).woken is before


def waited_before(ticket: Ticket, closing: Kind) -> bool:
    """Tell whether a ticket that was merged or cancelled was waiting for the customer until then."""
    closed = ticket.events.filter(kind=closing).latest("number")
    until = ticket.events.filter(kind__in=CONCERNING, number__lt=closed.number)
    return replay(until.order_by("number")).phase is Phase.WAITING
