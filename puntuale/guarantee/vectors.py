"""The clock for arrays: the same answers as `calendars`, for numpy arrays of whole seconds since 1970.

Instead of searching, time is cut into buckets of 2**k seconds, so short that a bucket holds at most one open span. Then
R(t) is `base + clip(t, low, high)` with three numbers a bucket. The inverse does the same with buckets of open seconds,
each of which meets at most one closing. Blocks of a few thousand keep the temporaries in the processor's cache.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from puntuale.guarantee.calendars import Calendar, Table

Seconds = NDArray[np.int64]
Kernel = Callable[[Seconds], Seconds]

BLOCK = 8_192
MOST_BUCKETS = 4_000_000
WIDEST_SHIFT = 16


def readings(calendar: Calendar, at: Seconds) -> Seconds:
    """Return R(at) for each instant: the open seconds from 2020-01-01T00:00Z."""
    at = np.ascontiguousarray(at, dtype=np.int64)
    found = np.empty_like(at)
    if at.size:
        read = _reader(calendar.table_over(int(at.min()), int(at.max())))
        for block in _blocks(at.size):
            found[block] = read(at[block])
    return found


def elapsed(calendar: Calendar, since: Seconds, until: Seconds) -> Seconds:
    """Return the open seconds from each `since` to each `until`, negative where `until` is earlier."""
    return readings(calendar, until) - readings(calendar, since)


def deadlines(calendar: Calendar, start: Seconds, target: Seconds | int) -> Seconds:
    """Return for each start the earliest instant by which the target's open seconds have passed.

    Zero seconds give the start itself. Raises ValueError for a negative target, BeyondHorizon past the year 2199.
    """
    start = np.ascontiguousarray(start, dtype=np.int64)
    targets = np.broadcast_to(np.asarray(target, dtype=np.int64), start.shape)
    found = np.empty_like(start)
    if not start.size:
        return found
    if int(targets.min()) < 0:
        raise ValueError("a target cannot be negative")
    last, longest = start.max(), int(targets.max())
    calendar.table_over(int(start.min()), int(last))
    table = calendar.table_reading(int(readings(calendar, last.reshape(1))[0]) + longest)
    read, instant = _reader(table), _finder(table)
    some_are_zero = int(targets.min()) == 0
    for block in _blocks(start.size):
        due = instant(read(start[block]) + targets[block])
        found[block] = np.where(targets[block] == 0, start[block], due) if some_are_zero else due
    return found


def leads(calendar: Calendar, due: Seconds, seconds: int) -> Seconds:
    """Return for each due instant the latest one from which so many open seconds remain until it (rule 4).

    Zero seconds give the due instant itself. Raises ValueError for fewer, BeyondHorizon before the year 1970.
    """
    due = np.ascontiguousarray(due, dtype=np.int64)
    if seconds < 0:
        raise ValueError("open time to count cannot be negative")
    if not due.size or not seconds:
        return due.copy()
    wanted = readings(calendar, due) - seconds
    calendar.table_reading(int(wanted.min()))
    instant = _finder(calendar.table_reading(int(wanted.max()) + 1))
    # The second after the latest instant with a reading is the earliest one with the next reading.
    found = np.empty_like(due)
    for block in _blocks(due.size):
        found[block] = instant(wanted[block] + 1) - 1
    return found


def are_open(calendar: Calendar, at: Seconds) -> NDArray[np.bool_]:
    """Tell of each instant whether it is open: whether its second counts."""
    return elapsed(calendar, at, at + 1) > 0


@lru_cache(maxsize=32)
def _reader(table: Table) -> Kernel:
    """Return R for arrays of instants inside the table."""
    opens, closes, base = _columns(table)
    gaps = opens[1:] - closes[:-1]
    shift = _shift(int(gaps[gaps > 0].min(initial=1 << WIDEST_SHIFT)))
    if (table.last - table.first) >> shift > MOST_BUCKETS:
        return _searching_reader(opens, closes, base)
    starts = np.arange(table.first, table.last + 1, 1 << shift, dtype=np.int64)
    # The one span a bucket can meet is the last that opens before the bucket ends.
    span = np.searchsorted(opens, starts + (1 << shift), side="left") - 1
    low, high = opens[span], closes[span]
    offset = base[span] - low
    first = table.first

    def read(at: Seconds) -> Seconds:
        bucket = (at - first) >> shift
        found = np.maximum(at, low.take(bucket))
        np.minimum(found, high.take(bucket), out=found)
        found += offset.take(bucket)
        return found

    return read


@lru_cache(maxsize=32)
def _finder(table: Table) -> Kernel:
    """Return the inverse of R, the earliest instant with a reading, for arrays of readings the table reaches."""
    opens, closes, base = _columns(table)
    lengths = closes - opens
    spans = lengths > 0
    opens, base, lengths = opens[spans], base[spans], lengths[spans]
    ahead = opens - base
    shift = _shift(int(lengths.min(initial=1 << WIDEST_SHIFT)))
    first, last = int(base[0]), int(base[-1] + lengths[-1])
    if (last - first) >> shift > MOST_BUCKETS:
        return lambda reading: reading + ahead[np.searchsorted(base, reading, side="left") - 1]
    # Bucket b holds the readings first + b * width < r <= first + (b + 1) * width: a closing's own reading stays with
    # the span that it closes.
    starts = np.arange(first, last + 1, 1 << shift, dtype=np.int64)
    span = np.searchsorted(base, starts, side="right") - 1
    following = np.minimum(span + 1, len(base) - 1)
    cut = np.where(span + 1 < len(base), base[following], np.iinfo(np.int64).max)
    before, jump = ahead[span], ahead[following] - ahead[span]

    def instant(reading: Seconds) -> Seconds:
        bucket = (reading - (first + 1)) >> shift
        found = jump.take(bucket)
        found *= reading > cut.take(bucket)
        found += reading
        found += before.take(bucket)
        return found

    return instant


def _searching_reader(opens: Seconds, closes: Seconds, base: Seconds) -> Kernel:
    """Return R by binary search, for hours whose closed gaps are too short for buckets."""

    def read(at: Seconds) -> Seconds:
        span = np.searchsorted(opens, at, side="right") - 1
        return base[span] + np.minimum(at, closes[span]) - opens[span]

    return read


def _columns(table: Table) -> tuple[Seconds, Seconds, Seconds]:
    columns = (table.opens[:-2], table.closes[:-2], table.readings[:-2])
    opens, closes, base = (np.array(column, dtype=np.int64) for column in columns)
    return opens, closes, base


def _shift(shortest: int) -> int:
    """Return the largest k such that 2**k seconds fit into the shortest piece."""
    return min(shortest.bit_length() - 1, WIDEST_SHIFT)


def _blocks(size: int) -> list[slice]:
    return [slice(start, start + BLOCK) for start in range(0, size, BLOCK)]
