"""What does not need several processes: pages, search, the preview of a new version, the report, each timed by itself."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.resources import files
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Count

from benchmarks.filling import measuring
from benchmarks.scaling.telling import load
from puntuale.guarantee import document
from puntuale.guarantee.agreement import Agreement
from puntuale.reports.attainment import attainment
from puntuale.reports.counting import Asked
from puntuale.tickets.foresight import foresee
from puntuale.tickets.models import Message, PromiseMade, Ticket

ROUNDS = 3
Found = TypeVar("Found")


def sizes() -> str:
    """Return how much there is, in words."""
    phases = dict(Ticket.objects.values_list("phase").annotate(Count("pk")).order_by())
    owed = PromiseMade.objects.filter(ending=None).count()
    return (
        f"{sum(phases.values()):,} tickets, {phases.get('open', 0):,} of them open;"
        f" {Message.objects.count():,} messages; {PromiseMade.objects.count():,} promises, {owed:,} owed"
    )


def stricter() -> Agreement:
    """Return the standard agreement with an hour less for two of its targets, as a manager would try it."""
    standard = files("puntuale.agreements").joinpath("standard.toml").read_text(encoding="utf-8")
    changed = standard.replace('"9h business"', '"8h business"').replace('"6h business"', '"5h business"')
    return document.read(changed.replace("version = 1", "version = 2", 1)).sound()


def preview(at: datetime) -> float:
    """Print what a version would do to all open promises and how long telling it takes, and return the seconds."""
    agreement = stricter()
    counts, seconds = best_of(lambda: foresee(agreement, at=at).counts)
    print(f"re-dating {sum(counts.values()):,} owed promises in preview: {seconds:.2f} s  {dict(counts)}  ({load()})")
    return seconds


def report(at: datetime) -> float:
    """Print how long the attainment report over everything takes, and return the seconds."""
    everything = Asked(since=at - timedelta(days=4 * 365), until=at, at=at, zone=ZoneInfo("Europe/Brussels"))
    _, seconds = best_of(lambda: attainment(everything))
    print(f"attainment of {PromiseMade.objects.count():,} promises: {seconds:.2f} s  ({load()})")
    return seconds


def pages() -> None:
    """Print what each page takes within one process."""
    bench = measuring.Bench()
    print(load())
    measuring.queue_alone(bench)
    measuring.pages(bench)
    print(load())


def best_of(deed: Callable[[], Found], rounds: int = ROUNDS) -> tuple[Found, float]:
    """Return what a deed gives and the shortest time it took: others use the machine as well."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        found = deed()
        times.append(time.perf_counter() - began)
    return found, min(times)
