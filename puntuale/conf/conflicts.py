"""Requests that lost against another one in the database, at every door: answered once more from the start."""

from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from puntuale.tickets.conflicts import is_conflict


class Conflicts:
    """Answers a request again, once, when the database ended its transaction: nothing of it was done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponseBase | None:
        """Return the second answer, or None for what has another cause, or whose body was read as it came."""
        match = request.resolver_match
        if not is_conflict(problem) or connection.in_atomic_block or match is None:
            return None
        if getattr(request, "is_streamed", False):
            return None
        answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return answer
