"""Naming colleagues in a note: `@ada` finds the agent whose address begins with `ada@`."""

import re
from datetime import datetime

from django.db.models import Q, QuerySet

from puntuale.people.models import VENDOR_ROLES, Person
from puntuale.tickets.models import Mention, Message, Ticket

HANDLE = re.compile(r"(?<![\w@.])@([\w.+-]{1,64})")
MOST = 20


def mention(message: Message, *, at: datetime) -> list[Person]:
    """Return the colleagues a note names, after putting it among their mentions. Its author is none of them."""
    handles = {found.rstrip(".").lower() for found in HANDLE.findall(message.body)}
    if not handles:
        return []
    named = Q()
    for handle in sorted(handles)[:MOST]:
        named |= Q(email__startswith=f"{handle}@")
    people = list(Person.objects.filter(named, role__in=VENDOR_ROLES, left_at=None).exclude(pk=message.author_id))
    Mention.objects.bulk_create(
        [Mention(message=message, ticket_id=message.ticket_id, person=person, at=at) for person in people]
    )
    return people


def unseen_by(person: Person) -> QuerySet[Mention]:
    """Return what somebody was mentioned in and has not seen, oldest first."""
    return Mention.objects.filter(person=person, seen_at=None).order_by("at")


def seen(ticket: Ticket, *, by: Person, at: datetime) -> int:
    """Return how many mentions on a ticket its reader has seen by opening it."""
    return Mention.objects.filter(ticket=ticket, person=by, seen_at=None).update(seen_at=at)
