"""Reading from a replica of the database: reports and searches, as whole requests, when it is there and fresh.

Off unless PUNTUALE_REPLICA_URL is set. A request is routed and not its queries: a report is made of several, some in
plain SQL, that have to see one database (decision 0029).
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from puntuale.conf import clock
from puntuale.conf.arrival import SAFE
from puntuale.watch.models import Heartbeat

ALIAS = "replica"
READS = frozenset(
    {
        "office_reports",
        "office_report_tickets",
        "office_report_export",
        "office_report_workload",
        "office_report_fairness",
        "organisation_report",
        "desk_search",
        "find_tickets",
    }
)
"""The routes that may be read from a replica: they show much, and nobody waits for the last second in them."""
WROTE, OWN_WRITES = "wrote", 30
"""The cookie of whoever wrote lately, and for how many seconds she reads from the primary after that."""
FRESH = timedelta(seconds=10)
"""A replica that knows of a beat of the watch as young as this is fresh: the watch beats every three seconds."""
ASKED_EVERY, GIVEN_UP_FOR = 2.0, 15.0

log = logging.getLogger("puntuale.replica")


@dataclass(slots=True)
class Freshness:
    """Whether the replica is there and up to date: asked every two seconds at most, and seldom while it is not."""

    is_fresh: bool = False
    asked_at: float = float("-inf")

    def __bool__(self) -> bool:
        if monotonic() - self.asked_at > (ASKED_EVERY if self.is_fresh else GIVEN_UP_FOR):
            self.asked_at = monotonic()
            is_fresh = _is_fresh(clock.now())
            if is_fresh != self.is_fresh:
                log.warning("the replica is %s", "read from" if is_fresh else "late or away; the primary is read from")
            self.is_fresh = is_fresh
        return self.is_fresh


class Replica:
    """Lets some pages be read from the replica; all else, and whatever writes, goes to the primary."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if ALIAS not in connections:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.fresh = Freshness()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; note in the browser that somebody wrote."""
        response = self.get_response(request)
        if request.method not in SAFE:
            response.set_cookie(WROTE, "1", max_age=OWN_WRITES, httponly=True, samesite="Lax")
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        arguments: Sequence[Any],
        named: Mapping[str, Any],
    ) -> HttpResponseBase | None:
        """Return the page as the replica has it, or None where the primary is to be asked, also when it fails."""
        route = request.resolver_match.view_name if request.resolver_match else ""
        if route not in READS or request.method not in SAFE or WROTE in request.COOKIES or not self.fresh:
            return None
        try:
            with reading():
                return view(request, *arguments, **named)
        except DatabaseError as problem:
            log.warning("the replica failed, and the primary is asked: %s", str(problem).strip())
            self.fresh.is_fresh, self.fresh.asked_at = False, monotonic()
            return None


@contextmanager
def reading() -> Iterator[None]:
    """Let this thread read from the replica, whatever asks; what tries to write fails there."""
    primary = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connections[ALIAS]
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = primary


def _is_fresh(now: datetime) -> bool:
    """Tell whether the replica knows of a young beat. So it tells for any kind of replica, and when it is away."""
    try:
        latest = Heartbeat.objects.using(ALIAS).order_by("-beat_at").values_list("beat_at", flat=True).first()
    except DatabaseError:
        return False
    return latest is not None and latest > now - FRESH
