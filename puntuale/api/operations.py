"""The operations, put together."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.parser import Parser

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
from puntuale.guarantee.parsing import parse_json

SUBJECTS = (me, quoting, agreements, tickets, conversation, files, priorities, states, duty, organisations, reports)

MOST_PIECES = 1_000
"""Keys and values in one body: no operation takes a tenth of them."""
LICENSE = {"name": "Apache License 2.0", "identifier": "Apache-2.0"}


class BoundedParser(Parser):
    """Reads bodies like every other JSON that comes from outside."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return what a body says. Raises Unreadable, which is answered with 400."""
        told: dict[str, Any] = parse_json(
            request.body, largest=settings.DATA_UPLOAD_MAX_MEMORY_SIZE, most_pieces=MOST_PIECES
        )
        return told


def _tags() -> list[dict[str, str]]:
    """Return the subjects as the description lists them, each with what its module says of it."""
    return [
        {"name": tag, "description": (subject.__doc__ or "").strip()}
        for subject in SUBJECTS
        for tag in subject.router.tags or ()
    ]


api = NinjaAPI(
    title="Puntuale", version="1", openapi_url=None, docs_url=None, urls_namespace="puntuale-api",
    parser=BoundedParser(), openapi_extra={"info": {"license": LICENSE}, "tags": _tags()},
)  # fmt: skip
for subject in SUBJECTS:
    api.add_router("", subject.router)


def _told(request: HttpRequest, problem: Any) -> HttpResponse:
    return problems.told(request, understood(problem) if isinstance(problem, REFUSALS) else problem)


for kind in (*problems.UNDERSTOOD, *REFUSALS):
    api.add_exception_handler(kind, _told)
