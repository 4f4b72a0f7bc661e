"""The clock on the wall: instants as hours of a week, and the ordinary week, without holidays or changes of clocks."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from puntuale.guarantee.hours import DAY, DAY_MINUTES, HoursTable, Shift
from puntuale.whatif.histories import Seconds

HOUR, HOURS_OF_A_WEEK = 3_600, 168
QUARTER, WEEK_MINUTES = 900, 7 * DAY_MINUTES
FIRST_MONDAY = 4 * DAY


def on_the_wall(at: Seconds, place: ZoneInfo) -> Seconds:
    """Return what the clock on the wall of a zone shows at some instants, in seconds since Monday, 5 January 1970."""
    if not at.size:
        return at.copy()
    # Within a quarter of an hour of UTC no clock changes, so each is asked for once.
    quarters, which = np.unique(at // QUARTER, return_inverse=True)
    offsets = np.array([_offset(datetime.fromtimestamp(one * QUARTER, UTC), place) for one in quarters.tolist()])
    found: Seconds = at + offsets[which] - FIRST_MONDAY
    return found


def by_hour_of_week(at: Seconds, place: ZoneInfo) -> NDArray[np.int64]:
    """Return how many of some instants lie in each hour of the week; Monday at midnight is the first."""
    hours = on_the_wall(at, place) // HOUR % HOURS_OF_A_WEEK
    return np.bincount(hours, minlength=HOURS_OF_A_WEEK).astype(np.int64)


def ordinary(hours: HoursTable, place: ZoneInfo, at: datetime) -> HoursTable:
    """Return the bare week of an hours table as the wall of another zone shows it, with the offsets of an instant."""
    if hours.is_always_open:
        return HoursTable.always()
    ahead = minutes_ahead(hours, place, at)
    days: list[list[Shift]] = [[] for _ in range(7)]
    for weekday, shifts in enumerate(hours.weekly):
        for shift in shifts:
            day, opens = divmod((weekday * DAY_MINUTES + shift.opens + ahead) % WEEK_MINUTES, DAY_MINUTES)
            days[day].append(Shift(opens, opens + shift.closes - shift.opens))
    return HoursTable(hours.key, "UTC", tuple(tuple(sorted(day)) for day in days))


def minutes_ahead(hours: HoursTable, place: ZoneInfo, at: datetime) -> int:
    """Return by how many minutes the wall of a zone is ahead of that on which some hours are read, at an instant."""
    return (_offset(at, place) - _offset(at, hours.zone)) // 60


def _offset(at: datetime, place: ZoneInfo) -> int:
    offset = at.astimezone(place).utcoffset()
    assert offset is not None
    return offset.days * DAY + offset.seconds
