"""The rounds of a worker, timed from the instant at which a level is reached to that at which its intents are written."""

import random
import time
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from statistics import quantiles
from uuid import UUID, uuid5

from puntuale.agreements.contracts import sign
from puntuale.agreements.publication import publish
from puntuale.conf.preparing import migrate
from puntuale.people.joining import add_person, found_organisation
from puntuale.people.models import Person, Role
from puntuale.sending.models import Intent
from puntuale.tickets.submission import submit
from puntuale.watch import heartbeat, ringing
from puntuale.watch.models import Alarm, Watched
from puntuale.watch.rounds import Rounds

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
SPACE = UUID(int=7)
SPREAD, STEADY = 30.0, 500


def measure(wanted: int) -> None:
    """Print both figures."""
    migrate()
    customer = _company()
    _steady(customer)
    _storm(customer, wanted)


def _company() -> Person:
    standard = files("puntuale.agreements").joinpath("standard.toml").read_text(encoding="utf-8")
    publish(standard, effective_from=LONG_AGO, at=LONG_AGO)
    organisation = found_organisation(name="Company", at=LONG_AGO)
    # Nobody is on call here, so somebody has to answer for that.
    head = add_person(name="Head", email="head@desk.example", password=None, role=Role.MANAGER, at=LONG_AGO)
    sign(organisation, plan="advanced", starts_at=LONG_AGO, at=LONG_AGO, answering=head)
    for number in range(5):
        add_person(
            name=f"Agent {number}", email=f"agent{number}@desk.example", password=None, role=Role.AGENT, at=LONG_AGO
        )
    return add_person(
        name="Customer", email="customer@company.example", password=None, role=Role.CUSTOMER, organisation=organisation,
        at=LONG_AGO,
    )  # fmt: skip


def _send(customer: Person, number: int, priority: str, at: datetime) -> None:
    submit(
        requester=customer, subject=f"Ticket {number}", body="It does not work.", environment="production", product=None,
        priority=priority, key=uuid5(SPACE, f"{at.isoformat()}{number}"), at=at,
    )  # fmt: skip


def _steady(customer: Person) -> None:
    """Alarms that are due one after another, rung by a worker's rounds in real time."""
    chance = random.Random(7)
    print(f"sending {STEADY} tickets whose alarms are due over {SPREAD:.0f} s ...", flush=True)
    began = heartbeat.database_now() + timedelta(seconds=40)
    for number in range(STEADY):
        _send(customer, number, "1", began + timedelta(seconds=chance.uniform(0, SPREAD)) - HALF_AN_HOUR)
    rounds, late, seen = Rounds(), [], 0
    while (now := heartbeat.database_now()) < began + timedelta(seconds=SPREAD + 3):
        pause = rounds._round()
        written = heartbeat.database_now()
        fresh = list(Alarm.objects.filter(pk__gt=seen).order_by("pk").values_list("pk", "ring_at"))
        if fresh and now >= began:
            late += [(written - ring_at).total_seconds() for _, ring_at in fresh]
        seen = fresh[-1][0] if fresh else seen
        time.sleep(pause)
    parts = quantiles(late, n=100)
    print(f"{len(late)} alarms one by one: p50 {parts[49]:.3f} s, p99 {parts[98]:.3f} s, max {max(late):.3f} s late")


def _storm(customer: Person, wanted: int) -> None:
    """Let so many promises reach their first level at one instant, a tenth of them of the first priority.

    Then let all of them reach the levels that remain, as after days without a watch.
    """
    Watched.objects.all().delete()
    print(f"sending {wanted} tickets whose first alarms are due at one instant ...", flush=True)
    now = heartbeat.database_now()
    opening = (now - timedelta(days=now.weekday() + 7)).replace(hour=10, minute=0, second=0, microsecond=0)
    _send(customer, 0, "3", opening)
    at = Watched.objects.get().ring_at or now
    for number in range(1, wanted):
        urgent = number % 10 == 0
        _send(customer, number, *(("1", at - HALF_AN_HOUR) if urgent else ("3", opening)))
    if Watched.objects.exclude(ring_at=at).exists():
        raise RuntimeError("a holiday lies in the way: not all of the first levels are reached at one instant")
    _ring_all("one level each at one instant", at)
    _ring_all("all that remain, days later", now)


def _ring_all(told: str, at: datetime) -> None:
    urgent, reached = Watched.objects.filter(rank=0).count(), Watched.objects.count()
    alarms, intents = Alarm.objects.count(), Intent.objects.count()
    last_of_all, first, began = Alarm.objects.order_by("pk").last(), None, time.perf_counter()
    while ringing.go_round(at=at):
        fresh = Alarm.objects.filter(rank=0, pk__gt=last_of_all.pk if last_of_all else 0).values("promise").distinct()
        if first is None and fresh.count() >= urgent:
            first = time.perf_counter() - began
    took = time.perf_counter() - began
    print(
        f"{reached} promises, {told}: the {urgent} of priority 1 within {first or took:.1f} s, all within {took:.1f} s"
    )
    print(f"  ({Alarm.objects.count() - alarms} alarms and {Intent.objects.count() - intents} intents written)")
