"""What of a report is summed up already, and what is to be counted from the tickets themselves.

A day is taken as it was summed up only while nothing has touched a ticket of it since and no promise of it has fallen
due meanwhile. So a report says the same with and without this; it only says it sooner.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, pairwise

from django.db import connection

from puntuale.guarantee.rota import reached
from puntuale.reports.counting import Asked, Grouping, Stretch
from puntuale.reports.models import Durations, Summed

DAY = timedelta(days=1)
MOST_STRETCHES = 40
"""More are slower to look up one by one than everything is to count."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Of what is asked: the months and the days that are taken as they were summed up, and what is to be counted."""

    months: list[date]
    days: list[date]
    rest: Asked


_STANDING = """
SELECT starts, whole_month FROM reports_summed
WHERE zone = %(zone)s AND starts >= %(first)s AND starts < %(last)s
    AND counted_at <= %(at)s AND (holds_until IS NULL OR holds_until >= %(at)s)
"""
_TOUCHED = """
SELECT DISTINCT (ticket.submitted_at AT TIME ZONE %(zone)s)::date FROM reports_touched touched
JOIN tickets_ticket ticket ON ticket.id = touched.ticket
"""
_COUNTS = """
SELECT {key}, {key_last}, promised, final, agreed, sum(tickets) FROM reports_count
WHERE grouping = %(grouping)s
    AND (whole_month AND starts = ANY(%(months)s::date[]) OR NOT whole_month AND starts = ANY(%(days)s::date[]))
GROUP BY 1, 2, 3, 4, 5
"""
_BY_TIME = {
    Grouping.DAY: "starts::text",
    Grouping.WEEK: "date_trunc('week', starts)::date::text",
    Grouping.MONTH: "date_trunc('month', starts)::date::text",
}


def parts(asked: Asked) -> Parts:
    """Return how what is asked falls apart. What is about one organisation is counted whole: it is little."""
    first, after = _whole_days(asked)
    if asked.organisation is not None or asked.stretches is not None or first >= after:
        return Parts([], [], asked)
    standing, months = _standing(asked, first, after)
    if not standing:
        return Parts([], [], asked)
    stretches = list(_uncovered(asked, standing))
    if len(stretches) > MOST_STRETCHES:
        return Parts([], [], asked)
    whole = [month for month in months if all(day in standing for day in days_of(month))]
    covered = {(month.year, month.month) for month in whole}
    days = sorted(day for day in standing if (day.year, day.month) not in covered)
    return Parts(whole, days, asked.only(stretches))


def counts(parts: Parts, by: Grouping | None) -> list[tuple[object, ...]]:
    """Return what was summed up: both keys, both outcomes, whether agreed, and how many tickets."""
    key = _BY_TIME.get(by, "key") if by else "''"
    last = key if by is None or by in _BY_TIME else "key_last"
    # What is told apart by days or weeks is only in the days.
    months = [] if by in {Grouping.DAY, Grouping.WEEK} else parts.months
    opened = [day for month in parts.months for day in days_of(month)] if not months else []
    if not (months or opened or parts.days):
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNTS.format(key=key, key_last=last),
            {
                "grouping": "" if by is None or by in _BY_TIME else by.value,
                "months": months,
                "days": parts.days + opened,
            },
        )
        found: list[tuple[object, ...]] = cursor.fetchall()
        return found


def durations(parts: Parts, measure: str) -> Counter[int]:
    """Return how many answers took how many minutes, as far as they were summed up."""
    rows = Durations.objects.filter(measure=measure)
    whole = rows.filter(whole_month=True, starts__in=parts.months)
    single = rows.filter(whole_month=False, starts__in=parts.days)
    return added(chain(whole, single))


def added(told: Iterable[Durations]) -> Counter[int]:
    """Return how many answers took how many minutes in all that is told."""
    found: Counter[int] = Counter()
    for one in told:
        found.update(dict(zip(one.minutes, one.counts, strict=True)))
    return found


def days_of(month: date) -> list[date]:
    """Return the days of the month that begins on a day."""
    following = (month + timedelta(days=31)).replace(day=1)
    return [month + timedelta(days=number) for number in range((following - month).days)]


def touched_days(zone: str) -> set[date]:
    """Return the days whose tickets something has happened to since they were summed up."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, {"zone": zone})
        return {day for (day,) in cursor.fetchall()}


def _standing(asked: Asked, first: date, after: date) -> tuple[set[date], list[date]]:
    """Return the days between two that can be taken as they were summed up, and the months that were."""
    zone = str(asked.zone)
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"zone": zone, "first": first, "last": after, "at": asked.at})
        found = cursor.fetchall()
    days = {day for day, is_month in found if not is_month}
    return days - touched_days(zone) if days else days, sorted(day for day, is_month in found if is_month)


def _whole_days(asked: Asked) -> tuple[date, date]:
    """Return the first day that lies in it as a whole, and the day after the last."""
    zone = str(asked.zone)
    first, last = (instant.astimezone(asked.zone).date() for instant in (asked.since, asked.until))
    return (first if reached(first, 0, zone) >= asked.since else first + DAY), last


def _uncovered(asked: Asked, standing: Iterable[date]) -> Iterator[Stretch]:
    """Yield the stretches of what is asked that no day covers."""
    zone = str(asked.zone)
    covered: list[tuple[datetime, datetime]] = [
        (reached(day, 0, zone), reached(day + DAY, 0, zone)) for day in sorted(standing)
    ]
    edges = [(asked.since, asked.since), *covered, (asked.until, asked.until)]
    for (_, end), (begin, _) in pairwise(edges):
        if end < begin:
            yield end, begin


def is_summed(month: date, zone: str) -> bool:
    """Tell whether each day of a month was summed up."""
    days = days_of(month)
    return Summed.objects.filter(whole_month=False, zone=zone, starts__in=days).count() == len(days)
