"""Finding what an operation is about, among what whoever asks may see."""

from django.http import Http404
from django.utils.translation import gettext as _

from puntuale.agreements.models import Product
from puntuale.agreements.reading import products_on_offer
from puntuale.api import etags
from puntuale.api.calls import Call
from puntuale.api.problems import Refused, of_field
from puntuale.api.told.tickets import TicketTold
from puntuale.people.models import Person
from puntuale.tickets.events import locked_together
from puntuale.tickets.models import Ticket
from puntuale.tickets.reading import standings, visible_to

RELATED = ("organisation", "requester", "assignee", "product")


def ticket(call: Call, number: int) -> Ticket:
    """Return a ticket that whoever asks may see. What is not hers is not there. Raises Http404."""
    found = visible_to(call.person).select_related(*RELATED).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def ticket_to_change(call: Call, number: int, *others: Ticket) -> Ticket:
    """Return a ticket that is to be changed, if it is still as whoever asks has read it. Raises Http404, Refused.

    `others` are tickets that the change locks as well.
    """
    found = ticket(call, number)
    if etags.expected(call):
        locked_together(found, *others)
        found = ticket(call, number)
        etags.refuse_others(call, etags.of(told(call, found).model_dump_json(by_alias=True)))
    return found


def told(call: Call, found: Ticket) -> TicketTold:
    """Return a ticket as it is told to whoever asks."""
    return TicketTold.told(standings([found], at=call.at)[0], call.person)


def told_anew(call: Call, number: int) -> TicketTold:
    """Return a ticket as it has become. Raises Http404 where what was done put it out of her sight."""
    return told(call, ticket(call, number))


def product(number: int | None, field: str = "body.product") -> Product | None:
    """Return a product that tickets can be about. Raises Refused."""
    if number is None:
        return None
    found = products_on_offer().filter(pk=number).first()
    if found is None:
        raise missing(field)
    return found


def person(number: int, field: str) -> Person:
    """Return a person who is named in a request of the vendor's. Raises Refused."""
    found = Person.objects.select_related("organisation").filter(pk=number, left_at=None).first()
    if found is None:
        raise missing(field)
    return found


def missing(field: str) -> Refused:
    """Return the refusal of a number that leads nowhere."""
    return of_field(field, "number.unknown", _("There is nothing with this number."))
