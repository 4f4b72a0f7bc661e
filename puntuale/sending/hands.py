"""What a worker has in hand, so that its leases last as long as it works on them, and no longer."""

import operator
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from threading import Lock

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from puntuale.sending.models import Intent
from puntuale.sending.wire import Wire

LEASE = timedelta(seconds=10)
"""How long an intent is nobody else's. A worker that lives renews it; one that was killed or stopped cannot."""


@contextmanager
def taking() -> Iterator[None]:
    """Take things in hand in one transaction. A worker that stands still in it loses it: others pass over locked rows.

    The database ends it when nothing was heard of the worker for as long as a lease.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('idle_in_transaction_session_timeout', %s, true)", [f"{LEASE.seconds}s"])
        yield


def only_ours(channel: str, addresses: Iterable[str]) -> set[str]:
    """Return those of some addresses that nobody else is taking things in hand for, until the transaction ends.

    What goes to one address in one letter is taken by one worker, or two would send parts of it under the same key.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT address FROM unnest(%s::text[]) AS asked(address)"
            " WHERE pg_try_advisory_xact_lock(hashtextextended(%s || ' ' || address, 0))",
            [sorted(set(addresses)), channel],
        )
        return {address for (address,) in cursor.fetchall()}


def under_fences(intents: Iterable[Intent]) -> QuerySet[Intent]:
    """Return the rows of intents as long as nobody has taken them since. All are changed in one statement, or none."""
    return _under({intent.pk: intent.fence for intent in intents})


def _under(held: Mapping[int, int]) -> QuerySet[Intent]:
    by_fence = defaultdict[int, list[int]](list)
    for key, fence in held.items():
        by_fence[fence].append(key)
    if not by_fence:
        return Intent.objects.none()
    return Intent.objects.filter(
        reduce(operator.or_, (Q(pk__in=keys, fence=fence) for fence, keys in by_fence.items()))
    )


@dataclass(slots=True)
class Hands:
    """What this worker is about to send, with the fences under which it took it, and what it has under way."""

    wire: Wire = field(default_factory=Wire)
    _held: dict[int, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def holding(self, intents: Iterable[Intent]) -> Iterator[None]:
        """Hold some intents for as long as the block lasts."""
        rows = {intent.pk: intent.fence for intent in intents}
        with self._lock:
            self._held |= rows
        try:
            yield
        finally:
            with self._lock:
                for key in rows:
                    self._held.pop(key, None)

    def renew(self, at: datetime) -> int:
        """Let the leases last on, and return how many did. What another has taken meanwhile is not ours any more."""
        with self._lock:
            held = self._held | self.wire.held()
        return _under(held).filter(leased_until__isnull=False).update(leased_until=at + LEASE)
