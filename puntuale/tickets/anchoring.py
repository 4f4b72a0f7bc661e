"""Anchoring what was recorded: one digest a day, which whoever writes it down can hold the desk to."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Max
from psycopg.errors import LockNotAvailable

from puntuale.agreements.models import Publication
from puntuale.guarantee import anchors
from puntuale.people import audit
from puntuale.tickets.models import Anchor, Event, Ticket


def anchor(*, at: datetime) -> Anchor | None:
    """Return the new anchor of the day, in UTC; None when it has one, nothing is new, or somebody writes for long."""
    day = at.astimezone(UTC).date()
    last = Anchor.objects.last()
    if last is not None and last.day >= day:
        return None
    newest = _settled()
    since = last.up_to if last else 0
    if newest is None or newest <= since:
        return None
    leaves = _leaves(since, newest)
    told: dict[str, Any] = {
        "day": day,
        "up_to": newest,
        "count": len(leaves),
        "root": anchors.root(leaves),
        "agreements": {
            str(version): digest for version, digest in Publication.objects.values_list("version", "digest")
        },
    }
    with transaction.atomic():
        made = Anchor.objects.create(made_at=at, digest=anchors.digest(last.digest if last else "", **told), **told)
        audit.record("events_anchored", by=None, at=at, about=f"events up to {newest}", digest=made.digest)
    return made


def next_at(*, at: datetime) -> datetime:
    """Return when the next anchor is made, as long as a worker runs and something new is there."""
    following = anchors.next_look(at)
    last = Anchor.objects.last()
    if last is None or last.day < following.date():
        return following
    return anchors.first_look(last.day + timedelta(days=1))


def broken_anchors() -> Iterator[Anchor]:
    """Yield each anchor that does not fit what is written. There should be none."""
    before, since = "", 0
    for one in Anchor.objects.all():
        leaves = _leaves(since, one.up_to)
        told = anchors.digest(
            before, day=one.day, up_to=one.up_to, count=one.count, root=one.root, agreements=one.agreements
        )
        published = dict(Publication.objects.values_list("version", "digest"))
        fits = all(published.get(int(version)) == digest for version, digest in one.agreements.items())
        if told != one.digest or one.count != len(leaves) or one.root != anchors.root(leaves) or not fits:
            yield one
        before, since = one.digest, one.up_to


def anchors_of(ticket: Ticket) -> list[dict[str, object]]:
    """Return the anchors that cover a ticket's events as a bundle tells them, each with the last event it covers."""
    events = list(ticket.events.order_by("number").values_list("pk", "number"))
    told, before, since = [], "", 0
    for one in Anchor.objects.all():
        covered = [(key, number) for key, number in events if since < key <= one.up_to]
        if covered:
            key, number = covered[-1]
            told.append(_told(one, before, since, key) | {"event": number})
        before, since = one.digest, one.up_to
    return told


def _told(one: Anchor, before: str, since: int, key: int) -> dict[str, object]:
    position = Event.objects.filter(pk__gt=since, pk__lt=key).count()
    return {
        "day": one.day.isoformat(),
        "before": before,
        "up_to": one.up_to,
        "count": one.count,
        "root": one.root,
        "agreements": one.agreements,
        "digest": one.digest,
        "path": anchors.path(_leaves(since, one.up_to), position),
    }


def _leaves(since: int, up_to: int) -> list[str]:
    found = Event.objects.filter(pk__gt=since, pk__lte=up_to).order_by("pk").values_list("digest", flat=True)
    return list(found.iterator(chunk_size=10_000))


def _settled() -> int | None:
    """Return the newest event before which none can come any more; None when there is none, or one is being written.

    A number that was drawn and not committed yet would come in before an anchor; so writers are waited for, briefly.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            cursor.execute("LOCK TABLE tickets_event IN SHARE MODE")
            newest: int | None = Event.objects.aggregate(newest=Max("pk"))["newest"]
            # Inside a longer transaction, as tests have it, what comes later waits as long as ever again.
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")
    except OperationalError as problem:
        if not isinstance(problem.__cause__, LockNotAvailable):
            raise
        return None
    return newest
