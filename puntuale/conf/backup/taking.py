"""Making a backup while people work: the database as it is at one moment, and every file it speaks of."""

import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import psycopg

import puntuale
from puntuale.conf.backup import counting, programs
from puntuale.conf.backup.erased import erased_in
from puntuale.conf.backup.manifest import FILES, KEY, BackupRefused, Manifest
from puntuale.conf.backup.shape import DUMP
from puntuale.privacy import journal

SENT = "SELECT DISTINCT digest FROM tickets_attachment"
MAILED = "SELECT DISTINCT digest FROM mail_incoming WHERE forgotten_at IS NULL"


def back_up(
    folder: Path, *, url: str, home: Path, files: Path, journals: Sequence[Path] = (), at: datetime
) -> Manifest:
    """Write a backup into a new folder, and return what is in it.

    The snapshot is held until all is copied. A file that somebody erases meanwhile is passed over; one that is missing
    though its row stands is named. Who was erased stands in it as the journals tell it. Raises BackupRefused, OSError.
    """
    _refuse_inside(folder, home, files)
    erased_in(journals)
    folder.mkdir(mode=0o700)
    (folder / FILES).mkdir(mode=0o700)
    manifest = Manifest(at.astimezone(UTC).isoformat(timespec="seconds"), puntuale.__version__)
    with psycopg.connect(url) as base:
        base.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        snapshot = str(_one(base, "SELECT pg_export_snapshot()"))
        (folder / DUMP).touch(mode=0o600)
        programs.dump(url, folder / DUMP, snapshot=snapshot)
        manifest.note(folder, DUMP)
        manifest.rows = counting.rows(base)
        wanted = list(_wanted(base, files))
    for place, source in wanted:
        _copy(place, source, folder, manifest)
    for place in _gone(manifest.missing, url):
        manifest.missing.remove(place)
    if (home / "secret_key").is_file():
        _copy(KEY, home / "secret_key", folder, manifest)
    # After the snapshot, so that nobody is erased in it and not in the journal.
    if erased := erased_in(journals):
        journal.write([folder / journal.NAME], erased)
        manifest.note(folder, journal.NAME)
    manifest.write(folder)
    return manifest


def _refuse_inside(folder: Path, *homes: Path) -> None:
    """Refuse a folder that would be lost together with what it is a copy of."""
    for home in homes:
        if folder.resolve().is_relative_to(home.resolve()):
            raise BackupRefused(f"{folder} lies in {home}, and would be lost with it; a backup goes elsewhere")


def _wanted(base: psycopg.Connection, files: Path) -> Iterator[tuple[str, Path]]:
    """Yield each file that the database speaks of: its place in the backup, and where it is."""
    for query, below in ((SENT, Path()), (MAILED, Path("mail"))):
        for (digest,) in base.execute(query).fetchall():
            place = below / str(digest)[:2] / str(digest)[2:]
            yield str(Path(FILES) / place), files / place


def _copy(place: str, source: Path, folder: Path, manifest: Manifest) -> None:
    target = folder / place
    if place in manifest.parts:
        return
    try:
        content = source.open("rb")
    except FileNotFoundError:
        manifest.missing.append(place)
        return
    for above in reversed(Path(place).parents):
        (folder / above).mkdir(mode=0o700, exist_ok=True)
    with content, open(target, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        shutil.copyfileobj(content, file)
        file.flush()
        os.fsync(file.fileno())
    manifest.note(folder, place)


def _gone(places: list[str], url: str) -> list[str]:
    """Return which of some missing files nothing in the database speaks of any more."""
    if not places:
        return []
    with psycopg.connect(url) as base:
        standing = {str(digest) for query in (SENT, MAILED) for (digest,) in base.execute(query).fetchall()}
    return [place for place in places if "".join(Path(place).parts[-2:]) not in standing]


def _one(base: psycopg.Connection, query: str) -> object:
    row = base.execute(query).fetchone()
    if row is None:
        raise BackupRefused("the database does not answer")
    return row[0]
