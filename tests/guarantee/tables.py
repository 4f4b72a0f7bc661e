"""Hours tables that several tests speak about."""

from datetime import date, datetime

from puntuale.guarantee.calendars import Calendar
from puntuale.guarantee.hours import HoursTable, Override, Shift
from puntuale.guarantee.texts import Text


def shifts(*written):
    return tuple(Shift.parse(text) for text in written)


def weekdays(*written):
    return (shifts(*written),) * 5 + ((), ())


def every_day(*written):
    return (shifts(*written),) * 7


def table(weekly, zone="Europe/Rome", closed=(), special=None):
    return HoursTable(
        "test",
        zone,
        weekly,
        holidays={date.fromisoformat(day): Text.of({"en": "holiday"}) for day in closed},
        overrides={
            date.fromisoformat(day): Override(Text.of({"en": "special"}), shifts(*written))
            for day, written in (special or {}).items()
        },
    )


def calendar(*args, **kwargs):
    return Calendar(table(*args, **kwargs))


def at(text):
    return datetime.fromisoformat(text)


OFFICE = weekdays("09:00-17:00")
