"""Reading tickets: who may see which, what they say, and how their promises stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Q, QuerySet

from puntuale.agreements.reading import agreement_published_as
from puntuale.guarantee.agreement import Agreement, Metric, Reason
from puntuale.guarantee.calendars import Calendar
from puntuale.guarantee.pauses import elapsed_around
from puntuale.guarantee.promise import Course, State
from puntuale.guarantee.reckoning import Reckoning, reckon
from puntuale.guarantee.targets import Target
from puntuale.people.models import Person, Role
from puntuale.tickets.models import Audience, Message, PromiseEnding, PromiseMade, Ticket
from puntuale.tickets.stored import by_metric, course_of, pauses_of, target_of

MOST_FOLLOWED = 1_000


def visible_to(person: Person) -> QuerySet[Ticket]:
    """Return the tickets a person may see. Every door starts here; what is not in it does not exist for her.

    A customer sees her own and those she follows, an administrator of an organisation all of it, whoever works for the
    vendor everything. Nobody follows a ticket of another organisation.
    """
    if not person.is_active:
        return Ticket.objects.none()
    if person.works_for_vendor:
        return Ticket.objects.all()
    ours = Ticket.objects.filter(organisation=person.organisation_id)
    return ours if person.role == Role.ORGANISATION_ADMIN else ours.filter(_concerns(person))


def her_own(person: Person) -> QuerySet[Ticket]:
    """Return the tickets that a person sent or follows, among those she may see."""
    seen = visible_to(person)
    return seen.filter(_concerns(person)) if person.role == Role.ORGANISATION_ADMIN else seen


def _concerns(person: Person) -> Q:
    # Asked for first: as a subquery beside an OR it would keep the database from using an index for either.
    followed = list(person.follows.order_by("-since").values_list("ticket_id", flat=True)[:MOST_FOLLOWED])
    return Q(requester=person) | Q(pk__in=followed)


def messages_for(person: Person, ticket: Ticket) -> QuerySet[Message]:
    """Return the messages of a ticket a person may read, in order, with those of the tickets merged into it.

    Notes are for those who work for the vendor.
    """
    return messages_of(with_merged(ticket), to=person)


def messages_of(numbers: Sequence[int], *, to: Person) -> QuerySet[Message]:
    """Return, in order, what a person may read of the messages of tickets she may see."""
    messages = Message.objects.filter(ticket__in=numbers).select_related("author").order_by("written_at", "pk")
    return messages if to.works_for_vendor else messages.filter(audience=Audience.PUBLIC)


def with_merged(ticket: Ticket) -> list[int]:
    """Return the numbers of a ticket and of all that were merged into it, directly or by way of another."""
    found, latest = [ticket.number], [ticket.number]
    while latest := list(Ticket.objects.filter(merged_into__in=latest).values_list("pk", flat=True)):
        found += latest
    return found


@dataclass(frozen=True)
class Standing:
    """A ticket and how one metric of it stands at an instant. `rows` are all its promises for it, in order.

    What people are told is the promise that counts now, or the one that was missed before, since a miss stays.
    """

    ticket: Ticket
    rows: Sequence[PromiseMade]
    at: datetime
    goals: Sequence["Standing"] = ()

    @cached_property
    def course(self) -> Course:
        """Return all that was promised and how it ended."""
        return course_of(self.rows)

    @cached_property
    def promise(self) -> PromiseMade:
        """Return the promise that people are told."""
        return self.rows[self.course.counts]

    @property
    def latest(self) -> PromiseMade:
        """Return the last promise made: the same, unless an earlier one was missed."""
        return self.rows[-1]

    @property
    def agreement(self) -> Agreement:
        """Return the version of the agreement it was promised under."""
        return agreement_published_as(self.promise.publication)

    @property
    def metric(self) -> Metric:
        """Return what is measured."""
        return Metric(self.promise.metric)

    @property
    def ending(self) -> PromiseEnding | None:
        """Return how the last promise ended, or None while it is owed."""
        return getattr(self.latest, "ending", None)

    @property
    def is_owed(self) -> bool:
        """Tell whether an answer, or whatever is measured, is still owed by a time, missed or not."""
        return self.course.owed_by is not None

    @cached_property
    def state(self) -> State:
        """Return running, paused, missed, met, met late, no guarantee, cancelled or merged."""
        return self.course.state(at=self.at)

    @property
    def reason(self) -> Reason | None:
        """Return why there is no guarantee, or None when there is one."""
        return Reason(self.promise.no_guarantee) if self.promise.no_guarantee else None

    @property
    def target(self) -> Target | None:
        """Return what was promised, or None without a guarantee."""
        return target_of(self.promise)

    @property
    def calendar(self) -> Calendar | None:
        """Return the clock the promise is counted on, or None without a guarantee."""
        return self.agreement.calendar(self.promise.hours) if self.promise.hours else None

    @property
    def remaining(self) -> int:
        """Return the open seconds until it is due, or that a paused goal has left; none in any other state."""
        if self.calendar is None or self.promise.due_at is None:
            return 0
        if self.state is State.RUNNING:
            return self.calendar.elapsed(self.at, self.promise.due_at)
        if self.state is State.PAUSED and self.ending is not None and self.promise.target_seconds is not None:
            pauses = pauses_of(self.promise)
            counted = elapsed_around(self.calendar, self.promise.start_at, self.ending.at, pauses)
            return self.promise.target_seconds - counted
        return 0

    @cached_property
    def reckoning(self) -> Reckoning | None:
        """Return the due instant as a worked sum, or None without a guarantee."""
        if self.calendar is None or self.promise.due_at is None or self.target is None:
            return None
        return reckon(
            self.calendar,
            start=self.promise.start_at,
            due=self.promise.due_at,
            target=self.target,
            pauses=pauses_of(self.promise),
        )


def standings(tickets: Sequence[Ticket], *, at: datetime) -> list[Standing]:
    """Return how the promises of some tickets stand, in the same order, with one query for all of them.

    Each is that of the first response, with those of the ticket's goals.
    """
    made = PromiseMade.objects.filter(ticket__in=[ticket.pk for ticket in tickets])
    made = made.select_related("ending", "publication").defer("publication__source", "publication__document")
    rows: dict[int, list[PromiseMade]] = {}
    for promise in made:
        rows.setdefault(promise.ticket_id, []).append(promise)
    return [_standing(ticket, rows[ticket.pk], at) for ticket in tickets]


def each_metric(found: Iterable[Standing]) -> dict[tuple[int, str], Standing]:
    """Return how each metric of some tickets stands, by the ticket's number and the metric."""
    return {(one.ticket.pk, one.metric.value): one for first in found for one in (first, *first.goals)}


