"""The operations, put together."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from puntuale.api import problems
from puntuale.api.refusals import REFUSALS, understood
from puntuale.api.routes import (
    agreements,
    conversation,
    duty,
    files,
    me,
    organisations,
    priorities,
    quoting,
    reports,
    states,
    tickets,
)

SUBJECTS = (me, quoting, agreements, tickets, conversation, files, priorities, states, duty, organisations, reports)

api = NinjaAPI(
    title="Puntuale", version="1", openapi_url=None, docs_url=None, urls_namespace="puntuale-api",
)  # fmt: skip
for subject in SUBJECTS:
    api.add_router("", subject.router)


def _told(request: HttpRequest, problem: Any) -> HttpResponse:
    return problems.told(request, understood(problem) if isinstance(problem, REFUSALS) else problem)


for kind in (*problems.UNDERSTOOD, *REFUSALS):
    api.add_exception_handler(kind, _told)
