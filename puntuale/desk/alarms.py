"""Alarms as the desk shows them: which level of what rang, how late, and whether it is still owed."""

from collections.abc import Iterable
from dataclasses import dataclass

from puntuale.guarantee.promise import State
from puntuale.looks.requests import Admitted, language
from puntuale.tickets.reading import Standing, each_metric, standings
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


def of_ticket(standing: Standing, request: Admitted) -> list[Rung]:
    """Return the alarms of the ticket that stands so, in the order in which they rang."""
    stands, alarms = each_metric([standing]), reading.alarms_of(standing.ticket)
    return [_rung(alarm, stands[alarm.ticket_id, alarm.promise.metric], request) for alarm in alarms]


def of_reader(request: Admitted) -> list[Rung]:
    """Return the alarms of the last week that the reader was told of, latest first."""
    return _told(reading.alarms_told_to(request.person, at=request.at)[:MOST_SHOWN], request)


def _told(alarms: Iterable[Alarm], request: Admitted) -> list[Rung]:
    """Return alarms as they stand now: by what is owed, whatever has taken the place of the promise they rang for."""
    rung = list(alarms)
    tickets = {alarm.ticket_id: alarm.ticket for alarm in rung}
    stands = each_metric(standings(list(tickets.values()), at=request.at))
    return [_rung(alarm, stands[alarm.ticket_id, alarm.promise.metric], request) for alarm in rung]


def _rung(alarm: Alarm, stands: Standing, request: Admitted) -> Rung:
    owed = stands.promise if stands.is_owed else None
    return Rung(
        alarm,
        letters.level(alarm, language()),
        letters.owed(alarm.promise, language()),
        letters.standing(owed, language(), request.zone, request.at) if owed else "",
        letters.lateness(alarm, language()),
        is_over=owed is None,
        is_missed=owed is not None and stands.state is State.MISSED,
    )
