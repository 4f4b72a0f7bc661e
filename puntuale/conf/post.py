"""Mail in the worker: fetched and listened for in threads of their own, and looked into one after the other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Thread

from django.conf import settings

from puntuale.conf import clock
from puntuale.mail.incoming import fetching, handling, lmtp
from puntuale.mail.incoming.reader import Reader

PATIENCE = 3.0


@dataclass(slots=True)
class Post:
    """What one worker does with mail that comes in."""

    reader: Reader = field(default_factory=handling.new_reader)
    stopping: Event = field(default_factory=Event)
    _threads: list[Thread] = field(default_factory=list)

    def start(self) -> None:
        """Begin to fetch and to listen, as far as the settings say so."""
        if settings.IMAP:
            source = fetching.Source(**settings.IMAP)
            self._begin("fetch-mail", lambda: fetching.keep_fetching(source, clock.now, self.stopping))
        if settings.LMTP:
            host, port = settings.LMTP
            self._begin("listen-for-mail", lambda: lmtp.keep_listening(host, port, clock.now, self.stopping))

    def stop(self) -> None:
        """End. What is not kept yet comes again."""
        self.stopping.set()
        for thread in self._threads:
            thread.join(timeout=PATIENCE)
        self.reader.stop()

    def go_round(self, at: datetime) -> float:
        """Look into what was kept, and return for how long to sleep."""
        return handling.go_round(at, self.reader)

    def _begin(self, name: str, work: Callable[[], None]) -> None:
        thread = Thread(target=work, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)
