"""Reading tickets: who may see which, in what order, and how their promises stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from puntuale.agreements.reading import agreement_published_as
from puntuale.guarantee.agreement import Agreement, Reason
from puntuale.guarantee.calendars import Calendar
from puntuale.guarantee.promise import State, Verdict, state
from puntuale.guarantee.reckoning import Reckoning, reckon
from puntuale.guarantee.targets import Target
from puntuale.people.models import Person, Role
from puntuale.tickets.models import Audience, Message, PromiseEnding, PromiseMade, Ticket


def visible_to(person: Person) -> QuerySet[Ticket]:
    """Return the tickets a person may see. Every door starts here; what is not in it does not exist for her.

    A customer sees her own, an administrator of an organisation all of it, whoever works for the vendor everything.
    """
    if not person.is_active:
        return Ticket.objects.none()
    if person.works_for_vendor:
        return Ticket.objects.all()
    if person.role == Role.ORGANISATION_ADMIN:
        return Ticket.objects.filter(organisation=person.organisation)
    return Ticket.objects.filter(requester=person, organisation=person.organisation)


def messages_for(person: Person, ticket: Ticket) -> QuerySet[Message]:
    """Return the messages of a ticket a person may read, in order. Notes are for those who work for the vendor."""
    messages = ticket.messages.select_related("author").order_by("pk")
    return messages if person.works_for_vendor else messages.filter(audience=Audience.PUBLIC)


def queue(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Return those still waiting for an answer in the order in which promises fall due: missed first, none last."""
    return tickets.filter(answered_at=None).order_by("due_at", "pk")


def answered(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Return those that have been answered, latest first."""
    return tickets.filter(answered_at__isnull=False).order_by("-answered_at", "-pk")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tickets wait: missed, due within the hour, without a guarantee, and all together."""

    missed: int
    within_the_hour: int
    no_guarantee: int
    waiting: int


def counts(tickets: QuerySet[Ticket], *, at: datetime) -> Counts:
    """Return how many wait. Looks at open tickets only, however many were answered before."""
    hour = at + timedelta(hours=1)
    found = tickets.filter(answered_at=None).aggregate(
        missed=Count("pk", filter=Q(due_at__lt=at)),
        within_the_hour=Count("pk", filter=Q(due_at__gte=at, due_at__lt=hour)),
        no_guarantee=Count("pk", filter=Q(due_at=None)),
        waiting=Count("pk"),
    )
    return Counts(**found)


@dataclass(frozen=True, slots=True)
class Standing:
    """A ticket and how its promise stands at an instant, under the agreement it was made under."""

    ticket: Ticket
    promise: PromiseMade
    ending: PromiseEnding | None
    agreement: Agreement
    at: datetime

    @property
    def state(self) -> State:
        """Return running, missed, met, met late or no guarantee."""
        verdict = Verdict(self.ending.verdict) if self.ending else None
        return state(self.promise.due_at, verdict, at=self.at)

    @property
    def reason(self) -> Reason | None:
        """Return why there is no guarantee, or None when there is one."""
        return Reason(self.promise.no_guarantee) if self.promise.no_guarantee else None

    @property
    def target(self) -> Target | None:
        """Return what was promised, or None without a guarantee."""
        if self.promise.target_seconds is None:
            return None
        written = self.promise.target.split(" ", maxsplit=1)[0]
        return Target(self.promise.target_seconds, self.promise.hours, written)

    @property
    def calendar(self) -> Calendar | None:
        """Return the clock the promise is counted on, or None without a guarantee."""
        return self.agreement.calendar(self.promise.hours) if self.promise.hours else None

    @property
    def remaining(self) -> int:
        """Return the open seconds until the promise is due; none once it is due, answered, or without a guarantee."""
        if self.state is not State.RUNNING or self.calendar is None or self.promise.due_at is None:
            return 0
        return self.calendar.elapsed(self.at, self.promise.due_at)

    @property
    def reckoning(self) -> Reckoning | None:
        """Return the due instant as a worked sum, or None without a guarantee."""
        if self.calendar is None or self.promise.due_at is None or self.target is None:
            return None
        return reckon(self.calendar, start=self.promise.start_at, due=self.promise.due_at, target=self.target)


def standings(tickets: Sequence[Ticket], *, at: datetime) -> list[Standing]:
    """Return how the promises of some tickets stand, in the same order, with one query for all of them."""
    current: dict[int, PromiseMade] = {}
    made = PromiseMade.objects.filter(ticket__in=[ticket.pk for ticket in tickets]).select_related(
        "ending", "publication"
    )
    made = made.defer("publication__source", "publication__document")
    for promise in made.order_by("number"):
        current[promise.ticket_id] = promise
    return [
        Standing(
            ticket,
            current[ticket.pk],
            getattr(current[ticket.pk], "ending", None),
            agreement_published_as(current[ticket.pk].publication),
            at,
        )
        for ticket in tickets
    ]
