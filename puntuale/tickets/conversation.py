"""What is said on a ticket after it was sent."""

from datetime import datetime

from django.db import transaction

from puntuale.people.models import Person
from puntuale.tickets import texts
from puntuale.tickets.events import locked, record
from puntuale.tickets.models import Audience, Kind, Message, Ticket


class NotAnAgent(PermissionError):
    """Only people who work for the vendor answer tickets."""


class NotTheCustomer(PermissionError):
    """Only people of the ticket's organisation write to it as the customer."""


def answer(ticket: Ticket, *, body: str, by: Person, at: datetime) -> Message:
    """Return a public answer. The first one keeps the promise, or ends it late, in the same transaction (rule 7).

    Raises TextRefused, NotAnAgent.
    """
    _refuse_unless_agent(by)
    return _say(ticket, Kind.ANSWERED, Audience.PUBLIC, body=body, by=by, at=at)


def note(ticket: Ticket, *, body: str, by: Person, at: datetime) -> Message:
    """Return a note for colleagues, which customers never see and which keeps no promise. Raises likewise."""
    _refuse_unless_agent(by)
    return _say(ticket, Kind.NOTED, Audience.INTERNAL, body=body, by=by, at=at)


def follow_up(ticket: Ticket, *, body: str, by: Person, at: datetime) -> Message:
    """Return a further message of the customer. It never moves the due time (rule 7).

    Raises TextRefused, NotTheCustomer.
    """
    if by.organisation_id != ticket.organisation_id:
        raise NotTheCustomer(by.pk)
    return _say(ticket, Kind.CUSTOMER_WROTE, Audience.PUBLIC, body=body, by=by, at=at)


def _refuse_unless_agent(person: Person) -> None:
    if not person.works_for_vendor:
        raise NotAnAgent(person.pk)


def _say(ticket: Ticket, kind: Kind, audience: Audience, *, body: str, by: Person, at: datetime) -> Message:
    said = texts.body(body)
    with transaction.atomic():
        ticket = locked(ticket)
        message = Message.objects.create(ticket=ticket, author=by, audience=audience, body=said, written_at=at)
        record(ticket, kind, at=at, by=by, facts={"message": message.pk})
        return message
