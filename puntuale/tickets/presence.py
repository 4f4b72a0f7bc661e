"""Who else is looking at a ticket, and who is typing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from puntuale.people.models import Person
from puntuale.tickets.models import Presence, Ticket

LASTS = timedelta(seconds=25)
TYPING_LASTS = timedelta(seconds=12)


@dataclass(frozen=True, slots=True)
class Colleague:
    """An agent who has the ticket open."""

    name: str
    types: bool


def here(ticket: Ticket, *, person: Person, typing: bool, at: datetime) -> None:
    """Note that somebody has a ticket open, and whether she is typing."""
    seen = {"seen_at": at} | ({"typed_at": at} if typing else {})
    Presence.objects.update_or_create(ticket=ticket, person=person, defaults=seen)


def gone(ticket: Ticket, *, person: Person) -> None:
    """Note that somebody has left."""
    Presence.objects.filter(ticket=ticket, person=person).delete()


def others(ticket: Ticket, *, than: Person, at: datetime) -> list[Colleague]:
    """Return who else has the ticket open, by name."""
    found = Presence.objects.filter(ticket=ticket, seen_at__gt=at - LASTS).exclude(person=than)
    return [
        Colleague(name, typed_at is not None and typed_at > at - TYPING_LASTS)
        for name, typed_at in found.order_by("person__name").values_list("person__name", "typed_at")
    ]


def watched(tickets: list[Ticket], *, by_others_than: Person, at: datetime) -> dict[int, list[str]]:
    """Return, for each of some tickets that somebody else has open, the names of who has."""
    found = Presence.objects.filter(ticket__in=tickets, seen_at__gt=at - LASTS).exclude(person=by_others_than)
    names: dict[int, list[str]] = {}
    for number, name in found.order_by("person__name").values_list("ticket_id", "person__name"):
        names.setdefault(number, []).append(name)
    return names


def forget_old(*, at: datetime) -> int:
    """Return how many rows were dropped of people who are long gone."""
    dropped, _ = Presence.objects.filter(seen_at__lt=at - timedelta(hours=1)).delete()
    return dropped
