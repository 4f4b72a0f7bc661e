"""Addresses with a secret in them, which programs call that know no tokens: what they tell becomes a ticket."""

from typing import cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from puntuale.agreements.reading import NothingInForce
from puntuale.guarantee.parsing import Unreadable, parse_json
from puntuale.looks.requests import Request
from puntuale.webhooks import incoming, reports
from puntuale.webhooks.incoming import Taken, TooManyCalls

LONGEST = 256_000
STATUS = {"opened": 201, "known": 200, "over": 200, "refused": 422}


@csrf_exempt
@require_POST
def incoming_hook(request: HttpRequest, secret: str) -> HttpResponse:
    """Take a call: JSON or a form, read with goodwill."""
    hook = incoming.hook_of(secret)
    if hook is None:
        return JsonResponse({"error": "There is nothing here."}, status=404)
    told = _told(request)
    if told is None:
        return JsonResponse({"error": "This is no JSON object of at most 256,000 bytes."}, status=400)
    at = cast("Request", request).at
    try:
        return _answer(incoming.take(hook, reports.read(told), at=at))
    except TooManyCalls:
        return JsonResponse({"error": "Too many calls."}, status=429, headers={"Retry-After": "60"})
    except NothingInForce:
        return JsonResponse({"error": "No agreement is in force yet."}, status=503)


def _answer(taken: Taken) -> HttpResponse:
    ticket = taken.ticket.number if taken.ticket else None
    told = {"outcome": taken.outcome.value, "ticket": ticket, "because": taken.because}
    return JsonResponse(told, status=STATUS[taken.outcome.value])


def _told(request: HttpRequest) -> dict[str, object] | None:
    if request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return dict(request.POST.items())
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > LONGEST:
        return None
    body = request.read(LONGEST + 1)
    try:
        found = parse_json(body, largest=LONGEST)
    except Unreadable:
        return None
    return found if isinstance(found, dict) else None
