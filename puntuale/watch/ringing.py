"""Going the round: what has reached a level rings, the most urgent first, and its intents are written with it."""

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError

from puntuale.agreements.reading import looking_up_once
from puntuale.guarantee.alarms import Ring
from puntuale.people.models import Person
from puntuale.sending.hands import taking
from puntuale.sending.intents import intend, to_person
from puntuale.sending.models import Intent
from puntuale.tickets.models import PromiseMade
from puntuale.watch.listeners import Listeners
from puntuale.watch.models import Alarm, Watched
from puntuale.watch.watching import ALARM, levels

AT_A_TIME = 500
Hearer = Callable[[Sequence[tuple[PromiseMade, str]], datetime], None]
hearers: list[Hearer] = []
"""Called in the transaction in which alarms ring, with their promises and levels: rooms that tell programs of it."""
log = logging.getLogger("puntuale.watch")


@dataclass(frozen=True, slots=True)
class Reached:
    """What has been reached of one watched promise, whom each level tells, and when the next one rings."""

    watched: Watched
    rings: Sequence[Ring]
    told: Sequence[Sequence[Person]]
    next_at: datetime | None


def go_round(*, at: datetime, at_most: int = AT_A_TIME) -> int:
    """Let ring what has reached a level by now, and return how many promises did.

    Whatever others have in hand is left to them. After a standstill each level that was missed rings once, as late as
    it is; whoever is told of a later level of the same promise at the same moment is not told of the earlier ones too.
    """
    with taking(), looking_up_once():
        due = Watched.objects.select_for_update(of=("self",), skip_locked=True)
        due = due.filter(ring_at__lte=at, set_aside_at=None).order_by("rank", "ring_at", "pk")
        rows = list(due.select_related("promise", "ticket__assignee")[:at_most])
        rung = _rung_before(rows)
        listeners = Listeners(at)
        reached = [found for row in rows if (found := _look(row, rung[row.pk], listeners, at))]
        _ring(reached, at)
    return len(rows)


def next_ring_at() -> datetime | None:
    """Return when the next level is reached, or None when nothing is watched."""
    waiting = Watched.objects.filter(ring_at__isnull=False, set_aside_at=None).order_by("ring_at")
    return waiting.values_list("ring_at", flat=True).first()


def _look(row: Watched, rung: set[str], listeners: Listeners, at: datetime) -> Reached | None:
    """Return what a row has reached. One that cannot be dealt with is set aside and reported."""
    try:
        ringing = levels(row.promise)
        now = [ring for ring in ringing if ring.at <= at and str(ring.level) not in rung]
        told = [listeners.persons(row.ticket, ring.level.tell) for ring in now]
    except DatabaseError:
        raise
    except Exception as problem:
        log.exception("%s is set aside", row)
        row.set_aside_at, row.problem = at, f"{type(problem).__name__}: {problem}"
        row.save(update_fields=["set_aside_at", "problem"])
        return None
    return Reached(row, now, told, min((ring.at for ring in ringing if ring.at > at), default=None))


def _ring(reached: Sequence[Reached], at: datetime) -> None:
    alarms = {
        (one.watched.pk, str(ring.level)): Alarm(
            promise_id=one.watched.pk,
            ticket_id=one.watched.ticket_id,
            level=str(ring.level),
            rank=one.watched.rank,
            ring_at=ring.at,
            rung_at=at,
        )
        for one in reached
        for ring in one.rings
    }
    Alarm.objects.bulk_create(alarms.values(), batch_size=1000)
    intend(intent for one in reached for intent in _intents(one, alarms, at))
    for hear in hearers:
        hear([(alarm.promise, alarm.level) for alarm in alarms.values()], at)
    for one in reached:
        one.watched.ring_at = one.next_at
    Watched.objects.bulk_update([one.watched for one in reached], ["ring_at"], batch_size=1000)


def _intents(one: Reached, alarms: Mapping[tuple[int, str], Alarm], at: datetime) -> list[Intent]:
    found, told_later = [], set[int]()
    for ring, persons in reversed(list(zip(one.rings, one.told, strict=True))):
        alarm = alarms[one.watched.pk, str(ring.level)]
        for person in persons:
            if person.pk not in told_later:
                found += to_person(person, kind=ALARM, about=alarm.pk, rank=alarm.rank, at=at)
        told_later |= {person.pk for person in persons}
    return found


def _rung_before(rows: Sequence[Watched]) -> Mapping[int, set[str]]:
    found = defaultdict[int, set[str]](set)
    for promise, level in Alarm.objects.filter(promise__in=[row.pk for row in rows]).values_list("promise", "level"):
        found[promise].add(level)
    return found
