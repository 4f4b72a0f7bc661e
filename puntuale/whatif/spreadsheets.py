"""Tables as spreadsheets write them: text in any usual encoding, with any usual separator, or a workbook."""

import csv
import io
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import IO, Any, Protocol
from zipfile import ZipFile

from puntuale.whatif.encodings import LOST, Encoding, Unclear, encoding_of

SEPARATORS = ",;\t|"
LONGEST_CELL = 5_000_000
SNIFFED_LINES, SNIFFED_LETTERS = 20, 100_000
LARGEST_WORKBOOK, MOST_PARTS = 200 * 1024 * 1024, 10_000
"""How large a workbook may be once it is unpacked, in bytes, and of how many parts."""
KNOWN = (
    (b"%PDF", "a PDF"), (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls), or one with a password"),
    (b"\x1f\x8b", "a gzip archive"), (b"7z\xbc\xaf", "a 7z archive"), (b"Rar!", "a RAR archive"),
    (b"SQLite format 3", "an SQLite database"), (b"{\\rtf", "an RTF document"), (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"), (b"PAR1", "a Parquet file"),
)  # fmt: skip
PAGES = (b"<!doctype html", b"<html", b"<table", b"<?xml")


class NotATable(ValueError):
    """A file that cannot be read as a table, and what it is instead, or what is wrong with it."""


class Rows(Protocol):
    """Rows of a table, and the number of the line on which the last one ended."""

    @property
    def line_num(self) -> int:
        """Return the number of the line that was read last."""

    def __iter__(self) -> Iterator[list[str]]:
        """Return the rows from the next one on."""

    def __next__(self) -> list[str]:
        """Return the next row."""


@dataclass(slots=True)
class Table:
    """A table that was opened: its rows, the names of its columns first, and what was found out about it, in words."""

    rows: Rows
    notes: list[str] = field(default_factory=list)


def header_name(written: str) -> str:
    """Return the name of a column as it is compared: in lower case, with one underscore for what separates words."""
    return "_".join(written.replace("-", " ").replace("_", " ").casefold().split())


def names_of(written: Sequence[str]) -> list[str]:
    """Return the names of columns as they are compared. The second one of a name is called `name_2`."""
    seen = Counter[str]()
    found = []
    for name in map(header_name, written):
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return found


@contextmanager
def opened(file: IO[bytes], *, encoding: str = "", largest: int = LARGEST_WORKBOOK) -> Iterator[Table]:
    """Open a table in a file, which stays open. Characters that are none stand as U+FFFD. Raises NotATable."""
    file.seek(0)
    start = file.read(1_000)
    file.seek(0)
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        if start.startswith(b"PK\x03\x04"):
            with _workbook(file, largest) as table:
                yield table
        else:
            _refuse_others(start)
            with _text(file, encoding) as table:
                yield table
    except csv.Error as problem:
        raise NotATable(str(problem)) from problem
    finally:
        csv.field_size_limit(before)


def _refuse_others(start: bytes) -> None:
    for mark, kind in KNOWN:
        if start.startswith(mark):
            raise NotATable(f"this is {kind}, not a table; save it as .xlsx or .csv")
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(PAGES):
        raise NotATable("this is a web page or XML, not a table; save it as .xlsx or .csv")


@contextmanager
def _text(file: IO[bytes], encoding: str) -> Iterator[Table]:
    found = told_or_found(file, encoding)
    try:
        lines = io.TextIOWrapper(file, encoding=found.name, errors="replace", newline="")
    except LookupError as problem:
        raise NotATable(f"{encoding!r} is not an encoding that is known here") from problem
    try:
        separator, rest = _separated(lines)
        table = Table(csv.reader(rest, delimiter=separator))
        if found.is_guess:
            table.notes.append(f"read as {found.name}, which is a guess: the file is not in UTF-8")
        yield table
    except UnicodeError as problem:
        raise NotATable(f"it cannot be read as {found.name}: {problem}") from problem
    finally:
        lines.detach()


def told_or_found(file: IO[bytes], encoding: str) -> Encoding:
    """Return the encoding that somebody told, else that of a file. Raises NotATable where nobody can tell."""
    try:
        return Encoding(encoding) if encoding else encoding_of(file)
    except Unclear as problem:
        file.seek(0)
        seen = f"read as cp1252 it has {problem.seen!r} in it"
        raise NotATable(f"it is not in UTF-8, and in what else cannot be told ({seen}); save it as UTF-8") from problem


def _separated(lines: Iterable[str]) -> tuple[str, Iterator[str]]:
    """Return what separates the columns, and the lines: as the line `sep=;` says, or what makes the most columns."""
    rest = iter(lines)
    first = list(islice(rest, SNIFFED_LINES))
    told = first[0].lstrip("\ufeff").strip().strip('"').casefold() if first else ""
    if told.startswith("sep=") and len(told) <= len("sep=") + 1:
        # Kept as a line without cells, so that the numbers of lines are those of the file.
        return first[0].strip().strip('"')[4:] or "\t", chain(["\n"], first[1:], rest)
    if first:
        first[0] = first[0].lstrip("\ufeff")
    sample = "".join(first)[:SNIFFED_LETTERS]
    return max(SEPARATORS, key=lambda one: _columns(sample, one)), chain(first, rest)


def _columns(sample: str, separator: str) -> tuple[int, int]:
    """Return how many columns a separator makes of the first row that has any, and how many rows have as many."""
    try:
        rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator) if row]
    except csv.Error:
        return 0, 0
    width = len(rows[0]) if rows else 0
    return width, sum(len(row) == width for row in rows)


