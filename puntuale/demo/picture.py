"""A picture that a customer attaches: bars on paper, drawn as a PNG."""

import struct
import zlib
from collections.abc import Iterable, Sequence

PAPER, INK, SLOW = 0, 1, 2
COLOURS = bytes((250, 250, 247, 70, 82, 98, 190, 60, 40))
"""Red, green and blue of each of the three."""
WIDTH, HEIGHT, BAR, GAP = 444, 200, 24, 12


def bars(seconds: Sequence[float], *, slow: float) -> bytes:
    """Return the PNG of a chart of durations, those above the line marked."""
    most = max(seconds)
    heights = [round((HEIGHT - 40) * one / most) for one in seconds]
    colours = [SLOW if one > slow else INK for one in seconds]
    rows = (bytes([0, *_row(HEIGHT - 20 - y, heights, colours)]) for y in range(HEIGHT))
    return _png(rows)


def _row(above: int, heights: Sequence[int], colours: Sequence[int]) -> bytes:
    """Return one line of pixels, so high above the foot of the chart."""
    if above == 0:
        return bytes([INK]) * WIDTH
    line = bytearray(WIDTH)
    for number, (height, colour) in enumerate(zip(heights, colours, strict=True)):
        if 0 < above <= height:
            start = GAP + number * (BAR + GAP)
            line[start : start + BAR] = bytes([colour]) * BAR
    return bytes(line)


def _png(rows: Iterable[bytes]) -> bytes:
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", header), (b"PLTE", COLOURS), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(kind, content) for kind, content in parts)


def _part(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
