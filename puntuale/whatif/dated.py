"""Hours as the past had them, day by day: the usual week, and the days that were closed or had other hours."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from puntuale.guarantee.calendars import Calendar
from puntuale.guarantee.hours import DAY_MINUTES, HoursTable, Override, Shift, Shifts
from puntuale.guarantee.texts import UNSAID
from puntuale.whatif.wall import HOURS_OF_A_WEEK, minutes_ahead, ordinary

DAYS, HOURS_OF_A_DAY = 7, 24
FIRST_DAY = date(2024, 1, 1)
"""The Monday from which simulated weeks are counted."""


@dataclass(frozen=True, slots=True)
class Dated:
    """The usual week of some hours on a wall, and the shifts of the past days that differ from it.

    Days are counted from the first Monday of the past.
    """

    usual: HoursTable
    others: Mapping[int, Shifts]

    def along(self, origins: NDArray[np.int64]) -> Calendar:
        """Return a calendar of simulated weeks, each with the days of the past week it was drawn from."""
        by_week: dict[int, list[tuple[int, Shifts]]] = {}
        for day, shifts in self.others.items():
            by_week.setdefault(day // DAYS, []).append((day % DAYS, shifts))
        overrides = {
            FIRST_DAY + timedelta(weeks=week, days=day): Override(UNSAID, shifts)
            for week, origin in enumerate(origins.tolist())
            for day, shifts in by_week.get(origin, [])
        }
        return Calendar(replace(self.usual, overrides=overrides) if overrides else self.usual)

    def places(self, origins: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return for each hour of simulated weeks the hour of the week whose people are there.

        On a day that is closed though it usually opens, those of a day that is always closed: of a Sunday, if it is.
        """
        found = np.tile(np.arange(HOURS_OF_A_WEEK), (origins.size, 1)).reshape(-1, DAYS, HOURS_OF_A_DAY)
        weekly = self.usual.weekly
        free = next((day for day in reversed(range(DAYS)) if not weekly[day]), None)
        if free is not None:
            for day, shifts in self.others.items():
                if not shifts and weekly[day % DAYS]:
                    found[origins == day // DAYS, day % DAYS] = found[0, free]
        return found.reshape(-1)


def dated(hours: HoursTable, place: ZoneInfo, at: datetime, *, first: date, weeks: int) -> Dated:
    """Return some hours as the wall of a zone shows them over past weeks from a Monday, by offsets of an instant."""
    usual = ordinary(hours, place, at)
    if hours.is_always_open:
        return Dated(usual, {})
    ahead, count = minutes_ahead(hours, place, at), weeks * DAYS
    days: list[list[Shift]] = [[] for _ in range(count)]
    for number in range(-DAYS, count + DAYS):
        for shift in hours.shifts_on(first + timedelta(days=number)):
            day, opens = divmod(number * DAY_MINUTES + shift.opens + ahead, DAY_MINUTES)
            if 0 <= day < count:
                days[day].append(Shift(opens, opens + shift.closes - shift.opens))
    told = [tuple(sorted(shifts)) for shifts in days]
    return Dated(usual, {day: had for day, had in enumerate(told) if had != usual.weekly[day % DAYS]})
