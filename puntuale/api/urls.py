"""What stands behind the entrance: the operations, their description, and an answer for everything else."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.urls import URLPattern, path, re_path

from puntuale.api import documentation, limits, problems
from puntuale.api.operations import api
from puntuale.api.problems import Refused


def nowhere(request: HttpRequest) -> HttpResponseBase:
    """Answer a request for something that is not there."""
    return problems.told(request, Http404())


def _finished(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return a view that tells a wrong method as any other problem, and what is left of the allowance."""

    @wraps(view)
    def finish(request: HttpRequest, *arguments: object, **named: object) -> HttpResponseBase:
        answer = _answered(view, request, *arguments, **named)
        if isinstance(answer, HttpResponseNotAllowed):
            methods = set(answer["Allow"].split(", "))
            allowed = ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))
            answer = problems.told(request, Refused("wrong-method", headers={"Allow": allowed}))
        if (allowance := getattr(request, "allowance", None)) is not None:
            limits.tell(answer, allowance)
        return answer

    return finish


def _answered(
    view: Callable[..., HttpResponseBase], request: HttpRequest, *arguments: object, **named: object
) -> HttpResponseBase:
    """Return the answer of a view, to HEAD the one to GET: the server sends its head alone."""
    if request.method != "HEAD":
        return view(request, *arguments, **named)
    request.method = "GET"
    try:
        return view(request, *arguments, **named)
    finally:
        request.method = "HEAD"


def _operations() -> list[URLPattern]:
    patterns = [one for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"]
    for one in patterns:
        one.callback = _finished(one.callback)
    return patterns


urlpatterns = [
    path("openapi.json", documentation.description),
    path("docs", documentation.documentation),
    *_operations(),
    re_path("", nowhere),
]
