"""Summing up the days that are over, so that a report over years need not count every promise.

A round reads first what was touched, then counts, and at last forgets just what it read. What happens to a ticket
meanwhile stays noted, so that its day is counted from the tickets until the next round.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Min, Q

from puntuale.guarantee.rota import reached
from puntuale.reports.counting import KEYS, Asked, Grouping, counted, rows
from puntuale.reports.models import Count, Durations, Summed, Touched
from puntuale.reports.responding import Measure
from puntuale.reports.summed import DAY, added, days_of, is_summed, touched_days
from puntuale.tickets.models import Ticket

EPOCH = date(1970, 1, 1)
APART = [grouping for grouping in KEYS if grouping not in {Grouping.DAY, Grouping.WEEK, Grouping.MONTH}]

# Each ticket once for everything, and once for each grouping.
_SUM = f"""
INSERT INTO reports_count (starts, whole_month, grouping, key, key_last, promised, final, agreed, tickets)
{{counted}}
SELECT {KEYS[Grouping.DAY][0]}::date, false, apart.grouping, coalesce(apart.key, ''), coalesce(apart.key_last, ''),
    promised, final, agreed, count(*)
FROM counted CROSS JOIN LATERAL (VALUES
    ('', '', ''), {", ".join(f"('{by.value}', {KEYS[by][0]}, {KEYS[by][1]})" for by in APART)}
) AS apart (grouping, key, key_last)
GROUP BY 1, 3, 4, 5, 6, 7, 8
"""  # noqa: S608 -- our keys
_HOLDS = f"""
SELECT {KEYS[Grouping.DAY][0]}::date, min(least(
    CASE WHEN promised = 'running' THEN due_promised END, CASE WHEN final = 'running' THEN due_last END))
FROM counted WHERE promised = 'running' OR final = 'running' GROUP BY 1
"""  # noqa: S608 -- our keys
_SUM_MONTH = """
INSERT INTO reports_count (starts, whole_month, grouping, key, key_last, promised, final, agreed, tickets)
SELECT %(month)s, true, grouping, key, key_last, promised, final, agreed, sum(tickets)
FROM reports_count WHERE NOT whole_month AND starts = ANY(%(days)s::date[])
GROUP BY grouping, key, key_last, promised, final, agreed
"""
_TOUCHED = """
SELECT touched.id FROM reports_touched touched JOIN tickets_ticket ticket ON ticket.id = touched.ticket
WHERE ticket.submitted_at >= %(since)s AND ticket.submitted_at < %(until)s
"""
_DROP = """
DELETE FROM reports_touched WHERE id IN (
    SELECT touched.id FROM reports_touched touched LEFT JOIN tickets_ticket ticket ON ticket.id = touched.ticket
    WHERE NOT EXISTS (
        SELECT FROM reports_summed summed
        WHERE NOT whole_month AND starts = (ticket.submitted_at AT TIME ZONE %(zone)s)::date))
