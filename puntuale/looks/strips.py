"""The promise strip: from submission to due, open time solid, closed time hatched, what has passed filled.

Closed time would dwarf the rest (a weekend is 64 hours, a business day eight), so the gaps share a fixed part of the
width among them, by the square root of their length; open time is drawn to scale.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from puntuale.guarantee.reckoning import Counted, Reckoning

WIDTH = 1000
CLOSED_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the strip, in thousandths of its width and seconds since 1970."""

    x: float
    width: float
    start: int
    end: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """The pieces from start to due."""

    pieces: tuple[Piece, ...]

    @classmethod
    def of(cls, reckoning: Reckoning) -> "Strip":
        """Return the strip of a worked sum."""
        edges = _edges(reckoning)
        opened = sum(end - start for start, end, is_open in edges if is_open)
        roots = sum((end - start) ** 0.5 for start, end, is_open in edges if not is_open)
        for_open = WIDTH * (1 - CLOSED_SHARE) if roots else WIDTH
        pieces, x = list[Piece](), 0.0
        for start, end, is_open in edges:
            if is_open:
                width = for_open * (end - start) / opened
            else:
                width = WIDTH * CLOSED_SHARE * (end - start) ** 0.5 / roots
            pieces.append(Piece(round(x, 2), round(width, 2), start, end, is_open))
            x += width
        return cls(tuple(pieces))

    def position(self, at: datetime) -> float:
        """Return where an instant lies, in thousandths of the width; before and after, at the ends."""
        second = at.timestamp()
        for piece in self.pieces:
            if second < piece.end:
                return round(piece.x + piece.width * max(0.0, second - piece.start) / (piece.end - piece.start), 2)
        return WIDTH

    @property
    def scale(self) -> str:
        """Return the instants and positions between which browsers move the mark: `second:x second:x ...`."""
        last = self.pieces[-1]
        points = [(piece.start, piece.x) for piece in self.pieces] + [(last.end, WIDTH)]
        return " ".join(f"{second}:{x}" for second, x in points)


def _edges(reckoning: Reckoning) -> list[tuple[int, int, bool]]:
    counted = [line.span for line in reckoning.lines if isinstance(line, Counted)]
    spans = [(int(span.start.timestamp()), int(span.end.timestamp())) for span in counted]
    edges: list[tuple[int, int, bool]] = []
    start = int(reckoning.start.timestamp())
    if spans[0][0] > start:
        edges.append((start, spans[0][0], False))
    for (since, until), (following, _) in pairwise([*spans, (spans[-1][1], 0)]):
        edges.append((since, until, True))
        if following > until:
            edges.append((until, following, False))
    return edges
