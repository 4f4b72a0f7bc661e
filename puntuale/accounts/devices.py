"""Browsers in which somebody was signed in to an account before: strangers cannot use up their tries."""

import secrets

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

COOKIE = "known_browser"
LASTS = 90 * 24 * 60 * 60
_signer = TimestampSigner(salt="puntuale.accounts.devices")


def remember(response: HttpResponseBase, address: str) -> None:
    """Let a browser be known as one of the owner of an address. It opens nothing, and does not hold the address."""
    value = _signer.sign(f"{_digest(address)}.{secrets.token_urlsafe(12)}")
    response.set_cookie(
        COOKIE, value, max_age=LASTS, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def known(request: HttpRequest, address: str) -> str | None:
    """Return how a browser is called that was signed in to the account of an address, or None for any other."""
    try:
        digest, _dot, name = _signer.unsign(request.COOKIES.get(COOKIE, ""), max_age=LASTS).partition(".")
    except BadSignature:
        return None
    return name if constant_time_compare(digest, _digest(address)) else None


def _digest(address: str) -> str:
    return salted_hmac("puntuale.accounts.devices", address, algorithm="sha256").hexdigest()
