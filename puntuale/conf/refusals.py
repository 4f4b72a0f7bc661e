"""What is answered to a request whose body is not taken: one sentence, as a page, JSON or a problem of the API."""

from http import HTTPStatus
from io import BytesIO

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from puntuale.api import problems
from puntuale.conf.headers import POLICY
from puntuale.conf.scopes import Scope

KINDS = {
    HTTPStatus.REQUEST_TIMEOUT: "too-slow",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-large",
    HTTPStatus.SERVICE_UNAVAILABLE: "no-room",
}
RETRY_AFTER = "10"


def refusal(scope: Scope, status: HTTPStatus) -> HttpResponse:
    """Return the answer, in the language of the address, else in that of the caller."""
    request = ASGIRequest({**scope, "query_string": b""}, BytesIO())
    path = scope["path"]
    language = translation.get_language_from_path(path) or translation.get_language_from_request(request)
    with translation.override(language):
        if path.startswith("/api/"):
            answer = problems.told(request, problems.Refused(KINDS[status]))
        elif path.startswith("/hooks/") or path.endswith("/files/"):
            answer = JsonResponse({"error": _sentence(status), "problem": _sentence(status)}, status=status)
        else:
            page = render_to_string("looks/not_taken.html", {"status": status.value, "sentence": _sentence(status)})
            answer = HttpResponse(page, status=status, headers={"Content-Security-Policy": POLICY})
    answer["Cache-Control"] = "no-store"
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        answer["Retry-After"] = RETRY_AFTER
    return answer


def _sentence(status: HTTPStatus) -> str:
    if status is HTTPStatus.REQUEST_TIMEOUT:
        return _("The connection was too slow, so your request didn't arrive in time. Go back and try again.")
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        return _("Too many files are being uploaded right now. Go back and try again in a minute.")
    return _(
        "Your request is too large. Go back and attach smaller files or fewer of them."
        " If you were signed out in the meantime, sign in again first."
    )
