"""What a version of the agreement would change about the promises that are owed now, without changing anything."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Literal, NamedTuple

from django.db.models import BigIntegerField, Case, Exists, Func, OuterRef, Q, QuerySet, When
from django.db.models.fields.json import KeyTextTransform

from puntuale.agreements.reading import agreement_of
from puntuale.guarantee.agreement import Agreement, Metric
from puntuale.guarantee.facts import Phase
from puntuale.guarantee.pauses import deadline_around
from puntuale.guarantee.promise import Course
from puntuale.guarantee.recorded import Recorded
from puntuale.guarantee.spans import Span
from puntuale.guarantee.targets import Target
from puntuale.tickets.coverage import coming_forward
from puntuale.tickets.models import Event, Kind, PromiseMade, Ticket
from puntuale.tickets.reading import with_merged

_instant = datetime.fromtimestamp


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


class Foreseen(NamedTuple):
    """A promise that would be another: of which ticket, what it measures, and when it is due and would be."""

    ticket: int
    metric: str
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
        return self.moved if direction is None else [one for one in self.moved if one.direction is direction]


def foresee(agreement: Agreement, *, at: datetime) -> Foresight:
    """Return what would change if every promise that is owed were made under an agreement, from an instant on.

    A hundred thousand take about a second: they are read in one query, and each cell of the table is looked up once.
    """
    target = _targets(agreement)
    moved, unchanged = list[Foreseen](), 0
    mixed = _merged_into()
    for ticket, metric, started, falls_due, plan, priority, pauses, stage in _owed().iterator(chunk_size=20_000):
        if ticket in mixed and metric == Metric.FIRST_RESPONSE:
            continue
        wanted = target(plan, priority, stage, metric)
        if wanted is False:
            unchanged += 1
            continue
        start, due = _instant(started, UTC), None if falls_due is None else _instant(falls_due, UTC)
        would_be = _due(agreement, wanted, start if due else at, pauses) if wanted else None
        if wanted and due and would_be and would_be <= at and would_be < due:
            # It would be due already, so it counts from the change, and only if that is earlier.
            would_be = min(due, _due(agreement, wanted, at, pauses))
        if would_be == due:
            unchanged += 1
        else:
            moved.append(Foreseen(ticket, metric, _direction(due, would_be), due, would_be))
    moved += _goals_begun(agreement, target, at)
    together = [list(_together(ticket, agreement, at)) for ticket in Ticket.objects.filter(pk__in=mixed)]
    moved += [one for found in together for one in found]
    moved.sort(key=lambda one: (one.ticket, one.metric))
    counts = Counter(one.direction for one in moved)
    counts[Direction.UNCHANGED] = unchanged + together.count([])
    return Foresight(counts, moved)


Lookup = Callable[[str | None, str, str, str], Target | Literal[False] | None]


def _targets(agreement: Agreement) -> Lookup:
    """Return what looks up the target of a cell: None for no guarantee, False where the agreement lacks a term."""

    @cache
    def target(plan: str | None, priority: str, stage: str, metric: str) -> Target | Literal[False] | None:
        if not agreement.knows(plan=plan, priority=priority, stage=stage):
            return False
        owed = agreement.owed(plan=plan, priority=priority, stage=stage, metric=Metric(metric))
        return owed if isinstance(owed, Target) else None

    return target


def _goals_begun(agreement: Agreement, target: "Lookup", at: datetime) -> Iterator[Foreseen]:
    """Yield the goals that a version would begin to promise: what they measure runs already, without a target.

    Such a goal has no row, since readers see a goal from its first due time on; the clock starts at the change.
    """
    due = cache(lambda wanted: agreement.calendar(wanted.hours).deadline(at, wanted.seconds))
    for metric, running in _RUNNING.items():
        if all(measured is not metric for measured, _, _ in agreement.cells):
            continue
        for ticket, plan, priority, stage in _without_a_row(metric, running):
            wanted = target(plan, priority, stage, metric)
            if wanted:
                yield Foreseen(ticket, metric, Direction.NEW, None, due(wanted))


def _without_a_row(metric: Metric, running: Q) -> "QuerySet[Ticket, tuple[int, str | None, str, str]]":
    """Return the open tickets of which something runs that was never promised, with what they are bound to."""
    goals = PromiseMade.objects.filter(ticket=OuterRef("pk"), metric=metric)
    found = Ticket.objects.filter(~Exists(goals), running, phase__in=(Phase.OPEN, Phase.WAITING), events__number=1)
    return found.annotate(stage=KeyTextTransform("stage", "events__facts")).values_list(
        "pk", "plan", "priority", "stage"
    )


def _happened(*kinds: Kind, **more: object) -> Q:
    return Q(Exists(Event.objects.filter(ticket=OuterRef("pk"), kind__in=kinds, **more)))


_ENDED = Event.objects.filter(
    Q(kind__in=(Kind.ANSWERED, Kind.RESOLVED)) | Q(kind=Kind.UNMERGED) & ~Q(facts__answered_at=None),
    ticket=OuterRef("ticket"),
    number__gt=OuterRef("number"),
)
_RUNNING: Mapping[Metric, Q] = {
    Metric.RESOLUTION: Q(),
    Metric.PERIODIC_UPDATE: _happened(Kind.ANSWERED, Kind.REOPENED)
    | _happened(Kind.CUSTOMER_WROTE, facts__reopens=True),
    Metric.NEXT_RESPONSE: _happened(Kind.ANSWERED)
    & Q(Exists(Event.objects.filter(~Exists(_ENDED), ticket=OuterRef("pk"), kind=Kind.CUSTOMER_WROTE))),
}
"""Of which open tickets a goal runs, by what happened to them."""


def _merged_into() -> set[int]:
    """Return the open tickets that owe an answer and that others were merged into: they owe each of these."""
    came = Ticket.objects.filter(phase__in=(Phase.OPEN, Phase.WAITING), answered_at=None, events__kind=Kind.TOOK_OVER)
    return set(came.values_list("pk", flat=True))


def _together(ticket: Ticket, agreement: Agreement, at: datetime) -> Iterator[Foreseen]:
    """Yield what would come forward, by their stories, of a first response and of what else the ticket owes.

    What was merged is told as it would be by itself. What would be later stays as it is, and cannot be told from here.
    """
    rows = list(Ticket.objects.filter(pk__in=with_merged(ticket)))
    event = Recorded(Kind.RENEWED, max(at, *(row.last_event_at for row in rows)), {"version": agreement.version})

    def published(version: int) -> Agreement:
        return agreement if version == agreement.version else agreement_of(version)

    for one in coming_forward(ticket, rows, event, published):
        for metric, course in one.after.courses.items():
            known = one.before.courses.get(metric, Course(()))
            if one.ticket == ticket and metric is not Metric.FIRST_RESPONSE:
                continue
            # What counts is shown, or what is promised to the ticket itself behind that.
            lines = [(known, course)] if one.ticket == ticket else []
            dues = [(_due_of(was), _due_of(now)) for was, now in [*lines, (known.own, course.own)]]
            moved = next(((was, now) for was, now in dues if was != now), None)
            if moved is not None:
                yield Foreseen(one.ticket.pk, metric, _direction(*moved), *moved)


def _due_of(course: Course) -> datetime | None:
    return course.current.due_at if course.promises else None


class Seconds(Func):
    """An instant as whole seconds since 1970, as promises have them: read ten times as fast as a date."""

    template = "EXTRACT(EPOCH FROM %(expressions)s)::bigint"
    output_field = BigIntegerField()


Row = tuple[int, str, int, int | None, str | None, str, list[list[str]] | None, str]


def _owed() -> "QuerySet[PromiseMade, Row]":
    """Return the promises that are owed, with the stage that the ticket's product was at when it was sent."""
    owed = PromiseMade.objects.filter(ending=None, ticket__phase__in=(Phase.OPEN, Phase.WAITING))
    return (
        owed.filter(ticket__events__number=1)
        .annotate(
            started=Seconds("start_at"),
            falls_due=Seconds("due_at"),
            stage=KeyTextTransform("stage", "ticket__events__facts"),
            # Most have none, and reading an empty list as JSON takes as long as all the rest.
            stood_still=Case(When(pauses=[], then=None), default="pauses"),
        )
        .order_by("ticket_id", "metric")
        .values_list("ticket_id", "metric", "started", "falls_due", "plan", "priority", "stood_still", "stage")
    )


def _due(agreement: Agreement, target: Target, start: datetime, pauses: list[list[str]] | None) -> datetime:
    calendar = agreement.calendar(target.hours)
    if not pauses:
        return calendar.deadline(start, target.seconds)
    spans = [Span(datetime.fromisoformat(since), datetime.fromisoformat(until)) for since, until in pauses]
    around = tuple(Span(max(one.start, start), one.end) for one in spans if one.end > start)
    return deadline_around(calendar, start, target.seconds, around)


def _direction(due: datetime | None, would_be: datetime | None) -> Direction:
    if due is None:
        return Direction.NEW
    if would_be is None:
        return Direction.GONE
    return Direction.EARLIER if would_be < due else Direction.LATER
