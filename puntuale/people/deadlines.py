"""How long an outside server may take in all, however slowly it drips, and how many pages may wait for one."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread, local
from time import monotonic
from typing import Self

AGAIN_AFTER = 0.5
PAGE_SECONDS = 10.0
"""How long a page waits for outside servers, with all that it asks of them."""
MOST_PAGES = 2
"""How many pages of one process may wait for outside servers, each for another one. The others answer meanwhile."""


class Deadline:
    """An instant after which nothing more comes through the sockets that were held on to, and no new one connects.

    Libraries limit the pauses of a server, not how long it goes on. So a thread hangs up from outside.
    """

    def __init__(self, seconds: float) -> None:
        self.is_over = seconds <= 0
        self._seconds = max(0.0, seconds)
        self._ends = monotonic() + self._seconds
        self._held: list[socket.socket] = []
        self._lock, self._done = Lock(), Event()

    def __enter__(self) -> Self:
        Thread(target=self._keep, name="deadline", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        with self._lock:
            while self._held:
                self._held.pop().close()

    def hold(self, connecting: socket.socket) -> None:
        """Hold on to a socket that is about to connect. Raises TimeoutError when it is too late.

        By a handle of our own: encryption moves the connection into another object.
        """
        with self._lock:
            self.refuse_late()
            self._held.append(socket.socket(fileno=socket.dup(connecting.fileno())))

    @property
    def left(self) -> float:
        """Return how many seconds there are until it."""
        return max(0.0, self._ends - monotonic())

    def refuse_late(self) -> None:
        """Raise TimeoutError when it is too late."""
        if self.is_over:
            raise TimeoutError

    def _keep(self) -> None:
        """Hang up in time, again and again: a socket may have been about to connect."""
        pause = self._seconds
        while not self._done.wait(pause):
            pause = AGAIN_AFTER
            with self._lock:
                self.is_over = True
                for one in self._held:
                    with suppress(OSError):
                        one.shutdown(socket.SHUT_RDWR)


class Busy(Exception):
    """Too many pages wait for outside servers, or one for this very server."""


_pages, _pages_lock, _here = set[str](), Lock(), local()


@contextmanager
def page_waits(server: str) -> Iterator[None]:
    """Let a page wait for an outside server, for ten seconds in all. Raises Busy at once when that cannot be."""
    with _pages_lock:
        if server in _pages or len(_pages) >= MOST_PAGES:
            raise Busy
        _pages.add(server)
    _here.until = monotonic() + PAGE_SECONDS
    try:
        yield
    finally:
        _here.until = None
        with _pages_lock:
            _pages.discard(server)


def seconds_left(seconds: float) -> float:
    """Return how long something may take that would take so many seconds at most: less when a page waits for it."""
    until: float | None = getattr(_here, "until", None)
    return seconds if until is None else min(seconds, until - monotonic())
