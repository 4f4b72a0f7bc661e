"""What is in a backup, with the hash of each part."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from puntuale.conf.backup.shape import FORMAT, faults
from puntuale.guarantee.parsing import parse_json

NAME, FILES, KEY = "manifest.json", "files", "secret_key"
AT_A_TIME = 1_000_000
LARGEST = 500_000_000
"""Bytes of a manifest, which names each file of the desk."""


class BackupRefused(RuntimeError):
    """A backup that cannot be made or used, and why."""


@dataclass(slots=True)
class Manifest:
    """When it was made and by which program; the rows of each table; size and SHA-256 of each file by its place."""

    made_at: str
    program: str
    rows: dict[str, int] = field(default_factory=dict)
    parts: dict[str, dict[str, object]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    format: int = FORMAT

    def note(self, folder: Path, place: str) -> None:
        """Write down a file of the backup as it is now."""
        self.parts[place] = {"size": (folder / place).stat().st_size, "sha256": hash_of(folder / place)}

    def write(self, folder: Path) -> None:
        """Write the manifest, last of all: a folder without one is no backup."""
        file = folder / NAME
        file.touch(mode=0o600)
        file.write_text(json.dumps(asdict(self), indent=1, sort_keys=True) + "\n", encoding="utf-8")


def read(folder: Path) -> Manifest:
    """Return the manifest of a backup. Raises BackupRefused."""
    try:
        told = parse_json((folder / NAME).read_bytes(), largest=LARGEST)
    except FileNotFoundError as problem:
        raise BackupRefused(f"{folder} has no {NAME}: it is no backup, or one that was not finished") from problem
    except (OSError, ValueError) as problem:
        raise BackupRefused(f"{folder / NAME} cannot be read: {problem}") from problem
    if found := list(faults(told)):
        raise BackupRefused(f"{folder / NAME} is no manifest of a backup:\n" + listed(found))
    return Manifest(**told)


def damages(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Yield what is not as it was when the backup was made."""
    for place, part in manifest.parts.items():
        file = folder / place
        if not file.is_file():
            yield f"{place} is missing"
        elif file.stat().st_size != part["size"] or hash_of(file) != part["sha256"]:
            yield f"{place} is not as it was"
    for digest in manifest.missing:
        yield f"the file {digest} was missing already when the backup was made"


def listed(found: Iterable[str]) -> str:
    """Return what is wrong, a line each."""
    return "\n".join(f"  - {one}" for one in found)


def hash_of(file: Path) -> str:
    """Return the SHA-256 of a file."""
    summing = hashlib.sha256()
    with file.open("rb") as content:
        while part := content.read(AT_A_TIME):
            summing.update(part)
    return summing.hexdigest()
