"""Charts as SVG that everybody can read: a title and a description in words, and a table beside them says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, BAR, GAP, LABEL = 640, 18, 26, 20
DAYS, CELL = 96, 24
TALL, FOOT, HEAD = 120, 20, 16


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of pieces laid end to end: what it is called, what it says, and the tone and length of each piece."""

    name: str
    said: str
    pieces: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its tone, how high it is, and what stands below its left edge or, in lines, below its middle."""

    tone: str
    count: int
    edge: str = ""
    name: Sequence[str] = ()


def bars(bars: Sequence[Bar], *, key: str, title: str, description: str) -> SafeString:
    """Return bars below each other, each as wide as the whole. `key` tells the chart from others on a page."""
    step = LABEL + BAR + GAP
    drawn = format_html_join("", "{}", ((_bar(bar, number * step),) for number, bar in enumerate(bars)))
    return format_html(
        '<svg class="chart whole" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-said">'
        '<title id="{}-title">{}</title><desc id="{}-said">{}</desc>{}</svg>',
        WIDTH, max(1, len(bars)) * step - GAP, key, key, key, title, key, description, drawn,
    )  # fmt: skip


def week(
    counts: Sequence[Sequence[int]], names: Sequence[str], *, key: str, title: str, description: str
) -> SafeString:
    """Return the hours of a week as squares, a row a day: the more, the darker, and the most of all quite dark."""
    most = max(max(hours) for hours in counts) or 1
    cells = (
        (DAYS + CELL * hour, CELL * day, CELL - 2, CELL - 2, round(count / most, 3))
        for day, hours in enumerate(counts)
        for hour, count in enumerate(hours)
        if count
    )
    labels = ((CELL * day + 16, name) for day, name in enumerate(names))
    hours = ((DAYS + CELL * hour, CELL * len(counts) + 16, f"{hour:02}") for hour in range(0, 24, 3))
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-said">'
        '<title id="{}-title">{}</title><desc id="{}-said">{}</desc>'
        '<rect class="ground" x="{}" y="0" width="{}" height="{}"/>{}{}{}</svg>',
        DAYS + CELL * 24, CELL * len(counts) + 20, key, key, key, title, key, description,
        DAYS, CELL * 24, CELL * len(counts),
        format_html_join("", '<text x="0" y="{}">{}</text>', labels),
        format_html_join("", '<text x="{}" y="{}">{}</text>', hours),
        format_html_join(
            "", '<rect class="heat" x="{}" y="{}" width="{}" height="{}" fill-opacity="{}"/>', cells
        ),
    )  # fmt: skip


def columns(columns: Sequence[Column], *, key: str, title: str, description: str) -> SafeString:
    """Return columns beside each other, the highest as high as the whole, each with its number above it."""
    most = max((column.count for column in columns), default=0) or 1
    wide = WIDTH / max(1, len(columns))
    drawn = (
        (
            column.tone,
            *(round(place, 1) for place in (wide * number + 1, HEAD + TALL * (1 - column.count / most), wide - 2)),
            round(TALL * column.count / most, 1),
        )
        for number, column in enumerate(columns)
        if column.count
    )
    numbers = (
        (round(wide * (number + 0.5), 1), round(HEAD + TALL * (1 - column.count / most) - 4, 1), column.count)
        for number, column in enumerate(columns)
        if column.count
    )
    edges = [(round(wide * number, 1), HEAD + TALL + 15, column.edge) for number, column in enumerate(columns)]
    names = [
        (round(wide * (number + 0.5), 1), HEAD + TALL + 15 + 16 * line, text)
        for number, column in enumerate(columns)
        for line, text in enumerate(column.name)
    ]
    foot = FOOT + 16 * max((len(column.name) - 1 for column in columns if column.name), default=0)
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-said">'
        '<title id="{}-title">{}</title><desc id="{}-said">{}</desc>{}<rect class="ground" x="0" y="{}" width="{}"'
        ' height="1"/>{}{}</svg>',
        WIDTH, HEAD + TALL + foot, key, key, key, title, key, description,
        format_html_join("", '<rect class="piece {}" x="{}" y="{}" width="{}" height="{}"/>', drawn),
        HEAD + TALL, WIDTH,
        format_html_join("", '<text x="{}" y="{}" text-anchor="middle">{}</text>', numbers),
        format_html_join("", '<text x="{}" y="{}" text-anchor="middle">{}</text>', edges + names),
    )  # fmt: skip


def _bar(bar: Bar, top: int) -> SafeString:
    whole = sum(length for _, length in bar.pieces)
    ends = [0, *accumulate(length for _, length in bar.pieces)]
    pieces = format_html_join(
        "",
        '<rect class="piece {}" x="{}" y="{}" width="{}" height="{}"/>',
        (
            (tone, round(WIDTH * start / whole, 2), top + LABEL, round(WIDTH * length / whole, 2), BAR)
            for (tone, length), start in zip(bar.pieces, ends, strict=False)
            if length
        ),
    )
    return format_html(
        '<text x="0" y="{}">{}</text><text x="{}" y="{}" text-anchor="end">{}</text>'
        '<rect class="ground" x="0" y="{}" width="{}" height="{}"/>{}',
        top + LABEL - 6, bar.name, WIDTH, top + LABEL - 6, bar.said, top + LABEL, WIDTH, BAR, pieces,
    )  # fmt: skip
