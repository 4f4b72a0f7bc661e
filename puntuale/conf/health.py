"""Whether the desk is well, for machines: alive, ready, and measured. Nothing private is in any of it."""

import hmac
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, F
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric

from puntuale.tickets.models import Ticket
from puntuale.watch import heartbeat, reading
from puntuale.watch.models import Alarm, Watched

LATENESS = (0.5, 1.0, 2.0, 5.0, 10.0, 60.0, 600.0)
"""The buckets of how late alarms rang, in seconds."""


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Tell that this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Tell whether the desk does its work: 200, or 503 with what is wrong, by name only."""
    try:
        at = heartbeat.database_now()
        checks = {
            "database": True,
            "watch": heartbeat.silent_since(at=at) is None,
            "set_aside": not reading.set_aside().exists(),
        }
    except DatabaseError:
        checks = {"database": False}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the figures of the desk as Prometheus reads them, to whoever has the token; 404 without one."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        return HttpResponse("not found\n", status=404, content_type="text/plain")
    registry = CollectorRegistry()
    registry.register(Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Probes:
    """Answers machines before anything else looks at a request: by whatever name they call, and without a session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a probe, or let everything else pass."""
        probe = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}.get(request.path)
        return probe(request) if probe else self.get_response(request)


class Figures:
    """Figures read from the database when they are asked for, so that every process tells the same."""

    def collect(self) -> Iterable[Metric]:
        """Return them all."""
        at = heartbeat.database_now()
        yield _gauge(
            "puntuale_watch_silent_seconds", "How long the watch has been silent; 0 while it is not.", _silence(at)
        )
        yield from self._promises(at)
        yield from self._deliveries(at)
        yield self._lateness()

    def describe(self) -> Iterable[Metric]:
        """Return nothing: what there is to tell is known only when it is asked for."""
        return ()

    def _promises(self, at: datetime) -> Iterator[Metric]:
        owed = Watched.objects.filter(promise__due_at__gte=at).count()
        missed = Watched.objects.filter(promise__due_at__lt=at).count()
        tickets = GaugeMetricFamily("puntuale_tickets", "Tickets that are not over, by phase.", labels=["phase"])
        for phase, count in (
            Ticket.objects.filter(phase__in=("open", "waiting")).values_list("phase").annotate(count=Count("pk"))
        ):
            tickets.add_metric([phase], count)
        yield tickets
        promises = GaugeMetricFamily("puntuale_promises_owed", "Promises owed by a time, by state.", labels=["state"])
        promises.add_metric(["running"], owed)
        promises.add_metric(["missed"], missed)
        yield promises
        ringing = Watched.objects.filter(ring_at__lt=at, set_aside_at=None).order_by("ring_at").first()
        late = (at - ringing.ring_at).total_seconds() if ringing and ringing.ring_at else 0.0
        yield _gauge("puntuale_alarms_overdue_seconds", "How long the oldest unrung alarm has been due.", late)
        yield _gauge("puntuale_watches_set_aside", "Watches that could not be dealt with.", reading.set_aside().count())

    def _deliveries(self, at: datetime) -> Iterator[Metric]:
        found = reading.deliveries(at=at)
        oldest = (at - found.oldest_at).total_seconds() if found.oldest_at else 0.0
        yield _gauge("puntuale_intents_waiting", "What is on its way to somebody.", found.waiting)
        yield _gauge("puntuale_intents_given_up", "What could not be delivered in the last week.", found.given_up)
        yield _gauge("puntuale_intents_oldest_seconds", "How long the oldest undelivered one has waited.", oldest)

    def _lateness(self) -> Metric:
        alarms = Alarm.objects.annotate(late=F("rung_at") - F("ring_at")).order_by("-pk").values_list("late", flat=True)
        late = [found.total_seconds() for found in alarms[:10_000]]
        buckets = [(str(bound), sum(1 for one in late if one <= bound)) for bound in LATENESS]
        told = "How late the last ten thousand alarms rang, in seconds."
        histogram = HistogramMetricFamily("puntuale_alarm_lateness_seconds", told)
        histogram.add_metric([], [*buckets, ("+Inf", len(late))], sum(late))
        return histogram


def _silence(at: datetime) -> float:
    since = heartbeat.silent_since(at=at)
    return (at - since).total_seconds() if since else 0.0


def _gauge(name: str, told: str, value: float) -> Metric:
    gauge = GaugeMetricFamily(name, told)
    gauge.add_metric([], value)
    return gauge
