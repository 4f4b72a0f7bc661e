"""The one definition of how a ticket's first response counts, as SQL. Counts and lists of tickets both begin with it.

A ticket belongs to the period in which it was submitted. It is looked at as it stands at the instant of the report, so
that a miss shows from the instant it is due, whether or not anybody has written a row about it (rules 13 and 14).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from puntuale.tickets.models import Grounds


class Outcome(StrEnum):
    """What became of a first response."""

    KEPT = "kept"
    LATE = "late"
    """Answered after it was due."""
    MISSED = "missed"
    """Due and not answered, whether or not it still can be."""
    RUNNING = "running"
    NO_GUARANTEE = "no_guarantee"
    CANCELLED = "cancelled"
    """Cancelled before it was due, it or the ticket that it was merged into."""


DECIDED = (Outcome.KEPT, Outcome.LATE, Outcome.MISSED)
"""What the rate is a rate of. Everything else is shown beside it."""

MISTAKEN = (Grounds.NOT_PRODUCTION, Grounds.HOW_TO, Grounds.WORKAROUND)
"""Why a ticket is lowered that was never as urgent as its customer said."""


class Grouping(StrEnum):
    """By what a report is told apart."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    PLAN = "plan"
    PRIORITY = "priority"
    ORGANISATION = "organisation"
    PRODUCT = "product"
    AGENT = "agent"
    HOUR = "hour"
    """The hour of the week in which the ticket was submitted, 0 to 167 from Monday midnight, on the desk's clock."""


Stretch = tuple[datetime, datetime]
"""From an instant to before another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a report is about: tickets submitted in [since, until), as they stand at an instant, on a clock."""

    since: datetime
    until: datetime
    at: datetime
    zone: ZoneInfo
    organisation: int | None = None
    stretches: tuple[Stretch, ...] | None = None
    """Only what was submitted in these stretches of it, when they are given."""

    def only(self, stretches: Iterable[Stretch]) -> "Asked":
        """Return it narrowed to some stretches."""
        return replace(self, stretches=tuple(stretches))

    @property
    def parameters(self) -> dict[str, Any]:
        """Return it as the statement names it."""
        stretches = ((self.since, self.until),) if self.stretches is None else self.stretches
        return {
            "begins": [begin for begin, _ in stretches],
            "ends": [end for _, end in stretches],
            "at": self.at,
            "zone": str(self.zone),
            "organisation": self.organisation,
            "mistaken": [grounds.value for grounds in MISTAKEN],
        }


