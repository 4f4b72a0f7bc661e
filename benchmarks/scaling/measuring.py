"""Fills a desk unless it is filled already, and measures the parts that were asked for, one after the other."""

import argparse
from pathlib import Path

from benchmarks.filling import measuring
from benchmarks.scaling import costs, creating, loading, serving, sizing
from benchmarks.scaling.groups import groups
from benchmarks.scaling.loading import Wanted
from puntuale.conf import clock
from puntuale.conf.preparing import migrate, prepare
from puntuale.tickets.models import Ticket

CLIENTS, SECONDS = 8, 20


def measure(wanted: argparse.Namespace, *, folder: Path) -> list[str]:
    """Print all figures, and return what went wrong, in words."""
    now, wrong = clock.now(), list[str]()
    migrate()
    if not Ticket.objects.exists():
        measuring.fill(wanted.tickets, now=now)
    prepare(at=now, demo=False)
    print(sizing.sizes(), flush=True)
    if "pages" in wanted.only:
        sizing.pages()
    if "preview" in wanted.only:
        sizing.preview(now)
    if "report" in wanted.only:
        sizing.report(now)
    if "costs" in wanted.only:
        found = serving.costs(folder)
        costs.write(found, folder / costs.MEASURED.name)
        print(
            *(f"{name:<24} web {one.web:5.1f} ms, database {one.database:5.1f} ms" for name, one in found.items()),
            sep="\n",
        )
    if "api" in wanted.only:
        _create(folder)
    if "load" in wanted.only:
        wrong += loading.run(_people(wanted, 1, wanted.minutes), folder=folder, at=now)
    if "soak" in wanted.only:
        wrong += loading.run(_people(wanted, 10, wanted.soak), folder=folder, at=now)
    return wrong


def _people(wanted: argparse.Namespace, one_in: int, minutes: float) -> Wanted:
    return Wanted(
        agents=max(1, wanted.agents // one_in),
        customers=max(1, wanted.customers // one_in),
        minutes=minutes,
        webs=wanted.webs,
        workers=wanted.workers,
    )


def _create(folder: Path) -> None:
    held = creating.secrets(CLIENTS, at=clock.now())
    with groups(loading.environment(), webs=1, processes=2, workers=1, log=folder / "load.log") as running:
        creating.create(running.ports, held, seconds=2)
        creating.create(running.ports, held, seconds=SECONDS)
