"""Who takes care of a ticket."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from puntuale.people.models import Person
from puntuale.tickets.events import locked, record
from puntuale.tickets.models import Kind, Ticket
from puntuale.tickets.rights import agents_only


def assign(ticket: Ticket, *, to: Person | None, by: Person, at: datetime) -> Ticket:
    """Return the ticket in the hands of an agent, or of nobody. It keeps no promise. Raises NotAnAgent.

    Assigning it to whoever has it already changes nothing.
    """
    agents_only(by)
    if to is not None:
        agents_only(to)
    with transaction.atomic():
        ticket = locked(ticket)
        _hand_over(ticket, to=to, by=by, at=at)
        return ticket


def assign_all(tickets: Iterable[Ticket], *, to: Person | None, by: Person | None, at: datetime) -> int:
    """Return how many tickets came into other hands, all in one transaction. Raises NotAnAgent.

    Without anybody who does it, the desk itself does, as when it erases again who was erased before.
    """
    if by is not None:
        agents_only(by)
    if to is not None:
        agents_only(to)
    with transaction.atomic():
        # Always locked in the order of their numbers, so that two who do this at once wait instead of deadlocking.
        ordered = sorted(tickets, key=lambda ticket: ticket.pk)
        return sum(_hand_over(locked(ticket), to=to, by=by, at=at) for ticket in ordered)


def _hand_over(ticket: Ticket, *, to: Person | None, by: Person | None, at: datetime) -> bool:
    """Give a locked ticket to somebody, and return whether that was a change."""
    if ticket.assignee_id == (to.pk if to else None):
        return False
    ticket.assignee = to
    ticket.save(update_fields=["assignee"])
    record(ticket, Kind.ASSIGNED, at=at, by=by, facts={"to": to.pk if to else None})
    return True
