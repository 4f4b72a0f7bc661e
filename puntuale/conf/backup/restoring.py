"""Bringing a backup back, and looking beforehand whether that would work."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import psycopg

from puntuale.conf.backup import counting, programs
from puntuale.conf.backup.erased import back_in, erased_in, keep
from puntuale.conf.backup.manifest import FILES, KEY, NAME, BackupRefused, Manifest, damages, listed, read
from puntuale.conf.backup.shape import DUMP
from puntuale.conf.postgres import Server
from puntuale.privacy import journal

OUR_TABLE = "SELECT to_regclass('public.django_migrations')"


class Outcome(NamedTuple):
    """What was in a backup, and how many people came back with it who had been erased since."""

    manifest: Manifest
    back: int


def check(folder: Path, *, journals: Sequence[Path] = ()) -> Outcome:
    """Return what is in a backup after bringing it back for real, into a database of its own that is then dropped.

    Raises BackupRefused, with everything that is wrong.
    """
    manifest = _whole(folder)
    erased = erased_in([folder / journal.NAME, *journals])
    with tempfile.TemporaryDirectory(prefix="puntuale-restore-") as aside:
        home = Path(aside) / "home"
        Path(aside).chmod(0o711)
        with Server(home, options={"fsync": "off"}) as server:
            programs.restore(server.url(), folder / DUMP)
            _refuse_differences(server.url(), manifest)
            return Outcome(manifest, back_in(server.url(), erased))


def restore(
    folder: Path, *, url: str, home: Path, files: Path, journals: Sequence[Path] = (), given: Sequence[Path] = ()
) -> Outcome:
    """Bring a backup back into an empty desk, and return what was in it and who is to be erased again.

    What the backup and the given journals know of erasures is written into the desk's own before anybody is back.
    Raises BackupRefused, OSError.
    """
    manifest = _whole(folder)
    erased = erased_in([folder / journal.NAME, *journals, *given])
    _refuse_a_desk(url, files)
    keep(journals, erased)
    programs.restore(url, folder / DUMP)
    _refuse_differences(url, manifest)
    for place in manifest.parts:
        if place.startswith(f"{FILES}/"):
            _copy(folder / place, files / Path(place).relative_to(FILES))
    if KEY in manifest.parts:
        (home / "secret_key").unlink(missing_ok=True)
        _copy(folder / KEY, home / "secret_key")
    return Outcome(manifest, back_in(url, erased))


def _refuse_a_desk(url: str, files: Path) -> None:
    with psycopg.connect(url) as base:
        if base.execute(OUR_TABLE).fetchall()[0][0] is not None:
            raise BackupRefused("there is a desk in this database already; a backup comes back into an empty one")
    if any(files.glob("*")):
        raise BackupRefused(f"there are files in {files} already; a backup comes back into an empty desk")


def _whole(folder: Path) -> Manifest:
    manifest = read(folder)
    if found := list(damages(folder, manifest)):
        raise BackupRefused("the backup is damaged:\n" + listed(found))
    return manifest


def _refuse_differences(url: str, manifest: Manifest) -> None:
    with psycopg.connect(url) as base:
        counted = counting.rows(base)
    if found := list(_differences(counted, manifest.rows)):
        raise BackupRefused(f"{NAME} and the database differ:\n" + listed(found))


def _differences(counted: Mapping[str, int], told: Mapping[str, int]) -> Iterator[str]:
    """Yield each table that has other rows than the manifest says, or that only one of the two knows."""
    for table in sorted(counted.keys() | told.keys()):
        if table not in told:
            yield f"rows.{table} is not told, and the database has that table with {counted[table]} rows"
        elif table not in counted:
            yield f"rows.{table} is {told[table]}, and the database has no such table"
        elif counted[table] != told[table]:
            yield f"{table} has {counted[table]} rows, and had {told[table]} when the backup was made"


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with source.open("rb") as content, open(target, "xb", opener=_private) as file:
        shutil.copyfileobj(content, file)
        file.flush()
        os.fsync(file.fileno())


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
