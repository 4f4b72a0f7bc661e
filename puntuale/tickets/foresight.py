"""What a version of the agreement would change about the promises that are owed now, without changing anything."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform

from puntuale.guarantee.agreement import Agreement, Metric
from puntuale.guarantee.facts import Phase
from puntuale.guarantee.pauses import deadline_around
from puntuale.guarantee.spans import Span
from puntuale.guarantee.targets import Target
from puntuale.tickets.models import PromiseMade


class Direction(StrEnum):
    """Where a due time would move."""

    EARLIER = "earlier"
    NEW = "new"
    """A guarantee where there is none."""
    LATER = "later"
    GONE = "gone"
    """No guarantee where there is one."""
    UNCHANGED = "unchanged"


FORWARD = frozenset({Direction.EARLIER, Direction.NEW})
"""What a manager may ask for (rule 11). The others are shown, and happen to tickets sent later only."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A promise that would be another: of which ticket, what it measures, and when it is due and would be."""

    ticket: int
    metric: Metric
    direction: Direction
    due_at: datetime | None
    would_be: datetime | None


@dataclass(slots=True)
class Foresight:
    """How many promises would move where, and which."""

    counts: Counter[Direction] = field(default_factory=Counter)
    moved: list[Foreseen] = field(default_factory=list)

    @property
    def forward(self) -> int:
        """Return how many promises would be brought forward."""
        return sum(self.counts[direction] for direction in FORWARD)

    def towards(self, direction: Direction | None) -> list[Foreseen]:
        """Return those that would move in one direction, or all that would move."""
        return [one for one in self.moved if direction in {None, one.direction}]


def foresee(agreement: Agreement, *, at: datetime) -> Foresight:
    """Return what would change if every promise that is owed were made under an agreement, from an instant on.

    A hundred thousand take about a second: they are read in one query, and each cell of the table is looked up once.
    """
    found = Foresight()
    for one in _foreseen(agreement, at):
        found.counts[one.direction] += 1
        if one.direction is not Direction.UNCHANGED:
            found.moved.append(one)
    return found


def _foreseen(agreement: Agreement, at: datetime) -> Iterator[Foreseen]:
    @cache
    def target(plan: str | None, priority: str, stage: str, metric: str) -> Target | bool | None:
        """Return the target of a cell, None for no guarantee, False where the agreement lacks a term."""
        if not agreement.knows(plan=plan, priority=priority, stage=stage):
            return False
        owed = agreement.owed(plan=plan, priority=priority, stage=stage, metric=Metric(metric))
        return owed if isinstance(owed, Target) else None

    for ticket, metric, start, due, plan, priority, pauses, stage in _owed().iterator(chunk_size=20_000):
        wanted = target(plan, priority, stage, metric)
        if isinstance(wanted, bool):
            yield Foreseen(ticket, Metric(metric), Direction.UNCHANGED, due, due)
            continue
        would_be = _due(agreement, wanted, start if due else at, pauses) if wanted else None
        if due and would_be and would_be <= at and would_be < due and wanted:
            # It would be due already, so it counts from the change, and only if that is earlier.
            would_be = min(due, _due(agreement, wanted, at, pauses))
        yield Foreseen(ticket, Metric(metric), _direction(due, would_be), due, would_be)


Row = tuple[int, str, datetime, datetime | None, str | None, str, list[list[str]], str]


def _owed() -> "QuerySet[PromiseMade, Row]":
    """Return the promises that are owed, with the stage that the ticket's product was at when it was sent."""
    owed = PromiseMade.objects.filter(ending=None, ticket__phase__in=(Phase.OPEN, Phase.WAITING))
    return (
        owed.filter(ticket__events__number=1)
        .annotate(stage=KeyTextTransform("stage", "ticket__events__facts"))
        .order_by("ticket_id", "metric")
        .values_list("ticket_id", "metric", "start_at", "due_at", "plan", "priority", "pauses", "stage")
    )


def _due(agreement: Agreement, target: Target, start: datetime, pauses: list[list[str]]) -> datetime:
    calendar = agreement.calendar(target.hours)
    if not pauses:
        return calendar.deadline(start, target.seconds)
    spans = [Span(datetime.fromisoformat(since), datetime.fromisoformat(until)) for since, until in pauses]
    around = tuple(Span(max(one.start, start), one.end) for one in spans if one.end > start)
    return deadline_around(calendar, start, target.seconds, around)


def _direction(due: datetime | None, would_be: datetime | None) -> Direction:
    if due == would_be:
        return Direction.UNCHANGED
    if due is None:
        return Direction.NEW
    if would_be is None:
        return Direction.GONE
    return Direction.EARLIER if would_be < due else Direction.LATER
