"""Which column of a file is which of ours: a mapping file in TOML, or our own names."""

import re
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from puntuale.guarantee.parsing import parse_toml
from puntuale.guarantee.zones import UnknownZone, zone

COLUMNS = (
    "id", "subject", "body", "requester_email", "requester_name", "organisation", "plan", "priority", "environment",
    "product", "state", "submitted_at", "answered_at", "answered_by", "answer", "resolved_at", "cancelled_at",
    "updated_at", "assignee",
)  # fmt: skip
"""What a row may say. Only `id`, `subject` or `body`, `requester_email` and `submitted_at` must be there."""
TIMES = ("submitted_at", "answered_at", "resolved_at", "cancelled_at", "updated_at")
_FIELD = re.compile(r"\{([^{}]+)\}")
_ADDRESSES = ("requester_email", "answered_by", "assignee")


class MappingRefused(ValueError):
    """A mapping file that cannot be used, and why."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """How to read a row.

    `columns` names for each of ours a column of the file, or a text with columns in braces. `values` replaces values.
    Times without a zone are in `zone`; `time_format` is how they are written, else as in ISO 8601. `defaults` fill in
    what a row does not say.
    """

    source: str = "import"
    columns: Table[str, str] = field(default_factory=dict)
    values: Table[str, Table[str, str]] = field(default_factory=dict)
    defaults: Table[str, str] = field(default_factory=dict)
    zone: tzinfo | None = None
    time_format: str = ""

    def read(self, row: Table[str, Any]) -> dict[str, str]:
        """Return what a row says, under our names. What it does not say is empty."""
        return {name: self.value(name, row) for name in COLUMNS}

    def instant(self, written: str) -> datetime:
        """Return the instant that is written. Raises ValueError for what is none, or lacks a zone."""
        found = datetime.strptime(written, self.time_format) if self.time_format else datetime.fromisoformat(written)  # noqa: DTZ007
        if found.tzinfo is None:
            if self.zone is None:
                raise ValueError("it lacks a zone")
            found = found.replace(tzinfo=self.zone)
        return found

    def value(self, name: str, row: Table[str, Any]) -> str:
        """Return what a row says of one of ours."""
        asked = self.columns.get(name, name)
        if "{" in asked:
            found = _FIELD.sub(lambda match: _part(name, row.get(match[1])), asked)
        else:
            found = _text(row.get(asked))
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
    known = {"source", "columns", "values", "defaults", "zone", "time_format"}
    if unknown := set(told) - known:
        raise MappingRefused(f"{file}: there is nothing called {', '.join(sorted(unknown))} in a mapping")
    for part in ("columns", "values", "defaults"):
        if unknown := set(told.get(part, {})) - set(COLUMNS):
            raise MappingRefused(f"{file}: [{part}] names {', '.join(sorted(unknown))}, which no row of ours has")
    try:
        named = zone(told["zone"]) if "zone" in told else None
    except UnknownZone as problem:
        raise MappingRefused(f"{file}: zone {told['zone']!r} is none") from problem
    return Mapping(
        source=str(told.get("source", "import")),
        columns=told.get("columns", {}),
        values=told.get("values", {}),
        defaults=told.get("defaults", {}),
        zone=named,
        time_format=str(told.get("time_format", "")),
    )


def _part(name: str, value: object) -> str:
    """Return a value as it stands within a text: in an address without what no address has."""
    text = _text(value)
    return re.sub(r"[^\w.+-]+", "-", text).strip("-").lower() if name in _ADDRESSES else text


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
