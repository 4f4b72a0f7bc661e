"""Bringing a backup back, and looking beforehand whether that would work."""

import os
import shutil
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

from puntuale.conf.backup import programs
from puntuale.conf.backup.manifest import DUMP, FILES, KEY, BackupRefused, Manifest, damages, read
from puntuale.conf.postgres import Server

OUR_TABLE = "SELECT to_regclass('public.django_migrations')"


def check(folder: Path) -> Manifest:
    """Return what is in a backup after bringing it back for real, into a database of its own that is then dropped.

    Raises BackupRefused, with everything that is wrong.
    """
    manifest = _whole(folder)
    with tempfile.TemporaryDirectory(prefix="puntuale-restore-") as aside:
        home = Path(aside) / "home"
        Path(aside).chmod(0o711)
        with Server(home, options={"fsync": "off"}) as server:
            programs.restore(server.url(), folder / DUMP)
            _refuse_differences(server.url(), manifest)
    return manifest


def restore(folder: Path, *, url: str, home: Path, files: Path) -> Manifest:
    """Bring a backup back into an empty desk, and return what was in it. Raises BackupRefused, OSError."""
    manifest = _whole(folder)
    with psycopg.connect(url) as base:
        if base.execute(OUR_TABLE).fetchall()[0][0] is not None:
            raise BackupRefused("there is a desk in this database already; a backup comes back into an empty one")
    if any(files.glob("*")):
        raise BackupRefused(f"there are files in {files} already; a backup comes back into an empty desk")
    programs.restore(url, folder / DUMP)
    _refuse_differences(url, manifest)
    for place in manifest.parts:
        if place.startswith(f"{FILES}/"):
            _copy(folder / place, files / Path(place).relative_to(FILES))
    if KEY in manifest.parts:
        (home / "secret_key").unlink(missing_ok=True)
        _copy(folder / KEY, home / "secret_key")
    return manifest


def _whole(folder: Path) -> Manifest:
    manifest = read(folder)
    if found := list(damages(folder, manifest)):
        raise BackupRefused("the backup is damaged:\n" + "\n".join(f"  - {one}" for one in found))
    return manifest


def _refuse_differences(url: str, manifest: Manifest) -> None:
    with psycopg.connect(url) as base:
        for table, count in manifest.rows.items():
            counted = base.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchall()[0][0]
            if counted != count:
                raise BackupRefused(f"{table} has {counted} rows, and had {count} when the backup was made")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with source.open("rb") as content, open(target, "xb", opener=_private) as file:
        shutil.copyfileobj(content, file)
        file.flush()
        os.fsync(file.fileno())


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
