"""Replaying history under an agreement: exactly what the clock would have promised, and what would have been kept.

Only the first response and the priority as it was claimed: what agents change later depends on what they see.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from puntuale.guarantee import vectors
from puntuale.guarantee.agreement import Agreement, PriorityBarred, UnknownTerm
from puntuale.guarantee.calendars import Calendar
from puntuale.guarantee.rota import Rota
from puntuale.whatif.calling import Calling, calls
from puntuale.whatif.duty import Duty, duty, span_of
from puntuale.whatif.histories import NEVER, History, Question, Seconds
from puntuale.whatif.owed import owed
from puntuale.whatif.wall import HOURS_OF_A_WEEK, by_hour_of_week


@dataclass(slots=True)
class Tally:
    """What became of tickets: kept, missed, still to be answered in time, without a guarantee.

    `closed` counts those due while the desk's hours are closed: somebody had to be there at night.
    """

    kept: int = 0
    missed: int = 0
    waiting: int = 0
    no_guarantee: int = 0
    closed: int = 0

    def add(self, other: "Tally") -> None:
        """Add another tally to this one."""
        self.kept, self.missed, self.waiting = (
            self.kept + other.kept,
            self.missed + other.missed,
            self.waiting + other.waiting,
        )
        self.no_guarantee, self.closed = self.no_guarantee + other.no_guarantee, self.closed + other.closed

    @property
    def judged(self) -> int:
        """Return how many were kept or missed."""
        return self.kept + self.missed

    @property
    def rate(self) -> float | None:
        """Return the share that was kept, or None when there is nothing to judge."""
        return self.kept / self.judged if self.judged else None


@dataclass(slots=True)
class Replay:
    """History under one agreement: a tally for each kind of ticket, and how many answers fall due in each hour of week.

    `unknown` are kinds for which the agreement has no words, with how many tickets; they stand in no tally. `dues` are
    the due times of each kind, in the order of its history, None without a guarantee. `calling` are the calls to
    whoever
    is on call, `night_by_hour` those while the desk is closed; `duty` is who that was, where a rota was given.
    """

    tallies: dict[Question, Tally] = field(default_factory=dict)
    by_hour: list[int] = field(default_factory=lambda: [0] * HOURS_OF_A_WEEK)
    unknown: dict[Question, int] = field(default_factory=dict)
    dues: dict[Question, Seconds | None] = field(default_factory=dict)
    calling: Calling = field(default_factory=Calling)
    night_by_hour: list[int] = field(default_factory=lambda: [0] * HOURS_OF_A_WEEK)
    duty: Duty | None = None

    @property
    def total(self) -> Tally:
        """Return everything together."""
        found = Tally()
        for one in self.tallies.values():
            found.add(one)
        return found


@dataclass(frozen=True, slots=True)
class Moved:
    """How due times moved from one agreement to another: earlier, later, the same; guaranteed newly, or no more."""

    earlier: int
    later: int
    same: int
    gained: int
    lost: int


def replay(
    histories: Mapping[Question, History], agreement: Agreement, *, now: datetime, rota: Rota | None = None
) -> Replay:
    """Return what an agreement would have made of history, as of `now`, and a rota of its nights.

    Raises BeyondHorizon past the year 2199.
    """
    found, desk = Replay(), agreement.desk_hours
    office = agreement.calendar(desk.key) if desk else None
    second = int(now.timestamp())
    called: list[tuple[str, Seconds]] = []
    for question, history in histories.items():
        try:
            owing = owed(question, agreement)
        except (UnknownTerm, PriorityBarred):
            found.unknown[question] = int(history.sent.size)
            continue
        if owing is None:
            found.tallies[question] = Tally(no_guarantee=int(history.sent.size))
            found.dues[question] = None
            continue
        calendar, seconds = owing
        dues = vectors.deadlines(calendar, history.sent, seconds)
        found.dues[question] = dues
        found.tallies[question] = _tally(history, dues, office, second)
        _add(found.by_hour, by_hour_of_week(dues, (office or calendar).hours.zone))
        called += calls(history, dues, agreement, owing, now=second)
    _count_calls(found, histories.values(), called, office, rota)
    return found


def _count_calls(
    found: Replay,
    histories: Iterable[History],
    called: list[tuple[str, Seconds]],
    office: Calendar | None,
    rota: Rota | None,
) -> None:
    """Count the calls by what called, by whom it reached, and those of the night by the hour of the week."""
    span = span_of([*(history.sent for history in histories), *(at for _, at in called)])
    if rota is not None and span is not None:
        found.duty = duty(rota, since=span[0], until=span[1])
    for alarm, at in called:
        found.calling.count(alarm, at, office, found.duty)
    if office is not None:
        for at in found.calling.nights:
            _add(found.night_by_hour, by_hour_of_week(at, office.hours.zone))


def moved(before: Replay, after: Replay) -> Moved:
    """Return how due times moved between two replays of the same history."""
    earlier = later = same = gained = lost = 0
    for question in before.dues.keys() & after.dues.keys():
        was, became = before.dues[question], after.dues[question]
        if was is not None and became is not None:
            earlier += int(np.count_nonzero(became < was))
            later += int(np.count_nonzero(became > was))
            same += int(np.count_nonzero(became == was))
        elif became is not None:
            gained += int(became.size)
        elif was is not None:
            lost += int(was.size)
    return Moved(earlier, later, same, gained, lost)


def _tally(history: History, dues: Seconds, office: Calendar | None, now: int) -> Tally:
    answered = history.answered != NEVER
    kept = answered & (history.answered <= dues)
    waiting = ~answered & (dues >= now)
    closed = 0
    if office is not None and dues.size:
        # Open at an instant, or just closing: the second before it counts exactly when it is not closed.
        closed = int(np.count_nonzero(~vectors.are_open(office, dues - 1)))
    count_kept, count_waiting = int(np.count_nonzero(kept)), int(np.count_nonzero(waiting))
    return Tally(count_kept, int(dues.size) - count_kept - count_waiting, count_waiting, 0, closed)


def _add(by_hour: list[int], more: Seconds) -> None:
    by_hour[:] = [had + count for had, count in zip(by_hour, more.tolist(), strict=True)]
