"""The answers themselves, each with its minutes, as vectors. Apart from what is said of them: numpy is large."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from puntuale.agreements.reading import agreement_of
from puntuale.guarantee import vectors
from puntuale.reports.counting import Asked, rows
from puntuale.reports.responding import Measure

MINUTE = 60
Column = NDArray[np.int64]
_ANSWERED = """
SELECT id, (submitted_at AT TIME ZONE %(zone)s)::date - DATE '1970-01-01',
    floor(extract(epoch FROM start_at))::bigint, floor(extract(epoch FROM ended_at))::bigint,
    floor(extract(epoch FROM due_promised))::bigint, hours, publication_id
FROM counted WHERE ended_at IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Answers:
    """By one measure: the tickets, the days since 1970 on which they were submitted, and the minutes."""

    tickets: Column
    days: Column
    minutes: Column

    def by_day(self) -> dict[int, Counter[int]]:
        """Return how many answers took how many minutes, for each day on which one of the tickets was submitted."""
        order = np.argsort(self.days, kind="stable")
        days, firsts = np.unique(self.days[order], return_index=True)
        # Of no days it makes one part, which belongs to none.
        parts = np.split(self.minutes[order], firsts[1:])
        return {day: Counter(part.tolist()) for day, part in zip(days.tolist(), parts, strict=False)}


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
