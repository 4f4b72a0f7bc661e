"""What customers think of the answer."""

from datetime import datetime

from django.db import transaction

from puntuale.people.models import Person
from puntuale.tickets import texts
from puntuale.tickets.events import locked, record
from puntuale.tickets.models import Kind, Rating, Ticket
from puntuale.tickets.rights import customers_only
from puntuale.tickets.waiting import NotAnsweredYet


def rate(ticket: Ticket, *, good: bool, comment: str, by: Person, at: datetime) -> Rating:
    """Return what a customer thought of the answer; saying it again takes the place of the first.

    Raises NotTheCustomer, NotAnsweredYet, TextRefused.
    """
    customers_only(by, ticket)
    said = texts.explanation(comment, field="comment", may_be_empty=True)
    with transaction.atomic():
        ticket = locked(ticket)
        if ticket.answered_at is None:
            raise NotAnsweredYet(ticket.pk)
        rating, _ = Rating.objects.update_or_create(
            ticket=ticket, by=by, defaults={"good": good, "comment": said, "at": at}
        )
        record(ticket, Kind.RATED, at=at, by=by, facts={"good": good})
        return rating
