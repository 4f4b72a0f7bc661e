"""Everything there is, as files that any program can read: nothing of ours keeps a vendor here.

A file of JSON Lines for each table, with its columns by their names, all files and mails under the hash of their
content, and a manifest with the count and the hash (SHA-256) of each. Only secrets stay behind. The database itself
writes the rows, so that each type of column comes back exactly as it was.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from psycopg.sql import SQL, Composable, Identifier

import puntuale
from puntuale.mail.incoming import keeping
from puntuale.mail.models import Incoming
from puntuale.moving.tables import Table, exported_tables, schema
from puntuale.tickets import attachments
from puntuale.tickets.models import Attachment

FORMAT, AT_A_TIME = 2, 200
MANIFEST, FILES = "manifest.json", "files"


@dataclass(slots=True)
class Manifest:
    """What was written: tables, rows, files; and the names of files that should be there and are missing."""

    tables: int = 0
    rows: int = 0
    files: int = 0
    missing: list[str] = field(default_factory=list)
    parts: dict[str, dict[str, object]] = field(default_factory=dict)


def export(folder: Path, *, at: datetime) -> Manifest:
    """Write everything into a new folder, as it is at one moment. Raises OSError, also for one that is there."""
    folder.mkdir(mode=0o700)
    manifest = Manifest()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            readable_types(cursor)
        tables = list(exported_tables())
        for table in tables:
            _write_table(table, folder, manifest)
        _write_files(folder, manifest)
        # After the rows, so that no key that is in them is ever given again.
        sequences = {table.label.lower(): state for table in tables if (state := _sequence(table)) is not None}
    contents = {
        "format": FORMAT,
        "program": puntuale.__version__,
        "schema": schema(),
        "made_at": at,
        "missing": manifest.missing,
        "sequences": sequences,
        "parts": manifest.parts,
    }
    with _opened(folder / MANIFEST) as file:
        file.write(json.dumps(contents, cls=DjangoJSONEncoder, indent=2).encode())
    return manifest


def readable_types(cursor: Any) -> None:
    """Let a transaction write and read all types the same way, whatever the server is set to."""
    for name, value in (
        ("TimeZone", "UTC"),
        ("DateStyle", "ISO"),
        ("IntervalStyle", "iso_8601"),
        ("bytea_output", "hex"),
        ("extra_float_digits", "1"),
    ):
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


def quoted(columns: tuple[str, ...]) -> Composable:
    """Return the names of columns as a statement has them."""
    return SQL(", ").join(map(Identifier, columns))


def _write_table(table: Table, folder: Path, manifest: Manifest) -> None:
    count, summing = 0, hashlib.sha256()
    with _opened(folder / table.file) as file:
        for line in _lines(table):
            file.write(line)
            summing.update(line)
            count += 1
    manifest.tables, manifest.rows = manifest.tables + 1, manifest.rows + count
    manifest.parts[table.file] = {"rows": count, "sha256": summing.hexdigest()}


def _lines(table: Table) -> Iterator[bytes]:
    """Yield the rows of a table as JSON, a line each, a few at a time."""
    rows = SQL("SELECT row_to_json(one)::text FROM (SELECT {} FROM {} ORDER BY {}) one")
    with connection.chunked_cursor() as cursor:
        cursor.execute(rows.format(quoted(table.columns), Identifier(table.name), Identifier(table.key)))
        while portion := cursor.fetchmany(AT_A_TIME):
            for (line,) in portion:
                yield line.encode() + b"\n"


def _sequence(table: Table) -> list[object] | None:
    """Return the last key that a table gave and whether it did, or None for keys that are not counted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [connection.ops.quote_name(table.name), table.key])
        (name,) = cursor.fetchone()
        if name is None:
            return None
        cursor.execute(SQL("SELECT last_value, is_called FROM {}").format(Identifier(*name.split("."))))
        return list(cursor.fetchone())


def _write_files(folder: Path, manifest: Manifest) -> None:
    (folder / FILES).mkdir(mode=0o700)
    for digest, source in stored_files():
        place = folder / FILES / digest
        if place.exists():
            continue
        if not source.is_file():
            manifest.missing.append(digest)
            continue
        with source.open("rb") as kept, _opened(place) as file:
            shutil.copyfileobj(kept, file)
        manifest.files += 1


def stored_files() -> Iterator[tuple[str, Path]]:
    """Yield the hash of each file and mail that a row stands for, and where it is kept."""
    for digest in Attachment.objects.order_by("digest").values_list("digest", flat=True).distinct().iterator():
        yield digest, attachments.path_of(digest)
    mailed = Incoming.objects.filter(forgotten_at=None).order_by("digest").values_list("digest", flat=True)
    for digest in mailed.distinct().iterator():
        yield digest, keeping.path_of(digest)


def _opened(file: Path) -> IO[bytes]:
    return open(file, "xb", opener=lambda path, flags: os.open(path, flags, 0o600))
