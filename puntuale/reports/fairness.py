"""How priorities were changed in a period, by whom and for whom, and what customers thought of the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet

from puntuale.reports.counting import Asked
from puntuale.tickets.models import Reclassification

NONE = "none"


class Party(StrEnum):
    """By whom changes and ratings are told apart."""

    ORGANISATION = "organisation"
    AGENT = "agent"


class Sort(StrEnum):
    """What can have become of a priority."""

    LOWERED = "lowered"
    RAISED = "raised"
    DISAGREED = "disagreed"
    """The customer did not agree."""
    UPHELD = "upheld"
    """She did not, and a manager found that she was right."""


@dataclass(frozen=True, slots=True)
class Changes:
    """How many tickets had changes of priority that have a party in common, by what became of it.

    The key is empty for all together, and NONE where there is no such party.
    """

    key: str
    counts: Mapping[Sort, int]


@dataclass(frozen=True, slots=True)
class Opinions:
    """How many tickets had answers that customers found good and bad, with a party in common.

    The key is empty for all together, and NONE where there is no such party.
    """

    key: str
    good: int
    bad: int


# An earlier place in the list is more urgent.
_CHANGES = """
WITH changes AS (
    SELECT c.ticket_id, {party} AS key,
        array_position(%(priorities)s::text[], c.was::text) AS was,
        array_position(%(priorities)s::text[], c.became::text) AS became,
        d.id IS NOT NULL AS disagreed, coalesce(d.upheld, false) AS upheld, c.grounds
    FROM tickets_reclassification c
    JOIN tickets_ticket t ON t.id = c.ticket_id
    JOIN people_person changer ON changer.id = c.by_id
    LEFT JOIN tickets_disagreement d ON d.reclassification_id = c.id
    WHERE c.at >= %(since)s AND c.at < %(until)s
        AND (%(organisation)s::bigint IS NULL OR t.organisation_id = %(organisation)s)
)
"""
_SORTS = {
    Sort.LOWERED: "became > was",
    Sort.RAISED: "became < was",
    Sort.DISAGREED: "disagreed",
    Sort.UPHELD: "upheld",
}
# What customers raise themselves is nobody's of the vendor.
_CHANGED_BY = {
    Party.ORGANISATION: "t.organisation_id::text",
    Party.AGENT: "CASE WHEN changer.organisation_id IS NULL THEN c.by_id::text END",
}
# Whoever answered first is meant, as elsewhere in reports.
_RATINGS = """
WITH ratings AS (
    SELECT r.ticket_id, r.good, {party} AS key
    FROM tickets_rating r
    JOIN tickets_ticket t ON t.id = r.ticket_id
    WHERE r.at >= %(since)s AND r.at < %(until)s
        AND (%(organisation)s::bigint IS NULL OR t.organisation_id = %(organisation)s)
)
"""
_RATED = {
    Party.ORGANISATION: "t.organisation_id::text",
    Party.AGENT: "(SELECT e.by_id::text FROM tickets_event e WHERE e.ticket_id = t.id AND e.kind = 'answered'"
    " ORDER BY e.number LIMIT 1)",
}


_CHANGES_BY_KEY = """
{changes}
SELECT coalesce(key, 'none'), grouping(key), {counted} FROM changes
GROUP BY GROUPING SETS ((), (key)) ORDER BY 2 DESC, 3 DESC, 1
"""
_CHANGED = """
{changes}
SELECT DISTINCT ticket_id FROM changes WHERE {where} AND %(key)s IN ('', coalesce(key, 'none'))
"""
_RATINGS_BY_KEY = """
{ratings}
SELECT coalesce(key, 'none'), grouping(key), count(DISTINCT ticket_id) FILTER (WHERE good),
    count(DISTINCT ticket_id) FILTER (WHERE NOT good)
FROM ratings GROUP BY GROUPING SETS ((), (key)) ORDER BY 2 DESC, 4 DESC, 3 DESC, 1
"""
_RATED_SO = """
{ratings}
SELECT DISTINCT ticket_id FROM ratings WHERE good = %(good)s AND %(key)s IN ('', coalesce(key, 'none'))
"""


def changes(asked: Asked, by: Party, priorities: Sequence[str]) -> list[Changes]:
    """Return the changes made in a period: all together, then by party, most lowered first.

    `priorities` are the agreement's, the most urgent first. A change between others is neither up nor down.
    """
    counted = ", ".join(f"count(DISTINCT ticket_id) FILTER (WHERE {where})" for where in _SORTS.values())
    statement = _CHANGES_BY_KEY.format(changes=_CHANGES.format(party=_CHANGED_BY[by]), counted=counted)
    return [
        Changes("" if is_all else str(key), dict(zip(_SORTS, (int(str(count)) for count in counts), strict=True)))
        for key, is_all, *counts in _rows(statement, asked, priorities=list(priorities))
    ]


def changed(asked: Asked, by: Party, key: str, sort: Sort, priorities: Sequence[str]) -> list[int]:
    """Return the tickets with a change of a sort, of one party or, for an empty key, of all."""
    statement = _CHANGED.format(changes=_CHANGES.format(party=_CHANGED_BY[by]), where=_SORTS[sort])
    return [int(str(number)) for (number,) in _rows(statement, asked, key=key, priorities=list(priorities))]


def opinions(asked: Asked, by: Party) -> list[Opinions]:
    """Return what was thought of answers in a period: all together, then by party, most bad ones first."""
    statement = _RATINGS_BY_KEY.format(ratings=_RATINGS.format(party=_RATED[by]))
    return [
        Opinions("" if is_all else str(key), int(str(good)), int(str(bad)))
        for key, is_all, good, bad in _rows(statement, asked)
    ]


def rated(asked: Asked, by: Party, key: str, *, good: bool) -> list[int]:
    """Return the tickets that were rated so, of one party or, for an empty key, of all."""
    statement = _RATED_SO.format(ratings=_RATINGS.format(party=_RATED[by]))
    return [int(str(number)) for (number,) in _rows(statement, asked, key=key, good=good)]


def grounds(asked: Asked) -> dict[str, int]:
    """Return why priorities were changed in a period: for each reason on how many tickets."""
    rows = _changes_in(asked).values_list("grounds").annotate(count=Count("ticket", distinct=True)).order_by("-count")
    return dict(rows)


def with_reason(asked: Asked, reason: str) -> QuerySet[Reclassification, int]:
    """Return the numbers of the tickets whose priority was changed for a reason in a period."""
    return _changes_in(asked).filter(grounds=reason).values_list("ticket", flat=True)


def _changes_in(asked: Asked) -> QuerySet[Reclassification]:
    found = Reclassification.objects.filter(at__gte=asked.since, at__lt=asked.until)
    return found if asked.organisation is None else found.filter(ticket__organisation=asked.organisation)


def _rows(statement: str, asked: Asked, **more: Any) -> list[tuple[object, ...]]:
    period: dict[str, Any] = {"since": asked.since, "until": asked.until, "organisation": asked.organisation}
    with connection.cursor() as cursor:
        cursor.execute(statement, period | more)
        found: list[tuple[object, ...]] = cursor.fetchall()
        return found
