"""Sending what waits: one endpoint at a time in the hands of one thread, its deliveries in order.

An endpoint that fails holds up nobody but itself: it is left alone for longer each time, and while it is lame only
some of the threads look after it. Nor does one that is slow, not even the first time: a try that takes longer than a
moment goes on by itself, and whichever thread comes by when it has ended goes on with its endpoint.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial
from time import monotonic

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from puntuale.people import sealing
from puntuale.people.sealing import SealBroken
from puntuale.sending.hands import taking
from puntuale.webhooks import chatting, notices, payloads, posting
from puntuale.webhooks.flights import Flight, Flights
from puntuale.webhooks.models import Delivery, Endpoint
from puntuale.webhooks.posting import Outcome

LEASE = timedelta(seconds=40)
AT_ONE_GO = 5.0
SLOW_MS = 2_000
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600))
"""How long to leave an endpoint alone after each failure; the last one again and again."""
LONGEST_PAUSE = timedelta(hours=1)
TRIED_FOR = timedelta(hours=25)
"""What could not be told for so long is given up. It can be sent again by hand."""
SWITCHED_OFF_AFTER = timedelta(days=3)
FAILING, GONE = "failing", "gone"
IDLE, LAME_IDLE = 1.0, 5.0

PATIENCE = 0.5
"""Seconds for which a thread waits for an answer. What takes longer is looked after when it has ended."""
LANDING = 0.1

Clock = Callable[[], datetime]
_flights = Flights()


class Next(Enum):
    """What to do about an endpoint after a try: send the next, leave it alone, or wait for the try to end."""

    SEND = auto()
    REST = auto()
    WAIT = auto()


log = logging.getLogger("puntuale.webhooks")


def quick_round(clock: Clock) -> float:
    """Serve one endpoint that is well, and return for how many seconds to rest."""
    return _round(clock, lame=False)


def patient_round(clock: Clock) -> float:
    """Serve one endpoint that fails or is slow, and return for how many seconds to rest."""
    return _round(clock, lame=True)


def claim(at: datetime, *, lame: bool) -> Endpoint | None:
    """Return an endpoint for which something waits, the one that was served the longest ago, or None."""
    waiting = Delivery.objects.filter(endpoint=OuterRef("pk"), sent_at=None, given_up_at=None)
    due = Endpoint.objects.filter(
        Q(try_at=None) | Q(try_at__lte=at),
        Q(leased_until=None) | Q(leased_until__lte=at),
        Exists(waiting),
        disabled_at=None,
        retired_at=None,
        lame_since__isnull=not lame,
    )
    # Nearly always there is none, and looking takes no transaction.
    if not due.exists():
        return None
    with taking():
        free = due.select_for_update(skip_locked=True)
        endpoint = free.order_by(F("served_at").asc(nulls_first=True), "pk").first()
        if endpoint is None:
            return None
        endpoint.leased_until, endpoint.served_at, endpoint.fence = at + LEASE, at, endpoint.fence + 1
        endpoint.save(update_fields=["leased_until", "served_at", "fence"])
        return endpoint


def _round(clock: Clock, *, lame: bool) -> float:
    if (flight := _flights.landed()) is not None:
        endpoint, following = flight.endpoint, _note(flight.endpoint, flight.delivery, flight.outcome, clock())
    elif (claimed := claim(clock(), lame=lame)) is not None:
        endpoint, following = claimed, Next.SEND
    elif _flights.wait(LANDING):
        return 0.0
    else:
        return LAME_IDLE if lame else IDLE
    began = monotonic()
    while following is Next.SEND and monotonic() - began < AT_ONE_GO:
        following = _send_next(endpoint, clock)
    if following is not Next.WAIT:
        Endpoint.objects.filter(pk=endpoint.pk, fence=endpoint.fence).update(leased_until=None)
    return 0.0


def _send_next(endpoint: Endpoint, clock: Clock) -> Next:
    """Send what waits first, and tell what to do next. Nothing more is sent where another has the endpoint in hand."""
    related = ("event__ticket", "event__by", "promise__ticket")
    waiting = endpoint.deliveries.filter(sent_at=None, given_up_at=None).select_related(*related)
    delivery, at = waiting.order_by("pk").first(), clock()
    if delivery is None or not _renew(endpoint, at):
        return Next.REST
    try:
        flight = Flight(endpoint, delivery, _attempt(endpoint, delivery, at))
    except SealBroken as problem:
        return _note(endpoint, delivery, Outcome(None, str(problem), 0), clock())
    if not flight.ends_within(PATIENCE if _flights.have_room else posting.LONGEST + 1):
        _flights.add(flight)
        return Next.WAIT
    return _note(endpoint, delivery, flight.outcome, clock())


def _attempt(endpoint: Endpoint, delivery: Delivery, at: datetime) -> Callable[[], Outcome]:
    """Return one try, which needs no database any more. Raises SealBroken."""
    if endpoint.channel == Endpoint.Channel.CHAT:
        address, letter = sealing.unseal(endpoint.sealed_secret), chatting.letter_of(delivery, at)
        return partial(posting.say, address, letter, key=delivery.key)
    body, secrets = payloads.body_of(delivery), _secrets(endpoint, at)
    return partial(posting.post, endpoint.url, body=body, key=delivery.key, secrets=secrets, at=at)


def _renew(endpoint: Endpoint, at: datetime) -> bool:
    ours = Endpoint.objects.filter(pk=endpoint.pk, fence=endpoint.fence, disabled_at=None, retired_at=None)
    return ours.update(leased_until=at + LEASE) == 1


def _secrets(endpoint: Endpoint, at: datetime) -> list[str]:
    sealed = [endpoint.sealed_secret]
    if endpoint.former_until is not None and at < endpoint.former_until:
        sealed.append(endpoint.sealed_former_secret)
    return [sealing.unseal(one) for one in sealed]


def _note(endpoint: Endpoint, delivery: Delivery, outcome: Outcome, at: datetime) -> Next:
    """Write down what became of a try, unless another has the endpoint in hand, and tell what to do next."""
    tried = {
        "attempts": F("attempts") + 1,
        "tried_at": at,
        "took_ms": outcome.took_ms,
        "status": outcome.status,
        "problem": "" if outcome.is_taken else outcome.said,
    }
    with transaction.atomic():
        if not Endpoint.objects.select_for_update().filter(pk=endpoint.pk, fence=endpoint.fence).exists():
            return Next.REST
        row = Delivery.objects.filter(pk=delivery.pk, sent_at=None, given_up_at=None)
        if outcome.is_taken:
            row.update(sent_at=at, **tried)
            _is_well(endpoint, outcome, at)
            return Next.SEND
        if outcome.may_be_tried_again:
            row.update(**tried)
            _failed(endpoint, outcome, at)
            return Next.REST
        row.update(given_up_at=at, **tried)
        return _refused(endpoint, outcome, at)


def _is_well(endpoint: Endpoint, outcome: Outcome, at: datetime) -> None:
    endpoint.tried, endpoint.try_at, endpoint.failing_since = 0, None, None
    endpoint.lame_since = (endpoint.lame_since or at) if outcome.took_ms > SLOW_MS else None
    endpoint.save(update_fields=["tried", "try_at", "failing_since", "lame_since"])


def _refused(endpoint: Endpoint, outcome: Outcome, at: datetime) -> Next:
    """Go on with what comes after a delivery that was refused, unless the receiver wants nothing or never takes any."""
    endpoint.tried, endpoint.try_at, endpoint.failing_since = 0, None, endpoint.failing_since or at
    endpoint.lame_since = (endpoint.lame_since or at) if outcome.took_ms > SLOW_MS else None
    endpoint.save(update_fields=["tried", "try_at", "failing_since", "lame_since"])
    return Next.REST if _is_switched_off(endpoint, outcome, at) else Next.SEND


def _failed(endpoint: Endpoint, outcome: Outcome, at: datetime) -> None:
    pause = PAUSES[min(endpoint.tried, len(PAUSES) - 1)]
    if outcome.retry_after is not None:
        pause = min(max(pause, timedelta(seconds=outcome.retry_after)), LONGEST_PAUSE)
    endpoint.tried += 1
    endpoint.try_at = at + pause
    endpoint.failing_since, endpoint.lame_since = endpoint.failing_since or at, endpoint.lame_since or at
    endpoint.save(update_fields=["tried", "try_at", "failing_since", "lame_since"])
    old = endpoint.deliveries.filter(sent_at=None, given_up_at=None, made_at__lt=at - TRIED_FOR)
    if count := old.update(given_up_at=at):
        log.warning("%d deliveries to %s are given up after a day", count, endpoint)
    _is_switched_off(endpoint, outcome, at)


def _is_switched_off(endpoint: Endpoint, outcome: Outcome, at: datetime) -> bool:
    """Switch an endpoint off that wants nothing any more, or has taken nothing for too long, and tell whether it is."""
    lasted = at - (endpoint.failing_since or at)
    if outcome.is_gone or lasted > SWITCHED_OFF_AFTER:
        _switch_off(endpoint, GONE if outcome.is_gone else FAILING, at)
        return True
    return False


def _switch_off(endpoint: Endpoint, because: str, at: datetime) -> None:
    endpoint.disabled_at, endpoint.disabled_because = at, because
    endpoint.save(update_fields=["disabled_at", "disabled_because"])
    notices.tell(endpoint, at=at)
    log.warning("%s is switched off: %s", endpoint, because)
