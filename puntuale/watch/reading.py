"""What the watch knows, for the doors."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from puntuale.people.models import Person
from puntuale.sending.models import Intent
from puntuale.sending.transports import ON_THE_DESK
from puntuale.tickets.models import Ticket
from puntuale.watch.models import Alarm, Watched
from puntuale.watch.watching import ALARM

RECENT = timedelta(days=7)


def alarms_told_to(person: Person, *, at: datetime) -> QuerySet[Alarm]:
    """Return the alarms of the last week that somebody was told of, latest first."""
    told = Intent.objects.filter(kind=ALARM, channel=ON_THE_DESK, person=person, made_at__gt=at - RECENT)
    alarms = Alarm.objects.filter(pk__in=told.values("about")).order_by("-rung_at", "rank", "-pk")
    return alarms.select_related("promise__ending", "ticket__organisation", "ticket__assignee")


def alarms_of(ticket: Ticket) -> QuerySet[Alarm]:
    """Return the alarms of a ticket, in the order in which they rang."""
    return ticket.alarms.select_related("promise__ending").order_by("rung_at", "ring_at", "pk")


def rings_next(ticket: Ticket) -> datetime | None:
    """Return when the next level of a ticket is reached, or None."""
    waiting = Watched.objects.filter(ticket=ticket, ring_at__isnull=False, set_aside_at=None).order_by("ring_at")
    return waiting.values_list("ring_at", flat=True).first()


@dataclass(frozen=True, slots=True)
class Deliveries:
    """How many intents are on their way, given up, and since when the oldest has been waiting."""

    waiting: int
    given_up: int
    oldest_at: datetime | None


def deliveries(*, at: datetime) -> Deliveries:
    """Return how the sending goes; what was given up, of the last week."""
    waiting = Intent.objects.filter(try_at__isnull=False)
    counts = waiting.aggregate(count=Count("pk"))
    oldest = waiting.order_by("made_at").values_list("made_at", flat=True).first()
    given_up = Intent.objects.filter(given_up_at__gt=at - RECENT).count()
    return Deliveries(counts["count"], given_up, oldest)


def set_aside() -> QuerySet[Watched]:
    """Return the watches that could not be dealt with."""
    return Watched.objects.filter(~Q(set_aside_at=None)).select_related("ticket").order_by("pk")
