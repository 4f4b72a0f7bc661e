"""How long first responses took, on the clock and in business time, and how much time was left to what was promised.

From the start of the first promise to the first answer of a human. Business time is counted on the hours of that
promise, so only for what was guaranteed when it was submitted. The margin is the time from the answer to the earliest
time ever promised, on the clock: negative where the answer was late. All in whole minutes, rounded down.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from puntuale.reports import summed
from puntuale.reports.counting import Asked

STEPS = (50, 90, 99)


class Measure(StrEnum):
    """What is measured of an answer."""

    CLOCK = "clock"
    BUSINESS = "business"
    MARGIN = "margin"


@dataclass(frozen=True, slots=True)
class Spread:
    """How some durations lie: how many there are, and the minutes within which a half, 90 % and 99 % of them are.

    Of margins these are the minutes that a half, 90 % and 99 % had left at least.
    """

    count: int
    within: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many answers took from so many minutes to before so many; None is without an end."""

    since: int | None
    until: int | None
    count: int


EDGES: Mapping[Measure, tuple[int, ...]] = {
    Measure.CLOCK: (15, 30, 60, 120, 180, 360, 540, 720, 1440, 2880, 4320),
    Measure.BUSINESS: (15, 30, 60, 120, 180, 240, 360, 480, 540, 720, 960),
    Measure.MARGIN: (-1440, -480, -180, -60, 0, 15, 30, 60, 180, 480, 1440),
}


def responses(asked: Asked) -> dict[Measure, Counter[int]]:
    """Return how many answers took how many minutes, by each measure, of the tickets that are asked about."""
    from puntuale.reports.measuring import measured  # noqa: PLC0415 -- numpy is large, and few processes make reports

    parts = summed.parts(asked)
    found = {measure: summed.durations(parts, measure) for measure in Measure}
    for measure, answers in measured(parts.rest).items():
        found[measure].update(answers.minutes.tolist())
    return found


def spread(found: Counter[int], measure: Measure) -> Spread:
    """Return the nearest ranks: each is a duration that really was, in minutes."""
    count = found.total()
    if not count:
        return Spread(0, (None,) * len(STEPS))
    minutes = sorted(found)
    ends = list(accumulate(found[minute] for minute in minutes))
    ranks = [-(-count * step // 100) for step in STEPS]
    if measure is Measure.MARGIN:
        ranks = [count - rank + 1 for rank in ranks]
    return Spread(count, tuple(minutes[bisect_left(ends, rank)] for rank in ranks))


def histogram(found: Counter[int], measure: Measure) -> list[Bucket]:
    """Return how many answers lie between the edges of a measure."""
    edges = (None, *EDGES[measure])
    return [
        Bucket(
            since,
            until,
            sum(
                count
                for minutes, count in found.items()
                if (since is None or minutes >= since) and (until is None or minutes < until)
            ),
        )
        for since, until in zip(edges, (*EDGES[measure], None), strict=True)
    ]
