"""Targets: a duration counted on an hours table, such as `3h business`, `1h always` or `2d business`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from puntuale.guarantee.hours import HoursTable

LONGEST = 366 * 24 * 3600
MOST_YEARS, WEEKS_A_YEAR = 10, 52

_WRITTEN = re.compile(r"(?:(?P<d>\d{1,4})d)?(?:(?P<h>\d{1,5})h)?(?:(?P<m>\d{1,6})m)?", re.ASCII)


class TargetRefused(ValueError):
    """A target that makes no sense, with the rule it breaks as `rule` and the facts of the case as `details`."""

    def __init__(self, rule: str, **details: object) -> None:
        super().__init__(rule, details)
        self.rule = rule
        self.details = details


@dataclass(frozen=True, slots=True)
class Target:
    """So many open seconds on the hours table with this key. `written` keeps the unit that its author chose."""

    seconds: int
    hours: str
    written: str

    def __str__(self) -> str:
        return f"{self.written} {self.hours}"

    @property
    def parts(self) -> tuple[tuple[int, str], ...]:
        """Return the amounts as written, each with its unit `d`, `h` or `m`."""
        return tuple((int(amount), unit) for amount, unit in re.findall(r"([0-9]+)([dhm])", self.written))


def parse(text: str, tables: Mapping[str, HoursTable]) -> Target:
    """Return the target written as `<duration> <hours table>`.

    A duration is made of days, hours and minutes (`2d`, `3h`, `1h30m`). A day is as long as its hours table says a
    business day is, never 24 hours by default. Raises TargetRefused.
    """
    duration, _, key = text.strip().partition(" ")
    key = key.strip()
    found = _WRITTEN.fullmatch(duration)
    if not found or not duration:
        raise TargetRefused("target.form", target=text)
    if not key:
        raise TargetRefused("target.hours_missing", target=text, tables=sorted(tables))
    if key not in tables:
        raise TargetRefused("target.hours_unknown", target=text, key=key, tables=sorted(tables))
    days, hours, minutes = (int(found[unit] or 0) for unit in "dhm")
    business_day = tables[key].business_day
    if days and business_day is None:
        raise TargetRefused("target.day_undefined", target=text, key=key)
    seconds = days * (business_day or 0) + hours * 3600 + minutes * 60
    if seconds == 0:
        raise TargetRefused("target.zero", target=text)
    if seconds > LONGEST:
        raise TargetRefused("target.too_long", target=text)
    years = seconds // (tables[key].weekly_seconds * WEEKS_A_YEAR)
    if years >= MOST_YEARS:
        raise TargetRefused("target.out_of_reach", target=text, years=years, limit=MOST_YEARS)
    return Target(seconds, key, duration)


def seconds_of(text: str) -> int:
    """Return the seconds of a plain duration in hours and minutes (`8h`, `7h30m`, `15m`). Raises TargetRefused."""
    found = _WRITTEN.fullmatch(text.strip())
    if not found or found["d"] or not text.strip():
        raise TargetRefused("duration.form", duration=text)
    seconds = int(found["h"] or 0) * 3600 + int(found["m"] or 0) * 60
    if seconds == 0:
        raise TargetRefused("target.zero", target=text)
    return seconds
