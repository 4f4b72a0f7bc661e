"""Who may do what to a ticket, and what can no longer be done to one that is closed for good."""

from puntuale.guarantee.facts import Phase
from puntuale.people.models import Person
from puntuale.tickets.models import Ticket


class NotAnAgent(PermissionError):
    """Only people who work for the vendor do that."""


class NotAManager(PermissionError):
    """Only managers do that, and not to what they proposed themselves."""


class NotTheCustomer(PermissionError):
    """Only people of the ticket's organisation do that."""


class ClosedForGood(ValueError):
    """The ticket was merged or cancelled; `phase` says which."""

    def __init__(self, phase: Phase) -> None:
        super().__init__(phase)
        self.phase = phase


def agents_only(person: Person) -> None:
    """Raise NotAnAgent unless the person works for the vendor."""
    if not (person.works_for_vendor and person.is_active):
        raise NotAnAgent(person.pk)


def managers_only(person: Person) -> None:
    """Raise NotAManager unless the person runs the desk."""
    if not (person.manages and person.is_active):
        raise NotAManager(person.pk)


def customers_only(person: Person, ticket: Ticket) -> None:
    """Raise NotTheCustomer unless the person belongs to the ticket's organisation."""
    if person.organisation_id is None or person.organisation_id != ticket.organisation_id or not person.is_active:
        raise NotTheCustomer(person.pk)


def still_alive(ticket: Ticket) -> None:
    """Raise ClosedForGood for a ticket that was merged or cancelled."""
    if ticket.phase in {Phase.MERGED, Phase.CANCELLED}:
        raise ClosedForGood(Phase(ticket.phase))
