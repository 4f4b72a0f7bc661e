"""A form that came too late: signed out meanwhile, or with a token that has expired. What was written is not lost."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_BAD_ORIGIN, REASON_BAD_REFERER
from django.shortcuts import render

WRITTEN = ("subject", "title", "name", "body", "text", "telling", "answer", "comment", "colleagues")
"""The fields in which people write. They are shown; all others only go along."""
WRITER = "writer"
"""The field that says for whom a form was made."""
SECRET = "password"  # noqa: S105 -- a part of the names of fields
FROM_ELSEWHERE = tuple(reason.partition("%s")[0] for reason in (REASON_BAD_ORIGIN, REASON_BAD_REFERER))
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 -- the name of a field


@dataclass(frozen=True, slots=True)
class Kept:
    """One field as it was sent."""

    name: str
    value: str
    is_written: bool


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form without a good token, and show what was written in one that can be sent again.

    One that stood at another address than ours has not expired: a proxy tells us a wrong host, or another site sent it.
    """
    is_from_elsewhere = reason.startswith(FROM_ELSEWHERE)
    return _page(request, is_signed_out=False, is_from_elsewhere=is_from_elsewhere)


def signed_out(request: HttpRequest) -> HttpResponse:
    """Refuse a form of somebody who is not signed in, and show what was written until she is."""
    return _page(request, is_signed_out=True)


def written_by_another(request: HttpRequest) -> HttpResponse:
    """Refuse a form of a page that was made for another person, who was signed in on this browser before.

    What they wrote is not sent in the name of whoever is signed in now, and not kept among their drafts.
    """
    return _page(request, is_signed_out=True)


def _page(request: HttpRequest, *, is_signed_out: bool, is_from_elsewhere: bool = False) -> HttpResponse:
    context = {
        "kept": _kept(request),
        # Nobody sends again by one click what another site made up, or another person wrote.
        "can_send_again": _is_ours(request) and not _has_secrets(request) and _is_the_writers(request),
        "had_files": bool(request.FILES),
        "is_signed_out": is_signed_out,
        "is_from_elsewhere": is_from_elsewhere,
        "desk": settings.BASE_URL,
        "address": request.get_full_path(),
    }
    return render(request, "looks/refused.html", context, status=403)


def _kept(request: HttpRequest) -> list[Kept]:
    """Return the fields that were sent, the texts last. Never a password, never a file."""
    if _has_secrets(request):
        return []
    fields = [
        Kept(name, value, name in WRITTEN) for name, values in request.POST.lists() if name != TOKEN for value in values
    ]
    return sorted(fields, key=lambda field: field.is_written)


def _has_secrets(request: HttpRequest) -> bool:
    return any(SECRET in name for name in request.POST)


def _is_the_writers(request: HttpRequest) -> bool:
    """Tell whether nobody else is signed in than whom the form was made for."""
    person = str(request.user.pk) if request.user.is_authenticated else ""
    return request.POST.get(WRITER, person) in {person, ""} or not person


def _is_ours(request: HttpRequest) -> bool:
    """Tell whether the form stood on one of our pages, as far as the browser says where it stood."""
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin == f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}
