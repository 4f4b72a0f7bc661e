"""Tries that take longer than a thread waits for them: they go on by themselves until they have ended."""

from collections.abc import Callable
from threading import Event, Lock, Thread

from puntuale.webhooks.models import Delivery, Endpoint
from puntuale.webhooks.posting import Outcome

MOST = 50
"""How many may go on at once. Beyond that threads wait for what they begin."""


class Flight:
    """One try, which begins at once in a thread of its own."""

    def __init__(self, endpoint: Endpoint, delivery: Delivery, attempt: Callable[[], Outcome]) -> None:
        self.endpoint, self.delivery, self._attempt = endpoint, delivery, attempt
        self.outcome = Outcome(None, "", 0)
        self._ended = Event()
        Thread(target=self._run, name="webhook try", daemon=True).start()

    def _run(self) -> None:
        try:
            self.outcome = self._attempt()
        except Exception as problem:
            self.outcome = Outcome(None, type(problem).__name__, 0)
            raise
        finally:
            self._ended.set()

    def ends_within(self, seconds: float) -> bool:
        """Tell whether it has ended by then."""
        return self._ended.wait(seconds)


class Flights:
    """The tries that go on, each of which is looked after once when it has ended."""

    def __init__(self) -> None:
        self._flights: list[Flight] = []
        self._lock = Lock()

    @property
    def have_room(self) -> bool:
        """Tell whether another one may go on by itself."""
        return len(self._flights) < MOST

    def add(self, flight: Flight) -> None:
        """Keep one that has not ended yet."""
        with self._lock:
            self._flights.append(flight)

    def landed(self) -> Flight | None:
        """Return one that has ended, which is nobody else's from now on, or None."""
        with self._lock:
            flight = next((one for one in self._flights if one.ends_within(0)), None)
            if flight is not None:
                self._flights.remove(flight)
            return flight

    def wait(self, seconds: float) -> bool:
        """Wait for the first one for some time, and tell whether there was any."""
        flight = next(iter(self._flights[:1]), None)
        if flight is None:
            return False
        flight.ends_within(seconds)
        return True
