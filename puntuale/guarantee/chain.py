"""The chain of a ticket's events: each digest covers an event and all before it, so that none changes unseen.

The facts are written as PostgreSQL writes jsonb, so that the database itself can reckon the same digests.

>>> from datetime import datetime
>>> canonical({"stage": "released", "by": None, "to": [1, "è"]})
'{"by": null, "to": [1, "è"], "stage": "released"}'
>>> at = datetime.fromisoformat("2026-11-20T16:00:00+01:00")
>>> link("", ticket=1001, number=1, kind="noted", at=at, by=7, facts={})[:16]
'03be674a822fc0f8'
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime


def link(
    before: str, *, ticket: int, number: int, kind: str, at: datetime, by: int | None, facts: Mapping[str, object]
) -> str:
    """Return the digest of an event. `before` is that of the event before it, empty for a ticket's first."""
    person = "" if by is None else str(by)
    told = [before, str(ticket), str(number), kind, instant(at), person, canonical(facts)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def canonical(value: object) -> str:
    """Return a JSON value as text, always the same for the same value: shorter keys come first, then by their bytes."""
    return json.dumps(_ordered(value), ensure_ascii=False)


def instant(at: datetime) -> str:
    """Return an instant as a digest covers it: `2026-11-20T15:00:00.000000Z`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _ordered(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _ordered(value[key]) for key in sorted(value, key=lambda key: (len(key.encode()), key.encode()))}
    if isinstance(value, list | tuple):
        return [_ordered(one) for one in value]
    return value
