"""Taking in tickets from elsewhere with all that happened to them: many at a time, and without telling anybody.

What was promised elsewhere was not promised by us: an adopted ticket has no guarantee, since no contract with us was in
force. Once it is here, an open one gets what its organisation's plan promises from then on (`coverage.cover`, rule 10).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Subquery

from puntuale.agreements.models import Product
from puntuale.agreements.reading import agreement_of
from puntuale.guarantee.agreement import Metric
from puntuale.guarantee.promise import Course
from puntuale.guarantee.retargeting import AgreementOf
from puntuale.guarantee.story import Story, fold
from puntuale.people.models import Person
from puntuale.tickets import searching
from puntuale.tickets.events import promise_row
from puntuale.tickets.models import (
    Audience,
    Cancellation,
    Event,
    Kind,
    Message,
    PromiseEnding,
    PromiseMade,
    Ticket,
)
from puntuale.tickets.replay import CONCERNING, as_facts
from puntuale.tickets.stored import digest_of


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened after a ticket was sent: when, by whom, and what was written, if anything was."""

    at: datetime
    kind: Kind
    by: Person | None
    said: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class History:
    """A ticket from elsewhere. `key` names it for good, so that it is taken in once. `happened` is in order of time."""

    key: UUID
    requester: Person
    subject: str
    body: str
    environment: str
    product: Product | None
    stage: str
    priority: str
    version: int
    at: datetime
    happened: Sequence[Happened] = ()


@dataclass(slots=True)
class _Adopted:
    history: History
    events: list[Event]
    story: Story
    ticket: Ticket
    messages: list[tuple[Event, Message]] = field(default_factory=list)


def adopt(histories: Sequence[History]) -> list[Ticket]:
    """Return the tickets that histories tell of, written in one transaction.

    Everything that `replay` can prove of a ticket of our own holds of these. Raises ReplayFailed for a history that
    cannot have happened, and then writes nothing.
    """
    published = cache(agreement_of)
    found = [_told(history, published) for history in histories]
    with transaction.atomic():
        Ticket.objects.bulk_create([one.ticket for one in found])
        for one in found:
            _join(one)
        said = [pair for one in found for pair in one.messages]
        Message.objects.bulk_create([message for _, message in said])
        for event, message in said:
            event.facts = {**event.facts, "message": message.pk}
        for one in found:
            _chain(one)
        Event.objects.bulk_create([event for one in found for event in one.events])
        last = Event.objects.filter(ticket=OuterRef("pk"), number=OuterRef("last_event")).values("digest")
        Ticket.objects.filter(pk__in=[one.ticket.pk for one in found]).update(last_digest=Subquery(last))
        _write_promises(found)
        _write_cancellations(found)
        searching.begin_all(
            (one.ticket, [(message.body, Audience(message.audience)) for _, message in one.messages]) for one in found
        )
    return [one.ticket for one in found]


def _events(history: History) -> list[Event]:
    submitted = {
        "version": history.version,
        "plan": None,
        "priority": history.priority,
        "chosen": True,
        "environment": history.environment,
        "product": history.product.pk if history.product else None,
        "stage": history.stage,
        "adopted": True,
    }
    first = Event(number=1, kind=Kind.SUBMITTED, at=history.at, by=history.requester, facts=submitted)
    return [first, *(_event(number, one) for number, one in enumerate(history.happened, start=2))]


def _event(number: int, one: Happened) -> Event:
    return Event(number=number, kind=one.kind, at=one.at, by=one.by, facts=dict(one.facts))


def _told(history: History, published: AgreementOf) -> _Adopted:
    events = _events(history)
    story = fold(as_facts(event for event in events if event.kind in CONCERNING), published)
    due_at, metric = story.due_next or (None, "")
    assigned = [event.facts["to"] for event in events if event.kind == Kind.ASSIGNED]
    ticket = Ticket(
        submission_key=history.key,
        subject=history.subject,
        organisation=history.requester.organisation,
        requester=history.requester,
        product=history.product,
        environment=history.environment,
        priority=story.priority,
        plan=story.plan,
        submitted_at=history.at,
        assignee_id=assigned[-1] if assigned else None,
        due_at=due_at,
        due_metric=metric,
        phase=story.phase.value,
        phase_since=story.since,
        answered_at=story.answered_at,
        last_event=len(events),
        last_event_at=events[-1].at,
    )
    return _Adopted(history, events, story, ticket)


def _join(one: _Adopted) -> None:
    """Lead the events to their ticket, and make the messages that belong to them."""
    written = [
        (one.events[0], one.history.body),
        *zip(one.events[1:], (h.said for h in one.history.happened), strict=True),
    ]
    for event, said in written:
        event.ticket = one.ticket
        if said:
            audience = Audience.INTERNAL if event.kind == Kind.NOTED else Audience.PUBLIC
            message = Message(ticket=one.ticket, author=event.by, audience=audience, body=said, written_at=event.at)
            one.messages.append((event, message))


def _chain(one: _Adopted) -> None:
    for event in one.events:
        event.digest = one.ticket.last_digest = digest_of(event, one.ticket.last_digest)


def _write_promises(found: Sequence[_Adopted]) -> None:
    made: list[PromiseMade] = []
    ended: list[PromiseEnding] = []
    for one in found:
        for metric, course in one.story.courses.items():
            rows = list(_rows(course, metric, one))
            made += rows
            ended += [
                PromiseEnding(
                    promise=row, verdict=ending.verdict, at=ending.at, ended_by=_event_at(one, ending.at, last=True)
                )
                for row, ending in zip(rows, course.endings, strict=False)
            ]
    PromiseMade.objects.bulk_create(made)
    for ending in ended:
        ending.promise_id = ending.promise.pk
    PromiseEnding.objects.bulk_create(ended)


def _rows(course: Course, metric: Metric, one: _Adopted) -> Iterator[PromiseMade]:
    for number, promise in enumerate(course.promises, start=1):
        yield promise_row(promise, number, metric, one.ticket, _event_at(one, promise.made_at))


def _event_at(one: _Adopted, at: datetime, *, last: bool = False) -> Event:
    """Return the event that concerns the promises and happened at an instant: the first, or the last one."""
    there = [event for event in one.events if event.at == at and event.kind in CONCERNING] or [one.events[-1]]
    return there[-1] if last else there[0]


def _write_cancellations(found: Sequence[_Adopted]) -> None:
    Cancellation.objects.bulk_create(
        Cancellation(
            event=event,
            ticket=one.ticket,
            because=event.facts["because"],
            by=event.by or one.history.requester,
            at=event.at,
        )
        for one in found
        for event in one.events
        if event.kind == Kind.CANCELLED
    )
