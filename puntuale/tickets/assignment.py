"""Who takes care of a ticket."""

from datetime import datetime

from django.db import transaction

from puntuale.people.models import Person
from puntuale.tickets.conversation import NotAnAgent
from puntuale.tickets.events import locked, record
from puntuale.tickets.models import Kind, Ticket


def assign(ticket: Ticket, *, to: Person | None, by: Person, at: datetime) -> Ticket:
    """Return the ticket in the hands of an agent, or of nobody. It keeps no promise. Raises NotAnAgent.

    Assigning it to whoever has it already changes nothing.
    """
    if not by.works_for_vendor or (to is not None and not to.works_for_vendor):
        raise NotAnAgent(by.pk)
    with transaction.atomic():
        ticket = locked(ticket)
        if ticket.assignee_id != (to.pk if to else None):
            ticket.assignee = to
            ticket.save(update_fields=["assignee"])
            record(ticket, Kind.ASSIGNED, at=at, by=by, facts={"to": to.pk if to else None})
        return ticket
