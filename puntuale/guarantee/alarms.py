"""When somebody must be told before a promise lapses: the levels of an agreement as instants.

A level before due is counted backwards in the hours of the promise, so it rings when people are in (rule 4); one after
due is counted forwards. A promise that never counts at night never rings at night.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from puntuale.guarantee.agreement import Agreement, AlarmLevel
from puntuale.guarantee.calendars import Calendar
from puntuale.guarantee.pauses import lead_around
from puntuale.guarantee.promise import Basis, Promise

A_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Ring:
    """A level of a promise and the instant at which it is reached."""

    at: datetime
    level: AlarmLevel


def rings(promise: Promise, agreement: Agreement) -> tuple[Ring, ...]:
    """Return when each level of a promise rings, in order. A promise without a due time never rings.

    `agreement` is the version of the promise. What a promise had passed before it was made rings once, as the last
    level it had passed, at that moment; a goal that goes on after a pause does not ring again for what it had passed.
    """
    if promise.target is None or promise.due_at is None:
        return ()
    calendar, target = agreement.calendar(promise.target.hours), promise.target.seconds
    levels = sorted(agreement.alarms, key=lambda level: -level.left(target))
    found = [Ring(_instant(calendar, promise, promise.due_at, level.left(target)), level) for level in levels]
    made = _whole(promise.made_at)
    passed = [ring for ring in found if ring.at <= made]
    ahead = tuple(ring for ring in found if ring.at > made)
    if not passed or promise.basis is Basis.RESUMED:
        return ahead
    return (Ring(made, passed[-1].level), *ahead)


def _instant(calendar: Calendar, promise: Promise, due: datetime, left: int) -> datetime:
    """Return when so many seconds are left, or as many have passed since it was due when there are fewer than none."""
    if left < 0:
        return calendar.deadline(due, -left)
    return lead_around(calendar, promise.start_at, due, left, promise.pauses) if left else due


def _whole(at: datetime) -> datetime:
    """Return the first whole second at or after an instant, since alarms ring on whole seconds."""
    return at if not at.microsecond else at.replace(microsecond=0) + A_SECOND
