"""Following the promises: what is owed by a time is watched, from the transaction that promised it to its end."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from puntuale.agreements.reading import agreement_of
from puntuale.guarantee.alarms import Ring, rings
from puntuale.guarantee.promise import Basis
from puntuale.guarantee.retargeting import rank
from puntuale.sending import intents
from puntuale.tickets.models import PromiseMade, Ticket
from puntuale.tickets.reading import told_of
from puntuale.tickets.stored import promise_of
from puntuale.watch.models import Alarm, Watched

ALARM = "alarm"


def follow(ticket: Ticket, owed: Sequence[PromiseMade], at: datetime) -> None:
    """Watch what a ticket owes by now, and let go of what it no longer owes, in the caller's transaction.

    Alarms that are still on their way about a promise that has ended are cancelled.
    """
    begins = ticket.last_event == 1
    known = set() if begins else set(Watched.objects.filter(ticket=ticket).values_list("promise_id", flat=True))
    wanted = {promise.pk: promise for promise in owed if promise.due_at is not None}
    over = known - wanted.keys()
    if over:
        Watched.objects.filter(promise_id__in=over).delete()
        told = Alarm.objects.filter(promise_id__in=over).values_list("pk", flat=True)
        intents.cancel(ALARM, list(told), because="no_longer_owed", at=at)
    Watched.objects.bulk_create(
        [watched(promise) for key, promise in wanted.items() if key not in known], ignore_conflicts=True
    )


def watched(promise: PromiseMade) -> Watched:
    """Return the row with which a promise is watched, from its first level on."""
    ringing = levels(promise)
    return Watched(
        promise=promise,
        ticket_id=promise.ticket_id,
        rank=rank(agreement_of(promise.publication_id), promise.priority),
        ring_at=ringing[0].at if ringing else None,
    )


def levels(promise: PromiseMade) -> tuple[Ring, ...]:
    """Return when each level of what is owed rings.

    What was missed before is past due, whatever has taken its place: what is left are its own levels after that.
    """
    told = told_of(promise)
    counted = promise_of(told)
    if told.pk != promise.pk:
        counted = replace(counted, made_at=promise.made_at, basis=Basis.RESUMED)
    return rings(counted, agreement_of(told.publication_id))


def unwatched() -> Iterable[PromiseMade]:
    """Return promises that are owed by a time and that nobody watches. There should be none."""
    owed = PromiseMade.objects.filter(ending=None, due_at__isnull=False, watched=None)
    return owed.filter(ticket__due_at__isnull=False).order_by("pk")


def watch_the_unwatched() -> int:
    """Watch what nobody watches, and return how many promises those were: of a desk that had no watch before."""
    rows = [watched(promise) for promise in unwatched()]
    Watched.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)


def let_go_of_the_ended() -> int:
    """Let go of watches on promises that have ended, and return how many. There should be none."""
    ended = Watched.objects.filter(promise__ending__isnull=False).values_list("pk", flat=True)
    return Watched.objects.filter(pk__in=list(ended)).delete()[0]
