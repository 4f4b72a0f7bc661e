"""Instants, days and times of day in words, always with the zone they are told in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, get_timezone_name

from puntuale.wording.languages import spoken, words


@dataclass(frozen=True, slots=True)
class _Patterns:
    """How a language writes days, in the pattern letters of Unicode (CLDR)."""

    weekday: str = "EEE"
    short: str = "EEE d MMM"
    plain: str = "d MMMM y"
    long: str = "EEEE d MMMM y"
    day_of_month: str = "EEE d"


PATTERNS = {
    "en": _Patterns(),
    "it": _Patterns(),
    "fr": _Patterns(),
    "de": _Patterns("ccc", "ccc d. MMM", "d. MMMM y", "EEEE, d. MMMM y", "ccc d."),
    "es": _Patterns(plain="d 'de' MMMM 'de' y", long="EEEE, d 'de' MMMM 'de' y"),
}
"""The patterns of each language that Puntuale speaks. Short days are ours: CLDR's have commas, or the month first."""


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(spoken(language))


@lru_cache(maxsize=4096)
def _day(day: date, pattern: str, language: str) -> str:
    """Return a day by a pattern. In French the first of a month is `1er`."""
    if day.day == 1 and spoken(language) == "fr":
        pattern = pattern.replace("d", "d'er'")
    return format_date(day, pattern, locale=_locale(language))


def _patterns(language: str) -> _Patterns:
    return PATTERNS[spoken(language)]


def moment(
    at: datetime, language: str, zone: ZoneInfo, *, now: datetime | None = None, to_the_second: bool = False
) -> str:
    """Return an instant as `Thu 24 Dec 16:30 CET`, with the year when it is not that of `now`."""
    time = time_of_day(at, zone, to_the_second=to_the_second)
    return f"{clock_day(at, language, zone, now=now)} {time} {zone_letters(at, zone)}"


def near_moment(at: datetime, language: str, zone: ZoneInfo, *, now: datetime) -> str:
    """Return an instant as people say it: `today 16:30`, `tomorrow 09:00`, `Mon 12:00`, else with the date."""
    day, today = at.astimezone(zone).date(), now.astimezone(zone).date()
    said = words(language)
    if day == today:
        name = said.gettext("today")
    elif day == today + timedelta(days=1):
        name = said.gettext("tomorrow")
    elif day == today - timedelta(days=1):
        name = said.gettext("yesterday")
    elif today < day < today + timedelta(days=7):
        name = _day(day, _patterns(language).weekday, language)
    else:
        name = clock_day(at, language, zone, now=now)
    return f"{name} {time_of_day(at, zone)}"


def near(at: datetime, language: str, zone: ZoneInfo, *, now: datetime) -> str:
    """Return an instant as people say it, with its zone: `today 16:30 CET`."""
    return f"{near_moment(at, language, zone, now=now)} {zone_letters(at, zone)}"


def near_span(start: datetime, end: datetime, language: str, zone: ZoneInfo, *, now: datetime) -> str:
    """Return a span as people say it, with its zone: `today 09:00 to 17:00 CET`, `Mon 17:00 to Tue 09:00 CET`.

    Where the clock changes in between, both ends have theirs.
    """
    first, last = zone_letters(start, zone), zone_letters(end, zone)
    begins = near_moment(start, language, zone, now=now)
    same_day = start.astimezone(zone).date() == end.astimezone(zone).date()
    ends = time_of_day(end, zone) if same_day else near_moment(end, language, zone, now=now)
    return f"{begins}{'' if first == last else f' {first}'} \N{EN DASH} {ends} {last}"


def clock_day(at: datetime, language: str, zone: ZoneInfo, *, now: datetime | None = None) -> str:
    """Return the local day of an instant as `Thu 24 Dec`, with the year when it is not that of `now`."""
    return short_day(at.astimezone(zone).date(), language, this_year=now.astimezone(zone).year if now else None)


def short_day(day: date, language: str, *, this_year: int | None = None) -> str:
    """Return a day as `Thu 24 Dec`, with the year when `this_year` is given and another one."""
    pattern = _patterns(language).short
    return _day(day, pattern if this_year in {None, day.year} else f"{pattern} y", language)


def long_day(day: date, language: str) -> str:
    """Return a day as `Thursday 24 December 2026`."""
    return _day(day, _patterns(language).long, language)


def plain_day(day: date, language: str) -> str:
    """Return a day as `24 December 2026`."""
    return _day(day, _patterns(language).plain, language)


def days(first: date, last: date, language: str) -> str:
    """Return a range of days as `Sat 26, Sun 27 Dec`, or `Sat 26 Dec - Mon 28 Dec` when it is longer than two."""
    if first == last:
        return short_day(first, language)
    if last - first == timedelta(days=1) and first.month == last.month:
        return f"{_day(first, _patterns(language).day_of_month, language)}, {short_day(last, language)}"
    return f"{short_day(first, language)} - {short_day(last, language)}"


def period(first: date, last: date, language: str) -> str:
    """Return the days of a report, which may be of any year, as `10 November 2026 - 12 November 2026`, or one.

    Whole months are told as such: `November 2026`, or `November 2025 - October 2026`.
    """
    if first == last:
        return plain_day(first, language)
    is_whole = first.day == 1 and (last + timedelta(days=1)).day == 1
    told = [(month if is_whole else plain_day)(day, language) for day in (first, last)]
    return " - ".join(dict.fromkeys(told))


def month(first: date, language: str) -> str:
    """Return a month as `November 2026`, by any day of it."""
    return _day(first, "LLLL y", language)


def weekday(number: int, language: str) -> str:
    """Return the name of a day of the week; Monday is 0."""
    return str(_locale(language).days["stand-alone"]["wide"][number])


def weekday_in_short(number: int, language: str) -> str:
    """Return the name of a day of the week in a few letters; Monday is 0."""
    return str(_locale(language).days["stand-alone"]["abbreviated"][number])


def time_of_day(at: datetime, zone: ZoneInfo, *, to_the_second: bool = False) -> str:
    """Return the local time as `16:30`. Seconds are left off, which never makes a due time later than it is.

    Where they matter, as in a sum, they are told when there are any: `16:30:07`.
    """
    local = at.astimezone(zone)
    return f"{local:%H:%M:%S}" if to_the_second and local.second else f"{local:%H:%M}"


def zone_letters(at: datetime, zone: ZoneInfo) -> str:
    """Return what a zone is called at an instant: `CET`, or `UTC+5:30` where it has no letters of its own."""
    local = at.astimezone(zone)
    name = local.tzname() or ""
    if name.isalpha():
        return name
    offset = local.utcoffset() or timedelta(0)
    minutes = int(abs(offset).total_seconds()) // 60
    sign = "-" if offset < timedelta(0) else "+"
    return f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")


def zone_name(zone: ZoneInfo, language: str) -> str:
    """Return what people call a zone the whole year round: `Central European Time`."""
    if zone.key in {"UTC", "Etc/UTC"}:
        return "UTC"
    return get_timezone_name(zone, width="long", zone_variant="generic", locale=_locale(language))


def exact(at: datetime, language: str, zone: ZoneInfo) -> str:
    """Return an instant to the second with its offset, for whoever wants to know."""
    local = at.astimezone(zone)
    return f"{long_day(local.date(), language)}, {local:%H:%M:%S} {zone_letters(at, zone)} ({local:%z})"
