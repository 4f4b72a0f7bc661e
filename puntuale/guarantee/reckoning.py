"""A due date as a worked sum: each interval counted, each closed day skipped. The parts add up to the target."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from puntuale.guarantee.calendars import Calendar
from puntuale.guarantee.hours import HoursTable
from puntuale.guarantee.pauses import Pauses
from puntuale.guarantee.spans import Span
from puntuale.guarantee.targets import Target
from puntuale.guarantee.texts import UNSAID, Text


@dataclass(frozen=True, slots=True)
class Counted:
    """An open interval that counted. `name` is that of the special day it lies on, if any."""

    span: Span
    name: Text = UNSAID


@dataclass(frozen=True, slots=True)
class Closed:
    """Local days on which nothing opened, with the name of the holiday, empty for an ordinary closed day."""

    first: date
    last: date
    name: Text = UNSAID


@dataclass(frozen=True, slots=True)
class Paused:
    """A span during which a goal stood still, waiting for the customer."""

    span: Span


Line = Counted | Closed | Paused


@dataclass(frozen=True, slots=True)
class Reckoning:
    """How a target led from a start to a due instant. `zone` is that of the hours, in which the days are meant."""

    start: datetime
    due: datetime
    target: Target
    zone: ZoneInfo
    lines: tuple[Line, ...]

    @property
    def seconds(self) -> int:
        """Return the sum of the counted intervals in seconds."""
        return sum(line.span.seconds for line in self.lines if isinstance(line, Counted))

    def as_facts(self, language: str) -> list[dict[str, object]]:
        """Return the sum as plain values for programs: intervals in UTC with their seconds, skipped holidays by date.

        Days that are closed every week are left out; they are no news.
        """
        return [_plain(line, language) for line in self.lines if not isinstance(line, Closed) or line.name]


def reckon(calendar: Calendar, *, start: datetime, due: datetime, target: Target, pauses: Pauses = ()) -> Reckoning:
    """Return the worked sum of a due instant. Raises ValueError when the intervals do not add up to the target."""
    lines: list[Line] = []
    reached = start
    for pause in pauses:
        lines += _counted_days(calendar, reached, pause.start)
        lines.append(Paused(pause))
        reached = pause.end
    lines += _counted_days(calendar, reached, due)
    reckoning = Reckoning(start, due, target, calendar.hours.zone, tuple(lines))
    if reckoning.seconds != target.seconds:
        raise ValueError(
            f"{reckoning.seconds} s were counted from {start} to {due}, not the {target.seconds} s of {target}"
        )
    return reckoning


def _counted_days(calendar: Calendar, since: datetime, until: datetime) -> list[Line]:
    """Return what counted from `since` to `until`, and the closed days between."""
    hours, lines = calendar.hours, list[Line]()
    reached = since
    for span in calendar.intervals(since, until):
        lines += _closed_days(calendar, reached, span.start)
        override = hours.overrides.get(span.start.astimezone(hours.zone).date())
        lines.append(Counted(span, override.name if override else UNSAID))
        reached = span.end
    return lines


def _closed_days(calendar: Calendar, since: datetime, until: datetime) -> list[Closed]:
    """Return the local days touched by [since, until) on which nothing opens, equal neighbours joined.

    Those have no open second, or none but the rest of a shift that began on the day before.
    """
    hours, found = calendar.hours, list[Closed]()
    day, last = since.astimezone(hours.zone).date(), until.astimezone(hours.zone).date()
    while day < last:
        midnight, next_midnight = (_midnight(hours, one) for one in (day, day + timedelta(days=1)))
        if not calendar.elapsed(midnight, next_midnight) or _lost_its_shifts(hours, day):
            name = _name(hours, day)
            if found and found[-1].name == name and not name and found[-1].last == day - timedelta(days=1):
                found[-1] = Closed(found[-1].first, day, name)
            else:
                found.append(Closed(day, day, name))
        day += timedelta(days=1)
    return found


def _lost_its_shifts(hours: HoursTable, day: date) -> bool:
    """Tell whether a holiday or an override with a name took all shifts that would have started on a day."""
    return bool(hours.weekly[day.weekday()] and not hours.shifts_on(day) and _name(hours, day))


def _name(hours: HoursTable, day: date) -> Text:
    """Return the name of a closed day where the weekly hours would have been open, else of nothing."""
    if override := hours.overrides.get(day):
        return override.name
    return hours.holidays.get(day, UNSAID)


def _midnight(hours: HoursTable, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=hours.zone).astimezone(UTC)


def _plain(line: Line, language: str) -> dict[str, object]:
    if isinstance(line, Paused):
        return {"from": utc_text(line.span.start), "to": utc_text(line.span.end), "paused": True}
    if isinstance(line, Counted):
        span = {"from": utc_text(line.span.start), "to": utc_text(line.span.end), "seconds": line.span.seconds}
        return span | ({"special": line.name.in_language(language)} if line.name else {})
    return {"date": line.first.isoformat(), "holiday": line.name.in_language(language)}


def utc_text(at: datetime) -> str:
    """Return an instant as programs write it: `2026-12-28T10:30:00Z`, with a fraction only when there is one."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
