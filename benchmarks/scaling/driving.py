"""Asking as the schedule says, whatever the answers take: a latency counts from when the request was due.

So a server that stands still for a second shows in every request that was due in that second, and not only in the one that
it was asked meanwhile ("no coordinated omission").
"""

import asyncio
import random
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from uuid import uuid4

from benchmarks.scaling.arrivals import Arrival, Side, Taken
from benchmarks.scaling.asking import Answer, Asking
from benchmarks.scaling.cast import SECRET, Actor, Cast

LONGEST = 30.0
"""Who waits longer gives up; that is counted among the failures."""
SENT = "Written under load."


@dataclass(slots=True)
class Load:
    """Sends a schedule to the desk's ports in turn. `sent` are the keys of forms that were taken, `taken` all requests."""

    cast: Cast
    ports: Sequence[int]
    asking: Asking = field(default_factory=Asking)
    taken: list[Taken] = field(default_factory=list)
    tickets: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(5))

    async def run(self, schedule: Sequence[Arrival], *, stop: Callable[[], bool] = lambda: False) -> None:
        """Ask for everything at its instant, and wait for all answers."""
        began, under_way = monotonic(), set[asyncio.Task[None]]()
        for number, arrival in enumerate(schedule):
            if (wait := arrival.due - (monotonic() - began)) > 0:
                await asyncio.sleep(wait)
            if stop():
                break
            task = asyncio.create_task(self._ask(arrival, self.ports[number % len(self.ports)], began))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        if under_way:
            await asyncio.wait(under_way)
        await self.asking.close()

    async def _ask(self, arrival: Arrival, port: int, began: float) -> None:
        people = self.cast.agents if arrival.kind.side is Side.AGENT else self.cast.customers
        try:
            answer = await asyncio.wait_for(DEEDS[arrival.kind.name](self, people[arrival.who], port), LONGEST)
            status = answer.status
        except (OSError, EOFError, TimeoutError):
            status = 0
        self.taken.append(Taken(arrival.kind.name, arrival.due, monotonic() - began - arrival.due, status))

    async def get(self, actor: Actor, port: int, path: str) -> Answer:
        """Return a page."""
        return await self.asking.ask(port, "GET", path, actor.headers)

    async def again(self, actor: Actor, port: int, path: str) -> Answer:
        """Return what has changed of a page since it was asked for the last time."""
        known = {"If-None-Match": actor.etags[path]} if path in actor.etags else {}
        answer = await self.asking.ask(port, "GET", path, {**actor.headers, "HX-Request": "true", **known})
        if etag := answer.headers.get("etag"):
            actor.etags = {path: etag}
        return answer

    async def write(self, actor: Actor, port: int, path: str, kept: list[str], **fields: object) -> Answer:
        """Send a form with a key of its own; that is noted as soon as the server says that it took it."""
        key = str(uuid4())
        said = {"csrfmiddlewaretoken": SECRET, "key": key, "body": SENT, **fields}
        answer = await self.asking.form(port, path, actor.headers, said)
        if answer.status == 302:
            kept.append(key)
        return answer

    def of(self, actor: Actor) -> int:
        """Return one of the tickets that somebody asks for; the first are asked for oftener."""
        return actor.tickets[int(len(actor.tickets) * self.chance.random() ** 2)]


Deed = Callable[[Load, Actor, int], Coroutine[Any, Any, Answer]]
DEEDS: dict[str, Deed] = {
    "queue, what changed": lambda load, actor, port: load.again(actor, port, "/en/desk/queues/due/rows/"),
    "ticket, what changed": lambda load, actor, port: load.again(actor, port, f"/en/desk/{actor.tickets[0]}/changes/"),
    "queue": lambda load, actor, port: load.get(actor, port, "/en/desk/"),
    "ticket": lambda load, actor, port: load.get(actor, port, f"/en/desk/{load.of(actor)}/"),
    "search": lambda load, actor, port: load.get(actor, port, "/en/desk/search/?q=chiamata"),
    "answer": lambda load, actor, port: load.write(
        actor, port, f"/en/desk/{load.of(actor)}/answers/", load.messages, then="waiting"
    ),
    "portal, what changed": lambda load, actor, port: load.again(
        actor, port, f"/en/tickets/{actor.tickets[0]}/changes/"
    ),
    "portal, my tickets": lambda load, actor, port: load.get(actor, port, "/en/tickets/"),
    "portal, ticket": lambda load, actor, port: load.get(actor, port, f"/en/tickets/{load.of(actor)}/"),
    "portal, form": lambda load, actor, port: load.get(actor, port, "/en/tickets/new/"),
    "portal, send a ticket": lambda load, actor, port: load.write(
        actor, port, "/en/tickets/new/", load.tickets, environment="production", product="", subject=SENT, priority="2"
    ),
    "portal, write more": lambda load, actor, port: load.write(
        actor, port, f"/en/tickets/{load.of(actor)}/messages/", load.messages
    ),
}
"""How each kind of request is asked."""
