"""What a vendor publishes of its attainment beside its guarantee, when it wants to: as promised, by whole months."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core.cache import cache

from puntuale.reports.attainment import Reading, attainment
from puntuale.reports.counting import Asked
from puntuale.reports.periods import Period, months
from puntuale.reports.steady import steady

MONTHS, TOGETHER = 3, 12
KEPT_FOR = 600
"""Seconds for which the figures are kept: anybody may ask for them."""


@dataclass(frozen=True, slots=True)
class Published:
    """How promises were kept on the tickets of some whole months."""

    first: date
    last: date
    kept: int
    decided: int
    rate: Decimal | None


def published(*, at: datetime, zone: ZoneInfo) -> list[Published]:
    """Return the attainment of each of the last months that are over, then of the last twelve together.

    As promised, which is the strictest reading. Empty while nothing was decided in any of them.
    """
    today = at.astimezone(zone).date()
    key = f"published-attainment:{zone}:{today}"
    found: list[Published] | None = cache.get(key)
    if found is None:
        counted = _counted(today, at, zone)
        found = counted if any(one.decided for one in counted) else []
        cache.set(key, found, KEPT_FOR)
    return found


def _counted(today: date, at: datetime, zone: ZoneInfo) -> list[Published]:
    periods = [months(today, back=back) for back in range(1, MONTHS + 1)]
    periods.append(months(today, back=TOGETHER, months=TOGETHER))
    with steady():
        return [_one(Period(first, last, zone), at) for first, last in periods]


def _one(period: Period, at: datetime) -> Published:
    tally = attainment(Asked(since=period.since, until=period.until, at=at, zone=period.zone)).total[Reading.PROMISED]
    return Published(period.first, period.last, tally.kept, tally.decided, tally.rate)
