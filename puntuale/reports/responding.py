"""How long first responses took, on the clock and in business time, and how much time was left to what was promised.

From the start of the first promise to the first answer of a human. Business time is counted on the hours of that
promise, so only for what was guaranteed when it was submitted. The margin is the time from the answer to the earliest
time ever promised, on the clock: negative where the answer was late.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from puntuale.agreements.reading import agreement_of
from puntuale.guarantee import vectors
from puntuale.guarantee.vectors import Seconds
from puntuale.reports.counting import Asked, rows

STEPS = (50, 90, 99)

_ANSWERED = """
SELECT floor(extract(epoch FROM start_at))::bigint, floor(extract(epoch FROM ended_at))::bigint,
    floor(extract(epoch FROM due_promised))::bigint, hours, publication_id
FROM counted WHERE verdict IN ('met', 'met_late', 'answered')
"""


@dataclass(frozen=True, slots=True)
class Spread:
    """How some durations lie: how many there are, and the seconds within which a half, 90 % and 99 % of them are."""

    count: int
    within: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Responses:
    """The spreads of a report. The margin is what is left at least in a half, 90 % and 99 % of the answers."""

    clock: Spread
    business: Spread
    margin: Spread


def responses(asked: Asked) -> Responses:
    """Return how long the answers took to the tickets that are asked about."""
    found = rows(_ANSWERED, asked.parameters)
    took = [int(str(row[1])) - int(str(row[0])) for row in found]
    margins = [int(str(row[2])) - int(str(row[1])) for row in found if row[2] is not None]
    left = _spread(-margin for margin in margins)
    margin = Spread(left.count, tuple(None if one is None else -one for one in left.within))
    return Responses(_spread(took), _spread(_business(found)), margin)


def _business(found: list[tuple[object, ...]]) -> Iterable[int]:
    """Yield the business time of each answer that was guaranteed, hours by hours."""
    spans: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for start, end, _, hours, version in found:
        if hours:
            spans.setdefault((int(str(version)), str(hours)), []).append((int(str(start)), int(str(end))))
    for (version, hours), pairs in spans.items():
        since, until = np.array(pairs, dtype=np.int64).T
        yield from vectors.elapsed(agreement_of(version).calendar(hours), since, until).tolist()


def _spread(seconds: Iterable[int]) -> Spread:
    """Return the nearest ranks: each is a duration that really was."""
    found: Seconds = np.fromiter(seconds, dtype=np.int64)
    if not found.size:
        return Spread(0, (None,) * len(STEPS))
    return Spread(int(found.size), tuple(int(one) for one in np.percentile(found, STEPS, method="inverted_cdf")))
