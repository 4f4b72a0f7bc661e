"""Quiet hours: when a person is not to be disturbed by anything but a page."""

from datetime import datetime, timedelta

from puntuale.guarantee.rota import reached
from puntuale.guarantee.zones import UnknownZone, zone
from puntuale.people.models import Person

A_DAY = timedelta(days=1)


def heard_at(person: Person, at: datetime) -> datetime:
    """Return when something for somebody may be told: at once, or when her quiet hours are over.

    They begin and end on the clock of her zone, and may last past midnight. Where the clock skips their end, they end
    with the jump; where it repeats it, the first time.
    """
    begins, ends = person.quiet_from, person.quiet_until
    if begins is None or ends is None:
        return at
    try:
        local = at.astimezone(zone(person.zone_name))
    except UnknownZone:
        return at
    minute, day = local.hour * 60 + local.minute, local.date()
    if begins < ends:
        quiet = begins <= minute < ends
    else:
        quiet, day = not ends <= minute < begins, day if minute < ends else day + A_DAY
    return max(at, reached(day, ends, person.zone_name)) if quiet else at
