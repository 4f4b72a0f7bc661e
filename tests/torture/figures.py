"""The figures of a run."""

from collections import Counter
from math import ceil
from statistics import median

from django.db.models import Min

from puntuale.oncall.models import Page, Paging
from puntuale.sending.models import Intent
from puntuale.tickets.models import Ticket
from puntuale.watch.models import Alarm, Heartbeat
from puntuale.watch.watching import ALARM

DEEDS = ("ticket", "answer", "message", "reclassification", "acknowledgement")


def figures(seen):
    """How much was done, how much came again, how soon things were back, and how late alarms rang."""
    alarms = list(Alarm.objects.all())
    done = Counter(fault["what"] for fault in seen.faults)
    return {
        "done": {what: done[what] for what in sorted(done)},
        "acknowledged": {deed: len(seen.told(deed)) for deed in DEEDS},
        "found by looking": sum(ack.get("by") == "looking" for ack in seen.acks),
        "tickets": Ticket.objects.count(),
        "alarms": len(alarms),
        "pages": Page.objects.count(),
        "letters": len(seen.letters),
        "channels": dict(Counter(letter["channel"] for letter in seen.letters)),
        "ways": dict(Counter(letter["way"] for letter in seen.letters)),
        "duplicates": seen.duplicates,
        "back": {
            "web process": _spread(_lasted(seen.done("web process killed"))),
            "web server": _spread(_lasted(seen.done("web server killed"))),
            "database": _spread(_lasted(seen.done("database killed"))),
            "worker": _spread(_worker_starts(seen)),
        },
        "rung late": _spread([(alarm.rung_at - alarm.ring_at).total_seconds() for alarm in alarms]),
        "paged late": _spread(_pages()),
        "arrived late": _spread(_arrivals(seen, alarms)),
    }


def _lasted(faults):
    return [fault["until"] - fault["since"] for fault in faults]


def _worker_starts(seen):
    """How long a worker took from its start to its first round, for those that lived to see it."""
    first = {beat.worker.rpartition(":")[2]: beat.since.timestamp() for beat in Heartbeat.objects.all()}
    starts = [(first.get(str(start["pid"])), start["at"]) for start in seen.done("worker started")]
    return [beat - at for beat, at in starts if beat is not None and beat >= at]


def _pages():
    """How long after its paging was opened a first page was written."""
    firsts = Paging.objects.annotate(first=Min("pages__at")).exclude(first=None).values_list("opened_at", "first")
    return [(first - opened_at).total_seconds() for opened_at, first in firsts]


def _arrivals(seen, alarms):
    """How long after its level an alarm was first with the mail server."""
    reached = {alarm.pk: alarm.ring_at.timestamp() for alarm in alarms}
    return [
        seen.copies[key][0]["at"] - reached[intent.about]
        for intent in Intent.objects.filter(kind=ALARM, channel="email")
        if (key := str(intent.digest or intent.key)) in seen.copies
    ]


def _spread(values):
    """Median, 99th percentile and most, in seconds; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return {"p50": median(ordered), "p99": ordered[ceil(0.99 * len(ordered)) - 1], "max": ordered[-1]}
