"""The answers that a ticket takes after its first one, as far as history tells: how many, and when each was wanted."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from puntuale.guarantee.hours import DAY
from puntuale.whatif.histories import Seconds

FEWEST_TICKETS = 30
"""How many tickets must tell how many answers they took."""


@dataclass(frozen=True, slots=True)
class Further:
    """Of tickets that are done: how many seconds after each came it wanted its further answers, one ticket by another.

    Those of the n-th stand from the n-th of the bounds to the next.
    """

    bounds: NDArray[np.int64]
    lags: Seconds

    @property
    def tickets(self) -> int:
        """Return how many tickets there are."""
        return self.bounds.size - 1

    @property
    def a_ticket(self) -> float:
        """Return how many further answers a ticket takes on average; none when too few tickets tell."""
        return self.lags.size / self.tickets if self.tickets >= FEWEST_TICKETS else 0.0

    def drawn(self, sent: Seconds, rng: Generator) -> Seconds:
        """Return when further answers are wanted to tickets that are sent, each with those of some past ticket."""
        if not self.a_ticket:
            return np.empty(0, dtype=np.int64)
        like = rng.integers(0, self.tickets, sent.size)
        counts = self.bounds[like + 1] - self.bounds[like]
        begins = np.repeat(self.bounds[like] - (np.cumsum(counts) - counts), counts)
        found: Seconds = np.repeat(sent, counts) + self.lags[begins + np.arange(begins.size)]
        return found


def of_lags(lags: list[list[int]]) -> Further:
    """Return the further answers of some tickets."""
    counts = np.array([len(one) for one in lags], dtype=np.int64)
    bounds = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Further(bounds, np.array([lag for one in lags for lag in one], dtype=np.int64))


def of_counts(answers: Seconds) -> Further:
    """Return the further answers of tickets of which only the number of answers is known: one a day."""
    return of_lags([[DAY * number for number in range(1, count)] for count in answers.tolist() if count])


NONE = of_lags([])
