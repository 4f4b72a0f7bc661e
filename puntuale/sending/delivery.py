"""Sending what is to be sent: claimed by lease and fence, looked at once more, sent, and then marked.

At least once: a worker that dies after sending and before marking leaves the intent to another, which sends the same
letter with the same key. A worker that was stopped past its lease finds a newer fence, and neither sends nor marks.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from uuid import UUID, uuid4

from django.db import DatabaseError
from django.db.models import F, QuerySet

from puntuale.sending.hands import LEASE, Hands, only_ours, taking, under_fences
from puntuale.sending.kinds import Kind, kind_of
from puntuale.sending.letters import Letter
from puntuale.sending.models import Intent
from puntuale.sending.transports import TO_ANYBODY, NeverLeft, NotDelivered, Undeliverable, available
from puntuale.sending.wire import Parcel, Wire

RETRIES = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 30, 60, 120, 300, 900, 3600, 7200, 14400))
"""How long to wait after each failure. After the last one it is given up, and shown as such."""
FRESH, MOST_LOOKS = 1.0, 3
"""A letter is begun within so many seconds of the look; where that is too slow, after so many looks."""
DIGEST_ABOVE, DIGEST_AT_MOST = 50, 1000
"""More than so many letters to one address at once become one letter."""

Clock = Callable[[], datetime]
log = logging.getLogger("puntuale.sending")


def deliver(clock: Clock, *, channel: str, hands: Hands, at_most: int = 10) -> int:
    """Send what is to be sent by now, the most urgent first, and return how many parcels were taken in hand."""
    _conclude_ended(channel, hands.wire, clock)
    at, avoided = clock(), hands.wire.avoided(channel)
    # Nearly always there is nothing, and looking takes no transaction.
    if hands.wire.is_full(channel) or not _due(channel, at, avoided).exists():
        return 0
    parcels = claim(channel=channel, at=at, at_most=at_most, avoided=avoided)
    with hands.holding(intent for parcel in parcels for intent in parcel.intents):
        for parcel in parcels:
            hand_over(parcel, clock, hands.wire)
    return len(parcels)


def claim(*, channel: str, at: datetime, at_most: int, avoided: Sequence[str] = ()) -> list[Parcel]:
    """Return parcels for a channel that nobody else has in hand until their lease ends."""
    with taking():
        due = _due(channel, at, avoided).order_by("rank", "try_at", "pk")
        addresses = only_ours(channel, due.values_list("address", flat=True)[:at_most])
        free = due.filter(address__in=addresses).select_for_update(skip_locked=True)
        parcels: list[Parcel] = []
        taken: set[int] = set()
        for intent in free[:at_most]:
            if intent.pk not in taken:
                parcel = _parcel(intent, free)
                parcels.append(parcel)
                taken.update(one.pk for one in parcel.intents)
        rows = [_leased(intent, parcel, at) for parcel in parcels for intent in parcel.intents]
        Intent.objects.bulk_update(rows, ["leased_until", "fence", "digest"], batch_size=500)
    return parcels


def hand_over(parcel: Parcel, clock: Clock, wire: Wire | None = None) -> None:
    """Look at a parcel once more, send it, and mark what became of it. Whatever goes wrong stays with this parcel.

    A worker that stood still since it looked looks again: somebody else may have sent it meanwhile.
    """
    for looks_left in reversed(range(MOST_LOOKS)):
        looked = monotonic()
        ready = _look_and_write(parcel, clock)
        if ready is None:
            return
        if monotonic() - looked < FRESH or not looks_left:
            _send(*ready, clock, wire or Wire())
            return


def _look_and_write(parcel: Parcel, clock: Clock) -> tuple[Parcel, Letter] | None:
    """Return what is still wanted of a parcel and the letter about it, or None when there is nothing to send."""
    try:
        wanted = _still_wanted(parcel, at=clock())
        if not wanted:
            return None
        return Parcel(wanted, parcel.digest), kind_of(wanted[0].kind).write(wanted, clock())
    except DatabaseError:
        raise
    except Exception as problem:
        log.exception("a letter about %s could not be written, and is set aside", parcel.intents[0])
        _mark(parcel.intents, given_up_at=clock(), problem=f"not written: {type(problem).__name__}: {problem}")
        return None


def _due(channel: str, at: datetime, avoided: Sequence[str]) -> QuerySet[Intent]:
    """Return what is to be sent by now and in nobody's hands."""
    due = Intent.objects.filter(channel=channel, try_at__lte=at).exclude(leased_until__gt=at)
    return due.exclude(address__in=avoided) if avoided else due


def _leased(intent: Intent, parcel: Parcel, at: datetime) -> Intent:
    intent.leased_until, intent.fence, intent.digest = at + LEASE, intent.fence + 1, parcel.digest
    return intent


