"""Looking for the fewest people: added where promises lapse, then taken away wherever that does no harm."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from puntuale.whatif.serving import served
from puntuale.whatif.wall import HOUR, HOURS_OF_A_WEEK
from puntuale.whatif.weeks import Drawn, Past

MOST_STEPS, MOST_AT_ONCE, NEARLY = 200, 24, 0.6
Flags = NDArray[np.bool_]
Staff = list[int]
Weights = NDArray[np.float64]


@dataclass
class Sample:
    """Simulated weeks that staff is tried on, the past they were drawn from, and which share of each promise to reach.

    A promise is what a plan has for a priority. Each is to be kept to the target, so that no few urgent ones are left
    to lapse for the sake of many; and what has no guarantee is to be answered within a week. Where answers that take
    longer than they may leave less than half of what may lapse to waiting, it is the target of those that do not.
    """

    known: Past
    drawn: Drawn
    target: float

    def kept(self, staff: Sequence[int]) -> Flags:
        """Return which tickets would have been answered in time by so many people in each hour of the week."""
        drawn = self.drawn
        rows, which = self._rows
        which = which[drawn.kind]
        answered = served(drawn.sent, drawn.due, drawn.work, staff, which=which, hours=rows, places=drawn.places)
        found: Flags = answered <= drawn.wanted
        return found

    def share(self, kept: Flags) -> float:
        """Return the share that was kept of what was owed; all of it when nothing was."""
        owed = self.drawn.owed
        return float(kept[owed].mean()) if owed.any() else 1.0

    def short(self, kept: Flags) -> Flags:
        """Return which tickets are of a promise that is not kept to its target."""
        falls = self._shares(kept) < self._aims
        found: Flags = falls[self.promise]
        return found

    def is_enough(self, kept: Flags) -> bool:
        """Tell whether every promise is kept to its target."""
        return not np.any(self._shares(kept) < self._aims)

    @cached_property
    def promise(self) -> NDArray[np.int64]:
        """Return for each ticket the number of what its plan has for its priority."""
        numbers: dict[tuple[str, str], int] = {}
        known = [numbers.setdefault((one.plan, one.priority), len(numbers)) for one in self.known.questions]
        return np.array(known, dtype=np.int64)[self.drawn.kind]

    @cached_property
    def reachable(self) -> Flags:
        """Tell which tickets could be answered in time by any number of people: the others take longer to answer."""
        found: Flags = self.drawn.work <= self.drawn.due - self.drawn.sent
        return found

    def spread(self, amounts: Weights) -> Weights:
        """Return something of each ticket, spread over the hours of the week in which it waits for an answer.

        What waits on a closed day counts for the people who are there on it.
        """
        drawn, weeks = self.drawn, self.drawn.origins.size
        last = weeks * HOURS_OF_A_WEEK - 1
        until = np.minimum(drawn.wanted - 1, (last + 1) * HOUR - 1) // HOUR
        rows, which = self._rows
        found = np.zeros(HOURS_OF_A_WEEK)
        for number, hours in enumerate(rows):
            theirs = (which[drawn.kind] == number) & (amounts > 0)
            since, end = drawn.sent[theirs] // HOUR, np.maximum(until, drawn.sent // HOUR)[theirs]
            before = np.concatenate([[0], np.cumsum(hours)])
            each = amounts[theirs] / np.maximum(before[end + 1] - before[since], 1)
            steps = np.bincount(since, each, last + 2) - np.bincount(end + 1, each, last + 2)
            found += np.bincount(drawn.places, np.cumsum(steps)[: last + 1] * hours, HOURS_OF_A_WEEK)
        return found / weeks

    def _shares(self, kept: Flags) -> Weights:
        """Return the share of each promise that was kept, all of it where nothing of it is judged."""
        counts, count = self.drawn.judged, int(self.promise.max(initial=-1)) + 1
        judged = np.bincount(self.promise[counts], minlength=count)
        held = np.bincount(self.promise[counts & kept], minlength=count)
        return np.where(judged > 0, held / np.maximum(judged, 1), 1.0)

    @cached_property
    def _aims(self) -> Weights:
        ceilings = self._shares(self.reachable)
        return np.where(1 - ceilings <= (1 - self.target) / 2, self.target, self.target * ceilings)

    @cached_property
    def _rows(self) -> tuple[Flags, NDArray[np.int64]]:
        """Return the rows of hours that there are, each once, and which of them is that of each kind."""
        rows, which = np.unique(self.drawn.hours, axis=0, return_inverse=True)
        return rows, which.reshape(-1)


def fewest(sample: Sample, *, begun: Staff | None = None, tell: Callable[[float], None] = lambda _: None) -> Staff:
    """Return people by the hour of the week who keep every promise to its target, of whom nobody can be taken away.

    The search begins with some people, or with fewer than it can take.
    """
    staff = list(begun) if begun is not None else _begun(sample)
    for step in range(MOST_STEPS):
        kept = sample.kept(staff)
        tell(0.4 * step / MOST_STEPS)
        if not add(sample, staff, kept):
            break
    return _trimmed(sample, staff, tell)


def add(sample: Sample, staff: Staff, kept: Flags, *, anyway: bool = False) -> bool:
    """Add people to the hours in which most of what lapsed was waiting, and tell whether any had to be added.

    Only what is not kept to its target counts, or all that lapsed when `anyway`.
    """
    lapsed = sample.drawn.judged & ~kept & sample.reachable
    if not anyway:
        lapsed &= sample.short(kept)
    # Where many are already one more helps little; so hours with nobody come first.
    weights = sample.spread(lapsed.astype(np.float64)) / (1 + np.array(staff))
    most = float(weights.max())
    if most <= 0:
        return False
    for hour in np.argsort(-weights, kind="stable")[:MOST_AT_ONCE].tolist():
        if weights[hour] >= NEARLY * most:
            staff[hour] += 1
    return True


def _begun(sample: Sample) -> Staff:
    """Return fewer people than it can take: the work there is, spread over the time there is for it."""
    load = sample.spread(sample.drawn.work.astype(np.float64)) / HOUR
    return [int(one) for one in load.tolist()]


def _trimmed(sample: Sample, staff: Staff, tell: Callable[[float], None]) -> Staff:
    """Return the people without those who are not needed, the least busy hours first."""
    load = sample.spread(sample.drawn.work.astype(np.float64)) / HOUR
    hours = sorted((hour for hour in range(HOURS_OF_A_WEEK) if staff[hour]), key=lambda hour: load[hour] / staff[hour])
    if not sample.is_enough(sample.kept(staff)):
        return staff
    wanted = set[int]()
    # One at a time from each hour, so that no hour is emptied for the sake of its neighbours.
    while hours := [hour for hour in hours if staff[hour] and hour not in wanted]:
        for hour in hours:
            tell(0.4 + 0.6 * len(wanted) / HOURS_OF_A_WEEK)
            staff[hour] -= 1
            if not sample.is_enough(sample.kept(staff)):
                staff[hour] += 1
                wanted.add(hour)
    return staff
