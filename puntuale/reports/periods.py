"""The stretches of days a report is about: whole days on the clock of the desk."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from puntuale.guarantee.calendars import FIRST_YEAR, LAST_YEAR
from puntuale.guarantee.rota import reached

LONGEST = 3_660
"""A report is about ten years at most."""


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days from the first to the last, on a clock. Raises ValueError when it ends before it begins.

    The clock tells instants of the years 1970 to 2199, and so do periods.
    """

    first: date
    last: date
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if not 0 <= (self.last - self.first).days < LONGEST:
            raise ValueError("a period ends after it begins, and within ten years")
        if self.first.year <= FIRST_YEAR or self.last.year >= LAST_YEAR:
            raise ValueError("a period lies in the years that the clock can tell")

    @property
    def since(self) -> datetime:
        """Return the instant at which it begins."""
        return reached(self.first, 0, str(self.zone))

    @property
    def until(self) -> datetime:
        """Return the instant at which it is over: the first that does not belong to it."""
        return reached(self.last + timedelta(days=1), 0, str(self.zone))


def named(name: str, *, at: datetime, zone: ZoneInfo) -> Period | None:
    """Return a period by its name as it is at an instant, or None for a name nobody knows."""
    today = at.astimezone(zone).date()
    if name not in NAMED:
        return None
    first, last = NAMED[name](today)
    return Period(first, last, zone)


def between(first: str, last: str, *, zone: ZoneInfo) -> Period | None:
    """Return the period between two days as written, or None when they are no days or in the wrong order."""
    try:
        return Period(date.fromisoformat(first), date.fromisoformat(last), zone)
    except (ValueError, OverflowError):
        return None


def months(day: date, back: int = 0, months: int = 1) -> tuple[date, date]:
    """Return the first and the last day of the month of a day, or of one before, or of several in a row."""
    number = day.year * 12 + day.month - 1 - back
    following = number + months
    begins = date(number // 12, number % 12 + 1, 1)
    return begins, date(following // 12, following % 12 + 1, 1) - timedelta(days=1)


def _quarter(day: date, back: int = 0) -> tuple[date, date]:
    return months(day, back=(day.month - 1) % 3 + 3 * back, months=3)


NAMED: Mapping[str, Callable[[date], tuple[date, date]]] = {
    "this_month": months,
    "last_month": lambda day: months(day, back=1),
    "this_quarter": _quarter,
    "last_quarter": lambda day: _quarter(day, back=1),
    "this_year": lambda day: (date(day.year, 1, 1), date(day.year, 12, 31)),
    "last_year": lambda day: (date(day.year - 1, 1, 1), date(day.year - 1, 12, 31)),
}
