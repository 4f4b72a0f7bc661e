"""An export of a whole desk, brought into an empty one: the same rows, files and keys, or nothing at all."""

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, DataError, IntegrityError, OperationalError, connection, transaction
from psycopg.sql import SQL, Identifier

from puntuale.agreements import contracts
from puntuale.agreements.models import Contract, Publication
from puntuale.moving.exporting import FILES, FORMAT, MANIFEST, quoted, readable_types, stored_files
from puntuale.moving.tables import Table, exported_tables, schema
from puntuale.people import sealing
from puntuale.whatif import trials
from puntuale.whatif.models import Trial

MOST_ROWS, MOST_BYTES = 1_000, 4_000_000
"""How many rows, and how many bytes of them, are handed to the database at a time."""
CHUNK = 1_000_000
WAIT_FOR_OTHERS = "10s"
PREPARED = frozenset(
    {
        "contenttypes.ContentType", "auth.Permission", "people.Invitation", "people.AuditEntry", "people.AuditSeal",
        "agreements.Publication", "tickets.Anchor", "privacy.Retention", "watch.OutsideBeat", "mail.Mailbox",
        "reports.Count", "reports.Summed", "reports.Durations", "reports.Touched",
    }
)  # fmt: skip
"""Tables that a desk fills by itself before anybody has used it. What an export has of them takes that place."""
STAND_INS: Mapping[str, Callable[[], str]] = {
    "password": lambda: make_password(None),
    "digest": lambda: secrets.token_hex(32),
    "sealed_secret": lambda: sealing.seal(f"whsec_{secrets.token_hex(32)}"),
}
"""What stands for a secret that stayed behind: something that nobody knows, so it opens nothing. Others are empty."""


class ExportRefused(ValueError):
    """An export that cannot be brought in, and why."""


@dataclass(slots=True)
class Imported:
    """What was brought in, and the names of files that were missing already when the export was made."""

    rows: int = 0
    tables: int = 0
    files: int = 0
    missing: Sequence[str] = ()


def is_export(folder: Path) -> bool:
    """Tell whether a folder is what `export` wrote."""
    return (folder / MANIFEST).is_file()


def import_desk(folder: Path) -> Imported:
    """Bring an export into an empty desk, in one transaction.

    Raises ExportRefused and OSError, and leaves nothing behind then.
    """
    manifest = _read_manifest(folder)
    tables = list(exported_tables())
    _refuse_other_tables(manifest, tables)
    _refuse_damage(folder, manifest)
    created: list[Path] = []
    try:
        with transaction.atomic():
            _hold(tables)
            _refuse_a_desk(tables)
            _empty(tables)
            for table in tables:
                _fill(table, folder, manifest["parts"][table.file]["rows"])
            _guard_again(tables)
            missing = _bring_files(folder, manifest, created)
            _queue_again(datetime.fromisoformat(manifest["made_at"]))
            # Last of all: no transaction takes it back.
            _count_on(tables, manifest["sequences"])
    except BaseException as problem:
        for place in created:
            place.unlink(missing_ok=True)
        if isinstance(problem, OperationalError | IntegrityError | DataError):
            raise ExportRefused(_reason(problem)) from problem
        raise
    ContentType.objects.clear_cache()
    rows = sum(part["rows"] for part in manifest["parts"].values())
    return Imported(rows, len(tables), len(created), missing)


def _read_manifest(folder: Path) -> dict[str, Any]:
    place = folder / MANIFEST
    try:
        manifest = json.loads(place.read_text(encoding="utf-8"))
        made_with, rows = manifest["format"], {name: int(part["rows"]) for name, part in manifest["parts"].items()}
        datetime.fromisoformat(manifest["made_at"])
        list(manifest["missing"])
        if made_with == FORMAT:
            {label: (int(last), bool(called)) for label, (last, called) in manifest["sequences"].items()}
            _refuse_other_schema(set(manifest["schema"]), str(manifest["program"]))
    except FileNotFoundError as problem:
        raise ExportRefused(f"{folder} has no {MANIFEST}: it is no export, or one that was not finished") from problem
    except ExportRefused:
        raise
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as problem:
        raise ExportRefused(f"{place} is not the manifest of an export: {problem}") from problem
    if made_with != FORMAT or not rows:
        raise ExportRefused(f"this export has format {made_with}; this version reads format {FORMAT}. Export again")
    return manifest  # type: ignore[no-any-return]


def _refuse_other_schema(made_with: set[str], program: str) -> None:
    if theirs := sorted(made_with ^ set(schema())):
        here = ", ".join(one for one in theirs if one not in made_with) or "nothing else"
        there = ", ".join(one for one in theirs if one in made_with) or "nothing else"
        raise ExportRefused(
            f"this export was made by Puntuale {program} with another schema (there: {there}; here: {here})."
            " Import it with that version, and upgrade afterwards"
        )


def _refuse_other_tables(manifest: Mapping[str, Any], tables: Sequence[Table]) -> None:
    if other := sorted(set(manifest["parts"]) ^ {table.file for table in tables}):
        raise ExportRefused(f"the export and this version do not have the same tables: {', '.join(other)}")


def _refuse_damage(folder: Path, manifest: Mapping[str, Any]) -> None:
    for name, part in manifest["parts"].items():
        try:
            digest = _hash_of(folder / name)
        except FileNotFoundError as problem:
            raise ExportRefused(f"{name} is missing from the export") from problem
        if digest != part["sha256"]:
            raise ExportRefused(f"{name} is not as it was exported")


