"""Browsers in which somebody was signed in to an account before: strangers cannot use up their tries.

What they are called is told from what they send; of that only the kind of browser and system means anything to people.
"""

import secrets

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

COOKIE = "known_browser"
LASTS = 90 * 24 * 60 * 60
_signer = TimestampSigner(salt="puntuale.accounts.devices")

# In this order: nearly every browser says that it is Chrome and Safari too, and Android that it is Linux.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Vivaldi/": "Vivaldi",
    "YaBrowser/": "Yandex",
    "FxiOS/": "Firefox",
    "Firefox/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Macintosh": "macOS",
    "Linux": "Linux",
}


def describe(user_agent: str) -> str:
    """Return what people call a browser and the system it runs on, as far as it says so: "Chrome on Linux"."""
    known = (name for sign, name in BROWSERS.items() if sign in user_agent)
    browser = next(known, "") or _first_word(user_agent) or _("Unknown browser")
    system = next((name for sign, name in SYSTEMS.items() if sign in user_agent), "")
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system} if system else browser


def _first_word(user_agent: str) -> str:
    """Return what a program calls itself that does not pretend to be a browser, as "curl" of "curl/8.5.0"."""
    name = user_agent.partition("/")[0]
    return name if name.isalnum() and len(name) <= 30 and name != "Mozilla" else ""


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
