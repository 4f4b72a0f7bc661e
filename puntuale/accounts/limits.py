"""How often somebody may try, counted for all processes alike."""

from allauth.core import ratelimit
from django.http import HttpRequest


def allows(request: HttpRequest, action: str, *, key: str | None = None) -> bool:
    """Tell whether one more try is within the limits of an action, and count it."""
    return bool(ratelimit.consume(request, action=action, key=key))
