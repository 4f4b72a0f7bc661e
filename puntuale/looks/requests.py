"""What a door gets: a request with the instant at which it arrived, the zone of whoever sent it, and the person."""

from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from puntuale.people import egress
from puntuale.people.models import Person


class Request(HttpRequest):
    """A request after `conf.arrival`. `at` is the instant of arrival: time is read once, at the door."""

    at: datetime
    zone: ZoneInfo
    user: Person | AnonymousUser


class Admitted(Request):
    """A request of a person whom the door let in."""

    person: Person


def language() -> str:
    """Return the language the page is told in."""
    return get_language() or "en"


def address_of(request: HttpRequest) -> str:
    """Return the network address a request came from. Behind a proxy of ours it is the one that proxy tells."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_HTTPS else ""
    told: str = forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    return told[:45]


def note_unknown_name(request: HttpRequest, url: str) -> None:
    """Say that the host of an address, which was taken, cannot be found now: a slip, or a name that is yet to come."""
    if not egress.is_found(url):
        told = _("We can't find %(host)s right now. Check the spelling. We look it up again each time we use it.")
        messages.info(request, told % {"host": urlsplit(url).hostname})
