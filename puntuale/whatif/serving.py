"""People at a queue: whoever is free takes what is due next, as the desk sorts it, for as long as she is there."""

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from puntuale.whatif.histories import Seconds
from puntuale.whatif.wall import HOUR, HOURS_OF_A_WEEK

UNSERVED = np.iinfo(np.int64).max
WEEKS_MORE = 4
Hours = NDArray[np.bool_]


def served(
    sent: Seconds,
    due: Seconds,
    work: Seconds,
    staff: Sequence[int],
    *,
    which: NDArray[np.int64],
    hours: Hours,
    places: NDArray[np.int64] | None = None,
) -> Seconds:
    """Return when each ticket was answered, or UNSERVED when it was not within four weeks of the last one.

    `sent`, in order, and `due` are seconds since a Monday at midnight, `work` the seconds an answer takes, at least
    one, and `staff` how many people are there in each hour of the week. `which` of the rows of `hours` tells in which
    hours of a week, or of some weeks in a row, a ticket is answered: nobody who is woken at night goes on with what can
    wait. `places` are the hours of the week whose people are there, where they are not those of the hour itself.
    Whoever goes hands over what she has begun: what is due last goes back into the queue with what is left of it.
    """
    if not sent.size:
        return sent.copy()
    desk = _Desk(sent.tolist(), due.tolist(), work.tolist(), which.tolist(), len(hours))
    rows, there = _rows(hours), list(range(HOURS_OF_A_WEEK)) if places is None else places.tolist()
    for hour in range(desk.sent[-1] // HOUR + 1 + WEEKS_MORE * HOURS_OF_A_WEEK):
        desk.work_an_hour(hour * HOUR, staff[there[hour % len(there)]], rows[hour % len(rows)])
        if desk.is_done:
            break
    return np.array(desk.answered, dtype=np.int64)


def _rows(hours: Hours) -> list[Sequence[int]]:
    """Return for each hour the rows that are answered in it. There are few patterns, so each is looked at once."""
    count, told = len(hours), np.ascontiguousarray(hours.T).tobytes()
    patterns = [told[begin : begin + count] for begin in range(0, len(told), count)]
    known = {one: [row for row, opens in enumerate(one) if opens] for one in set(patterns)}
    return [known[one] for one in patterns]


class _Desk:
    """The queues, one for each row of hours, and those who are at them, hour after hour."""

    def __init__(self, sent: list[int], due: list[int], left: list[int], which: list[int], rows: int) -> None:
        self.sent, self.due, self.left, self.which = sent, due, left, which
        self.answered: list[int] = [int(UNSERVED)] * len(sent)
        self._waiting: list[list[tuple[int, int]]] = [[] for _ in range(rows)]
        self._busy: list[tuple[int, int]] = []
        self._arrived = 0

    @property
    def is_done(self) -> bool:
        """Tell whether everything that was sent is answered."""
        return self._arrived == len(self.sent) and not self._busy and not any(self._waiting)

    def work_an_hour(self, begin: int, people: int, rows: Sequence[int]) -> None:
        """Go on until an hour is over, with so many people and the queues of some rows."""
        end, busy, sent = begin + HOUR, self._busy, self.sent
        while busy and busy[0][0] <= begin:
            self._finish()
        if busy:
            self._hand_over(begin, people, rows)
        queues, now = [self._waiting[row] for row in rows], begin
        while True:
            while len(busy) < people and (queue := _next(queues)):
                number = heappop(queue)[1]
                heappush(busy, (now + self.left[number], number))
            arrival = sent[self._arrived] if self._arrived < len(sent) else end
            finish = busy[0][0] if busy else end
            now = min(arrival, finish)
            if now >= end:
                return
            if finish <= arrival:
                self._finish()
            else:
                self._wait(self._arrived)
                self._arrived += 1

    def _finish(self) -> None:
        at, number = heappop(self._busy)
        self.answered[number] = at

    def _wait(self, number: int) -> None:
        heappush(self._waiting[self.which[number]], (self.due[number], number))

    def _hand_over(self, at: int, people: int, rows: Sequence[int]) -> None:
        """Put back what is not answered in this hour, and let those go who are too many: what is due last waits."""
        by_due = sorted(self._busy, key=lambda one: (self.due[one[1]], one[1]))
        kept = [one for one in by_due if self.which[one[1]] in rows][:people]
        if len(kept) == len(by_due):
            return
        for finish, number in by_due:
            if (finish, number) not in kept:
                self.left[number] = finish - at
                self._wait(number)
        self._busy[:] = kept
        heapify(self._busy)


def _next(queues: Sequence[list[tuple[int, int]]]) -> list[tuple[int, int]]:
    """Return the queue with what is due first; an empty one when nothing waits."""
    found: list[tuple[int, int]] = []
    for queue in queues:
        if queue and (not found or queue[0] < found[0]):
            found = queue
    return found
