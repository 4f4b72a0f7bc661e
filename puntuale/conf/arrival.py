"""Reading the time once, when a request arrives, and the zone of the person who sent it."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from puntuale.agreements.reading import NothingInForce, agreement_in_force, looking_up_once
from puntuale.conf import clock
from puntuale.guarantee.zones import UnknownZone, zone
from puntuale.people.models import Person

SAFE = frozenset({"GET", "HEAD"})
"""The methods of requests that change nothing: what is in force is looked up once for each of them."""


class Arrival:
    """Gives each request `at`, the instant of its arrival, and `zone`, in which its sender reads times.

    Absolute addresses, such as those in emails, lead to where the desk is known to be, and not to the host that the
    request names: whoever sends it chooses that.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on with both."""
        request.at = clock.now()  # type: ignore[attr-defined]
        request.build_absolute_uri = partial(_absolute, request)  # type: ignore[method-assign]
        with looking_up_once() if request.method in SAFE else nullcontext():
            request.zone = _zone_of(request)  # type: ignore[attr-defined]
            return self.get_response(request)


def _absolute(request: HttpRequest, location: str | None = None) -> str:
    return urljoin(f"{settings.BASE_URL}{request.path}", location or request.get_full_path())


def _zone_of(request: HttpRequest) -> ZoneInfo:
    """Return the zone of the person, or the desk's for somebody unknown or whose zone is no more; UTC for programs."""
    if request.headers.get("Authorization", "").startswith("Bearer "):
        return zone("UTC")
    person = request.user
    if isinstance(person, Person):
        try:
            return zone(person.zone_name)
        except UnknownZone:
            pass
    try:
        return agreement_in_force(request.at).zone  # type: ignore[attr-defined]
    except NothingInForce:
        return zone("UTC")
