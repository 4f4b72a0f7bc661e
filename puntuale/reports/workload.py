"""The work at hand: what is open, and which promises fall due in the coming days, on the clock of the desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from puntuale.guarantee.facts import Phase
from puntuale.guarantee.rota import reached
from puntuale.reports.counting import Asked
from puntuale.tickets.models import Ticket

DAYS = 14
FIRST_RESPONSE = "first_response"


class State(StrEnum):
    """How an open ticket stands."""

    UNANSWERED = "unanswered"
    ANSWERED = "answered"
    """A human has answered, and it is the vendor's turn again."""
    WAITING = "waiting"
    """It is the customer's turn."""


_STATES: Mapping[State, Q] = {
    State.UNANSWERED: Q(phase=Phase.OPEN, answered_at=None),
    State.ANSWERED: Q(phase=Phase.OPEN, answered_at__isnull=False),
    State.WAITING: Q(phase=Phase.WAITING),
}


@dataclass(frozen=True, slots=True)
class Due:
    """What falls due on a day, or was due before (`day` is None): first responses, and goals."""

    day: date | None
    promises: int
    goals: int


def backlog(asked: Asked) -> dict[tuple[str, State], int]:
    """Return how many tickets are open now, by priority and how they stand, whenever they were submitted."""
    found: dict[tuple[str, State], int] = {}
    for state, where in _STATES.items():
        rows = _open(asked).filter(where).values_list("priority").annotate(count=Count("pk")).order_by()
        found |= {(priority, state): count for priority, count in rows}
    return found


def due_ahead(asked: Asked) -> list[Due]:
    """Return what was due before now, then what falls due later today and on each of the next days."""
    first = asked.at.astimezone(asked.zone).date()
    late = _due(asked).filter(due_at__lt=asked.at)
    ahead = _due(asked).filter(due_at__gte=asked.at, due_at__lt=_midnight(first + timedelta(days=DAYS), asked.zone))
    kinds = {"promises": Count("pk", Q(due_metric=FIRST_RESPONSE)), "goals": Count("pk", ~Q(due_metric=FIRST_RESPONSE))}
    by_day = {
        day: Due(day, promises, goals)
        for day, promises, goals in ahead.annotate(day=TruncDate("due_at", tzinfo=asked.zone))
        .values_list("day")
        .annotate(**kinds)
        .order_by()
    }
    days = (first + timedelta(days=number) for number in range(DAYS))
    return [Due(None, **late.aggregate(**kinds)), *(by_day.get(day, Due(day, 0, 0)) for day in days)]


def standing(asked: Asked, state: State, priority: str) -> QuerySet[Ticket]:
    """Return the open tickets of a priority that stand in a way."""
    return _open(asked).filter(_STATES[state], priority=priority)


def due_on(asked: Asked, day: date | None, *, is_goal: bool) -> QuerySet[Ticket]:
    """Return the tickets with something due on a day, or before now for None."""
    kind = ~Q(due_metric=FIRST_RESPONSE) if is_goal else Q(due_metric=FIRST_RESPONSE)
    found = _due(asked).filter(kind)
    if day is None:
        return found.filter(due_at__lt=asked.at)
    begin = max(asked.at, _midnight(day, asked.zone))
    return found.filter(due_at__gte=begin, due_at__lt=_midnight(day + timedelta(days=1), asked.zone))


def _due(asked: Asked) -> QuerySet[Ticket]:
    return _open(asked).filter(phase=Phase.OPEN, due_at__isnull=False)


def _open(asked: Asked) -> QuerySet[Ticket]:
    found = Ticket.objects.filter(phase__in=(Phase.OPEN, Phase.WAITING))
    return found if asked.organisation is None else found.filter(organisation=asked.organisation)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return reached(day, 0, str(zone))
