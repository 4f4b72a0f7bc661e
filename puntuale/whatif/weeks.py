"""Weeks as they come: drawn from the whole past weeks of history, with as many more or fewer tickets as one expects."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from puntuale.guarantee import vectors
from puntuale.guarantee.agreement import Agreement, PriorityBarred, UnknownTerm
from puntuale.guarantee.calendars import Calendar
from puntuale.guarantee.hours import DAY, WEEK, HoursTable
from puntuale.whatif.dated import FIRST_DAY, Dated, dated
from puntuale.whatif.further import NONE, Further
from puntuale.whatif.histories import History, Question, Seconds
from puntuale.whatif.owed import owed
from puntuale.whatif.wall import HOUR, HOURS_OF_A_WEEK, on_the_wall

MONDAY = int(datetime.combine(FIRST_DAY, time(), UTC).timestamp())
FIRST_MONDAY = date(1970, 1, 5)
NOT_OWED = int(np.iinfo(np.int64).max // 2)
MOST_WEEKS = 52
ALWAYS = "always"
MOST_REACH = 12 * HOUR
FURTHER = Question("", "further")
Owed = tuple[str, int]


class TooLittleHistory(ValueError):
    """There is no whole week of history to draw from."""


@dataclass(frozen=True, slots=True)
class Past:
    """The last whole weeks of history on the wall clock: of each ticket its week, its second of it, and its kind.

    `kinds` are the hours, by their key among the `tables`, and the seconds owed, None without a guarantee, which is
    answered while the `desk` is open. The last kind is of further answers, of which history has no tickets. `unknown`
    tickets are left out: the agreement has no words for them. What was sent in a week stands together.
    """

    questions: tuple[Question, ...]
    kinds: tuple[Owed | None, ...]
    tables: Mapping[str, Dated]
    desk: str
    bounds: NDArray[np.int64]
    second: Seconds
    kind: NDArray[np.int64]
    unknown: int

    @property
    def weeks(self) -> int:
        """Return how many weeks there are."""
        return self.bounds.size - 1

    @property
    def closed(self) -> int:
        """Return on how many of these days the desk was closed though it usually opens."""
        table = self.tables[self.desk]
        return sum(not shifts and bool(table.usual.weekly[day % 7]) for day, shifts in table.others.items())

    @property
    def judged(self) -> int:
        """Return how many tickets have a guarantee."""
        return int(np.count_nonzero(self._guaranteed()[self.kind])) if self.kind.size else 0

    @property
    def arrivals(self) -> list[float]:
        """Return how many tickets came in each hour of the week, on average."""
        found = np.bincount(self.second // HOUR, minlength=HOURS_OF_A_WEEK) / self.weeks
        return [float(one) for one in found]

    def _guaranteed(self) -> NDArray[np.bool_]:
        return np.array([one is not None for one in self.kinds], dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Simulated weeks in a row: when each ticket was sent and is due, its kind, its work, and its week among them.

    `origins` are the past weeks that they were drawn from, whose closed days they have. `hours` tells of each kind in
    which hours of all these weeks it is answered: while its time runs, and without a guarantee while the desk is open.
    `places` are the hours of the week whose people are there.
    """

    sent: Seconds
    due: Seconds
    kind: NDArray[np.int64]
    work: Seconds
    week: NDArray[np.int64]
    origins: NDArray[np.int64]
    hours: NDArray[np.bool_]
    places: NDArray[np.int64]

    @property
    def judged(self) -> NDArray[np.bool_]:
        """Tell which tickets count: not those of the first week, which begins with an empty queue, nor of the last."""
        found: NDArray[np.bool_] = (self.week > 0) & (self.week < self.origins.size - 1)
        return found

    @property
    def wanted(self) -> Seconds:
        """Return by when each should be answered: what has no guarantee within a week."""
        return np.where(self.due < NOT_OWED, self.due, self.sent + WEEK)

    @property
    def owed(self) -> NDArray[np.bool_]:
        """Tell which of those have a guarantee."""
        return self.judged & (self.due < NOT_OWED)


def past(histories: Mapping[Question, History], agreement: Agreement, *, at: datetime) -> Past:
    """Return the last whole weeks of history, at most a year of them. Raises TooLittleHistory when there is none."""
    questions, kinds, unknown = list[Question](), list[Owed | None](), 0
    sent, kind = list[Seconds](), list[NDArray[np.int64]]()
    # In an order of its own: the same history gives the same weeks, whatever it was read from.
    for question, history in sorted(histories.items(), key=lambda kind: astuple(kind[0])):
        try:
            found = owed(question, agreement)
        except (UnknownTerm, PriorityBarred):
            unknown += int(history.sent.size)
            continue
        kind.append(np.full(history.sent.size, len(kinds), dtype=np.int64))
        sent.append(on_the_wall(history.sent, agreement.zone))
        questions.append(question)
        kinds.append(None if found is None else (found[0].hours.key, found[1]))
    wall, of_kind = (np.concatenate(some) if some else np.empty(0, dtype=np.int64) for some in (sent, kind))
    first, last = _whole_weeks(wall)
    order = np.argsort(wall, kind="stable")
    wall, of_kind = wall[order], of_kind[order]
    bounds = np.searchsorted(wall, np.arange(first, last + 1) * WEEK)
    chosen = slice(int(bounds[0]), int(bounds[-1]))
    tables = _tables(kinds, agreement, at, first, last)
    desk = agreement.desk_hours
    return Past(
        questions=(*questions, FURTHER),
        kinds=(*kinds, None),
        tables=tables,
        desk=desk.key if desk else ALWAYS,
        bounds=bounds - bounds[0],
        second=wall[chosen] % WEEK,
        kind=of_kind[chosen],
        unknown=unknown,
    )


