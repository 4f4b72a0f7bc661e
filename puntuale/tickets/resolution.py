"""How tickets end: resolved, cancelled for a reason; and how they come back."""

from datetime import datetime, timedelta

from django.db import transaction

from puntuale.agreements.reading import agreement_in_force
from puntuale.guarantee.facts import Phase
from puntuale.people.models import Person
from puntuale.tickets import texts
from puntuale.tickets.coverage import catch_up
from puntuale.tickets.events import locked, record, story_of
from puntuale.tickets.models import Cancellation, Kind, Link, Ticket
from puntuale.tickets.rights import agents_only, customers_only, still_alive
from puntuale.tickets.waiting import NotAnsweredYet, is_woken, waited_before

Because = Cancellation.Because


class TooLateToReopen(ValueError):
    """The window in which the customer may reopen a ticket is over; a new one can point back to it."""


class NotADuplicate(ValueError):
    """A duplicate names another ticket of the same organisation."""


def resolve(ticket: Ticket, *, by: Person, at: datetime) -> Ticket:
    """Return the ticket resolved; one that is stays as it is.

    A ticket nobody has answered cannot be: that would let its promise go. Raises NotAnAgent, NotAnsweredYet,
    ClosedForGood.
    """
    agents_only(by)
    with transaction.atomic():
        ticket = locked(ticket)
        still_alive(ticket)
        if ticket.answered_at is None:
            raise NotAnsweredYet(ticket.pk)
        return _resolved(ticket, by=by, at=at)


def close(ticket: Ticket, *, by: Person, at: datetime) -> Ticket:
    """Return the ticket closed by its customer: resolved once it was answered, else withdrawn.

    What merges brought is owed to others as well, and is not for this one customer to withdraw. Raises NotTheCustomer,
    NotAnsweredYet, ClosedForGood.
    """
    customers_only(by, ticket)
    with transaction.atomic():
        ticket = locked(ticket)
        still_alive(ticket)
        if ticket.answered_at is None:
            if story_of(ticket).debts:
                raise NotAnsweredYet(ticket.pk)
            return _cancelled(ticket, because=Because.WITHDRAWN, text="", of=None, by=by, at=at)
        return _resolved(ticket, by=by, at=at)


def reopen(ticket: Ticket, *, by: Person, at: datetime) -> Ticket:
    """Return the ticket open again. The first response stays as it ended (rule 12).

    So is one that only a merge had opened, and it stays open when that is taken back. A customer may within the
    agreement's window, whoever works for the vendor at any time. Raises NotTheCustomer, TooLateToReopen, ClosedForGood.
    """
    if not by.works_for_vendor:
        customers_only(by, ticket)
    with transaction.atomic():
        ticket = locked(ticket)
        still_alive(ticket)
        if ticket.phase == Phase.RESOLVED or is_woken(ticket, Phase.RESOLVED):
            if not by.works_for_vendor and at > reopens_until(ticket, at=at):
                raise TooLateToReopen(ticket.pk)
            record(ticket, Kind.REOPENED, at=at, by=by, facts={})
        return ticket


def reopens_until(ticket: Ticket, *, at: datetime) -> datetime:
    """Return the last instant at which its customer may reopen a resolved ticket."""
    return ticket.phase_since + timedelta(seconds=agreement_in_force(at).reopen_within)


def cancel(
    ticket: Ticket, *, because: Because, telling: str, by: Person, at: datetime, of: Ticket | None = None
) -> Ticket:
    """Return the ticket cancelled. A promise that was missed stays missed; else it counts beside the rate (rule 12).

    Spam needs no words; for anything else the customer is told why. A duplicate names the ticket it repeats. Raises
    NotAnAgent, TextRefused, NotADuplicate, ClosedForGood.
    """
    agents_only(by)
    said = texts.explanation(telling, may_be_empty=because is Because.SPAM)
    if because is Because.DUPLICATE and (
        of is None or of.pk == ticket.pk or of.organisation_id != ticket.organisation_id
    ):
        raise NotADuplicate(ticket.pk)
    with transaction.atomic():
        ticket = locked(ticket)
        still_alive(ticket)
        return _cancelled(ticket, because=because, text=said, of=of, by=by, at=at)


def restore(ticket: Ticket, *, by: Person, at: datetime) -> Ticket:
    """Return a cancelled ticket to life, with the promise it had. Raises NotAnAgent."""
    agents_only(by)
    with transaction.atomic():
        ticket = locked(ticket)
        if ticket.phase == Phase.CANCELLED:
            since = ticket.phase_since
            record(ticket, Kind.RESTORED, at=at, by=by, facts={"waits": waited_before(ticket, Kind.CANCELLED)})
            catch_up(ticket, since=since, at=at)
        return ticket


def _resolved(ticket: Ticket, *, by: Person, at: datetime) -> Ticket:
    if ticket.phase != Phase.RESOLVED:
        record(ticket, Kind.RESOLVED, at=at, by=by, facts={})
    return ticket


def _cancelled(ticket: Ticket, *, because: Because, text: str, of: Ticket | None, by: Person, at: datetime) -> Ticket:
    facts = {"because": because.value, "of": of.pk if of else None}
    event = record(ticket, Kind.CANCELLED, at=at, by=by, facts=facts)
    Cancellation.objects.create(event=event, ticket=ticket, because=because, text=text, by=by, at=at)
    if of is not None:
        Link.objects.get_or_create(ticket=ticket, origin=of, kind=Link.Kind.DUPLICATES, defaults={"at": at, "by": by})
    return ticket
