"""Who was erased after a backup was made, and comes back with it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import psycopg

from puntuale.conf.backup.manifest import BackupRefused
from puntuale.people.email import ERASED_DOMAIN
from puntuale.privacy import journal
from puntuale.privacy.journal import Erasure

BACK = """
SELECT count(*) FROM people_person AS person
JOIN unnest(%s::bigint[], %s::timestamptz[]) AS erased (id, joined_at) USING (id, joined_at)
WHERE person.email NOT LIKE %s
"""


def erased_in(journals: Iterable[Path]) -> list[Erasure]:
    """Return what stands in all of some journals. Raises BackupRefused, OSError."""
    try:
        return journal.read(journals)
    except journal.JournalDamaged as problem:
        raise BackupRefused(str(problem)) from problem


def keep(journals: Iterable[Path], erased: Sequence[Erasure]) -> None:
    """Let the journals of a desk have what was known elsewhere of who was erased. Raises BackupRefused, OSError."""
    try:
        journal.complete(journals, erased)
    except (journal.JournalDamaged, journal.NotJournalled) as problem:
        raise BackupRefused(str(problem)) from problem


def back_in(url: str, erased: Iterable[Erasure]) -> int:
    """Return how many of those who were erased are in a database nevertheless."""
    who = sorted({one.of for one in erased})
    with psycopg.connect(url) as base:
        counted = base.execute(BACK, [[key for key, _ in who], [at for _, at in who], f"%@{ERASED_DOMAIN}"])
        return int(counted.fetchall()[0][0])
