"""Everything there is, as files that any program can read: nothing of ours keeps a vendor here.

A file of JSON Lines for each table, with its columns by their names, all files and mails under the hash of their
content, and a manifest with the count and the hash (SHA-256) of each. Only secrets stay behind.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from django.apps import apps
from django.contrib.postgres.search import SearchVectorField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Model

from puntuale.mail.incoming import keeping
from puntuale.mail.models import Incoming
from puntuale.privacy.data_map import SECRET
from puntuale.tickets import attachments
from puntuale.tickets.models import Attachment

FORMAT, AT_A_TIME = 1, 2_000
LEFT_OUT = frozenset(
    {"sessions.Session", "admin.LogEntry", "contenttypes.ContentType", "auth.Permission", "auth.Group"}
)


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
        for table in _tables():
            _write_table(table, folder, manifest)
        _write_files(folder, manifest)
    told = {"format": FORMAT, "made_at": at, "missing": manifest.missing, "parts": manifest.parts}
    with _opened(folder / "manifest.json") as file:
        file.write(json.dumps(told, cls=DjangoJSONEncoder, indent=2))
    return manifest


def _tables() -> Iterator[type[Model]]:
    for table in apps.get_models():
        if table._meta.managed and table._meta.label not in LEFT_OUT and table._meta.app_label != "procrastinate":
            yield table


def _columns(table: type[Model]) -> list[str]:
    secret = SECRET.get(table._meta.label, "").split()
    fields = table._meta.concrete_fields
    return [one.attname for one in fields if one.name not in secret and not isinstance(one, SearchVectorField)]


def _write_table(table: type[Model], folder: Path, manifest: Manifest) -> None:
    name, count, summing = f"{table._meta.label_lower}.jsonl", 0, hashlib.sha256()
    rows = table._base_manager.order_by("pk").values(*_columns(table))
    with _opened(folder / name) as file:
        for row in rows.iterator(chunk_size=AT_A_TIME):
            line = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n"
            file.write(line)
            summing.update(line.encode())
            count += 1
    manifest.tables, manifest.rows = manifest.tables + 1, manifest.rows + count
    manifest.parts[name] = {"rows": count, "sha256": summing.hexdigest()}


def _write_files(folder: Path, manifest: Manifest) -> None:
    (folder / "files").mkdir(mode=0o700)
    sent = Attachment.objects.order_by("digest").values_list("digest", flat=True).distinct()
    mailed = Incoming.objects.filter(forgotten_at=None).order_by("digest").values_list("digest", flat=True).distinct()
    stored = [(digest, attachments.path_of(digest)) for digest in sent]
    stored += [(digest, keeping.path_of(digest)) for digest in mailed]
    for digest, source in stored:
        place = folder / "files" / digest
        if place.exists():
            continue
        if not source.is_file():
            manifest.missing.append(digest)
            continue
        with source.open("rb") as kept, open(place, "xb", opener=_private) as file:
            shutil.copyfileobj(kept, file)
        manifest.files += 1


def _opened(file: Path) -> IO[str]:
    return open(file, "x", encoding="utf-8", opener=_private)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