"""


def sum_up(*, at: datetime, zone: ZoneInfo) -> int:
    """Sum up each day that is over on the clock of a zone and is not summed up as it stands. Return how many were."""
    earliest = Ticket.objects.aggregate(at=Min("submitted_at"))["at"]
    if earliest is None:
        return 0
    today = at.astimezone(zone).date()
    with transaction.atomic():
        _wait_for_other_rounds()
        _forget_other_zones(zone)
        _drop_notes_of_uncounted_days(zone)
    first = earliest.astimezone(zone).date().replace(day=1)
    stale = _stale(first, today, zone, at)
    return sum(_sum_month(month, today, zone, at) for month in sorted({day.replace(day=1) for day in stale}))


def _sum_month(month: date, today: date, zone: ZoneInfo, at: datetime) -> int:
    """Sum up the days of a month that are stale, and the month when it is over. Return how many days."""
    after = (month + timedelta(days=31)).replace(day=1)
    with transaction.atomic():
        _wait_for_other_rounds()
        notes = _notes(month, min(after, today), zone)
        days = _stale(month, min(after, today), zone, at)
        if not days:
            return 0
        asked = _asked(days, zone, at)
        for table in (Count, Durations):
            table.objects.filter(Q(whole_month=False, starts__in=days) | Q(whole_month=True, starts=month)).delete()
        _count(asked, days, zone, at)
        Touched.objects.filter(pk__in=notes).delete()
        Summed.objects.filter(whole_month=True, starts=month).delete()
        if after <= today and is_summed(month, str(zone)):
            _sum_whole(month, zone, at)
    return len(days)


def _stale(first: date, after: date, zone: ZoneInfo, at: datetime) -> list[date]:
    """Return the days from one to before another that are not summed up as they stand."""
    standing = Summed.objects.filter(
        Q(holds_until=None) | Q(holds_until__gte=at), whole_month=False, zone=str(zone), starts__range=(first, after)
    )
    good = set(standing.values_list("starts", flat=True)) - touched_days(str(zone))
    return [day for day in _days(first, after) if day not in good]


def _asked(days: list[date], zone: ZoneInfo, at: datetime) -> Asked:
    stretches: list[tuple[datetime, datetime]] = []
    for day in days:
        begin, end = reached(day, 0, str(zone)), reached(day + DAY, 0, str(zone))
        if stretches and stretches[-1][1] == begin:
            begin = stretches.pop()[0]
        stretches.append((begin, end))
    return Asked(since=stretches[0][0], until=stretches[-1][1], at=at, zone=zone).only(stretches)


def _count(asked: Asked, days: list[date], zone: ZoneInfo, at: datetime) -> None:
    """Write down what the tickets of some days count as, and that they were counted."""
    from puntuale.reports.measuring import measured  # noqa: PLC0415 -- numpy is large, and few processes sum up

    with connection.cursor() as cursor:
        cursor.execute(_SUM.format(counted=counted(asked)), asked.parameters)
    for measure, answers in measured(asked).items():
        Durations.objects.bulk_create(
            Durations(starts=EPOCH + timedelta(days=day), whole_month=False, measure=measure, **_columns(found))
            for day, found in answers.by_day().items()
        )
    holds = dict(cast("list[tuple[date, datetime]]", rows(_HOLDS, asked)))
    told = (
        Summed(starts=day, whole_month=False, zone=str(zone), counted_at=at, holds_until=holds.get(day)) for day in days
    )
    Summed.objects.bulk_create(
        told,
        update_conflicts=True,
        unique_fields=["starts", "whole_month"],
        update_fields=["zone", "counted_at", "holds_until"],
    )


def _columns(found: Counter[int]) -> dict[str, list[int]]:
    """Return minutes and how many answers took them, as they are stored: in the order of the minutes."""
    minutes = sorted(found)
    return {"minutes": minutes, "counts": [found[minute] for minute in minutes]}


def _sum_whole(month: date, zone: ZoneInfo, at: datetime) -> None:
    """Sum up a month from its days, which all are."""
    days = days_of(month)
    with connection.cursor() as cursor:
        cursor.execute(_SUM_MONTH, {"month": month, "days": days})
    for measure in Measure:
        found = added(Durations.objects.filter(whole_month=False, measure=measure, starts__in=days))
        Durations.objects.create(starts=month, whole_month=True, measure=measure, **_columns(found))
    Summed.objects.create(starts=month, whole_month=True, zone=str(zone), counted_at=at)


def _drop_notes_of_uncounted_days(zone: ZoneInfo) -> None:
    """Drop the notes of days that are not summed up: they will be counted as they are then."""
    with connection.cursor() as cursor:
        cursor.execute(_DROP, {"zone": str(zone)})


def _forget_other_zones(zone: ZoneInfo) -> None:
    """Forget all that was summed up when it was on the clock of another zone."""
    if Summed.objects.exclude(zone=str(zone)).exists():
        for table in (Count, Durations, Summed):
            table.objects.all().delete()


def _notes(first: date, after: date, zone: ZoneInfo) -> list[int]:
    """Return the notes on tickets of the days from one to before another."""
    since, until = (reached(day, 0, str(zone)) for day in (first, after))
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, {"since": since, "until": until})
        return [key for (key,) in cursor.fetchall()]


def _wait_for_other_rounds() -> None:
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE reports_summed IN EXCLUSIVE MODE")


def _days(first: date, after: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((after - first).days))
