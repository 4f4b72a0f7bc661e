"""One try: a signed body posted to an address, and what came back."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock, Thread
from time import monotonic
from uuid import UUID

from puntuale.people import egress
from puntuale.sending.letters import Letter
from puntuale.sending.transports import NotDelivered, Undeliverable, messengers

LONGEST = 15.0
"""Seconds after which a try is given up. Its connections have a deadline of their own; looking up a name has none."""
LONGEST_ANSWER = 300
MOST_LEFT_BEHIND = 2
SUCCESS = range(200, 300)
TAKEN = 200
"""What stands for the status of a chat, whose service only says whether it took something."""

log = logging.getLogger("puntuale.webhooks")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a try: the status, None when there was no answer; what was said; and for how long to wait."""

    status: int | None
    said: str
    took_ms: int
    retry_after: int | None = None

    @property
    def is_taken(self) -> bool:
        """Tell whether the receiver took it."""
        return self.status in SUCCESS

    @property
    def may_be_tried_again(self) -> bool:
        """Tell whether another try could help: not when the receiver says that it is the request that is wrong."""
        return self.status is None or self.status in {408, 425, 429} or self.status >= 500

    @property
    def is_gone(self) -> bool:
        """Tell whether the receiver wants nothing any more."""
        return self.status == 410


class _LeftBehind:
    """Tries that did not end in time, and still hold a thread each: few for each address, or nothing more is begun."""

    def __init__(self) -> None:
        self._threads: list[tuple[str, Thread]] = []
        self._lock = Lock()

    def add(self, address: str, thread: Thread) -> None:
        with self._lock:
            self._threads.append((address, thread))

    def are_too_many(self, address: str) -> bool:
        with self._lock:
            self._threads = [one for one in self._threads if one[1].is_alive()]
            return sum(where == address for where, _ in self._threads) >= MOST_LEFT_BEHIND


_left_behind = _LeftBehind()


def post(url: str, *, body: str, key: UUID, secrets: list[str], at: datetime) -> Outcome:
    """Return what came of one try, within fifteen seconds.

    `webhook-id`, `webhook-timestamp` and `webhook-signature` are those of Standard Webhooks, one signature for each
    secret. Redirects are not followed, and addresses of private networks are refused by what the name leads to when the
    connection is made, unless PUNTUALE_PRIVATE_TARGETS allows them.
    """
    return _within_time(url, lambda: _try(url, body, key, secrets, at))


def say(address: str, letter: Letter, *, key: UUID) -> Outcome:
    """Return what came of telling a chat, whose address is one of Apprise's, within fifteen seconds."""
    return _within_time(address, lambda: _say(address, letter, key))


def _within_time(address: str, attempt: Callable[[], Outcome]) -> Outcome:
    if _left_behind.are_too_many(address):
        return Outcome(None, "too many earlier tries have not ended", 0)
    began, found = monotonic(), list[Outcome]()
    thread = Thread(target=lambda: found.append(attempt()), name="webhook", daemon=True)
    thread.start()
    thread.join(LONGEST)
    if found:
        return found[0]
    _left_behind.add(address, thread)
    return Outcome(None, f"no answer within {LONGEST:.0f} s", _since(began))


def _say(address: str, letter: Letter, key: UUID) -> Outcome:
    began = monotonic()
    try:
        messengers.send(address, letter, key)
    except (NotDelivered, Undeliverable) as problem:
        said = egress.PRIVATE if str(problem) == "address.private" else str(problem)
        return Outcome(None, said, _since(began))
    except Exception as problem:
        log.exception("telling a chat %s failed", key)
        return Outcome(None, type(problem).__name__, _since(began))
    return Outcome(TAKEN, "", _since(began))


def _try(url: str, body: str, key: UUID, secrets: list[str], at: datetime) -> Outcome:
    from requests import RequestException  # noqa: PLC0415 -- slow to load, and needed by few desks

    began = monotonic()
    try:
        with egress.session() as session:
            headers = _headers(body, key, secrets, at)
            answer = session.post(url, data=body.encode(), headers=headers)
            said = " ".join(answer.content[:LONGEST_ANSWER].decode("utf-8", "replace").split())
            return Outcome(answer.status_code, said, _since(began), _seconds(answer.headers.get("Retry-After")))
    except (RequestException, OSError, ValueError) as problem:
        return Outcome(None, egress.why(problem), _since(began))
    except Exception as problem:
        log.exception("a try for %s failed", key)
        return Outcome(None, type(problem).__name__, _since(began))


def _headers(body: str, key: UUID, secrets: list[str], at: datetime) -> dict[str, str]:
    from standardwebhooks import Webhook  # noqa: PLC0415

    return {
        "Content-Type": "application/json",
        "webhook-id": str(key),
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(str(key), at, body) for secret in secrets),
    }


def _seconds(said: str | None) -> int | None:
    return int(said) if said and said.isdecimal() and len(said) < 9 else None


def _since(began: float) -> int:
    return int((monotonic() - began) * 1000)