# Most tickets have one promise: `more` has only those that have several. What a merge brought is another ticket's
# promise and counts there: by the first answer on the ticket it went into, or where that went on to (`fate`). A ticket
# that was answered counts by its first answer, whatever a merge has brought since.
COUNTED = """
WITH RECURSIVE asked AS (
    SELECT t.id, t.submitted_at, t.organisation_id, t.product_id, t.assignee_id,
        t.phase, t.phase_since, t.merged_into_id
    FROM tickets_ticket t
    WHERE ({within}) AND (%(organisation)s::bigint IS NULL OR t.organisation_id = %(organisation)s)
), several AS MATERIALIZED (
    SELECT p.ticket_id, max(p.number) FILTER (WHERE p.basis <> 'taken_over') AS number,
        min(p.due_at) FILTER (WHERE p.basis <> 'taken_over') AS due_at,
        coalesce(bool_or(e.verdict = 'missed') FILTER (WHERE p.basis <> 'taken_over'), false) AS lapsed,
        min(p.number) FILTER (WHERE e.verdict IN ('met', 'met_late', 'answered')) AS answered,
        max(p.number) FILTER (WHERE p.basis IN ('lowered', 'raised', 'restored')) AS moved
    FROM tickets_promisemade p
    LEFT JOIN tickets_promiseending e ON e.promise_id = p.id
    WHERE p.metric = 'first_response' AND p.ticket_id IN (
        SELECT asked.id FROM asked JOIN tickets_promisemade second
            ON second.ticket_id = asked.id AND second.metric = 'first_response' AND second.number = 2)
    GROUP BY p.ticket_id
), more AS MATERIALIZED (
    SELECT several.ticket_id, several.due_at AS due_promised, several.lapsed, last.plan, last.priority, last.due_at,
        ended.verdict, answer.at, answer.ended_by_id,
        moved.basis = 'lowered' AND NOT several.lapsed AND change.grounds = ANY(%(mistaken)s)
            AND NOT EXISTS (SELECT FROM tickets_disagreement d WHERE d.reclassification_id = change.id) AS mistaken
    FROM several
    JOIN tickets_promisemade last
        ON last.ticket_id = several.ticket_id AND last.metric = 'first_response' AND last.number = several.number
    LEFT JOIN tickets_promisemade answered
        ON answered.ticket_id = several.ticket_id AND answered.metric = 'first_response'
            AND answered.number = several.answered
    LEFT JOIN tickets_promiseending answer ON answer.promise_id = answered.id
    LEFT JOIN tickets_promiseending ended ON ended.promise_id = last.id
    LEFT JOIN tickets_promisemade moved
        ON moved.ticket_id = several.ticket_id AND moved.metric = 'first_response' AND moved.number = several.moved
    LEFT JOIN tickets_reclassification change ON change.event_id = moved.made_by_id
), way (id, passed, ticket) AS (
    SELECT asked.id, asked.id, asked.merged_into_id FROM asked WHERE asked.phase = 'merged'
    UNION ALL
    SELECT way.id, way.ticket, t.merged_into_id FROM way JOIN tickets_ticket t ON t.id = way.ticket
    WHERE t.phase = 'merged'
), fate AS MATERIALIZED (
    SELECT DISTINCT ON (way.id) way.id, e.id AS ended_by, coalesce((e.facts ->> 'answered_at')::timestamptz, e.at) AS at
    FROM way JOIN tickets_event e ON e.ticket_id = way.ticket
    WHERE (e.kind = 'answered' OR e.kind = 'unmerged' AND e.facts ->> 'answered_at' IS NOT NULL)
        AND e.number > (SELECT max(came.number) FROM tickets_event came WHERE came.ticket_id = way.ticket
            AND came.kind = 'took_over' AND (came.facts ->> 'from')::bigint = way.passed)
    ORDER BY way.id, at, e.id
), course AS (
    SELECT t.id, t.submitted_at, t.organisation_id, t.product_id, t.assignee_id, first.plan, first.priority,
        first.start_at, first.hours, first.publication_id,
        CASE WHEN more.ticket_id IS NULL THEN first.plan ELSE more.plan END AS plan_last,
        CASE WHEN more.ticket_id IS NULL THEN first.priority ELSE more.priority END AS priority_last,
        CASE WHEN more.ticket_id IS NULL THEN first.due_at ELSE more.due_promised END AS due_promised,
        CASE WHEN more.ticket_id IS NULL THEN first.due_at ELSE more.due_at END AS due_last,
        CASE WHEN more.ticket_id IS NULL THEN ended.verdict ELSE more.verdict END AS verdict,
        coalesce(CASE WHEN more.ticket_id IS NOT NULL THEN more.at
            WHEN ended.verdict IN ('met', 'met_late', 'answered') THEN ended.at END, fate.at) AS ended_at,
        coalesce(CASE WHEN more.ticket_id IS NOT NULL THEN more.ended_by_id
            WHEN ended.verdict IN ('met', 'met_late', 'answered') THEN ended.ended_by_id END, fate.ended_by
        ) AS ended_by,
        CASE t.phase WHEN 'cancelled' THEN t.phase_since WHEN 'merged' THEN (
            SELECT root.phase_since FROM way JOIN tickets_ticket root ON root.id = way.ticket
            WHERE way.id = t.id AND root.phase = 'cancelled') END AS closed_at,
        CASE WHEN more.ticket_id IS NULL THEN ended.verdict IS NOT DISTINCT FROM 'missed'
            ELSE more.lapsed END AS lapsed,
        more.mistaken AND more.priority <> first.priority AS mistaken
    FROM asked t
    JOIN tickets_promisemade first
        ON first.ticket_id = t.id AND first.metric = 'first_response' AND first.number = 1
    LEFT JOIN tickets_promiseending ended ON ended.promise_id = first.id
    LEFT JOIN more ON more.ticket_id = t.id
    LEFT JOIN fate ON fate.id = t.id
), counted AS (
    SELECT course.*,
        CASE WHEN due_promised IS NULL THEN 'no_guarantee'
            WHEN ended_at IS NOT NULL THEN CASE WHEN ended_at <= due_promised THEN 'kept' ELSE 'late' END
            WHEN lapsed THEN 'missed'
            WHEN closed_at IS NOT NULL THEN CASE WHEN closed_at <= due_promised THEN 'cancelled' ELSE 'missed' END
            WHEN due_promised < %(at)s THEN 'missed'
            ELSE 'running' END AS promised,
        CASE WHEN lapsed THEN CASE WHEN ended_at IS NOT NULL THEN 'late' ELSE 'missed' END
            WHEN ended_at IS NULL AND (verdict = 'cancelled' OR closed_at <= coalesce(due_last, closed_at))
                THEN 'cancelled'
            WHEN due_last IS NULL THEN 'no_guarantee'
            WHEN ended_at IS NOT NULL THEN
                CASE WHEN verdict = 'met' OR verdict IS DISTINCT FROM 'met_late' AND ended_at <= due_last
                    THEN 'kept' ELSE 'late' END
            WHEN closed_at IS NOT NULL OR due_last < %(at)s THEN 'missed'
            ELSE 'running' END AS final,
        coalesce(mistaken, false) AS agreed
    FROM course
)
"""

