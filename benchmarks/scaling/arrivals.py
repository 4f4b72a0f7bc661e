"""What people ask for, and when: drawn beforehand, so that a slow answer never puts off the next question."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """Who asks."""

    AGENT = "agent"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of request: who sends it, and after how many seconds on average each of them sends one more."""

    name: str
    side: Side
    every: float


KINDS = (
    # The page in front of an agent asks every five seconds what has changed: half of them look at a queue.
    Kind("queue, what changed", Side.AGENT, 10),
    Kind("ticket, what changed", Side.AGENT, 10),
    Kind("queue", Side.AGENT, 60),
    Kind("ticket", Side.AGENT, 60),
    Kind("search", Side.AGENT, 600),
    Kind("answer", Side.AGENT, 300),
    # One customer in twenty has a ticket before her, which asks every ten seconds.
    Kind("portal, what changed", Side.CUSTOMER, 200),
    Kind("portal, my tickets", Side.CUSTOMER, 600),
    Kind("portal, ticket", Side.CUSTOMER, 600),
    Kind("portal, form", Side.CUSTOMER, 2_000),
    Kind("portal, send a ticket", Side.CUSTOMER, 4_000),
    Kind("portal, write more", Side.CUSTOMER, 4_000),
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request that is due so many seconds after the beginning, by the person with this place in her row."""

    due: float
    kind: Kind
    who: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A request: of which kind, when it was due, how long after that it was answered, and with what status."""

    kind: str
    due: float
    seconds: float
    status: int


def schedule(*, agents: int, customers: int, seconds: float, seed: int = 11) -> list[Arrival]:
    """Return what is asked for in so many seconds, in order: of each kind at random instants (Poisson)."""
    chance = random.Random(seed)
    many = {Side.AGENT: agents, Side.CUSTOMER: customers}
    found = [arrival for kind in KINDS for arrival in _of(kind, many[kind.side], seconds, chance)]
    return sorted(found, key=lambda arrival: arrival.due)


def rate(*, agents: int, customers: int, wanted: Callable[[Kind], bool] = lambda _: True) -> float:
    """Return how many requests a second that is, on average."""
    many = {Side.AGENT: agents, Side.CUSTOMER: customers}
    return sum(many[kind.side] / kind.every for kind in KINDS if wanted(kind))


def _of(kind: Kind, people: int, seconds: float, chance: random.Random) -> Iterator[Arrival]:
    if not people:
        return
    at = chance.expovariate(people / kind.every)
    while at < seconds:
        yield Arrival(at, kind, chance.randrange(people))
        at += chance.expovariate(people / kind.every)
