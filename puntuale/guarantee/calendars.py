"""The clock: one monotone function R(t), the open seconds from a fixed origin to t, and what follows from it.

A calendar is an hours table compiled to sorted open spans with prefix sums. It starts with the sixteen years from 2020
and extends itself when asked beyond. It ticks in whole seconds: an instant between two ticks belongs to the earlier
one, so a fraction of a second never makes a deadline later. Every instant comes and goes as an aware datetime.

>>> from datetime import datetime
>>> from puntuale.guarantee.hours import HoursTable, Shift
>>> office = HoursTable("business", "Europe/Brussels", ((Shift.parse("09:00-17:00"),),) * 5 + ((), ()))
>>> calendar = Calendar(office)
>>> friday = datetime.fromisoformat("2026-03-06T14:00:00+01:00")
>>> calendar.deadline(friday, 3 * 3600).isoformat()
'2026-03-06T16:00:00+00:00'
>>> calendar.deadline(friday, 4 * 3600).isoformat()
'2026-03-09T09:00:00+00:00'
>>> calendar.elapsed(friday, calendar.deadline(friday, 4 * 3600))
14400
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock

from puntuale.guarantee.hours import WEEK, HoursTable, open_pairs
from puntuale.guarantee.spans import Pair, Span

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_YEAR, ORIGIN_YEAR, LAST_YEAR = 1970, 2020, 2200
YEARS_AT_FIRST, YEARS_MORE = 16, 16
Columns = tuple[int, int, int, list[int], list[int], list[int], list[int], list[int]]

_from_timestamp = datetime.fromtimestamp


class NaiveInstant(ValueError):
    """A datetime without a zone, which names no instant."""


class BeyondHorizon(LookupError):
    """The answer, or the question, lies outside the years 1970 to 2199."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The open spans of [first, last) in whole seconds since 1970, and the reading at the start of each.

    Position 0 is an empty span at `first`, so that every instant has a span at or before it; the last two positions are
    empty ones at `last`. `ahead` is what turns a reading inside a span into an instant. `index` tells, for each bucket
    of 2**shift seconds, how many spans open by its start, so that finding one takes a step or two, not a search.
    """

    first: int
    last: int
    opens: list[int]
    closes: list[int]
    readings: list[int]
    ahead: list[int]
    index: list[int]
    shift: int

    @property
    def columns(self) -> "Columns":
        """Return what the hot path reads, to be unpacked at once."""
        return (
            self.first, self.last, self.shift, self.index, self.opens, self.closes, self.readings, self.ahead
        )  # fmt: skip

    @property
    def last_reading(self) -> int:
        """Return the reading at `last`."""
        return self.readings[-1]

    @property
    def spans(self) -> list[Pair]:
        """Return the spans that are not empty."""
        return list(zip(self.opens[1:-2], self.closes[1:-2], strict=True))

    def position_after(self, second: int) -> int:
        """Return the position of the first span that opens after an instant of the table."""
        position = self.index[(second - self.first) >> self.shift]
        while self.opens[position] <= second:
            position += 1
        return position

    def reading(self, second: int) -> int:
        """Return R at an instant of the table."""
        after = self.position_after(second)
        return second - self.ahead[after - 1] if second < self.closes[after - 1] else self.readings[after]


class Calendar:
    """An hours table as a clock. Safe to share between threads; equal hours give equal answers."""

    def __init__(self, hours: HoursTable) -> None:
        self.hours = hours
        self._extending = Lock()
        self._compiled: Table | None = None
        self._columns: Columns = (0, 0, 0, [], [], [], [], [])

    def reading(self, at: datetime) -> int:
        """Return R(at): the open seconds from 2020-01-01T00:00Z to `at`, negative before."""
        second = _second_of(at)
        return self._table_with(second).reading(second)

    def elapsed(self, since: datetime, until: datetime) -> int:
        """Return the open seconds from `since` to `until`, negative when `until` is earlier."""
        return self.reading(until) - self.reading(since)

    def deadline(self, start: datetime, seconds: int) -> datetime:
        """Return the earliest instant (UTC) by which `seconds` open seconds have passed since `start`.

        Used up exactly at closing, it is closing time and not the next opening (rule 3). Zero seconds give `start`,
        open or not. Raises BeyondHorizon past the year 2199.
        """
        if seconds <= 0:
            return _nothing_after(_second_of(start), seconds)
        # The hot path of the product: what _second_of, _table_with and Table.reading do is written out here.
        try:
            since = start - EPOCH
        except TypeError as problem:
            raise NaiveInstant(f"an instant needs a zone: {start!r}") from problem
        second = since.days * 86_400 + since.seconds
        first, last, shift, index, opens, closes, readings, ahead = self._columns
        if not first <= second < last:
            first, last, shift, index, opens, closes, readings, ahead = self._table_with(second).columns
        after = index[(second - first) >> shift]
        while opens[after] <= second:
            after += 1
        wanted = seconds + (second - ahead[after - 1] if second < closes[after - 1] else readings[after])
        if wanted > readings[after + 1]:
            if wanted > readings[-1]:
                table = self._table_reading(wanted)
                readings, ahead, after = table.readings, table.ahead, 0
            after = bisect_left(readings, wanted, after) - 1
        elif wanted <= readings[after]:
            after -= 1
        return _from_timestamp(wanted + ahead[after], UTC)

    def lead(self, due: datetime, seconds: int) -> datetime:
        """Return the latest instant (UTC), not after `due`, from which `seconds` open seconds remain until `due`.

        Rule 4: counting backwards lands at an opening rather than at the closing before it, when people are in.
        """
        second = _second_of(due)
        if seconds <= 0:
            return _nothing_after(second, seconds)
        wanted = self._table_with(second).reading(second) - seconds
        table = self._table_reading(wanted)
        return _instant(wanted + table.ahead[bisect_right(table.readings, wanted) - 1])

    def is_open(self, at: datetime) -> bool:
        """Tell whether `at` is open: whether its second counts."""
        second = _second_of(at)
        table = self._table_with(second)
        return second < table.closes[table.position_after(second) - 1]

    def next_open(self, at: datetime) -> datetime:
        """Return the earliest open instant (UTC) at or after `at`: `at` itself when it is open."""
        second = _second_of(at)
        table = self._table_with(second)
        after = table.position_after(second)
        if second < table.closes[after - 1]:
            return _instant(second)
        while table.opens[after] == table.last:
            table = self._table_with(table.last)
            after = table.position_after(second)
        return _instant(table.opens[after])

    def next_close(self, at: datetime) -> datetime | None:
        """Return the earliest closed instant (UTC) at or after `at`, or None when the table never closes again."""
        if self.hours.is_always_open:
            return None
        second = _second_of(at)
        table = self._table_with(second)
        close = table.closes[table.position_after(second) - 1]
        while close == table.last:
            try:
                table = self._table_with(table.last)
            except BeyondHorizon:
                return None
            close = table.closes[table.position_after(second) - 1]
        return _instant(max(second, close))

    def intervals(self, since: datetime, until: datetime) -> list[Span]:
        """Return the open spans (UTC) of [since, until), clipped to it, in order."""
        first, last = _second_of(since), _second_of(until)
        if last <= first:
            return []
        table = self.table_over(first, last)
        found = []
        for position in range(table.position_after(first) - 1, table.position_after(last)):
            start, end = max(table.opens[position], first), min(table.closes[position], last)
            if start < end:
                found.append(Span(_instant(start), _instant(end)))
        return found

    def table_over(self, first: int, last: int) -> Table:
        """Return the compiled table once it covers all seconds from `first` to `last`, both included."""
        self._table_with(first)
        return self._table_with(last)

    def table_reading(self, reading: int) -> Table:
        """Return the compiled table once it reaches a reading. Raises BeyondHorizon where it never does."""
        return self._table_reading(reading)

    def _table_with(self, second: int) -> Table:
        table = self._compiled
        while table is None or not table.first <= second < table.last:
            table = self._extended(table, earlier=table is not None and second < table.first)
        return table

    def _table_reading(self, reading: int) -> Table:
        table = self._table_with(_year_start(ORIGIN_YEAR))
        if reading > table.last_reading:
            _refuse_unreachable(self.hours, table, reading)
        while reading > table.last_reading:
            table = self._extended(table, earlier=False)
        while reading < table.readings[0]:
            table = self._extended(table, earlier=True)
        return table

    def _extended(self, known: Table | None, *, earlier: bool) -> Table:
        """Return a table that reaches further, at the given side, than the one that was found too short.

        Another thread may have extended it meanwhile; then its table is returned. Old tables stay valid.
        """
        with self._extending:
            if self._compiled is not None and self._compiled is not known:
                return self._compiled
            if known is None:
                years = (ORIGIN_YEAR, ORIGIN_YEAR + YEARS_AT_FIRST)
            elif earlier:
                until = _year_of(known.first)
                years = (max(until - YEARS_MORE, FIRST_YEAR), until)
            else:
                since = _year_of(known.last)
                years = (since, min(since + YEARS_MORE, LAST_YEAR))
            if years[0] >= years[1]:
                raise BeyondHorizon(f"the clock knows the years {FIRST_YEAR} to {LAST_YEAR - 1}")
            self._compiled = _joined(known, self.hours, _year_start(years[0]), _year_start(years[1]))
            self._columns = self._compiled.columns
            return self._compiled


def refuse_beyond(at: datetime) -> None:
    """Raise BeyondHorizon unless an instant lies in the years the clock knows, whatever may be counted from it."""
    if not _year_start(FIRST_YEAR) <= _second_of(at) < _year_start(LAST_YEAR):
        raise BeyondHorizon(f"the clock knows the years {FIRST_YEAR} to {LAST_YEAR - 1}")


def _joined(known: Table | None, hours: HoursTable, first: int, last: int) -> Table:
    fresh = open_pairs(hours, first, last)
    if known is None:
        return _table(first, last, fresh)
    if last <= known.first:
        return _table(first, known.last, _touching_joined(fresh, known.spans))
    return _table(known.first, last, _touching_joined(known.spans, fresh))


def _touching_joined(before: list[Pair], after: list[Pair]) -> list[Pair]:
    if before and after and before[-1][1] == after[0][0]:
        return [*before[:-1], (before[-1][0], after[0][1]), *after[1:]]
    return before + after


def _table(first: int, last: int, pairs: list[Pair]) -> Table:
    spans = [(first, first), *pairs, (last, last), (last, last)]
    origin = _year_start(ORIGIN_YEAR)
    reading = -sum(max(0, min(end, origin) - start) for start, end in pairs)
    readings = []
    for start, end in spans:
        readings.append(reading)
        reading += end - start
    opens = [start for start, _ in spans]
    ahead = [start - reading for start, reading in zip(opens, readings, strict=True)]
    shift = ((last - first) // len(spans)).bit_length()
    index = [bisect_right(opens, bucket) for bucket in range(first, last, 1 << shift)]
    return Table(first, last, opens, [end for _, end in spans], readings, ahead, index, shift)


def _refuse_unreachable(hours: HoursTable, table: Table, reading: int) -> None:
    """Raise BeyondHorizon at once when even the bare week could not reach a reading in the years there are."""
    weeks_left = (_year_start(LAST_YEAR) - table.last) // WEEK + 2
    overrides = sum(shift.closes - shift.opens for day in hours.overrides.values() for shift in day.shifts) * 60
    repeated_hours = 400 * 3600
    if reading - table.last_reading > weeks_left * hours.weekly_seconds + overrides + repeated_hours:
        raise BeyondHorizon(f"hours {hours.key!r} do not open long enough before the year {LAST_YEAR}")


def _nothing_after(second: int, seconds: int) -> datetime:
    if seconds < 0:
        raise ValueError(f"open time to count cannot be negative: {seconds} s")
    return _instant(second)


def _instant(second: int) -> datetime:
    return _from_timestamp(second, UTC)


def _second_of(at: datetime) -> int:
    try:
        since = at - EPOCH
    except TypeError as problem:
        raise NaiveInstant(f"an instant needs a zone: {at!r}") from problem
    return since.days * 86_400 + since.seconds


def _year_start(year: int) -> int:
    return int((datetime(year, 1, 1, tzinfo=UTC) - EPOCH).total_seconds())


def _year_of(second: int) -> int:
    return (EPOCH + timedelta(0, second)).year
