"""A report as a workbook for spreadsheets, in which no cell is a formula or a link, whoever wrote it."""

import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The type of what is written here."""
WIDE, HEAD_ROWS = 18, 1
NO_SURPRISES = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}


def workbook(sheets: Mapping[str, Iterable[Sequence[object]]]) -> bytes:
    """Return the bytes of a workbook (XLSX) with a sheet for each table, whose first row is its head.

    Numbers stay numbers, what is None is empty. A sheet is called by its name up to 31 characters.
    """
    import xlsxwriter  # noqa: PLC0415 -- large, and needed by few

    written = io.BytesIO()
    with xlsxwriter.Workbook(written, NO_SURPRISES) as book:
        bold = book.add_format({"bold": True})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name[:31])
            sheet.freeze_panes(HEAD_ROWS, 0)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    _write(sheet, row, column, cell, bold if row < HEAD_ROWS else None)
            sheet.set_column(0, 30, WIDE)
    return written.getvalue()


def _write(sheet: Any, row: int, column: int, cell: object, look: object) -> None:
    if cell is None:
        return
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        sheet.write_number(row, column, float(cell), look)
    else:
        sheet.write_string(row, column, str(cell), look)
