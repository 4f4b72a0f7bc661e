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
    """So many alarms at one instant, a tenth of them of the first priority."""
    Watched.objects.all().delete()
    at = heartbeat.database_now().replace(microsecond=0) - timedelta(days=3)
    print(f"sending {wanted} tickets whose alarms are due at one instant ...", flush=True)
    for number in range(wanted):
        _send(customer, number, "1" if number % 10 == 0 else "3", at)
    Watched.objects.update(ring_at=at)
    urgent = Watched.objects.filter(rank=0).count()
    written, first, began = 0, None, time.perf_counter()
    while ringing.go_round(at=heartbeat.database_now()):
        written = Alarm.objects.filter(ticket__submitted_at=at).values("promise").distinct().count()
        if first is None and written >= urgent:
            first = time.perf_counter() - began
    took = time.perf_counter() - began
    intents = Intent.objects.filter(made_at__gt=at + timedelta(days=1)).count()
    print(f"{wanted} promises at one instant: the {urgent} of priority 1 within {first:.1f} s, all within {took:.1f} s")
    print(f"  ({Alarm.objects.filter(ticket__submitted_at=at).count()} alarms and {intents} intents written)")