def draw(
    known: Past,
    rng: Generator,
    *,
    weeks: int,
    growth: float,
    handling: Seconds,
    further: Further = NONE,
    among: NDArray[np.int64] | None = None,
) -> Drawn:
    """Return so many weeks to judge, with one before and one after them, drawn from the past, or from some of it.

    Every past ticket comes `growth` times on average, and again at any second of the same hour. Each comes about when
    it came: the fewer there are of its kind, the farther from it, as far as the next one of its kind on average, twelve
    hours at most. So a night in which nothing happened to come is not taken for one in which nothing can.
    """
    weeks += 2
    origins = rng.choice(np.arange(known.weeks) if among is None else among, weeks)
    counts = known.bounds[origins + 1] - known.bounds[origins]
    week = np.repeat(np.arange(weeks), counts)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    place = np.arange(week.size) - np.repeat(starts, counts) + np.repeat(known.bounds[origins], counts)
    times = np.full(place.size, int(growth)) + (rng.random(place.size) < growth % 1)
    is_again = np.ones(int(times.sum()), dtype=np.bool_)
    is_again[(np.cumsum(times) - times)[times > 0]] = False
    week, place = np.repeat(week, times), np.repeat(place, times)
    second = known.second[place]
    second = np.where(is_again, second // HOUR * HOUR + rng.integers(0, HOUR, second.size), second)
    reach = np.minimum(MOST_REACH, WEEK / np.maximum(np.bincount(known.kind, minlength=len(known.kinds)), 1))
    second = (second + rng.uniform(-1, 1, second.size) * reach[known.kind[place]]).astype(np.int64) % WEEK
    sent, kind = week * WEEK + second, known.kind[place]
    # What is wanted after the last week is wanted in the first one, as if the weeks went round: no work is lost.
    more = further.drawn(sent, rng) % (weeks * WEEK)
    sent, kind = np.concatenate([sent, more]), np.concatenate([kind, np.full(more.size, len(known.kinds) - 1)])
    order = np.argsort(sent, kind="stable")
    sent, kind = sent[order], kind[order]
    work = np.maximum(rng.choice(handling, sent.size), 1)
    calendars = {key: table.along(origins) for key, table in known.tables.items()}
    return Drawn(
        sent,
        _dues(known, calendars, sent, kind),
        kind,
        work,
        sent // WEEK,
        origins,
        _hours(known, calendars, weeks),
        known.tables[known.desk].places(origins),
    )


def _whole_weeks(wall: Seconds) -> tuple[int, int]:
    """Return the numbers of the first whole week and of the one after the last. Raises TooLittleHistory."""
    if not wall.size:
        raise TooLittleHistory("there is no ticket to draw from")
    # A week counts as whole when it is not the first or the last, or when something came on its Monday or its Sunday.
    first, last = -(-(int(wall.min()) - DAY) // WEEK), (int(wall.max()) + DAY) // WEEK
    if first >= last:
        raise TooLittleHistory("there is no whole week of history, from a Monday to a Sunday, to draw from")
    return max(first, last - MOST_WEEKS), last


def _tables(
    kinds: Sequence[Owed | None], agreement: Agreement, at: datetime, first: int, last: int
) -> dict[str, Dated]:
    """Return the hours of the desk, and those on which something is owed, by their keys, over some past weeks."""
    desk = agreement.desk_hours
    keys = {desk.key if desk else ALWAYS, *(one[0] for one in kinds if one is not None)}
    monday, usual = FIRST_MONDAY + timedelta(weeks=first), HoursTable.always()
    return {
        key: dated(agreement.hours.get(key, usual), agreement.zone, at, first=monday, weeks=last - first)
        for key in sorted(keys)
    }


def _hours(known: Past, calendars: Mapping[str, Calendar], weeks: int) -> NDArray[np.bool_]:
    """Return in which hours of some weeks each kind is answered, at least for a part of the hour."""
    begins = MONDAY + np.arange(weeks * HOURS_OF_A_WEEK, dtype=np.int64) * HOUR
    opens = {key: vectors.elapsed(one, begins, begins + HOUR) > 0 for key, one in calendars.items()}
    return np.array([opens[one[0] if one else known.desk] for one in known.kinds], dtype=np.bool_)


def _dues(known: Past, calendars: Mapping[str, Calendar], sent: Seconds, kind: NDArray[np.int64]) -> Seconds:
    due = np.full(sent.size, NOT_OWED, dtype=np.int64)
    for number, owing in enumerate(known.kinds):
        if owing is not None:
            theirs = kind == number
            due[theirs] = vectors.deadlines(calendars[owing[0]], sent[theirs] + MONDAY, owing[1]) - MONDAY
    return due
