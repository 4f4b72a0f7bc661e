"""The load itself: agents and customers on several groups of processes for some minutes, and what became of it."""

import asyncio
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic

from benchmarks.scaling.arrivals import rate, schedule
from benchmarks.scaling.cast import cast
from benchmarks.scaling.checking import wrong
from benchmarks.scaling.driving import Load
from benchmarks.scaling.groups import Groups, database_memory, groups
from benchmarks.scaling.telling import failed, load, say, slope, table

SAMPLED_EVERY = 5.0
WARM_UP = 0.25
"""The part of a soak that does not count: caches fill, and connections are opened."""
FLAT = 1.0
"""Memory that grows by less than so many MB an hour and process is flat."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is there, for how long, and on what."""

    agents: int = 200
    customers: int = 2_000
    minutes: float = 10
    webs: int = 2
    processes: int = 1
    workers: int = 2


@dataclass(slots=True)
class Memory:
    """What the programs and the database hold, in MB, every few seconds from the beginning."""

    groups: Groups
    folder: Path
    rows: list[tuple[float, dict[str, float]]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Note it until told to end."""
        began = monotonic()
        while not self.ended.wait(SAMPLED_EVERY):
            held = self.groups.memory() | {"database": database_memory(self.folder)}
            self.rows.append((monotonic() - began, held))

    def growth(self) -> dict[str, float]:
        """Return by how many MB an hour each has grown since it was warm; nothing where there are too few figures."""
        rows = self.rows[int(len(self.rows) * WARM_UP) :]
        if len(rows) < 3:
            return {}
        return {name: slope([(at / 3600, held[name]) for at, held in rows]) for name in rows[0][1]}


def environment(**more: str) -> dict[str, str]:
    """Return the environment of the desk's programs."""
    return {
        **os.environ,
        "PUNTUALE_API_RATE": "1000000",
        "PUNTUALE_TICKETS_AN_HOUR": "off",
        "PUNTUALE_URGENT_TICKETS_AN_HOUR": "off",
        "GRANIAN_LOG_LEVEL": "warning",
        **more,
    }


def run(wanted: Wanted, *, folder: Path, at: datetime, tell: Callable[[str], None] = print) -> list[str]:
    """Let them all work, tell the percentiles and the memory, and return what went wrong."""
    people = cast(agents=wanted.agents, customers=wanted.customers, at=at)
    planned = schedule(agents=len(people.agents), customers=len(people.customers), seconds=wanted.minutes * 60)
    a_second = rate(agents=len(people.agents), customers=len(people.customers))
    tell(
        f"{len(people.agents)} agents and {len(people.customers):,} customers for {wanted.minutes:g} minutes:"
        f" {len(planned):,} requests, {a_second:.1f} a second; {wanted.webs} web groups of {wanted.processes}"
        f" and {wanted.workers} workers on one PostgreSQL; {load()}"
    )
    with groups(
        environment(), webs=wanted.webs, processes=wanted.processes, workers=wanted.workers, log=folder / "load.log"
    ) as running:
        memory, sent = Memory(running, folder), Load(people, running.ports)
        watching = threading.Thread(target=memory.watch, daemon=True)
        watching.start()
        used = running.seconds()
        asyncio.run(sent.run(planned, stop=lambda: bool(running.died())))
        used = running.seconds() - used
        memory.ended.set()
        watching.join()
        died = [f"{name} ended by itself" for name in running.died()]
    say(table(sent.taken), tell)
    tell(f"{used / len(sent.taken) * 1000:.1f} ms of the desk's processes' time a request; {load()}")
    say(_of(memory), tell)
    found = died + wrong(sent.tickets, sent.messages)
    tell(
        f"{len(sent.tickets)} tickets and {len(sent.messages)} messages were acknowledged;"
        f" lost, doubled or inconsistent: {len(found)} {found[:3]}"
    )
    return found + [f"{one.kind} at {one.due:.1f} s: status {one.status}" for one in failed(sent.taken)]


def _of(memory: Memory) -> Sequence[str]:
    """Return in words what was held, and whether that is flat."""
    if not memory.rows:
        return ["too short for figures of memory"]
    first, last, growth = memory.rows[0][1], memory.rows[-1][1], memory.growth()
    return [_grown(name, first, last, growth) for name in last]


def _grown(name: str, first: Mapping[str, float], last: Mapping[str, float], growth: Mapping[str, float]) -> str:
    told = f"memory of {name:<10} {first[name]:6.0f} MB at first, {last[name]:6.0f} MB at the end"
    if name not in growth:
        return told
    grows = growth[name]
    return f"{told}, {grows:+.1f} MB an hour{' (flat)' if grows < FLAT else ''}"
