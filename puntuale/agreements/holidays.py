"""Confirming the holidays of further years: the library proposes them, a person decides, the document keeps them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from puntuale.agreements.proposals import propose
from puntuale.guarantee import document
from puntuale.guarantee.agreement import Agreement, HolidayList
from puntuale.guarantee.document import toml
from puntuale.guarantee.texts import Text

MOST_YEARS_AHEAD = 10


class NotConfirmable(ValueError):
    """The draft has errors, or lacks the list, so that nothing can be written into it."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A day that the library would close, in a year that a list does not speak for yet."""

    day: date
    name: Text


def proposed(days: HolidayList, languages: tuple[str, ...], *, up_to: int) -> list[Proposed]:
    """Return the closed days that the library proposes for the years a list lacks, named as the list names them.

    None where the list has no source. Raises LookupError for a source the library does not know.
    """
    if not days.source or up_to <= days.last_year:
        return []
    years = range(days.last_year + 1, min(up_to, days.last_year + MOST_YEARS_AHEAD) + 1)
    past = propose(days.source, range(days.first_year, days.last_year + 1), languages)
    known = {name: days.days[day] for day, name in past.items() if day in days.days}
    return [Proposed(day, known.get(name, name)) for day, name in propose(days.source, years, languages).items()]


def confirm(source: str, key: str, *, up_to: int, days: Mapping[date, Text]) -> str:
    """Return the text of a document whose list speaks for all years up to one, with these days of the further ones.

    The author's own text is kept wherever that can be done; else the whole document is written anew. Raises
    NotConfirmable.
    """
    agreement = document.read(source, propose=propose).agreement
    if agreement is None or key not in agreement.holiday_lists:
        raise NotConfirmable(key)
    wanted = _with(agreement, key, up_to=up_to, days=days)
    added = _added_to(source, key, agreement.holiday_lists[key], up_to=up_to, days=days)
    if document.read(added, propose=propose).agreement == wanted:
        return added
    return document.as_toml(document.as_document(wanted))


def _with(agreement: Agreement, key: str, *, up_to: int, days: Mapping[date, Text]) -> Agreement:
    """Return the agreement as it is to read: also the hours that follow the list know of the days."""
    old = agreement.holiday_lists[key]
    closed = MappingProxyType(dict(sorted({**old.days, **days}.items())))
    lists = {**agreement.holiday_lists, key: replace(old, last_year=max(up_to, old.last_year), days=closed)}
    hours = {
        name: replace(table, holidays=closed) if table.holiday_list == key else table
        for name, table in agreement.hours.items()
    }
    return replace(agreement, holiday_lists=MappingProxyType(lists), hours=MappingProxyType(hours), _calendars={})


def _added_to(source: str, key: str, old: HolidayList, *, up_to: int, days: Mapping[date, Text]) -> str:
    """Return the text with the years of the list changed and the days put at its end."""
    head = re.search(rf"^\[holidays\.{re.escape(key)}\][^\n]*\n(?:(?!\[).*\n?)*", source, re.MULTILINE)
    if head is None:
        return source
    years = re.sub(r"(years\s*=\s*\[\s*\d+\s*,\s*)\d+", rf"\g<1>{up_to}", head[0], count=1)
    kinds: dict[Text, list[date]] = {}
    for day, name in sorted(days.items()):
        kinds.setdefault(name, []).append(day)
    lines = [""]
    for number, (name, dates) in enumerate(kinds.items(), start=1):
        heading = f"[holidays.{key}.days.confirmed-{old.last_year + 1}-{number}]"
        written = ", ".join(day.isoformat() for day in dates)
        lines += [heading, f"name = {toml.inline(name.as_mapping())}", f"dates = [{written}]", ""]
    return source[: head.start()] + years + source[head.end() :].rstrip("\n") + "\n" + "\n".join(lines)