@contextmanager
def _workbook(file: IO[bytes], largest: int) -> Iterator[Table]:
    with _readable_workbook():
        from openpyxl import load_workbook  # noqa: PLC0415 -- slow to load, and most files are text

        _refuse_archive(file, largest)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    try:
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not shown:
            raise NotATable("this workbook has no sheet that is shown")
        table = Table(_Sheet(shown[0]))
        if len(shown) > 1:
            others = ", ".join(sheet.title for sheet in shown[1:6])
            table.notes.append(f"read the sheet {shown[0].title!r} only, not {others}")
        yield table
    finally:
        book.close()


@contextmanager
def _readable_workbook() -> Iterator[None]:
    """Turn whatever goes wrong with a workbook into NotATable: its library raises what it meets."""
    try:
        yield
    except NotATable:
        raise
    except Exception as problem:
        raise NotATable(f"this workbook is damaged, or of a kind that cannot be read: {problem}") from problem


def _refuse_archive(file: IO[bytes], largest: int) -> None:
    """Raise NotATable for an archive that is no workbook, or a very large one. Nothing is unpacked for that."""
    with ZipFile(file) as archive:
        parts = {one.filename: one.file_size for one in archive.infolist()}
        if any(name.startswith("content.xml") for name in parts):
            raise NotATable("this is an OpenDocument file; save it as .xlsx or .csv")
        if "xl/workbook.bin" in parts:
            raise NotATable("this is a binary Excel workbook (.xlsb); save it as .xlsx or .csv")
        if "xl/workbook.xml" not in parts:
            raise NotATable("this is a ZIP archive, not a table; unpack it, and give what is in it")
        size = sum(parts.values())
        if size > largest or len(parts) > MOST_PARTS:
            raise NotATable(f"this workbook is too large ({size // 1024 // 1024} MB unpacked); save it as .csv")
    file.seek(0)


class _Sheet:
    """The rows of a sheet, as text."""

    def __init__(self, sheet: Any) -> None:
        # What programs write about the size of a sheet is often wrong, and empty cells would be made up for it.
        sheet.reset_dimensions()
        self.line_num = 0
        self._rows = sheet.iter_rows(values_only=True)
        self._width = 0

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        with _readable_workbook():
            cells = next(self._rows, None)
        if cells is None:
            raise StopIteration
        self.line_num += 1
        row = [_cell(one) for one in cells]
        while row and not row[-1]:
            row.pop()
        self._width = self._width or len(row)
        return row + [""] * (self._width - len(row)) if row else []


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        # A spreadsheet counts in days, and hits no second exactly.
        return str((value + timedelta(milliseconds=500)).replace(microsecond=0))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def is_damaged(row: Iterable[str]) -> bool:
    """Tell whether characters of a row got lost, now or before."""
    return any(LOST in cell for cell in row)
