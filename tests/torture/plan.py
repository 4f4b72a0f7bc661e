"""What a run does: how many faults of which kinds, from which seed."""

import random
from dataclasses import dataclass, field

COUNTED = ("web", "worker", "database")
KINDS = (*COUNTED, "stop", "targets", "clock")
STOPS_PER_KILL = 10


@dataclass(frozen=True)
class Plan:
    """`kills` of each counted kind; a tenth as many stops; targets and clocks go wrong for as long as that takes.

    A kind that runs alone is repeated `kills` times, whichever it is. `workers` run beside the desk's own one: as many at
    first, then between 2 and `most_workers`. The home of the desk is made in `folder`. `pace` is
    how long to wait between faults: with more, more is done meanwhile.
    """

    kills: int = 50
    seed: int = 7
    kinds: frozenset = field(default_factory=lambda: frozenset(KINDS))
    workers: int = 3
    most_workers: int = 7
    folder: str = "/tmp"
    pace: float = 1.0

    def chance(self, who):
        """A source of chance for somebody, the same in every run with this seed."""
        return random.Random(f"{self.seed} {who}")

    def times(self, kind):
        """How often a fault is to happen; None for as long as the others take."""
        if kind in COUNTED or len(self.kinds) == 1:
            return self.kills
        return max(1, self.kills // STOPS_PER_KILL) if kind == "stop" else None
