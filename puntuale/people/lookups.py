"""Looking up names in threads that are left behind: a resolver may take a minute, and cannot be stopped."""

import socket
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from functools import partial
from typing import Any

LookUp = Callable[..., list[Any]]
MOST = 32
"""How many names may be looked up at once, with those for which nobody waits any more."""
running: dict[Hashable, "Future[list[Any]]"] = {}
"""What is being looked up now."""
_lock = threading.Lock()


def within(seconds: float, look_up: "partial[list[Any]]") -> list[Any]:
    """Return what looking up a name gives. Raises TimeoutError, and OSError where too many are being looked up.

    A name that takes longer is looked up once at a time, however many ask for it, so that it takes up one thread.
    """
    name = (look_up.func, look_up.args, tuple(sorted(look_up.keywords.items())))
    with _lock:
        lookup = running.get(name)
        if lookup is None:
            if len(running) >= MOST:
                raise socket.gaierror(socket.EAI_AGAIN, "too many names are being looked up")
            lookup = running[name] = Future()
            threading.Thread(target=_look_up, args=(name, lookup, look_up), name="lookup", daemon=True).start()
    return lookup.result(seconds)


def _look_up(name: Hashable, lookup: "Future[list[Any]]", look_up: "partial[list[Any]]") -> None:
    try:
        lookup.set_result(look_up())
    except Exception as problem:
        # Whoever waits is told; nobody else may be there.
        lookup.set_exception(problem)
    finally:
        with _lock:
            running.pop(name, None)
