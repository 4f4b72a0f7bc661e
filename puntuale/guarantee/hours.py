"""Weekly hours, holidays and dated overrides, and the UTC spans they open. Daylight saving is met here and only here.

An instant is open exactly when its wall clock lies in a window (rule 2 of the clock), so hours that a zone repeats
count twice and hours that it skips count not at all. To get that without a special case a day, the windows are laid out
on the wall clock first, and then cut by the stretches of time during which the zone keeps one offset from UTC.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from puntuale.guarantee.spans import Pair, merged
from puntuale.guarantee.texts import UNSAID, Text
from puntuale.guarantee.zones import zone

MINUTE = 60
DAY = 86_400
DAY_MINUTES = 1_440
WEEK = 7 * DAY
PROBE = 4 * DAY
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


class HoursRefused(ValueError):
    """Hours that make no sense, with the rule they break as `rule` and the facts of the case as `details`."""

    def __init__(self, rule: str, **details: object) -> None:
        super().__init__(rule, details)
        self.rule = rule
        self.details = details


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """One window of opening, in minutes from the local midnight of the day on which it starts.

    `closes` exceeds 1440 when the shift runs past midnight; the whole shift belongs to the day on which it starts.
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < DAY_MINUTES:
            raise HoursRefused("shift.opens_in_day", shift=str(self))
        if not self.opens < self.closes <= self.opens + DAY_MINUTES:
            raise HoursRefused("shift.ends_after_start", shift=str(self))

    @classmethod
    def parse(cls, text: str) -> "Shift":
        """Return the shift written as `09:00-17:00`, `22:00-06:00` (past midnight) or `00:00-24:00`."""
        found = re.fullmatch(r"\s*(\d{1,2}):(\d{2})\s*[-\u2013]\s*(\d{1,2}):(\d{2})\s*", text, re.ASCII)
        if not found:
            raise HoursRefused("shift.form", shift=text)
        opens, closes = (_minute_of_day(found[i], found[i + 1], text) for i in (1, 3))
        if opens == closes:
            raise HoursRefused("shift.empty", shift=text)
        if opens == DAY_MINUTES:
            raise HoursRefused("shift.opens_in_day", shift=text)
        return cls(opens, closes if closes > opens else closes + DAY_MINUTES)

    def __str__(self) -> str:
        end = self.closes if self.closes <= DAY_MINUTES else self.closes - DAY_MINUTES
        return f"{self.opens // 60:02}:{self.opens % 60:02}-{end // 60:02}:{end % 60:02}"


def _minute_of_day(hours: str, minutes: str, text: str) -> int:
    minute = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or minute > DAY_MINUTES:
        raise HoursRefused("shift.time_of_day", shift=text)
    return minute


Shifts = tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Override:
    """What one date has instead of its weekly hours: a name, and its shifts, which may be none."""

    name: Text
    shifts: Shifts = ()


