"""What was owed rang at its levels, in time, once, and only while it was owed."""

from collections import defaultdict
from datetime import timedelta

from django.db.models import Count, F

from puntuale.sending.models import Intent
from puntuale.tickets.models import PromiseMade
from puntuale.watch.models import Alarm
from puntuale.watch.watching import ALARM, levels
from tests.torture.seen import instant, overlap

LATEST = 10.0
"""How many seconds late an alarm may ring, not counting those in which there was no database."""
LEASE = 10.0
"""How long a worker that was stopped may hold what it had in hand."""
PATIENCE = timedelta(seconds=30)


def check_i06_every_level_rings_once_and_is_told(seen):
    """Every level that a promise reached while it was owed rang, and each alarm is meant for somebody, once by each way."""
    rung, told = defaultdict(set), set(Intent.objects.filter(kind=ALARM).values_list("about", flat=True))
    found, together = [], defaultdict(list)
    for alarm in Alarm.objects.all():
        rung[alarm.promise_id].add(alarm.level)
        together[alarm.promise_id, alarm.rung_at].append(alarm.pk)
    for made in PromiseMade.objects.filter(due_at__isnull=False).select_related("ending"):
        over = made.ending.at if hasattr(made, "ending") else seen.told_at
        found += [
            f"level {ring.level} of {made}, reached at {ring.at} and owed until {over}, never rang"
            for ring in levels(made)
            if ring.at < over - PATIENCE and str(ring.level) not in rung[made.pk]
        ]
    found += [f"the alarms {those} are told to nobody" for those in together.values() if not told & set(those)]
    twice = Intent.objects.values("kind", "about", "channel", "address").annotate(count=Count("pk")).filter(count__gt=1)
    return found + [f"{row} is meant twice" for row in twice]


def check_i10_alarms_ring_in_time(seen):
    """None rings before its level, and none later than ten seconds after it while there was a database."""
    found = []
    for alarm in Alarm.objects.all():
        since, until = alarm.ring_at.timestamp(), alarm.rung_at.timestamp()
        if until < since:
            found.append(f"{alarm} rang {since - until:.1f} s before its level")
        late = without_excuse(seen, since, until)
        if late > LATEST:
            found.append(f"{alarm} rang {until - since:.1f} s late, {late:.1f} s of them without an excuse")
    return found


def check_nothing_rings_that_is_no_longer_owed(seen):
    """No alarm rang after the client had been told that the ticket is answered, if that ended the promise."""
    ended = {ack["number"]: ack for ack in reversed(seen.told("answer"))}
    found = []
    for alarm in Alarm.objects.filter(promise__ending__isnull=False, rung_at__gt=F("promise__ending__at")):
        ack = ended.get(alarm.ticket_id)
        if ack and alarm.promise.ending.at <= instant(ack["at"]) < alarm.rung_at:
            found.append(f"{alarm} rang at {alarm.rung_at}, after the ticket was answered")
    return found


def without_excuse(seen, since, until):
    """How many seconds of [since, until] there was a database, and nobody was stopped who may have had it in hand."""
    away, stopped = (
        overlap(seen.done("database killed"), since, until),
        overlap(seen.done("worker stopped"), since, until),
    )
    return until - since - away - min(LEASE, stopped)
