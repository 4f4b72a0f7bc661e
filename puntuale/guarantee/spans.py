"""Half-open spans of time: the end is not part of the span."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

Pair = tuple[int, int]
"""A half-open span as two whole seconds since 1970 (UTC), for loops where an object per span would be too slow."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The instants from `start` up to, and not including, `end`. Both are aware datetimes."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"a span must end after it starts: {self.start} .. {self.end}")

    @property
    def seconds(self) -> int:
        """Return the length in whole seconds."""
        return int((self.end - self.start).total_seconds())


def merged(pairs: Iterable[Pair]) -> list[Pair]:
    """Return the union of the pairs, sorted, with touching and overlapping ones joined."""
    joined: list[Pair] = []
    for start, end in sorted(pairs):
        if end <= start:
            continue
        if joined and start <= joined[-1][1]:
            if end > joined[-1][1]:
                joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