@dataclass(frozen=True, slots=True)
class HoursTable:
    """When a desk is open: weekly hours in an IANA zone, less holidays, with dated overrides.

    `weekly` holds the shifts of Monday to Sunday. A holiday removes the shifts that start on it; an override replaces
    the hours of its day and beats a holiday. `business_day` is the length in seconds of what this table calls a day,
    `holiday_list` the key of the list the holidays came from.
    Raises HoursRefused for hours that overlap or never open, UnknownZone for a zone that is none.
    """

    key: str
    zone_name: str
    weekly: tuple[Shifts, ...]
    name: Text = UNSAID
    holidays: Mapping[date, Text] = field(default_factory=lambda: MappingProxyType({}))
    overrides: Mapping[date, Override] = field(default_factory=lambda: MappingProxyType({}))
    business_day: int | None = None
    holiday_list: str | None = None

    def __post_init__(self) -> None:
        zone(self.zone_name)
        if len(self.weekly) != 7:
            raise HoursRefused("hours.seven_days", days=len(self.weekly))
        if not any(self.weekly):
            raise HoursRefused("hours.never_open")
        _refuse_overlaps(self.weekly)

    @classmethod
    def always(cls, key: str = "always", name: Text = UNSAID) -> "HoursTable":
        """Return the table that is open day and night, every day of the year."""
        return cls(key, "UTC", ((Shift(0, DAY_MINUTES),),) * 7, name, business_day=DAY)

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone whose wall clock the hours are read on."""
        return zone(self.zone_name)

    @property
    def is_always_open(self) -> bool:
        """Tell whether the table has no closed second at all, so that no next closing can be looked for."""
        return not self.holidays and not self.overrides and _open_week(self.weekly) == [(0, WEEK)]

    @property
    def weekly_seconds(self) -> int:
        """Return the seconds a week opens when no holiday, override or clock change touches it."""
        return sum(end - start for start, end in _open_week(self.weekly))

    def shifts_on(self, day: date) -> Shifts:
        """Return the shifts that start on a local date, after holidays and overrides."""
        if override := self.overrides.get(day):
            return override.shifts
        if day in self.holidays:
            return ()
        return self.weekly[day.weekday()]


def open_pairs(table: HoursTable, first: int, last: int) -> list[Pair]:
    """Return the open spans of [first, last) in seconds since 1970, sorted, disjoint, touching ones joined."""
    if table.is_always_open:
        return [(first, last)]
    windows = _wall_windows(table, first - 3 * DAY, last + 3 * DAY)
    starts = [start for start, _ in windows]
    pairs: list[Pair] = []
    for since, until, offset in _regimes(table.zone_name, first, last):
        index = max(bisect_right(starts, since + offset) - 1, 0)
        for position in range(index, len(windows)):
            start, end = windows[position]
            if start - offset >= until:
                break
            pairs.append((max(start - offset, since), min(end - offset, until)))
    return merged(pairs)


def _wall_windows(table: HoursTable, first: int, last: int) -> list[Pair]:
    """Return the windows on the wall clock, in seconds since 1970 as if the wall clock were UTC, joined."""
    weekly = [[(s.opens * MINUTE, s.closes * MINUTE) for s in shifts] for shifts in table.weekly]
    closed = {day.toordinal() for day in table.holidays}
    special = {
        day.toordinal(): [(s.opens * MINUTE, s.closes * MINUTE) for s in override.shifts]
        for day, override in table.overrides.items()
    }
    windows: list[Pair] = []
    for ordinal in range(EPOCH_ORDINAL + first // DAY, EPOCH_ORDINAL + last // DAY + 1):
        if ordinal in special:
            shifts = special[ordinal]
        elif ordinal in closed:
            continue
        else:
            shifts = weekly[(ordinal - 1) % 7]
        midnight = (ordinal - EPOCH_ORDINAL) * DAY
        windows.extend((midnight + opens, midnight + closes) for opens, closes in shifts)
    return merged(windows)


@lru_cache(maxsize=64)
def _regimes(zone_name: str, first: int, last: int) -> tuple[tuple[int, int, int], ...]:
    """Return (since, until, offset) for each stretch of [first, last) during which the zone keeps one UTC offset.

    The standard library does not tell when a zone's offset changes, so every fourth day is probed and a change found
    by halving. Since 1970 no zone has changed twice within six days (a test reads them all).
    """
    place = zone(zone_name)

    def offset_at(instant: int) -> int:
        offset = datetime.fromtimestamp(instant, place).utcoffset()
        assert offset is not None
        return offset.days * DAY + offset.seconds

    found: list[tuple[int, int, int]] = []
    since, offset = first, offset_at(first)
    for probe in range(first, last, PROBE):
        later = min(probe + PROBE, last - 1)
        if offset_at(later) != offset:
            change = _first_with_other_offset(offset_at, probe, later)
            found.append((since, change, offset))
            since, offset = change, offset_at(change)
    found.append((since, last, offset))
    return tuple(found)


def _first_with_other_offset(offset_at: Callable[[int], int], before: int, after: int) -> int:
    known = offset_at(before)
    while after - before > 1:
        middle = (before + after) // 2
        if offset_at(middle) == known:
            before = middle
        else:
            after = middle
    return after


def local_days(first: datetime, last: datetime, place: ZoneInfo) -> Iterator[date]:
    """Yield each local date from that of `first` to that of `last`, both included."""
    day, end = first.astimezone(place).date(), last.astimezone(place).date()
    while day <= end:
        yield day
        day += timedelta(days=1)


def _open_week(weekly: tuple[Shifts, ...]) -> list[Pair]:
    """Return the open seconds of a bare week that starts Monday 00:00, the shift past Sunday midnight wrapped round."""
    pairs: list[Pair] = []
    for weekday, shifts in enumerate(weekly):
        for shift in shifts:
            start, end = weekday * DAY + shift.opens * MINUTE, weekday * DAY + shift.closes * MINUTE
            pairs.append((start, min(end, WEEK)))
            pairs.append((0, end - WEEK))
    return merged(pairs)


def _refuse_overlaps(weekly: tuple[Shifts, ...]) -> None:
    laid_out = sorted(
        (weekday * DAY_MINUTES + shift.opens, weekday * DAY_MINUTES + shift.closes, weekday, shift)
        for weekday, shifts in enumerate(weekly)
        for shift in shifts
    )
    if not laid_out:
        return
    start, end, weekday, shift = laid_out[0]
    wrapped = (start + 7 * DAY_MINUTES, end + 7 * DAY_MINUTES, weekday, shift)
    for (_, end, weekday, shift), (start, _, next_weekday, next_shift) in zip(
        laid_out, [*laid_out[1:], wrapped], strict=True
    ):
        if start < end and (weekday, shift) != (next_weekday, next_shift):
            raise HoursRefused(
                "hours.overlap", first=str(shift), first_day=weekday, second=str(next_shift), second_day=next_weekday
            )
