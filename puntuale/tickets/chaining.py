"""Proving that nobody changed an event: the database reckons the chain of every ticket anew."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db import connection


class Break(NamedTuple):
    """The first event of a ticket whose digest is not that of what stands there; 0 where the end does not fit."""

    ticket: int
    number: int

    def __str__(self) -> str:
        if not self.number:
            return f"ticket {self.ticket}: its chain of events does not end as it was left"
        return f"ticket {self.ticket}: event {self.number} is not what was recorded"


# Every event is looked at, of closed tickets too. Whoever takes away the last ones is found by the ticket's own row.
_BREAKS = """
SELECT ticket_id, min(number) FROM (
    SELECT ticket_id, number, digest <> puntuale_digest(
        lag(digest, 1, '') OVER chain, ticket_id, number, kind, at, by_id, facts
    ) AS is_broken, number <> row_number() OVER chain AS is_missing
    FROM tickets_event WINDOW chain AS (PARTITION BY ticket_id ORDER BY number)
) links WHERE is_broken OR is_missing GROUP BY ticket_id
UNION ALL
SELECT t.id, 0 FROM tickets_ticket t
LEFT JOIN tickets_event e ON e.ticket_id = t.id AND e.number = t.last_event
WHERE e.digest IS DISTINCT FROM t.last_digest
ORDER BY 1, 2
"""


def breaks() -> Iterator[Break]:
    """Yield where the chains of events are broken, by tickets. There should be none."""
    with connection.cursor() as cursor:
        cursor.execute(_BREAKS)
        for ticket, number in cursor:
            yield Break(ticket, number)
