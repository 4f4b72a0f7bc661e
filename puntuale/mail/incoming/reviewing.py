"""Mail that became no message: a manager reads it, and says what becomes of it. Nothing of it is ever lost.

Most of it waits for just that. What was ignored as the mail of a program, letters that came back and what was archived
are listed as well, each with its reason, since a person may have written it nevertheless.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from puntuale.mail.incoming import acting, facts, handling, keeping
from puntuale.mail.incoming.contents import Contents
from puntuale.mail.incoming.deciding import Decision, Deed
from puntuale.mail.incoming.html import as_markdown
from puntuale.mail.models import Incoming, Outcome, Proof
from puntuale.people import audit
from puntuale.people.models import Person
from puntuale.tickets import conversation
from puntuale.tickets.models import Ticket
from puntuale.tickets.rights import NotTheCustomer, managers_only
from puntuale.tickets.submission import NotACustomer

WAITING, IGNORED, RETURNED, ARCHIVED = "waiting", "ignored", "returned", "archived"
SORTS = {
    WAITING: Q(outcome=Outcome.REVIEW) | Q(outcome="", try_at=None),
    IGNORED: Q(outcome=Outcome.IGNORED),
    RETURNED: Q(outcome=Outcome.BOUNCED),
    ARCHIVED: Q(outcome=Outcome.DISMISSED),
}
"""What became no message, by what it is instead."""
REASONS = ("spam", "not_ours", "done")
"""Why a mail is put away without a ticket."""


class Settled(ValueError):
    """Somebody else has said what becomes of it."""


class NoReason(ValueError):
    """That is none of the reasons."""


def waiting() -> QuerySet[Incoming]:
    """Return what waits for a person, the latest first: mail in review, and mail that could not be looked into."""
    return of_sort(WAITING)


def of_sort(sort: str, because: str = "") -> QuerySet[Incoming]:
    """Return mail of a sort that became no message, for one reason or for any, the latest first."""
    found = Incoming.objects.filter(SORTS[sort], forgotten_at=None).order_by("-pk")
    return found.filter(because=because) if because else found


def counts() -> dict[str, dict[str, int]]:
    """Return how many mails there are of each sort, by their reasons, the most frequent first."""
    found: dict[str, dict[str, int]] = {}
    for sort, which in SORTS.items():
        mails = Incoming.objects.filter(which, forgotten_at=None)
        told = mails.values("because").annotate(count=Count("pk")).order_by("-count", "because")
        found[sort] = dict(told.values_list("because", "count"))
    return found


def open_for(mail: Incoming, person: Person, *, by: Person, at: datetime) -> Ticket:
    """Return the ticket that a mail opens for a customer. Its clock starts when the mail came, however long it waited.

    Raises NotAManager, NotACustomer, Settled, Unreadable, and what taking a ticket raises.
    """
    managers_only(by)
    if person.organisation_id is None or not person.is_active:
        raise NotACustomer(person.pk)
    with _read(mail) as (said, folder), transaction.atomic():
        mail, contents = _locked(mail), acting.with_own_words(said, None, person, ())
        ticket, left_out = acting.open_ticket(mail, contents, folder, requester=person, by=by, at=at)
        mail.outcome, mail.ticket, mail.person = Outcome.OPENED, ticket, person
        decision = Decision(Deed.OPEN, proof=Proof.PERSON)
        acting.remember(mail, ticket.messages.order_by("pk")[0], decision, contents, left_out)
        acting.settle(mail, contents, at=at, by=by)
        audit.record("mail_opened", by=by, at=at, about=f"mail {mail.pk}", ticket=ticket.pk)
    return ticket


def join(mail: Incoming, ticket: Ticket, *, by: Person, at: datetime) -> Ticket:
    """Write a mail on a ticket as a message of its sender, and return the ticket where it stands now.

    Raises NotAManager, NotTheCustomer for a sender who takes no part in it, Settled, Unreadable, what writing raises.
    """
    managers_only(by)
    with _read(mail) as (said, folder), transaction.atomic():
        mail, person = _locked(mail), facts.person_of(said)
        if person is None:
            raise NotTheCustomer(said.sender)
        decision = Decision(Deed.JOIN, ticket=ticket.pk, proof=Proof.PERSON)
        contents = acting.with_own_words(said, ticket.pk, person, facts.letters_of(said))
        message, left_out = acting.write(mail, decision, contents, folder, person, at=at)
        mail.outcome, mail.ticket, mail.person = Outcome.JOINED, message.ticket, person
        acting.remember(mail, message, decision, contents, left_out)
        acting.settle(mail, contents, at=at, by=by)
        audit.record("mail_joined", by=by, at=at, about=f"mail {mail.pk}", ticket=message.ticket.pk)
    return message.ticket


def attach(mail: Incoming, ticket: Ticket, *, by: Person, at: datetime) -> None:
    """Write a mail on a ticket as a note between colleagues, with its files.

    Raises NotAManager, Settled, Unreadable.
    """
    managers_only(by)
    with _read(mail) as (contents, folder), transaction.atomic():
        mail = _locked(mail)
        files, left_out = acting.taken_files(contents, folder, by, at)
        heading = f"{contents.sender}\n{contents.subject}"
        said = f"{heading if contents.is_plain else as_markdown(heading)}\n\n{contents.text}"
        key = acting.key_of(mail)
        note = conversation.note(ticket, body=said, by=by, at=at, files=files, key=key, is_plain=contents.is_plain)
        mail.outcome, mail.ticket = Outcome.NOTED, ticket
        decision = Decision(Deed.NOTE, proof=Proof.PERSON)
        acting.remember(mail, note, decision, contents, left_out)
        acting.settle(mail, contents, at=at, by=by)
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


@contextmanager
def _read(mail: Incoming) -> Iterator[tuple[Contents, Path]]:
    """Give what a mail says and its files, read before anything is locked. Raises Unreadable."""
    reader = handling.new_reader()
    try:
        with reader.read(keeping.path_of(mail.digest)) as (contents, folder):
            yield facts.seen_through(contents), folder
    finally:
        reader.stop()


def _locked(mail: Incoming) -> Incoming:
    some = Q(*SORTS.values(), _connector=Q.OR)
    found = Incoming.objects.select_for_update(of=("self",)).filter(some, pk=mail.pk, forgotten_at=None).first()
    if found is None:
        raise Settled(mail.pk)
    return found
