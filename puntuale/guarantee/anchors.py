"""Anchors: one digest a day over everything recorded since the one before, for people outside to write down.

The events of a day are the leaves of a tree of digests. A few of its digests, the path, show that an event was among
them, without showing the others.

>>> leaves = ["a" * 64, "b" * 64, "c" * 64]
>>> climb(leaves[2], path(leaves, 2)) == root(leaves)
True
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from puntuale.guarantee import chain

Path = list[list[str]]
"""The way from a leaf to the root: at each step the side, `left` or `right`, and the digest that joins there."""

MINUTE = 43
"""The minute of each hour in which the worker looks whether the day, in UTC, has its anchor."""


def next_look(after: datetime) -> datetime:
    """Return the first instant after another at which an anchor is made, if the day has none."""
    this_hour = after.astimezone(UTC).replace(minute=MINUTE, second=0, microsecond=0)
    return this_hour if this_hour > after else this_hour + timedelta(hours=1)


def first_look(day: date) -> datetime:
    """Return the first instant of a day at which its anchor may be made."""
    return datetime.combine(day, time(0, MINUTE), UTC)


def digest(before: str, *, day: date, up_to: int, count: int, root: str, agreements: Mapping[str, str]) -> str:
    """Return the digest of an anchor. `before` is that of the anchor before it, `agreements` the digest a version."""
    told = [before, day.isoformat(), str(up_to), str(count), root, chain.canonical(agreements)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def root(leaves: Iterable[str]) -> str:
    """Return the digest at the top of the tree over some digests; empty when there are none."""
    level = [_leaf(one) for one in leaves]
    while len(level) > 1:
        level = _above(level)
    return level[0] if level else ""


def path(leaves: Sequence[str], position: int) -> Path:
    """Return the way from the leaf at a position to the root."""
    level, steps = [_leaf(one) for one in leaves], Path()
    while len(level) > 1:
        beside = position ^ 1
        if beside < len(level):
            steps.append(["left" if beside < position else "right", level[beside]])
        level, position = _above(level), position // 2
    return steps


def climb(leaf: str, steps: Iterable[Sequence[str]]) -> str:
    """Return the root that a leaf and its path lead to. Raises ValueError for a side that is none."""
    reached = _leaf(leaf)
    for side, beside in steps:
        if side not in {"left", "right"}:
            raise ValueError(f"{side!r} is no side")
        reached = _joined(beside, reached) if side == "left" else _joined(reached, beside)
    return reached


def _above(level: Sequence[str]) -> list[str]:
    """Return the level above another. The last one of an odd number goes up alone."""
    pairs = zip(level[::2], level[1::2], strict=False)
    return [*(_joined(one, other) for one, other in pairs), *level[len(level) // 2 * 2 :]]


# The two are told apart, so that nobody passes a joint off as an event.
def _leaf(of: str) -> str:
    return hashlib.sha256(f"event\n{of}".encode()).hexdigest()


def _joined(left: str, right: str) -> str:
    return hashlib.sha256(f"joint\n{left}\n{right}".encode()).hexdigest()
