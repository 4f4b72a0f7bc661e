"""Counting around pauses. A pause is an interval of instants, never a sum of seconds (rule 8)."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from puntuale.guarantee.calendars import Calendar
from puntuale.guarantee.spans import Span

Pauses = tuple[Span, ...]
"""Spans during which a goal stood still, in order and apart from one another."""


def joined(pauses: Iterable[Span]) -> Pauses:
    """Return the union of some pauses: overlapping and touching ones count once, whatever order they come in."""
    found: list[Span] = []
    for pause in sorted(pauses):
        if found and pause.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, pause.end))
        else:
            found.append(pause)
    return tuple(found)


def deadline_around(calendar: Calendar, start: datetime, seconds: int, pauses: Pauses) -> datetime:
    """Return the earliest instant by which `seconds` open seconds outside the pauses have passed since `start`."""
    left = seconds
    for since, until in _running(start, pauses):
        counted = calendar.elapsed(since, until)
        if counted >= left:
            return calendar.deadline(since, left)
        left -= counted
    return calendar.deadline(_resumed(start, pauses), left)


def lead_around(calendar: Calendar, start: datetime, due: datetime, seconds: int, pauses: Pauses) -> datetime:
    """Return the latest instant from which `seconds` open seconds outside the pauses remain until `due` (rule 4).

    It is `start` where there never were so many.
    """
    left = seconds
    for since, until in reversed([*_running(start, pauses), (_resumed(start, pauses), due)]):
        counted = calendar.elapsed(since, until)
        if counted >= left:
            return calendar.lead(until, left)
        left -= counted
    return start


def elapsed_around(calendar: Calendar, start: datetime, until: datetime, pauses: Pauses) -> int:
    """Return the open seconds outside the pauses from `start` to `until`."""
    counted = sum(calendar.elapsed(since, min(end, until)) for since, end in _running(start, pauses) if since < until)
    resumed = _resumed(start, pauses)
    return counted + (calendar.elapsed(resumed, until) if resumed < until else 0)


def _running(start: datetime, pauses: Pauses) -> Iterator[tuple[datetime, datetime]]:
    """Yield the stretches between `start` and the last pause during which the goal ran."""
    since = start
    for pause in pauses:
        if pause.end <= since:
            continue
        if pause.start > since:
            yield since, pause.start
        since = pause.end


def _resumed(start: datetime, pauses: Pauses) -> datetime:
    """Return since when nothing has stood still."""
    return max([start, *(pause.end for pause in pauses)])
