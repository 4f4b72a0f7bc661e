"""Reading along: colleagues of the customer, and agents."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from puntuale.people.models import Person
from puntuale.tickets.events import locked, record
from puntuale.tickets.models import Follower, Kind, Ticket
from puntuale.tickets.rights import agents_only, customers_only


def follow(ticket: Ticket, *, person: Person, by: Person, at: datetime) -> Follower:
    """Return that a person reads along: a colleague of the customer in the same organisation, or an agent.

    A customer may add her colleagues, an agent anybody of the two. Nobody of another organisation ever reads along.
    Raises NotTheCustomer, NotAnAgent.
    """
    if not by.works_for_vendor:
        customers_only(by, ticket)
    if person.works_for_vendor:
        # Customers do not choose who of ours reads along.
        agents_only(by)
    else:
        customers_only(person, ticket)
    with transaction.atomic():
        ticket = locked(ticket)
        follower, is_new = Follower.objects.get_or_create(
            ticket=ticket, person=person, defaults={"since": at, "added_by": by}
        )
        if is_new:
            record(ticket, Kind.FOLLOWED, at=at, by=by, facts={"person": person.pk})
        return follower


def unfollow(ticket: Ticket, *, person: Person, by: Person, at: datetime) -> None:
    """Let a person read along no more. Raises NotTheCustomer."""
    if not by.works_for_vendor:
        customers_only(by, ticket)
    with transaction.atomic():
        ticket = locked(ticket)
        gone, _ = Follower.objects.filter(ticket=ticket, person=person).delete()
        if gone:
            record(ticket, Kind.UNFOLLOWED, at=at, by=by, facts={"person": person.pk})


def colleagues(ticket: Ticket, *, besides: Iterable[Person]) -> QuerySet[Person]:
    """Return the people of the ticket's organisation who could read along, by their names, besides those who do."""
    people = Person.objects.filter(organisation=ticket.organisation_id, left_at=None).only("name")
    return people.exclude(pk__in=[ticket.requester_id, *(person.pk for person in besides)])
