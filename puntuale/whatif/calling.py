"""Who would have been called, and how often at night: the page over what is owed day and night, and the alarms.

An answer that is owed on hours that are always open pages the moment it is owed (decision 17); every level of the
agreement that tells whoever is on call reaches her then. What was answered by that instant calls nobody.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from puntuale.guarantee import vectors
from puntuale.guarantee.agreement import Agreement, AlarmLevel
from puntuale.guarantee.calendars import Calendar
from puntuale.guarantee.rota import Who
from puntuale.whatif.duty import Duty
from puntuale.whatif.histories import NEVER, History, Seconds

AT_ONCE = "sent"
ON_CALL = "on_call"


@dataclass(slots=True)
class Calls:
    """How many calls came while the desk was open, and how many while it was closed."""

    day: int = 0
    night: int = 0

    def add(self, closed: NDArray[np.bool_]) -> None:
        """Count some calls, of which it is known whether the desk was closed."""
        night = int(np.count_nonzero(closed))
        self.day, self.night = self.day + int(closed.size) - night, self.night + night


@dataclass(slots=True)
class Calling:
    """The calls of a replay: by what called, `sent` for the page at once, and by who was on call, None for nobody."""

    by_alarm: dict[str, Calls] = field(default_factory=dict)
    by_person: dict[Who | None, Calls] = field(default_factory=dict)
    nights: list[Seconds] = field(default_factory=list)

    @property
    def total(self) -> Calls:
        """Return all calls together."""
        found = self.by_alarm.values()
        return Calls(sum(calls.day for calls in found), sum(calls.night for calls in found))

    def count(self, alarm: str, at: Seconds, office: Calendar | None, duty: Duty | None) -> None:
        """Count the calls of an alarm at some instants."""
        closed = np.zeros(at.size, dtype=np.bool_) if office is None else ~vectors.are_open(office, at)
        self.by_alarm.setdefault(alarm, Calls()).add(closed)
        self.nights.append(at[closed])
        if duty is not None:
            for who, theirs in duty.shared(at):
                self.by_person.setdefault(who, Calls()).add(closed[theirs])


def calls(
    history: History, dues: Seconds, agreement: Agreement, owed: tuple[Calendar, int], *, now: int
) -> Iterator[tuple[str, Seconds]]:
    """Yield by what and when whoever is on call would have been called over tickets of one kind, as of `now`."""
    calendar, target = owed
    if calendar.hours.is_always_open:
        yield AT_ONCE, _unanswered(history, history.sent, now)
    for level, at, rings in _rings(history.sent, dues, agreement, calendar, target):
        if ON_CALL in level.tell:
            yield str(level), _unanswered(history, at, now, rings)


def _rings(
    sent: Seconds, dues: Seconds, agreement: Agreement, calendar: Calendar, target: int
) -> Iterator[tuple[AlarmLevel, Seconds, NDArray[np.bool_]]]:
    """Yield each level in order, with when it rings for each ticket, and whether it does, as `alarms.rings` tells it.

    Of the levels that have passed when a ticket is sent only the last one rings, at that moment.
    """
    levels = sorted(agreement.alarms, key=lambda level: -level.left(target))
    instants = [_instants(calendar, dues, level.left(target)) for level in levels]
    for number, (level, at) in enumerate(zip(levels, instants, strict=True)):
        passed = at <= sent
        is_last = instants[number + 1] > sent if number + 1 < len(levels) else np.ones(sent.size, dtype=np.bool_)
        yield level, np.maximum(at, sent), ~passed | is_last


def _instants(calendar: Calendar, dues: Seconds, left: int) -> Seconds:
    """Return when so many seconds are left, or as many have passed since it was due when there are fewer than none."""
    return vectors.deadlines(calendar, dues, -left) if left < 0 else vectors.leads(calendar, dues, left)


def _unanswered(history: History, at: Seconds, now: int, rings: NDArray[np.bool_] | None = None) -> Seconds:
    """Return the instants that have come and found no answer."""
    found: NDArray[np.bool_] = (at <= now) & ((history.answered == NEVER) | (history.answered > at))
    chosen: Seconds = at[found if rings is None else found & rings]
    return chosen
