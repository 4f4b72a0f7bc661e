"""Reading files row by row, and rows that tell of one ticket together."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from pathlib import Path
from typing import IO, Any

from puntuale.guarantee.parsing import Unreadable, parse_json
from puntuale.moving.mapping import TIMES, Mapping, MappingRefused
from puntuale.whatif.encodings import LOST
from puntuale.whatif.instants import order_in
from puntuale.whatif.spreadsheets import (
    LONGEST_CELL,
    NotATable,
    header_name,
    is_damaged,
    names_of,
    opened,
    told_or_found,
)

LONGEST_LINE = LONGEST_CELL
MOST_ROWS = 5_000
PORTION, PORTION_TEXT = 500, 10_000_000
"""How many tickets, and how many characters of them, are taken in at a time."""
DAMAGED = "characters of it got lost (U+FFFD): the file is in another encoding; name it with --encoding"


class FileRefused(ValueError):
    """A file that is not what it should be, and why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it ends on, and what it says; `problem` when it could not be read."""

    line: int
    told: dict[str, Any]
    problem: str = ""


@dataclass(slots=True)
class Source:
    """A file with tickets: a table as spreadsheets have it, or JSON Lines by its ending.

    `notes` tell what had to be found out about it. Dates in which day and month could change places are read as the
    others of the file show, all alike.
    """

    file: Path
    mapping: Mapping = field(default_factory=Mapping)
    encoding: str = ""
    notes: list[str] = field(default_factory=list)

    def settle_dates(self) -> None:
        """Find out whether the day or the month comes first in the dates, where nobody said. Raises FileRefused."""
        if self.mapping.order:
            return
        if order := order_in(self._times()):
            self.mapping = replace(self.mapping, order=order)
            self.notes.append(f"dates such as 03/04/2026 are read {order}, as others in this file show")

    def rows(self) -> Iterator[Row]:
        """Yield the rows. Raises FileRefused for a file that cannot be read at all."""
        reading = _json_rows if self.file.suffix.lower() in {".jsonl", ".ndjson"} else _table_rows
        if self.file.suffix.lower() == ".json":
            raise FileRefused(f"{self.file} is neither a table (.csv, .xlsx) nor JSON Lines (.jsonl)")
        try:
            with self.file.open("rb") as content:
                yield from reading(content, self)
        except OSError as problem:
            raise FileRefused(f"{self.file} cannot be read: {problem.strerror}") from problem
        except (NotATable, MappingRefused) as problem:
            raise FileRefused(f"{self.file}: {problem}") from problem

    def tickets(self) -> Iterator[list[Row]]:
        """Yield the rows that tell of one ticket: those that follow each other with the same `id`."""
        return together(self.rows(), self.mapping)

    def note(self, said: str) -> None:
        """Write down what was found out, once."""
        if said not in self.notes:
            self.notes.append(said)

    def _times(self) -> Iterator[str]:
        for row in self.rows():
            yield from (self.mapping.value(name, row.told) for name in TIMES)
            messages = row.told.get("messages")
            if isinstance(messages, list):
                yield from (str(one.get("at")) for one in messages if isinstance(one, dict))


def together(rows: Iterable[Row], mapping: Mapping) -> Iterator[list[Row]]:
    """Yield the rows that tell of one ticket: those that follow each other with the same `id`."""
    for _, found in groupby(rows, key=lambda row: mapping.value("id", row.told) or f"line {row.line}"):
        portion = list(islice(found, MOST_ROWS + 1))
        if len(portion) > MOST_ROWS:
            portion = [replace(portion[0], problem=f"more than {MOST_ROWS} rows tell of one ticket")]
        yield portion


def portions(tickets: Iterable[list[Row]]) -> Iterator[list[list[Row]]]:
    """Yield tickets, as many at a time as are taken in at once."""
    portion: list[list[Row]] = []
    size = 0
    for rows in tickets:
        portion.append(rows)
        size += sum(_length(row.told) for row in rows)
        if len(portion) >= PORTION or size >= PORTION_TEXT:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _length(told: object) -> int:
    """Return how many characters stand in what a row says, roughly."""
    if isinstance(told, str):
        return len(told)
    if isinstance(told, dict):
        return sum(map(_length, told.values()))
    return sum(map(_length, told)) if isinstance(told, list) else 10


def _table_rows(content: IO[bytes], source: Source) -> Iterator[Row]:
    with opened(content, encoding=source.encoding) as table:
        for note in table.notes:
            source.note(note)
        header = names_of(next((row for row in table.rows if any(row)), []))
        source.mapping.refuse_missing(header)
        for cells in table.rows:
            if not any(cells):
                continue
            told = dict(zip(header, cells, strict=False))
            yield Row(table.rows.line_num, told, _fault(header, cells))


def _fault(header: list[str], cells: list[str]) -> str:
    if is_damaged(cells):
        return DAMAGED
    if len(cells) < len(header) or any(cells[len(header) :]):
        return "it has another number of columns than the header"
    return ""


def _json_rows(content: IO[bytes], source: Source) -> Iterator[Row]:
    found = told_or_found(content, source.encoding)
    try:
        lines = io.TextIOWrapper(content, encoding=found.name, errors="replace")
    except LookupError as problem:
        raise NotATable(f"{source.encoding!r} is not an encoding that is known here") from problem
    if found.is_guess:
        source.note(f"read as {found.name}, which is a guess: the file is not in UTF-8")
    try:
        for number, line in enumerate(iter(lambda: lines.readline(LONGEST_LINE), ""), start=1):
            if len(line) == LONGEST_LINE and not line.endswith("\n"):
                raise NotATable(f"line {number} is longer than {LONGEST_LINE} characters")
            if line.strip():
                yield _json_row(number, line)
    finally:
        lines.detach()


def _json_row(number: int, line: str) -> Row:
    try:
        told = parse_json(line, largest=LONGEST_LINE)
    except Unreadable as problem:
        return Row(number, {}, f"it is no JSON: {problem}")
    if not isinstance(told, dict):
        return Row(number, {}, "it is no JSON object")
    told = {header_name(name): value for name, value in told.items()}
    return Row(number, told, DAMAGED if LOST in line or r"\ufffd" in line.lower() else "")
