"""Whom a mail tells of what happens to a ticket: written down in the transaction in which it happens."""

from collections.abc import Iterator

from django.conf import settings

from puntuale.people.models import Person
from puntuale.people.quiet import heard_at
from puntuale.sending.intents import LEAST_URGENT, intend
from puntuale.sending.models import Intent
from puntuale.tickets.models import Event, Kind, Ticket

TICKET = "ticket"

TOLD_TO_READERS = frozenset({
    Kind.SUBMITTED, Kind.ANSWERED, Kind.CUSTOMER_WROTE, Kind.RECLASSIFIED, Kind.IMPACT_DECLINED,
    Kind.DISAGREEMENT_DECIDED, Kind.RESOLVED, Kind.CANCELLED, Kind.MERGED, Kind.UNMERGED, Kind.TOOK_OVER,
})  # fmt: skip
"""What the requester and those who read along are told."""


def tell(ticket: Ticket, event: Event) -> None:
    """Mean to tell of an event whoever it concerns, but whoever did it; she is only told that her ticket arrived."""
    if settings.EMAIL_IS_SET:
        intend(_intent(event, person) for person in _readers(ticket, event))


def _readers(ticket: Ticket, event: Event) -> list[Person]:
    found = {person.pk: person for person in _concerned(ticket, event) if person.is_active}
    if event.kind != Kind.SUBMITTED and event.by_id is not None:
        found.pop(event.by_id, None)
    return list(found.values())


def _is_told_otherwise(event: Event) -> bool:
    """Tell whether an event is part of another one that is told, or changes nothing for those who read a ticket."""
    if event.kind == Kind.RESOLVED:
        # What an answer also did is told with it.
        return "message" in event.facts
    # Where a ticket is open anyway, a merge into it is no news.
    return event.kind == Kind.TOOK_OVER and "was" not in event.facts


def _concerned(ticket: Ticket, event: Event) -> Iterator[Person]:
    if event.kind == Kind.ASSIGNED:
        yield from Person.objects.filter(pk=event.facts["to"])
    if event.kind not in TOLD_TO_READERS or _is_told_otherwise(event):
        return
    yield ticket.requester
    if event.kind == Kind.SUBMITTED:
        return
    yield from Person.objects.filter(follows__ticket=ticket)
    if event.kind == Kind.CUSTOMER_WROTE and ticket.assignee is not None:
        yield ticket.assignee


def _intent(event: Event, person: Person) -> Intent:
    return Intent(
        kind=TICKET,
        about=event.pk,
        channel="email",
        address=person.email,
        person=person,
        rank=LEAST_URGENT,
        made_at=event.at,
        try_at=heard_at(person, event.at),
    )
