"""Replaying a ticket's events: what they lead to, and whether that is what the database says."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from django.db.models import Exists, OuterRef, Q, QuerySet

from puntuale.agreements.reading import agreement_of
from puntuale.guarantee import recorded
from puntuale.guarantee.agreement import Agreement
from puntuale.guarantee.facts import Fact, Phase
from puntuale.guarantee.promise import Course
from puntuale.guarantee.recorded import Recorded
from puntuale.guarantee.story import ReplayFailed, Story, fold
from puntuale.tickets.models import Event, Kind, PromiseMade, Ticket
from puntuale.tickets.stored import by_metric, course_of, digest_of


@dataclass(frozen=True, slots=True)
class Difference:
    """Something the database says about a ticket and its events do not lead to."""

    ticket: int
    what: str
    stored: object
    replayed: object

    def __str__(self) -> str:
        return f"ticket {self.ticket}: {self.what} is {self.stored}, and its events lead to {self.replayed}"


def replay(events: Iterable[Event], published: Callable[[int], Agreement] = agreement_of) -> Story:
    """Return the story that events, in their order, lead to. Raises ReplayFailed when they cannot have happened."""
    return fold(as_facts(events), published)


def as_facts(events: Iterable[Event]) -> list[Fact]:
    """Return events as the clock understands them, without those that do not concern it."""
    return recorded.as_facts(Recorded(event.kind, event.at, event.facts) for event in events)


def differences(tickets: QuerySet[Ticket]) -> Iterator[Difference]:
    """Yield what is stored about tickets and does not follow from their events. Reads them in portions."""
    related = ("events", "promises__ending")
    published = cache(agreement_of)
    for ticket in tickets.order_by("pk").prefetch_related(*related).iterator(chunk_size=500):
        yield from _differences_of(ticket, published)


def still_owed(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Return the tickets that are open, or of which something is owed by what can only be added to.

    A row that was tampered with cannot hide itself by looking answered or closed.
    """
    owed = PromiseMade.objects.filter(ticket=OuterRef("pk"), ending=None)
    return tickets.filter(Q(phase__in=(Phase.OPEN, Phase.WAITING)) | Exists(owed))


def _differences_of(ticket: Ticket, published: Callable[[int], Agreement]) -> Iterator[Difference]:
    events = sorted(ticket.events.all(), key=lambda event: event.number)
    numbers = [event.number for event in events]
    if numbers != list(range(1, ticket.last_event + 1)):
        yield Difference(ticket.number, "the numbering of events", ticket.last_event, numbers)
    yield from _differences_of_chain(ticket, events)
    try:
        story = replay(events, published)
    except ReplayFailed as problem:
        yield Difference(ticket.number, "the story", "told by its events", f"nothing: {problem}")
        return
    due_at, metric = story.due_next or (None, "")
    compared: dict[str, tuple[object, object]] = {
        "due_at": (ticket.due_at, due_at),
        "due_metric": (ticket.due_metric, metric),
        "answered_at": (ticket.answered_at, story.answered_at),
        "phase": (ticket.phase, story.phase),
        "phase_since": (ticket.phase_since, story.since),
        "priority": (ticket.priority, story.priority),
        "plan": (ticket.plan, story.plan),
    }
    compared |= _compared_facts(ticket, events)
    for what, (stored, replayed) in compared.items():
        if stored != replayed:
            yield Difference(ticket.number, what, stored, replayed)
    yield from _differences_of_courses(ticket, story)


def _differences_of_chain(ticket: Ticket, events: list[Event]) -> Iterator[Difference]:
    before = ""
    for event in events:
        if event.digest != (reckoned := digest_of(event, before)):
            yield Difference(ticket.number, f"the digest of event {event.number}", event.digest, reckoned)
        before = event.digest
    if before != ticket.last_digest:
        yield Difference(ticket.number, "the end of the chain", ticket.last_digest, before)


def _compared_facts(ticket: Ticket, events: list[Event]) -> dict[str, tuple[object, object]]:
    """Return what a ticket's row says beside the latest event that says it too."""
    said: dict[str, object] = {}
    for event in events:
        if event.kind == Kind.SUBMITTED:
            said |= {"submitted_at": event.at, "product": event.facts["product"], "assignee": None, "merged_into": None}
        if "environment" in event.facts:
            said["environment"] = event.facts["environment"]
        if event.kind == Kind.ASSIGNED:
            said["assignee"] = event.facts["to"]
        if event.kind in {Kind.MERGED, Kind.UNMERGED}:
            said["merged_into"] = event.facts.get("into")
    stored = {
        "submitted_at": ticket.submitted_at,
        "product": ticket.product_id,
        "assignee": ticket.assignee_id,
        "merged_into": ticket.merged_into_id,
        "environment": ticket.environment,
    }
    return {what: (stored[what], fact) for what, fact in said.items()}


def _differences_of_courses(ticket: Ticket, story: Story) -> Iterator[Difference]:
    rows = by_metric(ticket.promises.all())
    for metric in story.courses.keys() | rows.keys():
        stored = course_of(rows.get(metric, []))
        replayed = story.courses.get(metric, Course(()))
        if stored.promises != replayed.promises:
            yield Difference(ticket.number, "the list of promises", stored.promises, replayed.promises)
        if stored.endings != replayed.endings:
            yield Difference(ticket.number, "the ending", stored.endings, replayed.endings)


CONCERNING = tuple(Kind(kind) for kind in recorded.CONCERNING)
"""The kinds of events that concern the promises."""
