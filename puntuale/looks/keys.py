"""Keys of forms: a form that arrives twice has the same key twice, and what it asks for is done once."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponseBase

from puntuale.looks.requests import Request

TAKEN, LAST_TAKEN, TAKEN_LASTS = "taken", 5, 24 * 60 * 60
"""The cookie that tells the browser which forms were taken, for how many of them, and for how many seconds."""


def sent_key(request: Request) -> UUID | None:
    """Return the key that a form was sent with, or None when it has none or nonsense."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def as_taken(request: Request, answer: HttpResponseBase) -> HttpResponseBase:
    """Return an answer that tells the browser that this form was taken, so that it forgets what it kept of it.

    Pages cannot tell by themselves: the next one may come from elsewhere, or not at all.
    """
    key = sent_key(request)
    if key is not None:
        before = [one for one in request.COOKIES.get(TAKEN, "").split(".") if one and one != str(key)]
        value = ".".join([*before[1 - LAST_TAKEN :], str(key)])
        secure = settings.SESSION_COOKIE_SECURE
        answer.set_cookie(TAKEN, value, max_age=TAKEN_LASTS, samesite="Lax", secure=secure)
    return answer
