"""Recording what happens: one event, and the promises folded anew from all of them, in the caller's transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache

from django.db import transaction

from puntuale.agreements.reading import agreement_of
from puntuale.guarantee.agreement import Metric
from puntuale.guarantee.facts import Fact
from puntuale.guarantee.promise import Course, Promise
from puntuale.guarantee.story import Story, fold
from puntuale.people.models import Person
from puntuale.tickets.models import Event, Kind, PromiseEnding, PromiseMade, Ticket
from puntuale.tickets.replay import CONCERNING, as_facts
from puntuale.tickets.stored import as_texts, by_metric, digest_of

Follower = Callable[[Ticket, Sequence[PromiseMade], datetime], None]
followers: list[Follower] = []
"""Called in the transaction of whatever concerns the promises, with those that a ticket owes by then."""

Listener = Callable[[Ticket, Event], None]
listeners: list[Listener] = []
"""Called in the transaction of every event, once the ticket stands as it left it, to tell whom it concerns."""


class NoSuchTicket(LookupError):
    """There is no ticket with that number."""


def locked(ticket: Ticket) -> Ticket:
    """Return a ticket's row as it is now, locked until the transaction ends, so that verbs follow one another.

    Others may still write rows that point to it, as the watch does.
    """
    found = Ticket.objects.select_for_update(of=("self",), no_key=True).filter(pk=ticket.pk).first()
    if found is None:
        raise NoSuchTicket(ticket.pk)
    return found


def locked_pair(one: Ticket, other: Ticket) -> tuple[Ticket, Ticket]:
    """Return two tickets' rows locked, in the order in which they were named."""
    rows = locked_together(one, other)
    return rows[one.pk], rows[other.pk]


def locked_together(*tickets: Ticket) -> dict[int, Ticket]:
    """Return the rows of tickets, and of those they were merged into, by number: all locked, lower numbers first.

    Where they lead is found out before anything is locked. If that has changed by then, all are let go and found anew:
    whoever locks a further ticket later could wait for somebody who waits for them.
    """
    while True:
        with transaction.atomic():
            wanted = _with_survivors(tickets)
            found = Ticket.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=wanted)
            rows = {row.pk: row for row in found.order_by("pk")}
            if missing := {ticket.pk for ticket in tickets} - rows.keys():
                raise NoSuchTicket(*missing)
            if {row.merged_into_id for row in rows.values()} - {None} <= wanted:
                return rows
            transaction.set_rollback(True)


def _with_survivors(tickets: Iterable[Ticket]) -> set[int]:
    latest = {ticket.pk for ticket in tickets}
    found = set(latest)
    while latest := {number for number in _led_to(latest) if number is not None}:
        found |= latest
    return found


def _led_to(numbers: Iterable[int]) -> Iterable[int | None]:
    return Ticket.objects.filter(pk__in=numbers).values_list("merged_into_id", flat=True)


def record(ticket: Ticket, kind: Kind, *, at: datetime, by: Person | None, facts: Mapping[str, object]) -> Event:
    """Return a new event of a locked ticket, after writing what it does to the promises.

    Events stand in the order in which they were recorded: one that had to wait is not dated before its predecessor.
    """
    ticket.last_event += 1
    ticket.last_event_at = max(at, ticket.last_event_at)
    event = Event(ticket=ticket, number=ticket.last_event, kind=kind, at=ticket.last_event_at, by=by, facts=dict(facts))
    event.digest = ticket.last_digest = digest_of(event, ticket.last_digest)
    event.save(force_insert=True)
    changed = ["last_event", "last_event_at", "last_digest"]
    if kind in CONCERNING:
        # Of a ticket that begins there is nothing to read yet.
        begins = event.number == 1
        story = fold(as_facts([event]), cache(agreement_of)) if begins else story_of(ticket)
        owed = _write(story, ticket, event, [] if begins else ticket.promises.select_related("ending"))
        changed += _bring_up_to_date(ticket, story)
        for follow in followers:
            follow(ticket, owed, event.at)
    ticket.save(update_fields=changed)
    for listen in listeners:
        listen(ticket, event)
    return event


def facts_of(ticket: Ticket) -> list[Fact]:
    """Return what happened to a ticket so far, as the clock understands it."""
    return as_facts(ticket.events.filter(kind__in=CONCERNING).order_by("number"))


def story_of(ticket: Ticket, *further: Fact) -> Story:
    """Return what a ticket's events lead to, or would if something more happened."""
    # Each version is looked up once, however many of the facts rest on it.
    return fold([*facts_of(ticket), *further], cache(agreement_of))


def _bring_up_to_date(ticket: Ticket, story: Story) -> list[str]:
    due = story.due_next
    ticket.due_at, ticket.due_metric = due or (None, "")
    ticket.answered_at = story.answered_at
    ticket.phase, ticket.phase_since = story.phase.value, story.since
    ticket.priority, ticket.plan = story.priority, story.plan
    return ["due_at", "due_metric", "answered_at", "phase", "phase_since", "priority", "plan"]


def _write(story: Story, ticket: Ticket, event: Event, written: Iterable[PromiseMade]) -> list[PromiseMade]:
    """Add the promises and the endings that the story has and the database has not. Returns what is still owed."""
    known, owed = by_metric(written), []
    for metric, course in story.courses.items():
        rows = known.setdefault(metric, [])
        _write_course(course, rows, metric, ticket, event)
        if course.is_open:
            owed.append(rows[-1])
    return owed


def _write_course(course: Course, written: list[PromiseMade], metric: Metric, ticket: Ticket, event: Event) -> None:
    for number, promise in enumerate(course.promises[len(written) :], start=len(written) + 1):
        row = promise_row(promise, number, metric, ticket, event)
        row.save(force_insert=True)
        written.append(row)
    for row, ending in zip(written, course.endings, strict=False):
        if not hasattr(row, "ending"):
            PromiseEnding.objects.create(promise=row, verdict=ending.verdict, at=ending.at, ended_by=event)


def promise_row(promise: Promise, number: int, metric: Metric, ticket: Ticket, event: Event) -> PromiseMade:
    """Return a promise that an event made as the row that is to be written, and has not been yet."""
    return PromiseMade(
        ticket=ticket,
        metric=metric,
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
        basis=promise.basis,
        pauses=as_texts(promise.pauses),
        made_by=event,
    )
