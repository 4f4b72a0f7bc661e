"""A ticket's story for people: what was written, what was promised and why that changed, in order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from puntuale.guarantee.promise import Course
from puntuale.people.models import Person
from puntuale.tickets.models import (
    Attachment,
    Audience,
    Cancellation,
    Disagreement,
    Event,
    ImpactReport,
    Kind,
    Link,
    Message,
    PromiseEnding,
    PromiseMade,
    Rating,
    Reclassification,
    Ticket,
)
from puntuale.tickets.reading import messages_of, with_merged
from puntuale.tickets.stored import course_of

TOLD_TO_CUSTOMERS = frozenset(
    {
        Kind.SUBMITTED,
        Kind.ANSWERED,
        Kind.CUSTOMER_WROTE,
        Kind.RECLASSIFIED,
        Kind.IMPACT_REPORTED,
        Kind.IMPACT_DECLINED,
        Kind.DISAGREED,
        Kind.DISAGREEMENT_DECIDED,
        Kind.COVERED,
        Kind.RENEWED,
        Kind.WAITED,
        Kind.RESUMED,
        Kind.RESOLVED,
        Kind.REOPENED,
        Kind.CANCELLED,
        Kind.RESTORED,
        Kind.MERGED,
        Kind.UNMERGED,
        Kind.TOOK_OVER,
        Kind.SPLIT_OFF,
    }
)
"""What customers read. Notes, who has a ticket in hand, and what is still being decided among us are not in it."""

CHANGES_FOR_CUSTOMERS = TOLD_TO_CUSTOMERS | {Kind.GAVE_BACK}
"""What changes what they read: with what was merged into a ticket goes the due time that the ticket took over."""

WORDS = (Kind.SUBMITTED, Kind.ANSWERED, Kind.CUSTOMER_WROTE, Kind.NOTED)


@dataclass(frozen=True)
class Entry:
    """One thing that happened, with the words that go with it.

    `made` is the promise of the first response that it led to, `replaced` the one before, `ended` how one ended by it.
    `missed` is one that had been missed by then: it stays so, and the answer is still owed.
    `words` is what somebody wrote along with it, `names` are the people its facts speak of. The first `own_lines` lines
    of its message are its writer's own; the rest quotes what was there before. Without a number all of it is.
    """

    event: Event
    message: Message | None = None
    files: Sequence[Attachment] = ()
    change: Reclassification | None = None
    cancellation: Cancellation | None = None
    made: PromiseMade | None = None
    replaced: PromiseMade | None = None
    ended: PromiseEnding | None = None
    missed: PromiseMade | None = None
    from_merged: bool = False
    words: str = ""
    names: Mapping[int, str] = field(default_factory=dict)
    own_lines: int | None = None

    @property
    def kind(self) -> str:
        """Return what happened."""
        return self.event.kind

    @property
    def at(self) -> datetime:
        """Return when."""
        return self.event.at

    @property
    def by(self) -> Person | None:
        """Return who did it, or None when it came by itself."""
        return self.event.by

    @property
    def own_words(self) -> str:
        """Return what of its message its writer wrote herself."""
        return "\n".join(self._lines[: self.own_lines])

    @property
    def quoted(self) -> str:
        """Return what her message quotes, or signs with, at its end; nothing where all of it is her own."""
        return "" if self.own_lines is None else "\n".join(self._lines[self.own_lines :])

    @property
    def _lines(self) -> list[str]:
        return self.message.body.split("\n") if self.message else []


@dataclass(frozen=True)
class Story:
    """The entries of a ticket for one reader, and where it came from and led to."""

    entries: list[Entry]
    origins: list[Link] = field(default_factory=list)
    offspring: list[Link] = field(default_factory=list)

    @property
    def last_message(self) -> int:
        """Return the key of the latest public message, 0 when there is none."""
        messages = (one.message for one in self.entries)
        return max((one.pk for one in messages if one and one.audience == Audience.PUBLIC), default=0)


def tell(ticket: Ticket, *, to: Person, promised: Sequence[PromiseMade] | None = None) -> Story:
    """Return the story of a ticket a person may see, as far as she may read it, oldest first.

    With the messages of the tickets that were merged into it. `promised` are the promises of its first response with
    their endings, in order, for whoever has them at hand.
    """
    told = Event.objects.select_related("by")
    if not to.works_for_vendor:
        told = told.filter(kind__in=TOLD_TO_CUSTOMERS)
    events, numbers = list(told.filter(ticket=ticket)), [ticket.number]
    if any(event.kind == Kind.TOOK_OVER for event in events):
        numbers = with_merged(ticket)
        events += told.filter(ticket__in=numbers[1:], kind__in=WORDS)
    ordered = sorted(events, key=lambda event: (event.at, event.ticket_id, event.number))
    messages = {message.pk: message for message in messages_of(numbers, to=to)}
    promises = _Promises.of(_first_responses(ticket) if promised is None else promised)
    entries = [
        entry
        for entry in _entries(ticket, ordered, messages, promises)
        if entry.message is not None or entry.event.kind not in WORDS
    ]
    return Story(entries, *_links(ticket))


def entries_of(events: Sequence[Event]) -> list[Entry]:
    """Return events as entries with the people that they name, and without any words: for whoever is told in a line."""
    names = _names(events)
    return [Entry(event, names=names) for event in events]


def last_told(ticket: Ticket) -> int:
    """Return the number of the latest event that changed what the ticket's customers read.

    What happens among agents does not count, so that not even the time of it shows.
    """
    told = ticket.events.filter(kind__in=CHANGES_FOR_CUSTOMERS).order_by("-number")
    return told.values_list("number", flat=True).first() or 0


def version_for(ticket: Ticket, person: Person) -> int:
    """Return how often something happened to a ticket that a person is told: another number whenever something does."""
    if person.works_for_vendor or ticket.last_event == 1:
        # How a ticket began is told to everybody.
        return ticket.last_event
    return ticket.events.filter(kind__in=CHANGES_FOR_CUSTOMERS).count()


def _entries(
    ticket: Ticket, events: Sequence[Event], messages: Mapping[int, Message], promises: "_Promises"
) -> Iterator[Entry]:
    changes, cancellations = _changes(ticket, events), _cancellations(ticket, events)
    said, names, files = _said(events), _names(events), _files(messages)
    for event in events:
        message = messages.get(event.facts.get("message", 0)) if event.kind in WORDS else None
        cancellation = cancellations.get(event.pk)
        yield Entry(
            event,
            message,
            files.get(message.pk, ()) if message else (),
            changes.get(event.pk),
            cancellation,
            promises.made.get(event.pk),
            promises.replaced.get(event.pk),
            promises.ended.get(event.pk),
            promises.missed.get(event.pk),
            event.ticket_id != ticket.pk,
            cancellation.text if cancellation else said.get(event.pk, ""),
            names,
        )


def _changes(ticket: Ticket, events: Sequence[Event]) -> dict[int, Reclassification]:
    """Return what the changes of priority among some events say; asks for nothing where none is among them."""
    if not any(event.kind == Kind.RECLASSIFIED for event in events):
        return {}
    changes = ticket.reclassifications.select_related("by", "asked_by", "disagreement__by")
    return {one.event_id: one for one in changes}


def _cancellations(ticket: Ticket, events: Sequence[Event]) -> dict[int, Cancellation]:
    if not any(event.kind == Kind.CANCELLED for event in events):
        return {}
    return {one.event_id: one for one in ticket.cancellations.all()}


def _files(messages: Mapping[int, Message]) -> dict[int, list[Attachment]]:
    found: dict[int, list[Attachment]] = {}
    if not messages:
        return found
    for one in Attachment.objects.filter(message__in=list(messages)).order_by("pk"):
        found.setdefault(one.message_id or 0, []).append(one)
    return found


def _said(events: Sequence[Event]) -> dict[int, str]:
    """Return what was written along with reports, disagreements, the decisions on them, and ratings."""
    reports = _facts(events, "report", (Kind.IMPACT_REPORTED, Kind.IMPACT_DECLINED))
    disputed = _facts(events, "reclassification", (Kind.DISAGREED, Kind.DISAGREEMENT_DECIDED))
    found: dict[int, str] = {}
    if reports:
        rows = ImpactReport.objects.in_bulk(reports.values())
        for event in events:
            if event.pk in reports:
                report = rows[reports[event.pk]]
                found[event.pk] = report.text if event.kind == Kind.IMPACT_REPORTED else report.answer
    if disputed:
        disputes = Disagreement.objects.filter(reclassification__in=disputed.values())
        answers = {one.reclassification_id: one for one in disputes}
        for event in events:
            if event.pk in disputed:
                dispute = answers[disputed[event.pk]]
                found[event.pk] = dispute.text if event.kind == Kind.DISAGREED else dispute.answer
    return found | _comments(events)


def _comments(events: Sequence[Event]) -> dict[int, str]:
    """Return what customers wrote about the answer: each only what she said last, which took the place of the rest."""
    latest = {event.by_id: event for event in events if event.kind == Kind.RATED}
    if not latest:
        return {}
    ratings = Rating.objects.filter(ticket__in={event.ticket_id for event in latest.values()}, by__in=list(latest))
    return {latest[one.by_id].pk: one.comment for one in ratings if one.comment}


def _facts(events: Sequence[Event], name: str, kinds: Sequence[Kind]) -> dict[int, int]:
    return {event.pk: event.facts[name] for event in events if event.kind in kinds and event.facts.get(name)}


def _names(events: Sequence[Event]) -> dict[int, str]:
    """Return the names of the people that were given a ticket or read along, and of those who did something."""
    spoken = (_facts(events, "to", (Kind.ASSIGNED,)), _facts(events, "person", (Kind.FOLLOWED, Kind.UNFOLLOWED)))
    known = {event.by.pk: event.by.name for event in events if event.by}
    wanted = {key for keys in spoken for key in keys.values()} - known.keys()
    return known | dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else known


@dataclass(frozen=True)
class _Promises:
    made: dict[int, PromiseMade]
    replaced: dict[int, PromiseMade]
    ended: dict[int, PromiseEnding]
    missed: dict[int, PromiseMade]

    @classmethod
    def of(cls, rows: Sequence[PromiseMade]) -> "_Promises":
        # One event may make several, of which the last counts then: what it replaced stood before the first of them.
        before = {row.made_by_id: earlier for row, earlier in reversed(list(zip(rows[1:], rows, strict=False)))}
        return cls(
            {row.made_by_id: row for row in rows},
            before,
            {row.ending.ended_by_id: row.ending for row in rows if hasattr(row, "ending")},
            dict(_missed(rows)),
        )


def _missed(rows: Sequence[PromiseMade]) -> Iterator[tuple[int, PromiseMade]]:
    """Yield the events that made a promise while one was missed already, each with that one."""
    course = course_of(rows)
    for place, row in enumerate(rows):
        counts = Course(course.promises[: place + 1], course.endings[:place]).counts
        if counts < place:
            yield row.made_by_id, rows[counts]


def _first_responses(ticket: Ticket) -> list[PromiseMade]:
    made = ticket.promises.filter(metric="first_response").select_related("ending", "publication")
    return list(made.defer("publication__source", "publication__document").order_by("number"))


def _links(ticket: Ticket) -> tuple[list[Link], list[Link]]:
    """Return where a ticket came from and what it led to, each in order."""
    links = Link.objects.filter(Q(ticket=ticket) | Q(origin=ticket)).select_related("ticket", "origin").order_by("at")
    found = list(links)
    return [one for one in found if one.ticket_id == ticket.pk], [one for one in found if one.origin_id == ticket.pk]
