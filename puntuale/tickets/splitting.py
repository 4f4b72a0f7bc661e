"""A message that is about something else becomes a ticket of its own."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from puntuale.people.models import Person
from puntuale.tickets import attachments
from puntuale.tickets.events import locked, record
from puntuale.tickets.models import Audience, Kind, Link, Message, Ticket
from puntuale.tickets.rights import agents_only, still_alive
from puntuale.tickets.submission import take


class NotACustomersMessage(ValueError):
    """Only what the customer wrote can become a ticket."""


def split(message: Message, *, subject: str, by: Person, at: datetime) -> Ticket:
    """Return a new ticket that begins with a copy of a customer's message.

    Its clock starts when that message was written, as long as nobody has answered since; else now. Raises NotAnAgent,
    NotACustomersMessage, TextRefused, ClosedForGood.
    """
    agents_only(by)
    with transaction.atomic():
        ticket = locked(message.ticket)
        still_alive(ticket)
        if message.audience != Audience.PUBLIC or message.author.works_for_vendor:
            raise NotACustomersMessage(message.pk)
        answered = ticket.events.filter(kind=Kind.ANSWERED, at__gte=message.written_at).exists()
        new = take(
            requester=message.author,
            subject=subject,
            body=message.body,
            is_plain=message.is_plain,
            environment=ticket.environment,
            product=ticket.product,
            priority=ticket.priority,
            key=uuid4(),
            at=at,
            by=by,
            since=None if answered else message.written_at,
        )
        attachments.copy(message, new.messages.get())
        Link.objects.create(ticket=new, origin=ticket, kind=Link.Kind.SPLIT_OFF, at=at, by=by)
        record(ticket, Kind.SPLIT_OFF, at=at, by=by, facts={"to": new.pk, "message": message.pk})
        return new
