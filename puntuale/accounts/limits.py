"""How often somebody may try, counted for all processes alike, and without keeping the owner of an account out.

What is tried on an address counts tightly for one client and loosely for all of them together; a browser that was
signed in to the account before has tries of its own. So a stranger who tries five passwords, or asks for five codes,
stops themselves, and nobody else.
"""

import math
import time
from collections.abc import Iterator

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.core.cache import cache
from django.http import HttpRequest

from puntuale.accounts import devices
from puntuale.looks import throttling
from puntuale.people.email import normalised

APP = "allauth.account"


class Tries:
    """Tries that were counted, in several ways at once. They are taken back when the right password came."""

    def __init__(self, counted: list[RateLimitUsage]) -> None:
        self.counted = counted

    def rollback(self) -> None:
        """Take them back."""
        for one in self.counted:
            one.rollback()


def allows(request: HttpRequest, action: str, *, key: str | None = None) -> bool:
    """Tell whether one more try is within the limits of an action, and count it. If not, the answer will be 429."""
    return _consumed(request, action, key) is not None


def allows_address(request: HttpRequest, action: str, address: str) -> Tries | None:
    """Return the try at something with an address, counted, or None when it is too much; the answer is 429 then."""
    counted = []
    for name, key in _ways(request, action, normalised(address)):
        one = _consumed(request, name, key)
        if one is None:
            return None
        counted.append(one)
    return Tries(counted)


def forget_tries(request: HttpRequest, action: str, address: str) -> None:
    """Begin anew for an address whose owner has shown who they are."""
    for name, key in _ways(request, action, normalised(address)):
        ratelimit.clear(request, app=APP, action=name, key=key)


def _ways(request: HttpRequest, action: str, address: str) -> Iterator[tuple[str, str]]:
    """Yield in which ways a try at an address counts, each with its key."""
    browser = devices.known(request, address)
    if browser is not None:
        yield f"{action}_known", f"{address} {browser}"
        return
    yield f"{action}_here", f"{address} {ratelimit.get_ip(request)}"
    yield f"{action}_anywhere", address


def _consumed(request: HttpRequest, action: str, key: str | None) -> RateLimitUsage | None:
    found: RateLimitUsage | None = ratelimit.consume(request, app=APP, action=action, key=key)
    if found is None:
        throttling.refuse(request, _wait(request, action, key))
    return found


def _wait(request: HttpRequest, action: str, key: str | None) -> int:
    """Return in how many seconds the next try is allowed."""
    # On the clock by which django-allauth counts, not that of a request.
    now, wait = time.time(), 1.0  # noqa: TID251
    for rate in ratelimit.get_rates(app=APP, action=action):
        tried = cache.get(ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key), [])
        if len(tried) >= rate.amount:
            wait = max(wait, tried[rate.amount - 1] + rate.duration - now)
    return math.ceil(wait)
