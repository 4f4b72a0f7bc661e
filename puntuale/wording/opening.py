"""Opening hours in words."""

from itertools import groupby

from puntuale.guarantee.hours import DAY_MINUTES, HoursTable, Shifts
from puntuale.wording.languages import words
from puntuale.wording.moments import weekday


def weekly(table: HoursTable, language: str) -> list[str]:
    """Return the weekly hours, a line for each run of days alike: `Monday to Friday, 09:00-17:00`."""
    said = words(language)
    if table.is_always_open:
        return [said.gettext("Day and night, every day of the year")]
    lines = []
    for shifts, run in groupby(range(7), key=lambda day: table.weekly[day]):
        days = list(run)
        if shifts:
            lines.append(f"{_run(days, language)}, {_shifts(shifts, language)}")
    return lines


def _run(days: list[int], language: str) -> str:
    first, last = weekday(days[0], language), weekday(days[-1], language)
    if len(days) == 1:
        return first
    if len(days) == 2:
        return words(language).gettext("%(parts)s and %(last)s") % {"parts": first, "last": last}
    if len(days) == 7:
        return words(language).gettext("Every day")
    return words(language).gettext("%(first)s to %(last)s") % {"first": first, "last": last}


def _shifts(shifts: Shifts, language: str) -> str:
    parts = []
    for shift in shifts:
        written = str(shift)
        if shift.closes > DAY_MINUTES:
            written = words(language).gettext("%(shift)s of the next day") % {"shift": written}
        parts.append(written)
    return ", ".join(parts)
