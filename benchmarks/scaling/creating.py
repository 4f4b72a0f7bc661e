"""Programs that send tickets as fast as they are taken: so many at a time, each commit on disk before it is answered."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic
from uuid import uuid4

from benchmarks.scaling.asking import Asking
from benchmarks.scaling.telling import load, percentile
from puntuale.people import tokens
from puntuale.people.models import Person, Role, Scope

PATH = "/api/v1/tickets"


def secrets(clients: int, *, at: datetime) -> list[str]:
    """Return a token for each of so many customers."""
    people = Person.objects.filter(role=Role.CUSTOMER, tokens=None).order_by("-pk")[:clients]
    life = timedelta(days=1)
    return [tokens.issue(one, name="Bench", scopes=[Scope.READ, Scope.WRITE], lasts=life, at=at)[1] for one in people]


def create(ports: Sequence[int], held: Sequence[str], *, seconds: float) -> float:
    """Print how many tickets a second clients with these tokens send, and return it."""
    took = asyncio.run(_create(ports, held, seconds))
    a_second = len(took) / seconds
    tail = percentile(took, 0.95) * 1000
    print(f"tickets sent over the API by {len(held)} clients: {a_second:.0f} a second, p95 {tail:.0f} ms  ({load()})")
    return a_second


async def _create(ports: Sequence[int], held: Sequence[str], seconds: float) -> list[float]:
    asking, took = Asking(), list[float]()
    until = monotonic() + seconds

    async def send(token: str, port: int) -> None:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        said = {"subject": "Sent by a program", "body": "As fast as it goes.", "priority": "2"}
        while (began := monotonic()) < until:
            key = {"Idempotency-Key": str(uuid4())}
            answer = await asking.ask(port, "POST", PATH, headers | key, json.dumps(said).encode())
            if answer.status != 201:
                raise SystemExit(f"{PATH}: {answer.status} {answer.body[:300]!r}")
            took.append(monotonic() - began)

    await asyncio.gather(*(send(token, ports[place % len(ports)]) for place, token in enumerate(held)))
    await asking.close()
    return took
