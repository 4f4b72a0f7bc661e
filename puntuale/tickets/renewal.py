"""Letting a new version of the agreement bring open promises forward, when a manager asks for that (rule 11)."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from puntuale.agreements.models import Publication
from puntuale.agreements.reading import agreement_published_as, publication_in_force
from puntuale.people import audit
from puntuale.people.models import Person
from puntuale.tickets.coverage import ASKED, bring_forward
from puntuale.tickets.foresight import FORWARD, foresee
from puntuale.tickets.models import Kind, Ticket
from puntuale.tickets.rights import managers_only

followers: list[Callable[[Publication, Person], None]] = []
"""What is told that a manager asked, in the transaction in which she does. Wired where everything is put together."""


class NotInForce(ValueError):
    """Only the version in force may bring promises forward: it is what a ticket sent now would have."""


def ask(publication: Publication, *, by: Person, at: datetime, address: str = "") -> None:
    """Ask that the version in force bring open promises forward. Raises NotAManager, NotInForce."""
    managers_only(by)
    if publication_in_force(at).pk != publication.pk:
        raise NotInForce(publication.version)
    with transaction.atomic():
        told = f"agreement version {publication.version}"
        audit.record(ASKED, by=by, at=at, about=told, address=address, version=publication.version)
        for follower in followers:
            follower(publication, by)


def renew(publication: Publication, *, by: Person, at: datetime) -> list[Ticket]:
    """Return the open tickets that a version brings forward, after doing so: each in a transaction of its own.

    Nothing ever gets later, and no guarantee is taken away. Doing it twice changes nothing more.
    """
    foreseen = foresee(agreement_published_as(publication), at=at)
    numbers = dict.fromkeys(one.ticket for one in foreseen.moved if one.direction in FORWARD)
    tickets, told = Ticket.objects.filter(pk__in=numbers).order_by("pk"), {"version": publication.version}
    brought = [bring_forward(ticket, Kind.RENEWED, told, by=by, at=at) for ticket in tickets.iterator()]
    return [ticket for ticket in brought if ticket is not None]
