"""Whoever was erased stays erased: also when a backup, or a server's own recovery, brought her back.

What stands in the journal is done. It is written last of all before the database is told to commit, so an erasure that
the database lost on its way is finished from there, too.
"""

import logging
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from puntuale.people.email import ERASED_DOMAIN
from puntuale.people.models import AuditEntry, Person
from puntuale.privacy import erasing, journal
from puntuale.privacy.journal import Erasure

log = logging.getLogger("puntuale.privacy")

AT_A_TIME = 1_000


def erase_again(*, at: datetime) -> int:
    """Erase who stands in the journal and is there nevertheless, and return how many.

    Raises JournalDamaged, OSError.
    """
    back = list(who_is_back())
    for person in back:
        erasing.erase_again(person, at=at)
    if back:
        log.warning("%d people who had been erased were back, and are erased again", len(back))
    return len(back)


def who_is_back() -> Iterator[Person]:
    """Yield who is there although the journal says that she was erased. Raises JournalDamaged, OSError."""
    erased = {one.of for one in journal.read(settings.ERASURES)}
    numbers = sorted({number for number, _ in erased})
    for start in range(0, len(numbers), AT_A_TIME):
        for person in Person.objects.filter(pk__in=numbers[start : start + AT_A_TIME]).order_by("pk"):
            # Somebody else may have the number since a backup was brought back.
            if (person.pk, person.joined_at) in erased and not person.is_erased:
                yield person


def complete_journal() -> int:
    """Write into the journal who is erased and does not stand there, and return how many: it may be new, or was lost.

    Raises NotJournalled, JournalDamaged, OSError.
    """
    return journal.complete(settings.ERASURES, [*journal.read(settings.ERASURES), *_erased()])


def not_in_journal() -> int:
    """Return how many are erased and do not stand in the journal. Raises JournalDamaged, OSError."""
    known = {one.of for one in journal.read(settings.ERASURES)}
    return sum(one.of not in known for one in _erased())


def _erased() -> Iterator[Erasure]:
    """Yield who is erased in the database, and when that was: as the audit log tells, else when she left."""
    told = AuditEntry.objects.filter(action="person_erased").order_by("-pk").values_list("about", "at")
    when = dict(told.iterator())
    for person in Person.objects.filter(email__endswith=f"@{ERASED_DOMAIN}").order_by("pk").iterator():
        at = when.get(f"person {person.pk}") or person.left_at or person.joined_at
        yield Erasure(at, person.pk, person.joined_at)
