"""Requests that are one too many: the page that is drawn says why, and its status says when to come back."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

USUAL_WAIT = 300


def refuse(request: HttpRequest, seconds: int = USUAL_WAIT) -> None:
    """Let the answer to a request say that it was one too many, and after how many seconds to come back."""
    request.retry_after = seconds  # type: ignore[attr-defined]


class Throttled:
    """Answers 429 with Retry-After whatever page was drawn, when the request was one too many."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        response = self.get_response(request)
        seconds = getattr(request, "retry_after", None)
        if seconds is not None and response.status_code in {200, 422}:
            response.status_code = 429
        if response.status_code == 429 and "Retry-After" not in response:
            response["Retry-After"] = str(seconds or 60)
        return response
