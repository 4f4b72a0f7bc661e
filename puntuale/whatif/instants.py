"""Times as programs and people write them: one reading for each, or none."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from functools import cache

from babel.dates import get_month_names

from puntuale.wording.languages import LANGUAGES

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
ORDERS = (DAY_FIRST, MONTH_FIRST)
MIDNIGHT = "no time of day: read as 00:00"
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
"""What most files have. It is read by itself, since a log may have a million of them."""
_WEEKDAY = re.compile(r"^[^\W\d]{2,12}\.?,\s*")
_NUMBERS = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?=$|[\s,T])[\s,T]*")
_DAY_NAMED = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|\.|º|er)?[\s./-]*(?:de\s+)?([^\W\d]{3,12})\.?[\s,./-]*(?:de\s+)?(\d{4}|\d{2})(?=$|[\s,T])[\s,T]*"
)
_MONTH_NAMED = re.compile(r"([^\W\d]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?=$|[\s,T])[\s,T]*")
_CLOCK = re.compile(
    r"(?:(?:at|um|alle|à|a las)\s+)?(\d{1,2})(?:[:.h](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?)?"
    r"\s*(?:([ap])\.?\s?m\.?)?\s*(z|utc|gmt|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_DOTTED_CLOCK = re.compile(r"-\d\d[T ]\d\d[.,]")
_NAMED_UTC = re.compile(r"\s*\(?(?:utc|gmt|z)\)?$", re.IGNORECASE)


class NotAnInstant(ValueError):
    """A text that is no instant, or could be several; `hint` goes on with what an import can be told about it."""

    def __init__(self, why: str, hint: str = "") -> None:
        super().__init__(why)
        self.hint = hint


class UnclearOrder(NotAnInstant):
    """A date of which nobody said whether its day or its month comes first."""


@dataclass(frozen=True, slots=True)
class Instant:
    """An instant, and what had to be assumed to read it."""

    at: datetime
    assumed: str = ""


def read(written: str, *, order: str = "", formats: Sequence[str] = (), zone: tzinfo | None = None) -> Instant:
    """Return the instant that is written: in one of some formats, or in any way that has one meaning.

    `order` says what comes first in 03/04/2026; without it such a date is refused. A time without a zone is one of the
    clock of `zone`. Raises NotAnInstant.
    """
    if not formats and (found := _iso(written)) is not None:
        return Instant(found)
    text = " ".join(written.split())
    local, assumed = _by_format(text, formats) or _local(text, order)
    if local.tzinfo is not None:
        return Instant(local, assumed)
    if zone is None:
        raise NotAnInstant("it lacks a zone", "; name one with --zone, or zone in the mapping")
    return _on_the_clock(local, zone, assumed)


def order_in(times: Iterable[str]) -> str:
    """Return the order of day and month that the dates of a file show, if they show one and no other."""
    shown = set[str]()
    for written in times:
        if (parts := _numbers(" ".join(written.split()))) is not None and not parts.has_dots:
            shown |= {parts.order} - {""}
    return shown.pop() if len(shown) == 1 else ""


def order_of(formats: Iterable[str]) -> str:
    """Return the order of day and month that formats have, if they have one and no other."""
    shown = {DAY_FIRST if one.find("%d") < one.find("%m") else MONTH_FIRST for one in formats if _is_ordered(one)}
    return shown.pop() if len(shown) == 1 else ""


def _is_ordered(wanted: str) -> bool:
    return {"%d", "%m"} <= {wanted[at : at + 2] for at in range(len(wanted))} and not wanted.startswith("%Y")


@dataclass(frozen=True, slots=True)
class _Numbers:
    """A date of three numbers with the year last, as far as they say what is what, and what follows it."""

    first: int
    second: int
    year: int
    order: str
    has_dots: bool
    rest: str

    def on(self, order: str) -> date:
        chosen = self.order or order
        if not chosen and self.first != self.second:
            said = f"{self.first} and {self.second} could be day and month, or month and day"
            raise UnclearOrder(said, "; say which with --dates day-first or --dates month-first")
        if order and self.order and order != self.order and not self.has_dots:
            raise NotAnInstant(f"it is not {order}")
        day, month = (self.second, self.first) if chosen == MONTH_FIRST else (self.first, self.second)
        return _date(self.year, month, day)


def _iso(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written) if _ISO.fullmatch(written) else None
    except ValueError:
        return None


def _by_format(text: str, formats: Sequence[str]) -> tuple[datetime, str] | None:
    for one in formats:
        try:
            return datetime.strptime(text, one), ""  # noqa: DTZ007 -- its zone is looked at next
        except ValueError:
            continue
    return None


def _local(text: str, order: str) -> tuple[datetime, str]:
    """Return a time as it is written, with its zone if it has one. Raises NotAnInstant."""
    try:
        if _DOTTED_CLOCK.search(text):
            raise ValueError(text)  # noqa: TRY301 -- which ISO 8601 reads as hours and parts of one
        found = datetime.fromisoformat(_NAMED_UTC.sub("+00:00", text))
    except ValueError:
        day, rest = _day(_WEEKDAY.sub("", text), order)
        return _clock(day, rest)
    is_day = re.fullmatch(r"\d{4}-?\d{2}-?\d{2}", text) is not None
    return found, _assumed_midnight(is_missing=is_day)


def _day(text: str, order: str) -> tuple[date, str]:
    if (year_first := _NUMBERS.match(text)) is not None and len(year_first[1]) == len("2026"):
        return _date(int(year_first[1]), int(year_first[3]), int(year_first[4])), text[year_first.end() :]
    if (numbers := _numbers(text)) is not None:
        return numbers.on(order), numbers.rest
    if (named := _DAY_NAMED.match(text)) is not None:
        return _date(_year(named[3]), _month(named[2]), int(named[1])), text[named.end() :]
    if (named := _MONTH_NAMED.match(text)) is not None:
        return _date(int(named[3]), _month(named[1]), int(named[2])), text[named.end() :]
    raise NotAnInstant("write 2026-03-02T10:00:00Z", ", or name its time_format in the mapping")


def _numbers(text: str) -> _Numbers | None:
    found = _NUMBERS.match(text)
    if found is None or len(found[1]) > 2 or len(found[4]) == 3 or len(found[4]) == 1:
        return None
    first, second = int(found[1]), int(found[3])
    # Wherever dots stand between numbers, the day comes first.
    has_dots = found[2] == "."
    order = DAY_FIRST if has_dots or first > 12 else MONTH_FIRST if second > 12 else ""
    return _Numbers(first, second, _year(found[4]), order, has_dots, text[found.end() :])


def _clock(day: date, rest: str) -> tuple[datetime, str]:
    if not rest:
        return datetime.combine(day, time()), _assumed_midnight(is_missing=True)
    found = _CLOCK.fullmatch(rest)
    if found is None or (found[2] is None and found[5] is None):
        raise NotAnInstant(f"{rest[:40]!r} is no time of day")
    hour = int(found[1])
    if found[5]:
        if not 1 <= hour <= 12:
            raise NotAnInstant(f"{rest[:40]!r} is no time of day")
        hour = hour % 12 + (12 if found[5].lower() == "p" else 0)
    fraction = int((found[4] or "0").ljust(6, "0")[:6])
    try:
        at = datetime.combine(day, time(hour, int(found[2] or 0), int(found[3] or 0), fraction))
        return (at.replace(tzinfo=_offset(found[6])) if found[6] else at), ""
    except ValueError as problem:
        raise NotAnInstant(str(problem)) from problem


def _offset(written: str) -> tzinfo:
    return UTC if written.isalpha() else datetime.strptime(written, "%z").tzinfo or UTC


def _on_the_clock(local: datetime, zone: tzinfo, assumed: str) -> Instant:
    """Return when a clock shows a time: at the changes to and from summer time never, or twice."""
    first, second = local.replace(tzinfo=zone), local.replace(tzinfo=zone, fold=1)
    try:
        at = first.astimezone(UTC)
        if first.utcoffset() != second.utcoffset():
            shown = at.astimezone(zone)
            if shown.replace(tzinfo=None) != local.replace(tzinfo=None):
                assumed = f"the clocks of {zone} skipped this time: read as {shown:%H:%M}"
            else:
                assumed = f"the clocks of {zone} showed this time twice: read as the first, {shown:%H:%M %z}"
    except OverflowError as problem:
        raise NotAnInstant("it lies too far away") from problem
    return Instant(first, assumed)


def _assumed_midnight(*, is_missing: bool) -> str:
    return MIDNIGHT if is_missing else ""


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as problem:
        raise NotAnInstant(str(problem)) from problem


def _year(written: str) -> int:
    return int(written) if len(written) == 4 else 2000 + int(written)


def _month(written: str) -> int:
    found = _months().get(written.casefold())
    if found is None:
        raise NotAnInstant(f"{written[:20]!r} is no month")
    return found


@cache
def _months() -> Mapping[str, int]:
    """Return the months by their names in all languages, and by the beginnings of these that mean one month only."""
    names = dict(_names_of_months())
    beginnings: dict[str, set[int]] = {}
    for name, number in names.items():
        beginnings.setdefault(name[:3], set()).add(number)
    return {short: min(which) for short, which in beginnings.items() if len(which) == 1} | names


def _names_of_months() -> Iterator[tuple[str, int]]:
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, "format", language).items():
                yield name.casefold().rstrip("."), number
