"""Recording what happens: one event, and the promise folded anew from all of them, in the caller's transaction."""

from collections.abc import Mapping
from datetime import datetime

from puntuale.guarantee.promise import Course, Promise
from puntuale.people.models import Person
from puntuale.tickets.models import Event, Kind, PromiseEnding, PromiseMade, Ticket
from puntuale.tickets.replay import CONCERNING, owed, replay


class NoSuchTicket(LookupError):
    """There is no ticket with that number."""


def locked(ticket: Ticket) -> Ticket:
    """Return a ticket's row as it is now, locked until the transaction ends, so that verbs follow one another."""
    found = Ticket.objects.select_for_update(of=("self",)).filter(pk=ticket.pk).first()
    if found is None:
        raise NoSuchTicket(ticket.pk)
    return found


def record(ticket: Ticket, kind: Kind, *, at: datetime, by: Person | None, facts: Mapping[str, object]) -> Event:
    """Return a new event of a locked ticket, after writing what it does to the promise.

    Events stand in the order in which they were recorded: one that had to wait is not dated before its predecessor.
    """
    ticket.last_event += 1
    ticket.last_event_at = max(at, ticket.last_event_at)
    event = Event.objects.create(
        ticket=ticket, number=ticket.last_event, kind=kind, at=ticket.last_event_at, by=by, facts=dict(facts)
    )
    course = replay(ticket.events.filter(kind__in=CONCERNING).order_by("number"))
    _write(course, ticket, event)
    ticket.due_at, ticket.answered_at = owed(course)
    ticket.save(update_fields=["last_event", "last_event_at", "due_at", "answered_at"])
    return event


def _write(course: Course, ticket: Ticket, event: Event) -> None:
    """Add the promises and the ending that the course has and the database has not."""
    written = list(ticket.promises.select_related("ending").order_by("number"))
    for number, promise in enumerate(course.promises[len(written) :], start=len(written) + 1):
        written.append(_made(promise, number, ticket, event))
    last = written[-1]
    if course.ending is not None and not hasattr(last, "ending"):
        PromiseEnding.objects.create(promise=last, verdict=course.ending.verdict, at=course.ending.at, ended_by=event)


def _made(promise: Promise, number: int, ticket: Ticket, event: Event) -> PromiseMade:
    return PromiseMade.objects.create(
        ticket=ticket,
        metric=promise.metric,
        number=number,
        publication_id=promise.version,
        plan=promise.plan,
        priority=promise.priority,
        made_at=promise.made_at,
        start_at=promise.start_at,
        due_at=promise.due_at,
        target=str(promise.target) if promise.target else "",
        target_seconds=promise.target.seconds if promise.target else None,
        hours=promise.target.hours if promise.target else "",
        no_guarantee=promise.reason.value if promise.reason else "",
        made_by=event,
    )
