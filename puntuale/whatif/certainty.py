"""How sure a share is: an interval that has the true one nineteen times out of twenty."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Z = 1.959964
SURE = (2.5, 97.5)
RESAMPLED = 2_000


@dataclass(frozen=True, slots=True)
class Share:
    """A share that was found, and between which shares the true one lies, nineteen times out of twenty."""

    found: float
    low: float
    high: float


def wilson(kept: float, judged: float) -> tuple[float, float]:
    """Return the interval of a share of independent tries. `judged` is more than none."""
    found = kept / judged
    middle, spread = found + Z**2 / (2 * judged), Z * sqrt(found * (1 - found) / judged + Z**2 / (4 * judged**2))
    whole = 1 + Z**2 / judged
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)


def of_weeks(kept: NDArray[np.int64], judged: NDArray[np.int64], *, evidence: int, rng: Generator) -> Share | None:
    """Return the share of what was kept in simulated weeks, by the past weeks they were drawn from; None of nothing.

    Two things make it unsure, and the wider one counts: that other weeks might have come (the past weeks are drawn
    again and again), and that so few tickets are known at all: however many are simulated, they tell no more than the
    `evidence` of history.
    """
    total = int(judged.sum())
    if not total or not evidence:
        return None
    found = int(kept.sum()) / total
    low, high = wilson(found * min(evidence, total), min(evidence, total))
    some = judged > 0
    kept, judged = kept[some], judged[some]
    which = rng.integers(0, kept.size, (RESAMPLED, kept.size))
    again = kept[which].sum(axis=1) / judged[which].sum(axis=1)
    by_week = np.percentile(again, SURE)
    return Share(found, min(low, float(by_week[0]), found), max(high, float(by_week[1]), found))
