"""Writing down who did what, in the transaction in which she does it, and proving that nobody changed it afterwards."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from django.core.serializers.json import DjangoJSONEncoder

from puntuale.people.models import AuditEntry, AuditSeal, Person

ADDRESS_KEPT = timedelta(days=30)
"""How long it is known from where something was done."""
SETTLED_AFTER = timedelta(hours=1)
"""What is younger is not sealed: an earlier number may still be on its way into the database."""


def record(
    action: str, *, by: Person | None, at: datetime, about: str = "", address: str = "", **details: object
) -> AuditEntry:
    """Return the new entry of the log. `about` and `details` name persons by their numbers, and by nothing else."""
    return AuditEntry.objects.create(at=at, action=action, by=by, about=about, address=address, details=details)


def about(person: Person) -> str:
    """Return how the log names a person."""
    return f"person {person.pk}"


def forget_addresses(*, at: datetime) -> int:
    """Forget from where things were done more than thirty days ago, and return of how many."""
    return AuditEntry.objects.filter(at__lt=at - ADDRESS_KEPT).exclude(address="").update(address="")


def seal(*, at: datetime) -> AuditSeal | None:
    """Seal what has been written since the last seal, and return the new one, or None when there is nothing to seal."""
    last = AuditSeal.objects.last()
    fresh = AuditEntry.objects.filter(at__gt=at - SETTLED_AFTER).order_by("pk").values_list("pk", flat=True).first()
    settled = AuditEntry.objects.filter(pk__gt=last.up_to if last else 0)
    settled = settled.filter(pk__lt=fresh) if fresh is not None else settled
    newest = settled.values_list("pk", flat=True).first()
    if newest is None:
        return None
    digest = _digest(last.digest if last else "", settled.order_by("pk").iterator())
    return AuditSeal.objects.create(made_at=at, up_to=newest, digest=digest)


def broken_seals() -> Iterator[AuditSeal]:
    """Yield each seal that does not fit what is written. There should be none."""
    digest, since = "", 0
    for one in AuditSeal.objects.iterator():
        entries = AuditEntry.objects.filter(pk__gt=since, pk__lte=one.up_to).order_by("pk")
        if _digest(digest, entries.iterator()) != one.digest:
            yield one
        digest, since = one.digest, one.up_to


def _digest(before: str, entries: Iterable[AuditEntry]) -> str:
    """Return the hash over what was sealed before and some entries, without the addresses, which are forgotten."""
    summing = hashlib.sha256(before.encode())
    for entry in entries:
        told = [entry.pk, entry.at.astimezone(UTC).isoformat(), entry.action, entry.by_id, entry.about, entry.details]
        summing.update(json.dumps(told, sort_keys=True, cls=DjangoJSONEncoder).encode() + b"\n")
    return summing.hexdigest()
