"""What was taken, as a table of percentiles: one row a kind of request."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from benchmarks.scaling.arrivals import Taken

SHARES = (0.5, 0.9, 0.95, 0.99)
GOOD = frozenset({200, 204, 302, 304})


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least such a share of them does not exceed. Nearest rank: no value is made up."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(share * len(ordered) * 1_000_000) // 1_000_000) - 1)]


def failed(taken: Iterable[Taken]) -> list[Taken]:
    """Return the requests that came to nothing."""
    return [one for one in taken if one.status not in GOOD]


def table(taken: Sequence[Taken]) -> Iterable[str]:
    """Yield the lines of the table: milliseconds from when a request was due to the end of its answer."""
    kinds = defaultdict[str, list[Taken]](list)
    for one in taken:
        kinds[one.kind].append(one)
    head = "".join(f"{f'p{share * 100:g}':>9}" for share in SHARES)
    yield f"{'request':<24}{'asked':>8}{head}{'longest':>9}{'failed':>8}"
    for name, found in [*sorted(kinds.items()), ("all", list(taken))]:
        values = [one.seconds * 1000 for one in found if one.status in GOOD]
        cells = [percentile(values, share) for share in SHARES] + [max(values)] if values else []
        told = "".join(f"{value:9.0f}" for value in cells)
        yield f"{name:<24}{len(found):>8}{told}{len(failed(found)):>8}"


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return by how much the second value grows with each one of the first: the line through points (least squares)."""
    middle = [sum(column) / len(points) for column in zip(*points, strict=True)]
    across = sum((x - middle[0]) ** 2 for x, _ in points)
    return sum((x - middle[0]) * (y - middle[1]) for x, y in points) / across if across else 0.0


def load() -> str:
    """Return how busy the machine is, which others use as well."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def say(lines: Iterable[str], out: Callable[[str], None] = lambda line: print(line, flush=True)) -> None:
    """Print lines at once."""
    for line in lines:
        out(line)
