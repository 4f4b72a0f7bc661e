"""Reading files row by row, and rows that tell of one ticket together."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from puntuale.guarantee.parsing import Unreadable, parse_json
from puntuale.moving.mapping import Mapping

LONGEST_LINE = 5_000_000


class FileRefused(ValueError):
    """A file that is not what it should be, and why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it ends on, and what it says; `problem` when it could not be read."""

    line: int
    told: dict[str, Any]
    problem: str = ""


def rows_of(file: Path) -> Iterator[Row]:
    """Yield the rows of a file, by its ending: `.csv` with a header, or `.jsonl` with an object a line.

    Raises FileRefused for a file that cannot be read at all.
    """
    reading = {".csv": _csv, ".jsonl": _jsonl, ".ndjson": _jsonl}.get(file.suffix.lower())
    if reading is None:
        raise FileRefused(f"{file} is neither .csv nor .jsonl")
    try:
        with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            yield from reading(lines)
    except OSError as problem:
        raise FileRefused(f"{file} cannot be read: {problem.strerror}") from problem


def together(rows: Iterable[Row], mapping: Mapping) -> Iterator[list[Row]]:
    """Yield the rows that tell of one ticket: those that follow each other with the same `id`."""
    for _, found in groupby(rows, key=lambda row: mapping.read(row.told)["id"] or f"line {row.line}"):
        yield list(found)


def _csv(lines: Iterable[str]) -> Iterator[Row]:
    reader = csv.DictReader(lines)
    # The limit is the whole process's; others go by their own.
    before = csv.field_size_limit(LONGEST_LINE)
    try:
        for told in reader:
            broken = None in told or None in told.values()
            yield Row(reader.line_num, told, "it has another number of columns than the header" if broken else "")
    except csv.Error as problem:
        raise FileRefused(f"line {reader.line_num}: {problem}") from problem
    finally:
        csv.field_size_limit(before)


def _jsonl(lines: Iterable[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            told = parse_json(line, largest=LONGEST_LINE)
        except Unreadable as problem:
            yield Row(number, {}, f"it is no JSON: {problem}")
            continue
        yield Row(number, told) if isinstance(told, dict) else Row(number, {}, "it is no JSON object")
