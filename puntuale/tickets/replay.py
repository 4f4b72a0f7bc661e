"""Replaying a ticket's events: what they lead to, and whether that is what the database says."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db.models import QuerySet

from puntuale.agreements.reading import agreement_of
from puntuale.guarantee.agreement import Agreement
from puntuale.guarantee.facts import Answered, Fact, Submitted
from puntuale.guarantee.promise import Course, Ending, Promise, ReplayFailed, fold
from puntuale.tickets.models import Event, Kind, PromiseEnding, PromiseMade, Ticket


@dataclass(frozen=True, slots=True)
class Difference:
    """Something the database says about a ticket and its events do not lead to."""

    ticket: int
    what: str
    stored: object
    replayed: object

    def __str__(self) -> str:
        return f"ticket {self.ticket}: {self.what} is {self.stored}, and its events lead to {self.replayed}"


CONCERNING = (Kind.SUBMITTED, Kind.ANSWERED)
"""The kinds of events that concern the promise."""


def replay(events: Iterable[Event], published: Callable[[int], Agreement] = agreement_of) -> Course:
    """Return the course that events, in their order, lead to. Raises ReplayFailed when they cannot have happened."""
    return fold([fact for event in events if (fact := _fact(event)) is not None], published)


def owed(course: Course) -> tuple[datetime | None, datetime | None]:
    """Return what a course means for its ticket: by when an answer is still owed, and when it was given."""
    if course.ending is not None:
        return None, course.ending.at
    return course.current.due_at, None


def differences(tickets: QuerySet[Ticket]) -> Iterator[Difference]:
    """Yield what is stored about tickets and does not follow from their events. Reads them in portions."""
    related = ("events", "promises__ending")
    published = cache(agreement_of)
    for ticket in tickets.order_by("pk").prefetch_related(*related).iterator(chunk_size=500):
        yield from _differences_of(ticket, published)


def _differences_of(ticket: Ticket, published: Callable[[int], Agreement]) -> Iterator[Difference]:
    events = sorted(ticket.events.all(), key=lambda event: event.number)
    numbers = [event.number for event in events]
    if numbers != list(range(1, ticket.last_event + 1)):
        yield Difference(ticket.number, "the numbering of events", ticket.last_event, numbers)
    try:
        course = replay(events, published)
    except ReplayFailed as problem:
        yield Difference(ticket.number, "the story", "told by its events", f"nothing: {problem}")
        return
    due_at, answered_at = owed(course)
    promises = sorted(ticket.promises.all(), key=lambda promise: promise.number)
    ending = getattr(promises[-1], "ending", None) if promises else None
    compared = {
        "due_at": (ticket.due_at, due_at),
        "answered_at": (ticket.answered_at, answered_at),
        "priority": (ticket.priority, course.current.priority),
        "plan": (ticket.plan, course.current.plan),
        "the list of promises": ([_stored(made) for made in promises], [_folded(made) for made in course.promises]),
        "the ending": (_stored_ending(ending), _folded_ending(course.ending)),
    }
    for what, (stored, replayed) in compared.items():
        if stored != replayed:
            yield Difference(ticket.number, what, stored, replayed)


def _fact(event: Event) -> Fact | None:
    """Return an event as the clock understands it, or None when it does not concern the promise."""
    if event.kind == Kind.SUBMITTED:
        return Submitted(
            at=event.at,
            version=event.facts["version"],
            plan=event.facts["plan"],
            priority=event.facts["priority"],
            environment=event.facts["environment"],
            stage=event.facts["stage"],
        )
    if event.kind == Kind.ANSWERED:
        return Answered(at=event.at)
    return None


def _stored(made: PromiseMade) -> tuple[object, ...]:
    return (made.metric, made.publication_id, made.plan, made.priority, made.made_at, made.start_at, made.due_at,
            made.target, made.target_seconds, made.no_guarantee)  # fmt: skip


def _folded(made: Promise) -> tuple[object, ...]:
    target = str(made.target) if made.target else ""
    seconds = made.target.seconds if made.target else None
    return (made.metric.value, made.version, made.plan, made.priority, made.made_at, made.start_at, made.due_at,
            target, seconds, made.reason.value if made.reason else "")  # fmt: skip


def _stored_ending(ending: PromiseEnding | None) -> tuple[object, ...] | None:
    return (ending.verdict, ending.at) if ending else None


def _folded_ending(ending: Ending | None) -> tuple[object, ...] | None:
    return (ending.verdict.value, ending.at) if ending else None
