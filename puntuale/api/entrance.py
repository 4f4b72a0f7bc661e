"""Where requests to the API come in."""

from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, get_resolver
from django.views.decorators.csrf import csrf_exempt

INSIDE = "puntuale.api.urls"
"""What stands behind the entrance, by its name: it is loaded when the first request comes, and in no other process."""


@csrf_exempt
def enter(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer a request. No cookie counts in here, so none can be misused: a request comes with a token."""
    inside = get_resolver(INSIDE)
    try:
        match = inside.resolve(f"/{path}")
    except Resolver404:
        match = inside.resolve("/nowhere")
    answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    return answer
