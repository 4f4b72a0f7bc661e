"""Tables for spreadsheets, in which no cell is a formula, whoever wrote it."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of a table. What is None is empty; numbers stay numbers."""
    for row in rows:
        out = io.StringIO()
        csv.writer(out).writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
        yield out.getvalue()


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULAS) or cell.startswith(FORMULAS) else cell