def _parcel(intent: Intent, free: QuerySet[Intent]) -> Parcel:
    """Return what goes out with an intent: what went with it before, or all the rest when there is very much.

    One that may have arrived under its own key keeps that: somebody took it in hand without saying what became of it,
    or could not tell (`_try_again` then names its own key as that of its digest).
    """
    same = free.filter(kind=intent.kind, channel=intent.channel, address=intent.address)
    if intent.digest is not None:
        return Parcel(tuple(same.filter(digest=intent.digest)), intent.digest)
    if intent.fence != intent.attempts:
        return Parcel((intent,))
    alone = same.filter(digest=None, fence=F("attempts"))
    many = tuple(alone[:DIGEST_AT_MOST]) if alone[DIGEST_ABOVE : DIGEST_ABOVE + 1] else ()
    return Parcel(many, uuid4()) if many else Parcel((intent,))


def _still_wanted(parcel: Parcel, *, at: datetime) -> tuple[Intent, ...]:
    """Return the intents that we still have in hand and that still need telling, after cancelling the others."""
    fences = {intent.pk: intent.fence for intent in parcel.intents}
    rows = Intent.objects.filter(pk__in=fences, try_at__isnull=False, leased_until__gt=at).order_by("rank", "pk")
    ours = [row for row in rows.select_related("person") if row.fence == fences[row.pk]]
    if not ours or not _keep(ours, at):
        return ()
    kind = kind_of(ours[0].kind)
    unwanted = {**kind.unwanted(ours), **_for_somebody_else(ours, kind)}
    for row in ours:
        if row.pk in unwanted:
            _mark([row], cancelled_at=at, cancelled_because=unwanted[row.pk])
    return tuple(row for row in ours if row.pk not in unwanted)


def _for_somebody_else(intents: Sequence[Intent], kind: Kind) -> dict[int, str]:
    """Return why some intents are for nobody: since they were written, she left, or manages no more."""
    why = {}
    for intent in intents:
        person = intent.person
        if person is not None and not person.is_active:
            why[intent.pk] = "person_left"
        elif person is not None and kind.for_managers and not person.manages:
            why[intent.pk] = "no_manager"
    return why


def _keep(intents: Sequence[Intent], at: datetime) -> bool:
    """Tell whether intents are ours for long enough to send them, after renewing leases that end soon."""
    soon = at + LEASE / 2
    if all(one.leased_until and one.leased_until > soon for one in intents):
        return True
    return under_fences(intents).update(leased_until=at + LEASE) == len(intents)


def _send(parcel: Parcel, letter: Letter, clock: Clock, wire: Wire) -> None:
    """Send a parcel, and mark what became of it; later for one to a slow server of somebody's."""
    first = parcel.intents[0]
    send = partial(available().get(first.channel, _not_set_up), first.address, letter, parcel.key)
    if first.channel not in TO_ANYBODY:
        _conclude(parcel, send, clock)
    elif way := wire.begin(parcel, send):
        wire.wait_for(way)
        _conclude_ended(first.channel, wire, clock)
    else:
        under_fences(parcel.intents).update(leased_until=None)


def _conclude_ended(channel: str, wire: Wire, clock: Clock) -> None:
    for way in wire.take_ended(channel):
        _conclude(way.parcel, partial(way.result.result, 0), clock)


def _conclude(parcel: Parcel, send: Callable[[], None], clock: Clock) -> None:
    """Mark what became of a parcel. `send` does it, or raises what it raised."""
    first = parcel.intents[0]
    try:
        send()
    except Undeliverable as problem:
        _mark(parcel.intents, given_up_at=clock(), problem=str(problem), attempts=first.attempts + 1)
    except NotDelivered as problem:
        _try_again(parcel, str(problem), at=clock(), may_be_there=not isinstance(problem, NeverLeft))
    except TimeoutError:
        _try_again(parcel, "no answer in time", at=clock(), may_be_there=True)
    except Exception as problem:
        log.exception("sending %s failed", first)
        _try_again(parcel, f"the try failed ({type(problem).__name__})", at=clock(), may_be_there=True)
    else:
        _sent(parcel.intents, attempts=first.attempts + 1, at=clock())


def _not_set_up(address: str, letter: Letter, key: UUID) -> None:  # noqa: ARG001
    raise NeverLeft("the channel is not set up")


def _try_again(parcel: Parcel, problem: str, *, at: datetime, may_be_there: bool) -> None:
    first = parcel.intents[0]
    attempts = first.attempts + 1
    if attempts > len(RETRIES):
        log.error("%s is given up after %d tries: %s", first, attempts, problem)
        _mark(parcel.intents, given_up_at=at, problem=problem, attempts=attempts)
        return
    again = at + RETRIES[attempts - 1]
    digest = parcel.key if may_be_there else parcel.digest
    _mark(parcel.intents, try_at=again, problem=problem, attempts=attempts, digest=digest)


def _mark(intents: Sequence[Intent], *, try_at: datetime | None = None, **how: object) -> None:
    """Write down what became of intents, unless somebody else has taken them in hand since."""
    under_fences(intents).filter(try_at__isnull=False).update(leased_until=None, try_at=try_at, **how)


def _sent(intents: Sequence[Intent], *, attempts: int, at: datetime) -> None:
    """Write down that intents were sent, even those that were cancelled while they were on the wire."""
    said = {"sent_at": at, "cancelled_at": None, "cancelled_because": "", "problem": "", "attempts": attempts}
    under_fences(intents).filter(sent_at=None, given_up_at=None).update(leased_until=None, try_at=None, **said)
