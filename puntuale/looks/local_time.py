"""Instants in the fields of forms: on the wall clock of whoever fills them in, or of the desk."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from puntuale.guarantee.rota import reached

_WRITTEN = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]([01]\d|2[0-3]):([0-5]\d)(?::00)?", re.ASCII)


class UnreadableTime(ValueError):
    """A field that tells no time."""


def read(written: str, zone: ZoneInfo) -> datetime:
    """Return the instant that a field such as `2026-11-28T20:00` tells on the clock of a zone.

    Where the clock skips that time it is the instant of the jump; where it repeats it, the first time.
    Raises UnreadableTime for anything else.
    """
    found = _WRITTEN.fullmatch(written.strip())
    try:
        if found:
            return reached(date.fromisoformat(found[1]), int(found[2]) * 60 + int(found[3]), str(zone))
    except (ValueError, OverflowError) as problem:
        raise UnreadableTime(written) from problem
    raise UnreadableTime(written)


def write(at: datetime, zone: ZoneInfo) -> str:
    """Return an instant as a field of a form holds it, to the minute."""
    return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
