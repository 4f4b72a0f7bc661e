"""How often somebody may try, counted for all processes alike, and without keeping the owner of an account out.

What is tried on an address counts tightly for one client and loosely for all of them together; a browser that was
signed in to the account before has tries of its own. So a stranger who tries five passwords, or asks for five codes,
stops themselves, and nobody else. Where strangers from many places have used up what all have together, a network from
which hardly anything was tried still has a few tries, so that the owner comes in by a new browser, too.
"""

import ipaddress
import math
import time

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
    whose = normalised(address)
    if browser := devices.known(request, whose):
        return _all(request, [(f"{action}_known", f"{whose} {browser}")])
    here = _all(request, [(f"{action}_here", f"{whose} {ratelimit.get_ip(request)}")])
    if here is None:
        return None
    shared = ratelimit.consume(request, app=APP, action=f"{action}_anywhere", key=whose)
    others = Tries([shared]) if shared is not None else _all(request, _fresh(request, action, whose))
    return Tries([*here.counted, *others.counted]) if others is not None else None


def forget_tries(request: HttpRequest, action: str, address: str) -> None:
    """Begin anew for an address whose owner has shown who they are."""
    whose = normalised(address)
    ways = [
        (f"{action}_here", f"{whose} {ratelimit.get_ip(request)}"),
        (f"{action}_anywhere", whose),
        *_fresh(request, action, whose),
    ]
    if browser := devices.known(request, whose):
        ways.append((f"{action}_known", f"{whose} {browser}"))
    for name, key in ways:
        ratelimit.clear(request, app=APP, action=name, key=key)


def _fresh(request: HttpRequest, action: str, address: str) -> list[tuple[str, str]]:
    """Return how a try counts that is one too many for all together, each with its key: by network, then by address."""
    return [(f"{action}_network", f"{address} {_network(ratelimit.get_ip(request))}"), (f"{action}_fresh", address)]


def _network(client: str) -> str:
    """Return the network of a client, as wide as one customer of a provider may have it."""
    try:
        found = ipaddress.ip_address(client)
    except ValueError:
        return client
    return str(ipaddress.ip_network(f"{found}/{24 if found.version == 4 else 48}", strict=False))


def _all(request: HttpRequest, ways: list[tuple[str, str]]) -> Tries | None:
    """Return a try that is within the limits of every way, counted, or None."""
    counted = []
    for name, key in ways:
        one = _consumed(request, name, key)
        if one is None:
            return None
        counted.append(one)
    return Tries(counted)


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
