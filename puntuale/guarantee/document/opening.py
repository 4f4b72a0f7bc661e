"""The hours and holidays of a document."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from types import MappingProxyType

from puntuale.guarantee.agreement import HolidayList
from puntuale.guarantee.document.phrases import gettext_lazy
from puntuale.guarantee.document.sections import Section, did_you_mean, meant
from puntuale.guarantee.hours import DAY, HoursRefused, HoursTable, Override, Shift, Shifts
from puntuale.guarantee.targets import TargetRefused, seconds_of
from puntuale.guarantee.texts import Text
from puntuale.guarantee.zones import UnknownZone, advice, fixed, zone

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_YEARS = 60
MOST_DATES = 400
MOST_PROPOSALS, MOST_CLOSED_DAYS = 20, 4_000

Propose = Callable[[str, Sequence[int], Sequence[str]], Mapping[date, Text]]
"""Given a calendar such as `financial:XECB`, years and languages, return its closed days. Raises LookupError."""


def holiday_lists(section: Section, propose: Propose | None) -> dict[str, HolidayList]:
    """Return the `[holidays.<key>]` tables, each expanded to its days."""
    proposals = sum("propose" in table for table in section.table.values() if isinstance(table, Mapping))
    if proposals > MOST_PROPOSALS:
        section.report("", None, "list.too_long", count=proposals, limit=MOST_PROPOSALS)
        return {}
    return {key: _holiday_list(key, table, propose) for key, table in section.named()}


def hours_tables(section: Section, lists: Mapping[str, HolidayList]) -> dict[str, HoursTable | None]:
    """Return the `[hours.<key>]` tables, None for those with errors, so that what refers to them is no second error."""
    found = {key: _hours_table(key, table, lists) for key, table in section.named()}
    if not found:
        section.report("", None, "key.missing")
    return found


def _holiday_list(key: str, section: Section, propose: Propose | None) -> HolidayList:
    name = section.text("name")
    years = _years(section)
    source = section.string("propose")
    proposed = _proposed(section, source, years, propose) if source and years else {}
    named: dict[date, Text] = {}
    for kind, entry in section.section("days").named():
        named.update(_closed_days(kind, entry, years, named))
        if len(named) > MOST_CLOSED_DAYS:
            section.report("days", None, "list.too_long", count=len(named), limit=MOST_CLOSED_DAYS)
            break
    # A name given by hand takes the place of a proposed one, which may lack a language.
    days = {**proposed, **named}
    for written in _list(section, "remove"):
        removed = section.date("remove", written)
        if removed and days.pop(removed, None) is None:
            section.report("remove", removed, "holidays.not_there")
    _report_unsaid(section, source, [name for day, name in days.items() if day not in named])
    origin = section.string("source") or source or ""
    section.finish()
    first, last = (years[0], years[-1]) if years else (0, 0)
    return HolidayList(key, name, first, last, MappingProxyType(dict(sorted(days.items()))), origin)


def _years(section: Section) -> range | None:
    written = section.take("years", required=True)
    if written is None:
        return None
    if isinstance(written, list) and len(written) == 2 and all(type(year) is int for year in written):
        first, last = written
        if 1970 <= first <= last <= 2199 and last - first < MOST_YEARS:
            return range(first, last + 1)
    section.report("years", written, "years.form", limit=MOST_YEARS)
    return None


def _proposed(section: Section, source: str, years: range, propose: Propose | None) -> Mapping[date, Text]:
    if not re.fullmatch(r"(country:[A-Z]{2}(-[A-Z0-9]{1,3})?|financial:[A-Z]{3,4})", source):
        section.report("propose", source, "holidays.proposal_form")
    elif propose is None:
        section.report("propose", source, "holidays.proposal_open")
    else:
        try:
            return propose(source, years, section.languages)
        except LookupError as problem:
            section.report("propose", source, "holidays.proposal_unknown", problem=problem)
    return {}


def _report_unsaid(section: Section, source: str | None, names: Sequence[Text]) -> None:
    """Warn of proposed days that have no name in a published language: the library does not speak it."""
    for language in section.languages:
        unsaid = dict.fromkeys(name.in_language(language) for name in names if language not in name.as_mapping())
        if unsaid:
            section.report("propose", source, "holidays.name_missing", days=", ".join(unsaid), language=language)


def _closed_days(kind: str, section: Section, years: range | None, known: Mapping[date, Text]) -> dict[date, Text]:
    name = section.text("name", required=True)
    days: dict[date, Text] = {}
    written = _list(section, "dates")
    yearly = section.string("every_year")
    if not written and yearly is None:
        section.report("dates", None, "key.missing")
    for entry in written:
        if day := section.date("dates", entry):
            days[day] = name
    if yearly is not None:
        days.update(dict.fromkeys(_yearly(section, yearly, years), name))
    for day in list(days):
        if years and day.year not in years:
            section.report("dates", day, "holidays.outside_years", first=years[0], last=years[-1])
        elif day in known and known[day] != name:
            other, said = known[day].in_language("en"), name.in_language("en")
            section.report("dates", day, "holidays.duplicate", other=other, name=said or kind)
    section.finish()
    return days


def _yearly(section: Section, written: str, years: range | None) -> list[date]:
    """Return a day such as `12-25` in every year; 29 February only in leap years."""
    found = []
    try:
        leap = date.fromisoformat(f"2000-{written}")
    except ValueError:
        section.report("every_year", written, "day.form")
        return []
    for year in years or ():
        try:
            found.append(leap.replace(year=year))
        except ValueError:
            continue
    return found


def _list(section: Section, key: str) -> list[object]:
    written = section.take(key)
    if written is None:
        return []
    if not isinstance(written, list):
        section.report(key, written, "value.type", wanted=gettext_lazy("a list of dates"))
        return []
    if len(written) > MOST_DATES:
        section.report(key, f"{len(written)} dates", "list.too_long", count=len(written), limit=MOST_DATES)
        return []
    return written


def _hours_table(key: str, section: Section, lists: Mapping[str, HolidayList]) -> HoursTable | None:
    name = section.text("name", required=True)
    if section.flag("always", otherwise=False):
        for other in ("zone", "weekly", "holidays", "overrides", "business_day"):
            if section.take(other) is not None:
                section.report("always", other, "hours.always_or_weekly")
        section.finish()
        return HoursTable.always(key, name)
    zone_name = _zone(section)
    weekly = _weekly(section.section("weekly", required=True), section)
    listed = section.string("holidays")
    if listed is not None and not section.reference("holidays", listed, gettext_lazy("holiday lists"), lists):
        listed = None
    overrides = {
        day: override
        for written, entry in section.section("overrides").named()
        for day, override in _override(section, written, entry)
    }
    business_day = _business_day(section)
    section.finish()
    if zone_name is None or weekly is None:
        return None
    try:
        return HoursTable(
            key,
            zone_name,
            weekly,
            name,
            lists[listed].days if listed else MappingProxyType({}),
            MappingProxyType(dict(sorted(overrides.items()))),
            business_day,
            listed,
        )
    except HoursRefused as problem:
        _report_hours(section, problem)
        return None


def _zone(section: Section) -> str | None:
    name = section.string("zone", required=True)
    if name is None:
        return None
    try:
        zone(name)
    except UnknownZone:
        place = advice(name)
        if offset := fixed(name):
            section.report("zone", name, "zone.ambiguous", advice=place, fixed=offset)
        else:
            section.report("zone", name, "zone.unknown", hint=meant(place) if place else "")
        return None
    return name


def _weekly(section: Section, parent: Section) -> tuple[Shifts, ...] | None:
    """Return the shifts of Monday to Sunday. A key is a day or a range of days, `mon-fri`; days left out are closed."""
    if not section.table:
        if isinstance(parent.table.get("weekly"), Mapping):
            section.report("", None, "hours.never_open")
        return None
    days: list[Shifts] = [()] * 7
    written: set[int] = set()
    sound = section.is_short_enough()
    for key in section.table if sound else ():
        covered = _weekdays(key)
        if covered is None:
            section.take(key)
            section.report(
                "",
                key,
                "reference.unknown",
                kind=gettext_lazy("days"),
                known=", ".join(WEEKDAYS),
                hint=did_you_mean(key, WEEKDAYS),
            )
        shifts = _shifts(section, key)
        sound = sound and covered is not None and shifts is not None
        for weekday in covered or ():
            if weekday in written:
                section.report(key, WEEKDAYS[weekday], "key.duplicate")
            written.add(weekday)
            days[weekday] = shifts or ()
    return tuple(days) if sound else None


def _weekdays(key: str) -> range | None:
    first, _, last = key.partition("-")
    if first not in WEEKDAYS or (last and last not in WEEKDAYS):
        return None
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    return range(start, end + 1) if start <= end else None


def _shifts(section: Section, key: str) -> Shifts | None:
    shifts = []
    for written in section.strings(key, required=True) or ():
        try:
            shifts.append(Shift.parse(written))
        except HoursRefused as problem:
            section.report(key, written, problem.rule)
            return None
    return tuple(sorted(shifts)) if isinstance(section.table.get(key), list) else None


def _override(section: Section, written: str, entry: Section) -> list[tuple[date, Override]]:
    day = section.date(written, written)
    shifts = _shifts(entry, "open")
    name = entry.text("name")
    entry.finish()
    if day is None or shifts is None:
        return []
    for before, after in pairwise(shifts):
        if after.opens < before.closes:
            details = {"first": before, "second": after, "first_day": written, "second_day": written}
            entry.report("open", None, "hours.overlap", **details)
    return [(day, Override(name, shifts))]


def _business_day(section: Section) -> int | None:
    written = section.string("business_day")
    if written is None:
        return None
    try:
        seconds = seconds_of(written)
    except TargetRefused:
        seconds = 0
    if not 0 < seconds <= DAY:
        section.report("business_day", written, "hours.business_day")
        return None
    return seconds


def _report_hours(section: Section, problem: HoursRefused) -> None:
    details = dict(problem.details)
    for side in ("first_day", "second_day"):
        if isinstance(weekday := details.get(side), int):
            details[side] = WEEKDAYS[weekday]
    section.report("weekly", None, problem.rule, **details)