_LOCAL = "submitted_at AT TIME ZONE %(zone)s"
_AGENT = """
    coalesce((SELECT by_id FROM tickets_event e WHERE e.id = ended_by), assignee_id)::text
"""

KEYS: Mapping[Grouping, tuple[str, str]] = {
    Grouping.DAY: (f"({_LOCAL})::date::text",) * 2,
    Grouping.WEEK: (f"date_trunc('week', {_LOCAL})::date::text",) * 2,
    Grouping.MONTH: (f"date_trunc('month', {_LOCAL})::date::text",) * 2,
    Grouping.PLAN: ("plan", "plan_last"),
    Grouping.PRIORITY: ("priority", "priority_last"),
    Grouping.ORGANISATION: ("organisation_id::text",) * 2,
    Grouping.PRODUCT: ("product_id::text",) * 2,
    Grouping.AGENT: (_AGENT,) * 2,
    Grouping.HOUR: (f"((extract(isodow FROM {_LOCAL}) - 1) * 24 + extract(hour FROM {_LOCAL}))::int::text",) * 2,
}
"""What tells tickets apart: as they were promised, and as they were finally classified."""


def rows(statement: str, asked: Asked, **more: object) -> list[tuple[object, ...]]:
    """Return what a statement finds that goes on from the definition; `more` are parameters of its own."""
    with connection.cursor() as cursor:
        cursor.execute(counted(asked) + statement, asked.parameters | more)
        found: list[tuple[object, ...]] = cursor.fetchall()
        return found


def counted(asked: Asked) -> str:
    """Return the definition for what is asked. Each stretch is a condition of its own, so that an index serves it."""
    number = 1 if asked.stretches is None else len(asked.stretches)
    within = " OR ".join(
        f"t.submitted_at >= (%(begins)s)[{place}] AND t.submitted_at < (%(ends)s)[{place}]"
        for place in range(1, number + 1)
    )
    return COUNTED.replace("{within}", within or "false")
