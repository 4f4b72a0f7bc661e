"""The journal of erasures: who was erased and when, kept outside the database, so that a backup brings nobody back.

A file of lines in the home, and wherever else the desk was told to write it. A line names a person by her number and by
when she joined, since a number is given anew after a backup was brought back. Nothing else of her stands there.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

NAME = "erasures.jsonl"


class NotJournalled(RuntimeError):
    """An erasure that could not be written down, and why. Nobody may be told that it was done."""


class JournalDamaged(RuntimeError):
    """A line of a journal that cannot be read, and where it stands."""


@dataclass(frozen=True, slots=True, order=True)
class Erasure:
    """Who was erased, and when: first of all when, so that they come in that order."""

    erased_at: datetime
    person: int
    joined_at: datetime

    @property
    def of(self) -> tuple[int, datetime]:
        """Return who it was: a number alone may have been given to somebody else."""
        return self.person, self.joined_at

    def line(self) -> str:
        """Return the line that says so."""
        told = {"person": self.person, "joined_at": _told(self.joined_at), "erased_at": _told(self.erased_at)}
        return json.dumps(told) + "\n"


def places(home: Path, elsewhere: str = "") -> list[Path]:
    """Return where the journals of a desk are: in its home, after the one elsewhere, where there is one."""
    return [*([Path(elsewhere).resolve()] if elsewhere else []), home / NAME]


def write(files: Iterable[Path], erasures: Sequence[Erasure]) -> None:
    """Add to each journal, on disk before this comes back. Raises NotJournalled."""
    added = "".join(one.line() for one in erasures).encode()
    for file in files:
        try:
            _append(file, added)
        except OSError as problem:
            raise NotJournalled(f"the journal of erasures {file} cannot be written: {problem.strerror}") from problem


def read(files: Iterable[Path]) -> list[Erasure]:
    """Return what stands in all of some journals, each erasure once, the earliest first. One that is away is empty.

    Raises JournalDamaged, OSError.
    """
    return sorted({one for file in files for one in _erasures(file)})


def complete(files: Iterable[Path], erasures: Iterable[Erasure]) -> int:
    """Add to each journal what it lacks of some erasures, and return how many that were in the one that lacked most.

    Raises NotJournalled, JournalDamaged, OSError.
    """
    most, first = 0, {one.of: one for one in sorted(erasures, reverse=True)}
    for file in files:
        known = {one.of for one in read([file])}
        lacking = sorted(one for of, one in first.items() if of not in known)
        # One without lines tells that nobody was erased; one that is away tells nothing.
        if lacking or not file.exists():
            write([file], lacking)
        most = max(most, len(lacking))
    return most


def _append(file: Path, added: bytes) -> None:
    is_new = not file.exists()
    with open(file, "a+b", buffering=0, opener=lambda path, flags: os.open(path, flags, 0o600)) as journal:
        # Web processes write at the same time, also from other machines where the home is shared.
        fcntl.flock(journal, fcntl.LOCK_EX)
        end = _end_the_last_line(journal.fileno())
        try:
            _write_all(journal.fileno(), added)
            os.fsync(journal.fileno())
        except OSError:
            os.ftruncate(journal.fileno(), end)
            raise
    if is_new:
        _flush_folder(file.parent)


def _write_all(journal: int, added: bytes) -> None:
    while added:
        added = added[os.write(journal, added) :]


def _end_the_last_line(journal: int) -> int:
    """Let the next line begin a line, and return where. What was cut off while it was written is no line, and goes."""
    size = os.fstat(journal).st_size
    content = os.pread(journal, size, 0)
    rest = content.rpartition(b"\n")[2]
    if not rest:
        return size
    if _erasure(rest) is None:
        end = size - len(rest)
        os.ftruncate(journal, end)
        return end
    os.write(journal, b"\n")
    return size + 1


def _erasures(file: Path) -> Iterator[Erasure]:
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return
    *lines, last = content.split(b"\n")
    for number, line in enumerate(lines, start=1):
        if (found := _erasure(line)) is None:
            raise JournalDamaged(f"line {number} of {file} tells of no erasure: {line[:100].decode(errors='replace')}")
        yield found
    # Without an end it was being written when we looked, or when the machine stopped; nobody was told it was done.
    if (found := _erasure(last)) is not None:
        yield found


def _erasure(line: bytes) -> Erasure | None:
    """Return what a line says, or None when it says nothing that could be meant."""
    try:
        told = json.loads(line)
        person, joined_at, erased_at = told["person"], told["joined_at"], told["erased_at"]
        found = Erasure(datetime.fromisoformat(erased_at), person, datetime.fromisoformat(joined_at))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    is_sound = type(person) is int and found.erased_at.tzinfo is not None and found.joined_at.tzinfo is not None
    return found if is_sound else None


def _told(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def _flush_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