def told_of(made: PromiseMade) -> PromiseMade:
    """Return the promise that people are told where one is owed: one that was missed before, since a miss stays."""
    if made.number == 1:
        return made
    line = PromiseMade.objects.filter(ticket=made.ticket_id, metric=made.metric, number__lte=made.number)
    rows = list(line.select_related("ending").order_by("number"))
    return rows[course_of(rows).counts]


def first_responses(tickets: Sequence[Ticket]) -> list[Course]:
    """Return what was promised as the first response to each of some tickets and how that ended, in no order."""
    return list(first_responses_of({ticket.pk for ticket in tickets}).values())


def first_responses_of(numbers: set[int]) -> dict[int, Course]:
    """Return what was promised as the first response to the tickets with some numbers, and how that ended."""
    found = PromiseMade.objects.filter(ticket__in=numbers, metric=Metric.FIRST_RESPONSE)
    made = found.select_related("ending").order_by("number") if numbers else ()
    rows: dict[int, list[PromiseMade]] = {}
    for promise in made:
        rows.setdefault(promise.ticket_id, []).append(promise)
    return {ticket: course_of(promises) for ticket, promises in rows.items()}


def _standing(ticket: Ticket, rows: list[PromiseMade], at: datetime) -> Standing:
    found = by_metric(rows)
    first = found.pop(Metric.FIRST_RESPONSE)
    goals = tuple(Standing(ticket, found[metric], at) for metric in Metric if metric in found)
    return Standing(ticket, first, at, goals)
