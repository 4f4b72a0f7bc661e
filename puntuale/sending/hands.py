"""What a worker has in hand, so that its leases last as long as it works on them, and no longer."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from django.db import connection, transaction

from puntuale.sending.models import Intent

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


@dataclass(slots=True)
class Hands:
    """The intents that this worker is about to send, with the fences under which it took them."""

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
            held = dict(self._held)
        by_fence = defaultdict[int, list[int]](list)
        for key, fence in held.items():
            by_fence[fence].append(key)
        return sum(
            Intent.objects.filter(pk__in=keys, fence=fence, leased_until__isnull=False).update(leased_until=at + LEASE)
            for fence, keys in by_fence.items()
        )
