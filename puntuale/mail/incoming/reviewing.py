"""Mail that waits for a person: a manager reads it, and says what becomes of it. Nothing of it is ever lost."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from puntuale.mail.incoming import acting, handling, keeping
from puntuale.mail.incoming.deciding import Decision, Deed
from puntuale.mail.models import Incoming, Outcome, Proof
from puntuale.people import audit
from puntuale.people.models import Person
from puntuale.tickets import conversation
from puntuale.tickets.models import Ticket
from puntuale.tickets.rights import managers_only
from puntuale.tickets.submission import NotACustomer

REASONS = ("spam", "not_ours", "done")
"""Why a mail is put away without a ticket."""


class Settled(ValueError):
    """Somebody else has said what becomes of it."""


class NoReason(ValueError):
    """That is none of the reasons."""


def waiting() -> QuerySet[Incoming]:
    """Return what waits for a person, the latest first: mail in review, and mail that could not be looked into."""
    found = Incoming.objects.filter(Q(outcome=Outcome.REVIEW) | Q(outcome="", try_at=None))
    return found.filter(forgotten_at=None).order_by("-pk")


def open_for(mail: Incoming, person: Person, *, by: Person, at: datetime) -> Ticket:
    """Return the ticket that a mail opens for a customer. Its clock starts when the mail came, however long it waited.

    Raises NotAManager, NotACustomer, Settled, and what taking a ticket raises.
    """
    managers_only(by)
    if person.organisation_id is None or not person.is_active:
        raise NotACustomer(person.pk)
    with transaction.atomic():
        mail = _locked(mail)
        reader = handling.new_reader()
        try:
            with reader.read(keeping.path_of(mail.digest)) as (contents, folder):
                ticket, left_out = acting.open_ticket(mail, contents, folder, requester=person, by=by, at=at)
                mail.outcome, mail.ticket, mail.person = Outcome.OPENED, ticket, person
                decision = Decision(Deed.OPEN, proof=Proof.PERSON)
                acting.remember(mail, ticket.messages.order_by("pk")[0], decision, contents, left_out)
                acting.settle(mail, contents, at=at, by=by)
        finally:
            reader.stop()
        audit.record("mail_opened", by=by, at=at, about=f"mail {mail.pk}", ticket=ticket.pk)
    return ticket


def attach(mail: Incoming, ticket: Ticket, *, by: Person, at: datetime) -> None:
    """Write a mail on a ticket as a note between colleagues, with its files. Raises NotAManager, Settled."""
    managers_only(by)
    with transaction.atomic():
        mail = _locked(mail)
        reader = handling.new_reader()
        try:
            with reader.read(keeping.path_of(mail.digest)) as (contents, folder):
                files, left_out = acting.taken_files(contents, folder, by, at)
                said = f"{contents.sender}\n{contents.subject}\n\n{contents.text}"
                note = conversation.note(ticket, body=said, by=by, at=at, files=files, key=acting.key_of(mail))
                mail.outcome, mail.ticket = Outcome.NOTED, ticket
                decision = Decision(Deed.NOTE, proof=Proof.PERSON)
                acting.remember(mail, note, decision, contents, left_out)
                acting.settle(mail, contents, at=at, by=by)
        finally:
            reader.stop()
        audit.record("mail_attached", by=by, at=at, about=f"mail {mail.pk}", ticket=ticket.pk)


def dismiss(mail: Incoming, *, because: str, by: Person, at: datetime) -> None:
    """Put a mail away. Raises NotAManager, NoReason, Settled."""
    managers_only(by)
    if because not in REASONS:
        raise NoReason(because)
    with transaction.atomic():
        mail = _locked(mail)
        mail.outcome, mail.because, mail.try_at = Outcome.DISMISSED, because, None
        mail.settled_at, mail.settled_by = at, by
        mail.save(update_fields=["outcome", "because", "try_at", "settled_at", "settled_by"])
        audit.record("mail_dismissed", by=by, at=at, about=f"mail {mail.pk}", because=because)


def look_again(mail: Incoming, *, by: Person, at: datetime) -> None:
    """Let a mail be looked into once more, as if it had just come: its sender may have an account by now.

    Raises NotAManager, Settled.
    """
    managers_only(by)
    with transaction.atomic():
        mail = _locked(mail)
        mail.outcome, mail.because, mail.problem, mail.attempts = "", "", "", 0
        mail.try_at, mail.settled_at = at, None
        mail.save(update_fields=["outcome", "because", "problem", "attempts", "try_at", "settled_at"])
        audit.record("mail_looked_into_again", by=by, at=at, about=f"mail {mail.pk}")


def _locked(mail: Incoming) -> Incoming:
    found = waiting().select_for_update(of=("self",)).filter(pk=mail.pk).first()
    if found is None:
        raise Settled(mail.pk)
    return found
