"""A second answer to every question of the clock: walk the calendar minute by minute.

Shares nothing with the engine: no import, no type, no idea. Hours come as plain data, the wall clock is read for every
minute, and open minutes are counted one by one. Slow, and too simple to be wrong in the same way.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo


class Walker:
    """`weekly` is seven lists of (open minute, close minute); a close past 1440 runs into the next day.

    `closed` is a set of ISO dates, `special` a mapping from ISO date to the shifts of that day.
    """

    def __init__(self, zone_name, weekly, closed=(), special=None, *, since, until):
        self.zone = ZoneInfo(zone_name)
        self.weekly, self.closed, self.special = weekly, set(closed), dict(special or {})
        self.start = int(since.timestamp()) // 60
        minutes = range(self.start, int(until.timestamp()) // 60)
        self.open_minutes = [self._is_open_at(minute) for minute in minutes]
        self.counted = [0, *accumulate(self.open_minutes)]

    def _is_open_at(self, minute):
        wall = datetime.fromtimestamp(minute * 60, self.zone)
        today = wall.date()
        minute_of_day = wall.hour * 60 + wall.minute
        return any(a <= minute_of_day < b for a, b in self._shifts(today)) or any(
            a <= minute_of_day + 1440 < b for a, b in self._shifts(today - timedelta(days=1))
        )

    def _shifts(self, day):
        name = day.isoformat()
        if name in self.special:
            return self.special[name]
        return () if name in self.closed else self.weekly[day.weekday()]

    def _reading(self, second):
        minute, rest = divmod(second - self.start * 60, 60)
        assert 0 <= minute < len(self.open_minutes), "asked outside the minutes that were walked"
        return self.counted[minute] * 60 + (rest if self.open_minutes[minute] else 0)

    def is_open(self, at):
        return self.open_minutes[int(at.timestamp()) // 60 - self.start]

    def elapsed(self, since, until):
        return self._reading(int(until.timestamp())) - self._reading(int(since.timestamp()))

    def deadline(self, at, seconds):
        """The earliest instant with that many open seconds, or None when the walk does not reach it."""
        start = int(at.timestamp())
        if seconds == 0:
            return at
        wanted = self._reading(start) + seconds
        if wanted > self.counted[-1] * 60:
            return None
        whole = bisect_left(self.counted, -(-wanted // 60)) - 1
        second = (self.start + whole) * 60 + (wanted - self.counted[whole] * 60)
        return datetime.fromtimestamp(second, UTC)

    def lead(self, due, seconds):
        """The latest instant, not after `due`, with that many open seconds left, or None when before the walk."""
        if seconds == 0:
            return due
        wanted = self._reading(int(due.timestamp())) - seconds
        if wanted < 0:
            return None
        whole = bisect_right(self.counted, wanted // 60) - 1
        second = (self.start + whole) * 60 + (wanted - self.counted[whole] * 60)
        return datetime.fromtimestamp(second, UTC)