def _hold(tables: Sequence[Table]) -> None:
    """Keep everybody else from writing, and let rows in as they are.

    The triggers guard against changes, and note what people do for the reports; an export has the notes already.
    """
    with connection.cursor() as cursor:
        readable_types(cursor)
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [WAIT_FOR_OTHERS])
        for table in tables:
            cursor.execute(SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(Identifier(table.name)))


def _refuse_a_desk(tables: Sequence[Table]) -> None:
    used = [f"{table.label} ({count})" for table in tables if table.label not in PREPARED and (count := _count(table))]
    published = Publication.objects.count()
    if published > 1:
        used.append(f"{Publication._meta.label} ({published})")
    if used:
        raise ExportRefused(
            f"this desk is not empty; an export comes into an empty one. It has rows in {', '.join(used)}"
        )


def _empty(tables: Sequence[Table]) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(SQL("DELETE FROM {}").format(Identifier(table.name)))


def _fill(table: Table, folder: Path, expected: int) -> None:
    for portion in _portions(folder / table.file):
        _insert(table, portion)
    if (count := _count(table)) != expected:
        raise ExportRefused(f"{table.file} has {count} rows, and had {expected} when it was exported")


def _portions(file: Path) -> Iterator[list[bytes]]:
    """Yield the lines of a file, as many at a time as fit."""
    portion: list[bytes] = []
    size = 0
    with file.open("rb") as lines:
        for line in lines:
            portion.append(line)
            size += len(line)
            if len(portion) >= MOST_ROWS or size >= MOST_BYTES:
                yield portion
                portion, size = [], 0
    if portion:
        yield portion


def _insert(table: Table, lines: Sequence[bytes]) -> None:
    if table.secrets:
        lines = [json.dumps(json.loads(line) | _stand_ins(table)).encode() for line in lines]
    columns = (*table.columns, *table.secrets)
    # JSON has one null only: in a column that holds JSON and is never empty, it is the JSON one.
    values = SQL(", ").join(
        SQL("COALESCE({}, 'null')" if one in table.json_columns else "{}").format(Identifier(one)) for one in columns
    )
    insert = SQL(
        "INSERT INTO {name} ({columns}) OVERRIDING SYSTEM VALUE"
        " SELECT {values} FROM json_populate_recordset(NULL::{name}, %s::json)"
    ).format(name=Identifier(table.name), columns=quoted(columns), values=values)
    with connection.cursor() as cursor:
        cursor.execute(insert, [(b"[" + b",".join(lines) + b"]").decode()])


def _stand_ins(table: Table) -> dict[str, str]:
    return {column: STAND_INS.get(column, str)() for column in table.secrets}


def _guard_again(tables: Sequence[Table]) -> None:
    """Check all references between rows, and guard the tables again."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(Identifier(table.name)))


def _count_on(tables: Sequence[Table], sequences: Mapping[str, tuple[int, bool]]) -> None:
    """Let keys be counted on from where they were."""
    with connection.cursor() as cursor:
        for table in tables:
            if (state := sequences.get(table.label.lower())) is None:
                continue
            last, called = state
            cursor.execute(SQL("SELECT max({}) FROM {}").format(Identifier(table.key), Identifier(table.name)))
            (highest,) = cursor.fetchone()
            if highest is not None and (highest > last or not called):
                last, called = highest, True
            sequence = "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)"
            cursor.execute(sequence, [connection.ops.quote_name(table.name), table.key, last, called])


def _bring_files(folder: Path, manifest: Mapping[str, Any], created: list[Path]) -> list[str]:
    """Copy the files that rows stand for, and return the names of those that were missing when they were exported."""
    missing = set()
    for digest, place in stored_files():
        source = folder / FILES / digest
        if digest in manifest["missing"] and not source.is_file():
            missing.add(digest)
        elif not place.is_file() or _hash_of(place) != digest:
            _copy(source, place, digest)
            created.append(place)
    return sorted(missing)


def _copy(source: Path, place: Path, digest: str) -> None:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    coming, summing = place.with_name(f"coming-{secrets.token_hex(8)}"), hashlib.sha256()
    try:
        with source.open("rb") as content, open(coming, "xb", opener=_private) as file:
            while chunk := content.read(CHUNK):
                summing.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        if summing.hexdigest() != digest:
            raise ExportRefused(f"{FILES}/{digest} is not as it was exported")
        coming.replace(place)
    except FileNotFoundError as problem:
        raise ExportRefused(f"{FILES}/{digest} is missing from the export") from problem
    finally:
        coming.unlink(missing_ok=True)


def _queue_again(exported_at: datetime) -> None:
    """Queue what was waiting for its hour: contracts that had not begun, and trials that had not run."""
    for contract in Contract.objects.filter(starts_at__gt=exported_at).order_by("pk"):
        for follow in contracts.followers:
            follow(contract)
    for trial in Trial.objects.filter(ended_at=None, failed_at=None, cancelled_at=None).order_by("pk"):
        for tried in trials.followers:
            tried(trial)


def _count(table: Table) -> int:
    with connection.cursor() as cursor:
        cursor.execute(SQL("SELECT count(*) FROM {}").format(Identifier(table.name)))
        return int(cursor.fetchone()[0])


def _hash_of(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _reason(problem: DatabaseError) -> str:
    if isinstance(problem, OperationalError):
        return "others are using this desk, or the database went away; stop the desk, and import again"
    return f"the rows of this export do not fit together: {str(problem).splitlines()[0]}"
