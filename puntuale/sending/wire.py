"""Letters on their way to servers that anybody may have set up: one that is slow holds up nobody but itself.

Whoever sends waits for a moment, and then goes on to the next. The fewer moments, the more are under way.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock, Thread
from time import monotonic
from uuid import UUID

from puntuale.sending.models import Intent

PATIENCE = 1.0
LONGEST = 16.0
"""Seconds after which a letter counts as not delivered, whatever its thread still does. Transports end before that."""
MOST = 20
"""How many may be under way by one channel. While half as many are, addresses that were slow wait behind all others."""
SLOW_FOR = 600.0


@dataclass(frozen=True, slots=True)
class Parcel:
    """Intents to one address that go out as one letter, in the hands of one worker."""

    intents: tuple[Intent, ...]
    digest: UUID | None = None

    @property
    def key(self) -> UUID:
        """Return the key of the letter."""
        return self.digest or self.intents[0].key


@dataclass(slots=True, eq=False)
class Way:
    """A parcel that is under way, in a thread of its own."""

    parcel: Parcel
    until: float
    result: Future[None] = field(default_factory=Future)
    is_concluded: bool = False

    @property
    def where(self) -> tuple[str, str]:
        """Return the channel and the address."""
        first = self.parcel.intents[0]
        return first.channel, first.address

    def run(self, send: Callable[[], None]) -> None:
        """Send, and keep what became of it."""
        try:
            send()
        except BaseException as problem:
            self.result.set_exception(problem)
        else:
            self.result.set_result(None)


@dataclass(slots=True)
class Wire:
    """What one worker has under way, at most one thread for each address."""

    _ways: list[Way] = field(default_factory=list)
    _slow: dict[tuple[str, str], float] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def begin(self, parcel: Parcel, send: Callable[[], None]) -> Way | None:
        """Return a parcel on its way, or None while another is under way to its address."""
        way = Way(parcel, monotonic() + LONGEST)
        with self._lock:
            if any(one.where == way.where for one in self._ways):
                return None
            self._ways.append(way)
        Thread(target=way.run, args=(send,), name=f"sending-{way.where[0]}", daemon=True).start()
        return way

    def wait_for(self, way: Way) -> None:
        """Wait for a moment, so that what is quick has ended."""
        channel, _ = way.where
        try:
            way.result.exception(PATIENCE / max(1, self._count(channel)))
        except TimeoutError:
            with self._lock:
                self._slow[way.where] = monotonic()

    def take_ended(self, channel: str) -> list[Way]:
        """Return what has ended or takes too long, for somebody to note what became of it, each once."""
        now = monotonic()
        with self._lock:
            ended = [
                one
                for one in self._ways
                if one.where[0] == channel and not one.is_concluded and (one.result.done() or now > one.until)
            ]
            for one in ended:
                one.is_concluded = True
            self._ways = [one for one in self._ways if not (one.is_concluded and one.result.done())]
            self._slow = {where: since for where, since in self._slow.items() if now - since < SLOW_FOR}
        return ended

    def is_full(self, channel: str) -> bool:
        """Tell whether nothing more may be begun."""
        return self._count(channel) >= MOST

    def avoided(self, channel: str) -> list[str]:
        """Return the addresses to which nothing is to be begun now."""
        with self._lock:
            away = [one.where for one in self._ways if one.where[0] == channel]
            slow = self._slow if len(away) >= MOST // 2 else ()
            return sorted({address for name, address in (*away, *slow) if name == channel})

    def held(self) -> dict[int, int]:
        """Return what is under way, by key and fence, as long as it may be."""
        now = monotonic()
        with self._lock:
            ours = [one for one in self._ways if not one.is_concluded and now <= one.until]
            return {intent.pk: intent.fence for one in ours for intent in one.parcel.intents}

    def _count(self, channel: str) -> int:
        with self._lock:
            return sum(one.where[0] == channel for one in self._ways)
