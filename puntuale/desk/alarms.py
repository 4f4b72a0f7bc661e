"""Alarms as the desk shows them: which level of what rang, how late, and whether it is still owed."""

from collections.abc import Iterable
from dataclasses import dataclass

from puntuale.looks.requests import Admitted, language
from puntuale.tickets.models import Ticket
from puntuale.watch import letters, reading
from puntuale.watch.models import Alarm

MOST_SHOWN = 100


@dataclass(frozen=True)
class Rung:
    """An alarm that rang, in one reader's words."""

    alarm: Alarm
    level: str
    owed: str
    standing: str
    lateness: str
    is_over: bool
    is_missed: bool


def of_ticket(ticket: Ticket, request: Admitted) -> list[Rung]:
    """Return the alarms of a ticket, in the order in which they rang."""
    return _told(reading.alarms_of(ticket), request)


def of_reader(request: Admitted) -> list[Rung]:
    """Return the alarms of the last week that the reader was told of, latest first."""
    return _told(reading.alarms_told_to(request.person, at=request.at)[:MOST_SHOWN], request)


def _told(alarms: Iterable[Alarm], request: Admitted) -> list[Rung]:
    return [
        Rung(
            alarm,
            letters.level(alarm, language()),
            letters.owed(alarm.promise, language()),
            letters.standing(alarm.promise, language(), request.zone, request.at),
            letters.lateness(alarm, language()),
            is_over := hasattr(alarm.promise, "ending"),
            not is_over and alarm.promise.due_at is not None and alarm.promise.due_at < request.at,
        )
        for alarm in alarms
    ]
