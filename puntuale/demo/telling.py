"""How the demo tells its stories: each in its own words, all together in the order in which things happened."""

import heapq
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from types import MappingProxyType
from uuid import uuid4

from puntuale.agreements.models import Product
from puntuale.agreements.reading import agreement_in_force
from puntuale.demo.company import Company
from puntuale.guarantee.calendars import Calendar
from puntuale.guarantee.promise import quote
from puntuale.people.models import Person
from puntuale.tickets import attachments
from puntuale.tickets.models import Ticket
from puntuale.tickets.submission import submit

MINUTE = timedelta(minutes=1)
HOUR = 3600

Telling = Generator[datetime, datetime, None]
"""A story as it is told: it says when it goes on, and goes on when the others have come that far."""


@dataclass(frozen=True)
class Story:
    """A ticket. `by` names the customer; `share` is how much of the promised time passed before the answer."""

    by: str
    subject: str
    body: str
    priority: str | None
    environment: str = "production"
    product: str = "voice"
    answer: str = ""
    share: float = 0.5
    thanks: str = ""
    rated: bool | None = None


@dataclass(frozen=True)
class Storyteller:
    """Sends tickets so that they stand as wanted now."""

    company: Company
    now: datetime

    @cached_property
    def office(self) -> Calendar:
        """Return the clock of the business hours."""
        return agreement_in_force(self.now).calendar("business")

    def customer(self, story: Story) -> Person:
        """Return who sends a story."""
        found = getattr(self.company, story.by)
        assert isinstance(found, Person)
        return found

    def product(self, story: Story) -> Product:
        """Return what a story is about."""
        found = getattr(self.company, story.product)
        assert isinstance(found, Product)
        return found

    def send(self, story: Story, at: datetime, files: Mapping[str, bytes] = MappingProxyType({})) -> Ticket:
        """Send a ticket as it is told, with files by their names."""
        customer = self.customer(story)
        keys = [attachments.take_in(name, [content], by=customer, at=at).key for name, content in files.items()]
        return submit(
            requester=customer,
            subject=story.subject,
            body=story.body,
            environment=story.environment,
            product=self.product(story),
            priority=story.priority,
            key=uuid4(),
            at=at,
            files=keys,
        )

    def ago(self, minutes: int) -> datetime:
        """Return the instant from which so many minutes of business time have passed until now."""
        return self.office.lead(self.now, minutes * 60)

    def within(self, ticket: Ticket, share: float) -> datetime:
        """Return when that share of the promised time was used up; without a promise, of nine hours."""
        agreement = agreement_in_force(ticket.submitted_at)
        promise = quote(
            agreement,
            plan=ticket.plan,
            priority=ticket.priority,
            environment=ticket.environment,
            stage="released",
            at=ticket.submitted_at,
        )
        if promise.target is None:
            return self.office.deadline(ticket.submitted_at, int(9 * HOUR * share))
        calendar = agreement.calendar(promise.target.hours)
        return calendar.deadline(ticket.submitted_at, int(promise.target.seconds * share))


def tell_together(tellings: Iterable[Telling]) -> None:
    """Tell stories side by side, so that the later of two tickets has the higher number."""
    waiting = [(next(telling), number, telling) for number, telling in enumerate(tellings)]
    heapq.heapify(waiting)
    while waiting:
        at, number, telling = heapq.heappop(waiting)
        try:
            heapq.heappush(waiting, (telling.send(at), number, telling))
        except StopIteration:
            continue
