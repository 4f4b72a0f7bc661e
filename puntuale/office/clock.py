"""The wall clock of the desk, on which managers fill in when things begin and end."""

from datetime import datetime
from zoneinfo import ZoneInfo

from puntuale.agreements import desk
from puntuale.looks import local_time


def desk_zone(at: datetime) -> ZoneInfo:
    """Return the zone the desk lives in: that of its hours, or of its settings while no agreement is in force."""
    return desk.zone_at(at)


def read(written: str, *, at: datetime) -> datetime | None:
    """Return the instant a field tells on the desk's clock, None when it is empty. Raises UnreadableTime."""
    return local_time.read(written, desk_zone(at)) if written.strip() else None
