"""How long first responses took, on the clock and in business time, and how much time was left to what was promised.

From the start of the first promise to the first answer of a human. Business time is counted on the hours of that
promise, so only for what was guaranteed when it was submitted. The margin is the time from the answer to the earliest
time ever promised, on the clock: negative where the answer was late. All in whole minutes, rounded down.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from puntuale.agreements.reading import agreement_of
from puntuale.guarantee import vectors
from puntuale.reports import summed
from puntuale.reports.counting import Asked, rows

STEPS = (50, 90, 99)
MINUTE = 60
Column = NDArray[np.int64]


class Measure(StrEnum):
    """What is measured of an answer."""

    CLOCK = "clock"
    BUSINESS = "business"
    MARGIN = "margin"


_ANSWERED = """
SELECT id, (submitted_at AT TIME ZONE %(zone)s)::date - DATE '1970-01-01',
    floor(extract(epoch FROM start_at))::bigint, floor(extract(epoch FROM ended_at))::bigint,
    floor(extract(epoch FROM due_promised))::bigint, hours, publication_id
FROM counted WHERE verdict IN ('met', 'met_late', 'answered')
"""


@dataclass(frozen=True, slots=True)
class Answers:
    """By one measure: the tickets, the days since 1970 on which they were submitted, and the minutes."""

    tickets: Column
    days: Column
    minutes: Column


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
    parts = summed.parts(asked)
    found = {measure: summed.durations(parts, measure) for measure in Measure}
    for measure, answers in measured(parts.rest).items():
        minutes, counts = np.unique(answers.minutes, return_counts=True)
        found[measure].update(dict(zip(minutes.tolist(), counts.tolist(), strict=True)))
    return found


def measured(asked: Asked) -> dict[Measure, Answers]:
    """Return how long the answer to each ticket took by each measure that it has."""
    found = rows(_ANSWERED, asked)
    facts = np.array([row[:4] for row in found], dtype=np.int64).reshape(-1, 4).T
    tickets, days, start, end = facts
    due = np.array([row[4] for row in found if row[4] is not None], dtype=np.int64)
    has_due = np.array([row[4] is not None for row in found], dtype=bool)
    guaranteed = np.array([bool(row[5]) for row in found], dtype=bool)
    taken = (end - start) // MINUTE
    return {
        Measure.CLOCK: Answers(tickets, days, taken),
        Measure.BUSINESS: Answers(tickets[guaranteed], days[guaranteed], _business(found, start, end)[guaranteed]),
        Measure.MARGIN: Answers(tickets[has_due], days[has_due], (due - end[has_due]) // MINUTE),
    }


def spread(found: Counter[int], measure: Measure) -> Spread:
    """Return the nearest ranks: each is a duration that really was, in minutes."""
    ordered = np.array(sorted(found.items()), dtype=np.int64).reshape(-1, 2)
    minutes, ends = ordered[:, 0], np.cumsum(ordered[:, 1])
    if not ends.size:
        return Spread(0, (None,) * len(STEPS))
    count = int(ends[-1])
    ranks = [-(-count * step // 100) for step in STEPS]
    if measure is Measure.MARGIN:
        ranks = [count - rank + 1 for rank in ranks]
    return Spread(count, tuple(int(minutes[np.searchsorted(ends, rank)]) for rank in ranks))


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


def between(asked: Asked, measure: Measure, since: int | None, until: int | None) -> list[int]:
    """Return the tickets whose answers took from so many minutes to before so many; None is without an end."""
    answers = measured(asked)[measure]
    chosen = np.ones(answers.minutes.size, dtype=bool)
    if since is not None:
        chosen &= answers.minutes >= since
    if until is not None:
        chosen &= answers.minutes < until
    found: list[int] = answers.tickets[chosen].tolist()
    return found


def _business(found: list[tuple[object, ...]], start: Column, end: Column) -> Column:
    """Return the business minutes of each answer that was guaranteed, hours by hours; 0 for the others."""
    spans: dict[tuple[int, str], list[int]] = {}
    for place, row in enumerate(found):
        if row[5]:
            spans.setdefault((int(str(row[6])), str(row[5])), []).append(place)
    minutes = np.zeros(len(found), dtype=np.int64)
    for (version, hours), places in spans.items():
        calendar = agreement_of(version).calendar(hours)
        minutes[places] = vectors.elapsed(calendar, start[places], end[places]) // MINUTE
    return minutes
