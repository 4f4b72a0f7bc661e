"""How many processors a desk needs for so many tickets a day: two queues one behind the other, simulated.

A request waits for a free web process, takes its time there, then waits for a free core of the database and takes its time.
Requests arrive at random (Poisson), as many as the mix of `arrivals` has for each ticket that is sent; service times are
drawn around the measured ones, with a long tail (exponential). What is looked for are the fewest of both with which the
95th percentile of all answers stays within a tenth of a second and no more than seven tenths of them are busy.
"""

import heapq
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.scaling.arrivals import KINDS, Kind, Side
from benchmarks.scaling.costs import Cost
from benchmarks.scaling.telling import percentile

TIERS = (1_000, 10_000, 100_000, 1_000_000)
BUSIEST_HOUR = 0.15
"""The part of a day's tickets that comes in its busiest hour."""
AGENTS, CUSTOMERS = 200, 2_000
SENDS = "portal, send a ticket"
WITHIN, BUSY = 0.1, 0.7
REQUESTS = 40_000


@dataclass(frozen=True, slots=True)
class Tier:
    """What so many tickets a day take in the busiest hour."""

    tickets: int
    agents: int
    customers: int
    requests: float
    web: int
    database: int
    p95: float


def tier(tickets: int, costs: Mapping[str, Cost], *, seed: int = 3) -> Tier:
    """Return the fewest web processes and database cores for so many tickets a day."""
    scale = tickets * BUSIEST_HOUR / 3600 / _rate(next(kind for kind in KINDS if kind.name == SENDS))
    requests = sum(map(_rate, KINDS)) * scale
    drawn = list(_drawn(requests, costs, random.Random(seed)))
    web, database = (max(1, math.ceil(_busy(drawn, place) / BUSY)) for place in (1, 2))
    while (p95 := percentile(answered(drawn, web, database), 0.95)) > WITHIN:
        # Whichever is the busier one gets more.
        if _busy(drawn, 1) / web >= _busy(drawn, 2) / database:
            web += 1
        else:
            database += 1
    return Tier(tickets, round(AGENTS * scale), round(CUSTOMERS * scale), requests, web, database, p95)


def answered(drawn: Sequence[tuple[float, float, float]], web: int, database: int) -> list[float]:
    """Return how long each request took, from its arrival to its answer, with so many servers at each station."""
    reached = sorted(
        (finished, arrived, there)
        for finished, (arrived, _, there) in zip(
            _served([(at, took) for at, took, _ in drawn], web), drawn, strict=True
        )
    )
    ends = _served([(at, took) for at, _, took in reached], database)
    return [end - arrived for end, (_, arrived, _) in zip(ends, reached, strict=True)]


def _served(requests: Sequence[tuple[float, float]], servers: int) -> list[float]:
    """Return when each request, in the order of arrival, is done: whichever server is free first takes the next one."""
    free, ends = [0.0] * servers, list[float]()
    for at, took in requests:
        end = max(at, heapq.heappop(free)) + took
        heapq.heappush(free, end)
        ends.append(end)
    return ends


def _drawn(rate: float, costs: Mapping[str, Cost], chance: random.Random) -> Iterator[tuple[float, float, float]]:
    kinds, weights, at = [kind.name for kind in KINDS], list(map(_rate, KINDS)), 0.0
    for name in chance.choices(kinds, weights, k=REQUESTS):
        at += chance.expovariate(rate)
        cost = costs[name]
        yield at, chance.expovariate(1000 / cost.web), chance.expovariate(1000 / cost.database)


def _busy(drawn: Sequence[tuple[float, float, float]], place: int) -> float:
    """Return how many servers the work at one station keeps busy on average."""
    return sum(one[place] for one in drawn) / drawn[-1][0]


def _rate(kind: Kind) -> float:
    return (AGENTS if kind.side is Side.AGENT else CUSTOMERS) / kind.every


def lines(costs: Mapping[str, Cost]) -> Iterator[str]:
    """Yield the table of all tiers."""
    yield "| tickets a day | agents, customers at once | requests a second | web processes | database cores | p95 |"
    yield "|---|---|---|---|---|---|"
    for tickets in TIERS:
        found = tier(tickets, costs)
        yield (
            f"| {found.tickets:,} | {found.agents:,}, {found.customers:,} | {found.requests:,.0f} | {found.web:,} |"
            f" {found.database:,} | {found.p95 * 1000:.0f} ms |"
        )
