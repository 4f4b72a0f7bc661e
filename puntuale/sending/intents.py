"""Meaning to tell somebody: intents are written in the transaction of what they tell of."""

from collections.abc import Collection, Iterable
from datetime import datetime

from puntuale.people.email import is_nowhere
from puntuale.people.models import Person
from puntuale.people.quiet import heard_at
from puntuale.sending.models import Intent
from puntuale.sending.transports import ON_THE_DESK, available

LEAST_URGENT = 9
"""The rank of what is told after all alarms and pages."""


def intend(intents: Iterable[Intent]) -> None:
    """Write intents. One that there is already, for the same thing, channel and address, is left as it is.

    What is told on the desk needs nobody to carry it: it is told as it is written. Nothing is meant for an address that
    stands for none.
    """
    rows = [row for row in intents if row.channel == ON_THE_DESK or not is_nowhere(row.address)]
    for row in rows:
        if row.channel == ON_THE_DESK:
            row.try_at, row.sent_at = None, row.made_at
    Intent.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def channels() -> list[str]:
    """Return by which channels a person can be told: always on the desk, and by e-mail where a server is set."""
    return [ON_THE_DESK, *(name for name in ("email",) if name in available())]


def to_person(person: Person, *, kind: str, about: int, rank: int, at: datetime) -> list[Intent]:
    """Return what tells a person of something, once by each way: on the desk at once, by mail after her quiet hours."""
    return [
        Intent(
            kind=kind,
            about=about,
            channel=channel,
            address=str(person.pk) if channel == ON_THE_DESK else person.email,
            person=person,
            rank=rank,
            made_at=at,
            try_at=at if channel == ON_THE_DESK else heard_at(person, at),
        )
        for channel in channels()
    ]


def cancel(kind: str, about: Collection[int], *, because: str, at: datetime) -> int:
    """Cancel what is still on its way about some things, and return how many intents that were.

    A worker that has one in hand looks again before it sends.
    """
    waiting = Intent.objects.filter(kind=kind, about__in=about, try_at__isnull=False)
    return waiting.update(try_at=None, cancelled_at=at, cancelled_because=because)
