"""Other hours and holidays for an agreement, without writing a whole one."""

from collections.abc import Mapping

from puntuale.guarantee import document
from puntuale.guarantee.agreement import Agreement
from puntuale.guarantee.document.opening import Propose
from puntuale.guarantee.parsing import Unreadable, parse_toml

OPENING = ("hours", "holidays")
Table = Mapping[str, object]


class CalendarRefused(ValueError):
    """A text that is no calendar, or makes no sense with the agreement, with why."""


class NotOfACalendar(CalendarRefused):
    """A text with tables that belong to other parts of an agreement, with their keys."""

    def __init__(self, keys: list[str]) -> None:
        super().__init__(f"{', '.join(keys)}: only [hours.*] and [holidays.*] belong here")
        self.keys = keys


def with_calendar(agreement: Agreement, written: str, *, propose: Propose | None = None) -> Agreement:
    """Return an agreement with other hours and holidays: `[hours.*]` and `[holidays.*]` tables as in a document.

    What is written takes the place of what stands under its key; what is not written stays, and closed days are added
    to those of their list. Raises CalendarRefused.
    """
    try:
        table = parse_toml(written)
    except Unreadable as problem:
        raise CalendarRefused(str(problem)) from problem
    if strange := [key for key in table if key not in OPENING]:
        raise NotOfACalendar(strange)
    known = document.as_document(agreement)
    hours, lists = (_merged(known[key], table.get(key, {}), key) for key in OPENING)
    reading = document.read({**known, "hours": hours, "holidays": lists}, propose=propose)
    if reading.agreement is None:
        raise CalendarRefused("; ".join(str(finding) for finding in reading.errors))
    return reading.agreement


def _merged(known: object, written: object, kind: str) -> dict[str, object]:
    """Return the tables of a kind, those that are written laid over those that are known."""
    if not isinstance(known, Mapping) or not isinstance(written, Mapping):
        raise CalendarRefused(f"{kind} should be a table")
    found = dict(known)
    for key, table in written.items():
        if not isinstance(table, Mapping):
            raise CalendarRefused(f"{kind}.{key} should be a table")
        found[key] = _hours(found.get(key), key, table) if kind == "hours" else _holidays(found.get(key), key, table)
    return found


def _hours(known: object, key: str, written: Table) -> Table:
    old = known if isinstance(known, Mapping) else {"name": {"en": key}}
    kept = {"name": old.get("name", {"en": key})} if written.get("always") or old.get("always") else old
    return {**kept, **written}


def _holidays(known: object, key: str, written: Table) -> Table:
    old = known if isinstance(known, Mapping) else {"name": {"en": key}}
    days, more = old.get("days", {}), written.get("days", {})
    if not isinstance(days, Mapping) or not isinstance(more, Mapping):
        raise CalendarRefused(f"holidays.{key}.days should be a table")
    named = {kind: {"name": {"en": kind}, **day} if isinstance(day, Mapping) else day for kind, day in more.items()}
    return {**old, **written, "days": {**days, **named}}
