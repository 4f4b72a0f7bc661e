"""Fills a desk unless it is filled already, and times the attainment report over everything in it."""

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from benchmarks.filling import measuring
from puntuale.conf.preparing import migrate
from puntuale.reports import summing
from puntuale.reports.attainment import attainment
from puntuale.reports.counting import Asked, Grouping
from puntuale.reports.models import Touched
from puntuale.reports.responding import responses
from puntuale.tickets.models import PromiseMade, Ticket

ROUNDS = 20


def measure(wanted: int, *, now: datetime) -> None:
    """Time the report over all tickets, over those of the last month, and over those of one organisation."""
    migrate()
    if not Ticket.objects.exists():
        measuring.fill_promises(wanted, now=now)
    zone = ZoneInfo("Europe/Brussels")
    everything = Asked(since=now - timedelta(days=4 * 365), until=now, at=now, zone=zone)
    month = Asked(since=now - timedelta(days=30), until=now, at=now, zone=zone)
    organisation = Ticket.objects.latest("pk").organisation_id
    own = Asked(since=everything.since, until=now, at=now, zone=zone, organisation=organisation)
    print(f"{PromiseMade.objects.count():,} promises, {attainment(everything).total.left_out} left out")
    began = time.perf_counter()
    days = summing.sum_up(at=now, zone=zone)
    print(f"{days} days summed up in {time.perf_counter() - began:.1f} s", flush=True)
    for name, asked, by in (
        ("everything", everything, None),
        ("everything, by priority", everything, Grouping.PRIORITY),
        ("everything, by month", everything, Grouping.MONTH),
        ("everything, by organisation", everything, Grouping.ORGANISATION),
        ("everything, by agent", everything, Grouping.AGENT),
        ("thirty days", month, None),
        ("one organisation", own, None),
    ):
        median, late = measuring.milliseconds(lambda _, asked=asked, by=by: attainment(asked, by=by), ROUNDS)  # type: ignore[misc]
        print(f"{name:<46} median {median:6.1f} ms   p95 {late:6.1f} ms", flush=True)
    median, late = measuring.milliseconds(lambda _: responses(everything), ROUNDS)
    print(f"{'response times of everything':<46} median {median:6.1f} ms   p95 {late:6.1f} ms", flush=True)
    counted = everything.only([(everything.since, everything.until)])
    median, late = measuring.milliseconds(lambda _: attainment(counted), 5)
    print(f"{'everything, from the promises alone':<46} median {median:6.1f} ms   p95 {late:6.1f} ms", flush=True)
    began = time.perf_counter()
    Touched.objects.bulk_create(
        Touched(ticket=number) for number in Ticket.objects.values_list("pk", flat=True)[::1000]
    )
    days = summing.sum_up(at=now, zone=zone)
    print(f"{days} days that were touched summed up in {time.perf_counter() - began:.1f} s", flush=True)
