"""Keeping watch: going rounds and sending, in threads of one worker, until it is told to stop."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from time import monotonic

from django.db import DatabaseError, close_old_connections

from puntuale.sending import delivery
from puntuale.sending.hands import Hands
from puntuale.sending.transports import available
from puntuale.tickets.conflicts import retrying
from puntuale.watch import heartbeat, ringing, watching

LONGEST_SLEEP = 1.0
RECONCILED_EVERY = timedelta(hours=1)
BEATS_EVERY = timedelta(seconds=3)
IN_OTHER_HANDS = 0.05
STUCK_AFTER = 60.0
RENEWED_EVERY = 3.0
CHORES_EVERY = 10.0
SENDERS = 2
PATIENCE = 5.0

log = logging.getLogger("puntuale.watch")


@dataclass(slots=True)
class Rounds:
    """The watch of one worker: one thread that goes rounds, some that send, and one that keeps what they hold.

    `beside` are rounds of other rooms, each in a thread of its own: they take the instant and return for how long to
    sleep. `chores` are what else is to be done every few seconds. `pulse` is when the rounds were last alive, by the
    process's own steady clock: a watchdog reads it.
    """

    beside: Sequence[Callable[[datetime], float]] = ()
    chores: Sequence[Callable[[], object]] = ()
    worker: str = field(default_factory=heartbeat.this_worker)
    stopping: Event = field(default_factory=Event)
    hands: Hands = field(default_factory=Hands)
    pulse: float = field(default_factory=monotonic)
    _threads: list[Thread] = field(default_factory=list)
    _beat_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    _reconciled_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    def start(self) -> None:
        """Begin."""
        senders = [(f"send-{name}-{n}", self._sending(name)) for name in available() for n in range(SENDERS)]
        others = [(f"beside-{n}", self._going(go_round)) for n, go_round in enumerate(self.beside)]
        own = [("rounds", self._round), ("hands", self._renewing), ("chores", self._chores)]
        for name, work in [*own, *others, *senders]:
            thread = Thread(target=self._keep_on, args=(work,), name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End, once what is in hand is done or five seconds have passed."""
        self.stopping.set()
        deadline = monotonic() + PATIENCE
        for thread in self._threads:
            thread.join(timeout=max(0.0, deadline - monotonic()))

    @property
    def is_stuck(self) -> bool:
        """Tell whether the rounds have stood still for so long that the process had better be started anew."""
        return monotonic() - self.pulse > STUCK_AFTER

    def _keep_on(self, work: Callable[[], float]) -> None:
        """Do something again and again, each time after the pause that it asks for, whatever goes wrong meanwhile."""
        while not self.stopping.is_set():
            try:
                pause = retrying(work)()
            except DatabaseError as problem:
                log.warning("the database does not answer: %s", str(problem).strip())
                pause = LONGEST_SLEEP
            except Exception:
                log.exception("the watch stumbled, and goes on")
                pause = LONGEST_SLEEP
            finally:
                close_old_connections()
            self.stopping.wait(pause)

    def _round(self) -> float:
        """Go one round, and return how long to sleep: until the next level, at most a second."""
        # A round that fails is no standstill: the database may be away for a while.
        self.pulse = monotonic()
        at = heartbeat.database_now()
        if at - self._beat_at > BEATS_EVERY:
            self._beat_at = at
            heartbeat.beat(self.worker, at=at)
        if at - self._reconciled_at > RECONCILED_EVERY:
            self._reconciled_at = at
            heartbeat.forget_silent(at=at)
            if missing := watching.watch_the_unwatched():
                log.warning("%d promises were not watched, and are now", missing)
            watching.let_go_of_the_ended()
        next_at = ringing.next_ring_at()
        if next_at is None or next_at > at:
            return min((next_at - at).total_seconds(), LONGEST_SLEEP) if next_at else LONGEST_SLEEP
        return 0.0 if ringing.go_round(at=at) else IN_OTHER_HANDS

    def _renewing(self) -> float:
        self.hands.renew(heartbeat.database_now())
        return RENEWED_EVERY

    def _chores(self) -> float:
        for chore in self.chores:
            chore()
        return CHORES_EVERY

    def _going(self, go_round: Callable[[datetime], float]) -> Callable[[], float]:
        return lambda: go_round(heartbeat.database_now())

    def _sending(self, channel: str) -> Callable[[], float]:
        def send() -> float:
            sent = delivery.deliver(heartbeat.database_now, channel=channel, hands=self.hands)
            return 0.0 if sent else LONGEST_SLEEP / 2

        return send
