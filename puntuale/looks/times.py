"""Instants as elements of a page: told as people say them, exact for browsers and for whoever points at them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.html import format_html
from django.utils.safestring import SafeString

from puntuale.guarantee.reckoning import utc_text
from puntuale.wording import moments


def near(at: datetime, language: str, zone: ZoneInfo, *, now: datetime) -> SafeString:
    """Return an instant as people say it, with its zone."""
    return element(at, moments.near(at, language, zone, now=now), language, zone)


def element(at: datetime, said: str, language: str, zone: ZoneInfo) -> SafeString:
    """Return an instant that is told in some words."""
    exact = moments.exact(at, language, zone)
    return format_html('<time datetime="{}" title="{}">{}</time>', utc_text(at), exact, said)
