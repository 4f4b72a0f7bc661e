"""`puntuale quote --input`: every row of a CSV file with its due time appended, in order, as it streams by."""

import csv
import difflib
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from typing import NamedTuple, TextIO

from puntuale.cli.instants import InstantRefused, parse
from puntuale.guarantee.agreement import Agreement, NoGuarantee, PriorityBarred, UnknownTerm
from puntuale.guarantee.calendars import BeyondHorizon, Calendar

REQUIRED = ("submitted_at", "plan", "priority")
OPTIONAL = ("environment", "product_stage")
APPENDED = ("due_at", "no_guarantee")


class Rows:
    """Quotes rows by one agreement. A bad row goes to `report`, with its line and what is wrong; others are written."""

    def __init__(self, agreement: Agreement, usual_environment: str, *, report: Callable[[str], None]) -> None:
        self.agreement = agreement
        self.usual_environment = usual_environment
        self.report = report
        # A file has a million rows but few kinds of them: (plan, priority, environment, stage) to what is owed.
        self._undecodable = ""
        self._owed: dict[tuple[str, ...], tuple[Calendar, int] | str] = {}

    def quote(self, source: Iterable[bytes], out: TextIO, *, name: str) -> bool:
        """Write the rows of `source`, quoted, to `out`. Return whether all of them were sound."""
        reader = csv.reader(self._lines(source), strict=True)
        writer = csv.writer(out, lineterminator="\n")
        sound = True
        columns: Columns | None = None
        while (row := self._next(reader)) is not None:
            try:
                if isinstance(row, RowRefused):
                    raise row
                if columns is None:
                    columns = self._columns(row)
                    writer.writerow([*row, *APPENDED])
                elif row:
                    writer.writerow([*row, *self._answer(row, columns)])
            except HeaderRefused as problem:
                self.report(f"line {reader.line_num}: {problem}")
                return False
            except RowRefused as problem:
                self.report(f"line {reader.line_num}: {problem}")
                sound = False
        if columns is None:
            self.report(f"{name} is empty; a header with {', '.join(REQUIRED)} is needed [csv.empty]")
        return sound and columns is not None

    def _lines(self, source: Iterable[bytes]) -> Iterator[str]:
        """Yield the lines of a file. What is not UTF-8 is remembered, so that only its row is refused."""
        for number, raw in enumerate(source, start=1):
            content = raw.removeprefix(BOM_UTF8) if number == 1 else raw
            try:
                yield content.decode()
            except UnicodeDecodeError as problem:
                self._undecodable = f"byte {content[problem.start]:#04x} at column {problem.start + 1} is not UTF-8"
                yield content.decode(errors="replace")

    def _next(self, reader: Iterator[list[str]]) -> "list[str] | RowRefused | None":
        try:
            row = next(reader, None)
        except csv.Error as problem:
            return RowRefused(f"{problem} [csv.syntax]")
        if self._undecodable:
            said, self._undecodable = self._undecodable, ""
            return RowRefused(f"{said} [csv.encoding]")
        return row

    def _answer(self, row: list[str], columns: "Columns") -> tuple[str, str]:
        """Return the due instant, or the reason why there is no guarantee; the other of the two is empty."""
        if len(row) != columns.width:
            raise RowRefused(f"has {len(row)} cells, the header has {columns.width} [csv.cells]")
        kind = columns.kind(row)
        owed = self._owed.get(kind)
        if owed is None:
            owed = self._owed[kind] = self._owed_to(**dict(zip(columns.names, kind, strict=True)))
        written = row[columns.at]
        try:
            at = parse(written)
        except InstantRefused as problem:
            raise RowRefused(f"submitted_at: {problem}") from problem
        if isinstance(owed, str):
            return "", owed
        try:
            return owed[0].deadline(at, owed[1]).isoformat().replace("+00:00", "Z"), ""
        except BeyondHorizon as problem:
            raise RowRefused(f'submitted_at: "{written}": {problem.args[0]} [date.out_of_range]') from problem

    def _owed_to(
        self, *, plan: str, priority: str, environment: str = "", product_stage: str = ""
    ) -> tuple[Calendar, int] | str:
        agreement = self.agreement
        try:
            agreement.plan(plan)
            chosen = agreement.choose(priority=priority, environment=environment or self.usual_environment)
            owed = agreement.owed(plan=plan, priority=chosen.key, stage=product_stage or agreement.usual_stage)
        except UnknownTerm as problem:
            column = problem.kind.replace(" ", "_")
            raise RowRefused(
                f'{column}: "{problem.value}" is not one of {", ".join(problem.known)} [{column}.unknown]'
            ) from problem
        except PriorityBarred as problem:
            offers = ", ".join(offer.key for offer in problem.offers)
            raise RowRefused(
                f'priority: "{problem.priority.key}" is not available for {problem.environment.key};'
                f" available: {offers} [priority.environment]"
            ) from problem
        if isinstance(owed, NoGuarantee):
            return owed.reason.value
        return agreement.calendar(owed.hours), owed.seconds

    def _columns(self, header: list[str]) -> "Columns":
        """Return where each known column stands. Raises HeaderRefused when the header will not do."""
        wrong = [f"{column} is missing" for column in REQUIRED if column not in header]
        wrong += [f"{column} is there twice" for column in sorted({c for c in header if header.count(c) > 1})]
        wrong += [f"{column} would be written over" for column in APPENDED if column in header]
        for column in header:
            close = difflib.get_close_matches(column.strip().lower(), REQUIRED + OPTIONAL, n=1, cutoff=0.8)
            if close and column not in REQUIRED + OPTIONAL:
                wrong.append(f'"{column}" is not known; did you mean {close[0]}?')
        if wrong:
            raise HeaderRefused(f"{'; '.join(wrong)} [csv.columns]")
        names = tuple(column for column in REQUIRED[1:] + OPTIONAL if column in header)
        return Columns(len(header), header.index(REQUIRED[0]), names, itemgetter(*map(header.index, names)))


class Columns(NamedTuple):
    """How wide a row is, where its instant stands, and what takes its plan, priority and so on out of it."""

    width: int
    at: int
    names: tuple[str, ...]
    kind: Callable[[list[str]], tuple[str, ...]]


class HeaderRefused(ValueError):
    """A header that cannot be used, and why."""


class RowRefused(ValueError):
    """A row that cannot be quoted, and why."""
