"""Which column of a file is which of ours: a mapping file in TOML, or our own names."""

import re
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import Any

from puntuale.guarantee.parsing import parse_toml
from puntuale.guarantee.zones import UnknownZone, zone
from puntuale.whatif.instants import ORDERS, Instant, order_of
from puntuale.whatif.instants import read as read_instant
from puntuale.whatif.spreadsheets import header_name

COLUMNS = (
    "id", "subject", "body", "requester_email", "requester_name", "requester_phone", "requester_id", "organisation",
    "plan", "priority", "environment", "product", "state", "submitted_at", "answered_at", "answered_by", "answer",
    "resolved_at", "cancelled_at", "updated_at", "assignee",
)  # fmt: skip
"""What a row may say. Only those of NEEDED must be there: one of each."""
NEEDED = (
    ("id",), ("requester_email", "requester_phone", "requester_id"), ("subject", "body"), ("submitted_at",),
)  # fmt: skip
TIMES = ("submitted_at", "answered_at", "resolved_at", "cancelled_at", "updated_at")
_FIELD = re.compile(r"\{([^{}]+)\}")
_ADDRESSES = ("requester_email", "answered_by", "assignee")


class MappingRefused(ValueError):
    """A mapping file that cannot be used, and why."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """How to read a row.

    `columns` names for each of ours a column of the file, or a text with columns in braces. `values` replaces values.
    Times without a zone are in `zone`; `time_formats` are how they are written, else in any way that has one meaning,
    where `order` says whether 03/04/2026 is in April or in March. `defaults` fill in what a row does not say.
    """

    source: str = "import"
    columns: Table[str, str] = field(default_factory=dict)
    values: Table[str, Table[str, str]] = field(default_factory=dict)
    defaults: Table[str, str] = field(default_factory=dict)
    zone: tzinfo | None = None
    time_formats: tuple[str, ...] = ()
    order: str = ""

    def read(self, row: Table[str, Any]) -> dict[str, str]:
        """Return what a row says, under our names. What it does not say is empty."""
        return {name: self.value(name, row) for name in COLUMNS}

    def instant(self, written: str) -> Instant:
        """Return the instant that is written. Raises NotAnInstant."""
        return read_instant(written, order=self.order, formats=self.time_formats, zone=self.zone)

    def refuse_missing(self, header: Sequence[str]) -> None:
        """Raise MappingRefused for a file that lacks columns which are needed, or named by the mapping."""
        there = set(header)
        named = {one for asked in self.columns.values() for one in _names_in(asked)}
        if missing := sorted(one for one in named if header_name(one) not in there):
            raise MappingRefused(f"the mapping names {', '.join(missing)}, and the header has {_listed(header)}")
        usable = there | set(self.columns) | set(self.defaults)
        if lacking := [" or ".join(any_of) for any_of in NEEDED if not usable & set(any_of)]:
            raise MappingRefused(
                f"there is no column {', '.join(lacking)}; the header has {_listed(header)}."
                " A mapping tells which column is which (--mapping)"
            )

    def value(self, name: str, row: Table[str, Any]) -> str:
        """Return what a row says of one of ours."""
        asked = self.columns.get(name, name)
        if "{" in asked:
            found = _FIELD.sub(lambda match: _part(name, row.get(header_name(match[1]))), asked)
        else:
            found = _text(row.get(header_name(asked)))
        replaced = self.values.get(name, {}).get(found, found)
        return replaced or self.defaults.get(name, "")


def read_mapping(file: Path | None) -> Mapping:
    """Return the mapping in a file, or that of our own names. Raises MappingRefused."""
    if file is None:
        return Mapping()
    try:
        told = parse_toml(file.read_bytes())
    except (OSError, ValueError) as problem:
        raise MappingRefused(f"{file}: {problem}") from problem
    known = {"source", "columns", "values", "defaults", "zone", "time_format", "dates"}
    if unknown := set(told) - known:
        raise MappingRefused(f"{file}: there is nothing called {', '.join(sorted(unknown))} in a mapping")
    for part in ("columns", "values", "defaults"):
        if unknown := set(told.get(part, {})) - set(COLUMNS):
            raise MappingRefused(f"{file}: [{part}] names {', '.join(sorted(unknown))}, which no row of ours has")
    try:
        named = zone(told["zone"]) if "zone" in told else None
    except UnknownZone as problem:
        raise MappingRefused(f"{file}: zone {told['zone']!r} is none") from problem
    formats = told.get("time_format", [])
    formats = tuple(str(one) for one in (formats if isinstance(formats, list) else [formats]) if one)
    order = str(told.get("dates", "")) or order_of(formats)
    if order not in {"", *ORDERS}:
        raise MappingRefused(f"{file}: dates {order!r} is not one of {', '.join(ORDERS)}")
    return Mapping(
        source=str(told.get("source", "import")),
        columns=told.get("columns", {}),
        values=told.get("values", {}),
        defaults=told.get("defaults", {}),
        zone=named,
        time_formats=formats,
        order=order,
    )


def _names_in(asked: str) -> list[str]:
    return _FIELD.findall(asked) if "{" in asked else [asked]


def _listed(header: Sequence[str]) -> str:
    return ", ".join(header[:20])[:300] or "no names"


def _part(name: str, value: object) -> str:
    """Return a value as it stands within a text: in an address without what no address has."""
    text = _text(value)
    return re.sub(r"[^\w.+-]+", "-", text).strip("-").lower() if name in _ADDRESSES else text


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
