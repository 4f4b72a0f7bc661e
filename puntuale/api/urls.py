"""What stands behind the entrance: the operations, their description, and an answer for everything else."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.urls import URLPattern, re_path
from ninja import NinjaAPI

from puntuale.api import limits, problems
from puntuale.api.problems import Refused
from puntuale.api.refusals import REFUSALS, understood
from puntuale.api.routes import conversation, me, quoting, tickets

ROUTERS = (me.router, quoting.router, tickets.router, conversation.router)

api = NinjaAPI(
    title="Puntuale", version="1", openapi_url=None, docs_url=None, urls_namespace="puntuale-api",
)  # fmt: skip
for router in ROUTERS:
    api.add_router("", router)


def _told(request: HttpRequest, problem: Any) -> HttpResponse:
    return problems.told(request, understood(problem) if isinstance(problem, REFUSALS) else problem)


for kind in (*problems.UNDERSTOOD, *REFUSALS):
    api.add_exception_handler(kind, _told)


def nowhere(request: HttpRequest) -> HttpResponseBase:
    """Answer a request for something that is not there."""
    return problems.told(request, Http404())


def _finished(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return a view that tells a wrong method as any other problem, and what is left of the allowance."""

    @wraps(view)
    def finish(request: HttpRequest, *arguments: object, **named: object) -> HttpResponseBase:
        answer = view(request, *arguments, **named)
        if isinstance(answer, HttpResponseNotAllowed):
            answer = problems.told(request, Refused("wrong-method", headers={"Allow": answer["Allow"]}))
        if (allowance := getattr(request, "allowance", None)) is not None:
            limits.tell(answer, allowance)
        return answer

    return finish


def _operations() -> list[URLPattern]:
    patterns = [one for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"]
    for one in patterns:
        one.callback = _finished(one.callback)
    return patterns


urlpatterns = [*_operations(), re_path("", nowhere)]
