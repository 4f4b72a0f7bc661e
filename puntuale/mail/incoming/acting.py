"""Doing what was decided about a mail: the verbs of the tickets, and what the mail's row says, in one transaction."""

import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from puntuale.agreements.reading import agreement_in_force
from puntuale.guarantee.visible import is_visible, one_line
from puntuale.mail.incoming import folding, known
from puntuale.mail.incoming.contents import Contents, FoundFile
from puntuale.mail.incoming.deciding import Decision, Deed
from puntuale.mail.incoming.folding import Folding
from puntuale.mail.models import Bounce, Incoming, MailedMessage, Outcome, Proof
from puntuale.people.email import normalised
from puntuale.people.models import Person
from puntuale.sending.models import Intent
from puntuale.tickets import attachments, conversation, limits, texts
from puntuale.tickets.attachments import FileRefused
from puntuale.tickets.limits import TooMany
from puntuale.tickets.models import Message, Ticket
from puntuale.tickets.rights import ClosedForGood
from puntuale.tickets.submission import take

OUTCOMES = {
    Deed.OPEN: Outcome.OPENED,
    Deed.JOIN: Outcome.JOINED,
    Deed.ANSWER: Outcome.JOINED,
    Deed.NOTE: Outcome.NOTED,
    Deed.BOUNCE: Outcome.BOUNCED,
    Deed.IGNORE: Outcome.IGNORED,
    Deed.REVIEW: Outcome.REVIEW,
}
SETTLED = (
    "received_at", "outcome", "because", "person", "ticket", "sender", "subject", "text", "try_at", "problem",
    "settled_at", "settled_by", "proof",
)  # fmt: skip
SHOWN_TEXT = 20_000
MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,318}>", re.ASCII)
"""What can be written into a header of ours as it came."""
CHUNK = 1_000_000

log = logging.getLogger("puntuale.mail")


def key_of(mail: Incoming) -> UUID:
    """Return the key under which a mail is written on a ticket, the same however often it is tried."""
    return uuid5(NAMESPACE_OID, f"puntuale mail {mail.mailbox} {mail.message_id} {mail.content}")


def act(
    mail: Incoming,
    decision: Decision,
    contents: Contents,
    folder: Path,
    *,
    person: Person | None,
    letters: Sequence[Intent],
    at: datetime,
) -> None:
    """Do what was decided about a locked mail, in the caller's transaction."""
    mail.received_at = _start(mail, contents)
    contents = with_own_words(contents, decision.ticket, person, letters)
    if decision.deed is Deed.ANSWER and not texts.says_something(_written(contents)):
        # Nothing is said to the customer, so that it is no answer: colleagues find it among the notes.
        decision = replace(decision, deed=Deed.NOTE)
    mail.outcome, mail.because = OUTCOMES[decision.deed], decision.because
    mail.person, mail.ticket_id = person, decision.ticket
    if decision.deed in {Deed.OPEN, Deed.JOIN, Deed.ANSWER, Deed.NOTE}:
        assert person is not None
        try:
            with transaction.atomic():
                message, left_out = write(mail, decision, contents, folder, person, at=mail.received_at)
        except ClosedForGood:
            mail.outcome, mail.because = Outcome.REVIEW, "ticket_over"
        except TooMany:
            mail.outcome, mail.because = Outcome.REVIEW, "too_many"
        else:
            mail.ticket = message.ticket
            remember(mail, message, decision, contents, left_out)
    elif decision.deed is Deed.BOUNCE:
        _note_bounce(mail, contents, letters[0], at)
    settle(mail, contents, at=at)


def with_own_words(
    contents: Contents, ticket: int | None, person: Person | None, letters: Sequence[Intent]
) -> Contents:
    """Return what a mail says with nothing folded of it, but a signature, unless all it quotes is known to the desk."""
    folded = Folding(contents.own_lines, contents.quoted_from, contents.quoted_to)
    if folded.quoted_from >= folded.quoted_to:
        return contents
    quoted = contents.text.split("\n")[folded.quoted_from : folded.quoted_to]
    told = folding.told_before(quoted, contents.subject)
    if ticket is not None and person is not None and known.on_ticket(ticket, person, letters).holds(told):
        return contents
    shown = folding.unfolded(contents.text, folded)
    return replace(contents, own_lines=shown.own_lines, quoted_from=shown.quoted_from, quoted_to=shown.quoted_to)


def settle(mail: Incoming, contents: Contents, *, at: datetime, by: Person | None = None) -> None:
    """Write down what became of a mail. Its text is kept in the row only where it stands in no message."""
    mail.sender, mail.subject = normalised(contents.sender)[:320], contents.subject
    in_message = mail.outcome in {Outcome.OPENED, Outcome.JOINED, Outcome.NOTED}
    mail.text = "" if in_message else contents.text[:SHOWN_TEXT]
    mail.try_at, mail.problem, mail.settled_at, mail.settled_by = None, "", at, by
    mail.save(update_fields=SETTLED)


def open_ticket(
    mail: Incoming, contents: Contents, folder: Path, *, requester: Person, by: Person, at: datetime
) -> tuple[Ticket, list[str]]:
    """Return the ticket that a mail opens, with the default priority and the plan of its sender.

    Its clock starts when the mail came, whenever somebody gets to it.
    """
    files, left_out = taken_files(contents, folder, by, at)
    agreement = agreement_in_force(at)
    with override(requester.language):
        subject, body = one_line(contents.subject) or _("(no subject)"), _body(contents)
    ticket = take(
        requester=requester,
        subject=subject,
        body=body,
        environment=agreement.environments[0].key,
        product=None,
        priority=None,
        key=key_of(mail),
        at=at,
        by=by,
        since=mail.received_at if mail.received_at < at else None,
        files=files,
        is_plain=contents.is_plain,
        is_unproven=by == requester and mail.proof == Proof.NONE,
    )
    return ticket, left_out


def remember(mail: Incoming, message: Message, decision: Decision, contents: Contents, left_out: list[str]) -> None:
    """Write down that a message came by mail."""
    lines = message.body.count("\n") + 1
    MailedMessage.objects.get_or_create(
        incoming=mail,
        defaults={
            "message": message,
            "proof": decision.proof,
            "own_lines": min(contents.own_lines or lines, lines),
            "left_out": left_out,
            "reference": contents.message_id if MESSAGE_ID.fullmatch(contents.message_id) else "",
        },
    )


def taken_files(contents: Contents, folder: Path, person: Person, at: datetime) -> tuple[list[str], list[str]]:
    """Return the keys of the files of a mail, taken in like those of a form, and the names of what cannot be taken."""
    keys, left_out = [], list(contents.left_out)
    for file in contents.files:
        try:
            keys.append(_taken_in(file, folder, person, at))
        except FileRefused as problem:
            left_out.append(problem.name)
    return keys, left_out


def _start(mail: Incoming, contents: Contents) -> datetime:
    """Return when the promise starts: the stamp of the trusted server, unless that is later than we had the mail."""
    stamp = contents.stamp
    return min(stamp, mail.kept_at) if stamp else mail.kept_at


def write(
    mail: Incoming, decision: Decision, contents: Contents, folder: Path, person: Person, *, at: datetime
) -> tuple[Message, list[str]]:
    """Return the message that a mail becomes, and the names of files that could not be taken.

    Raises what the verbs of the tickets raise.
    """
    if decision.deed is Deed.OPEN:
        if decision.proof is Proof.NONE and contents.files:
            # Anybody can write such mail: half of what the customer may send is left to them.
            limits.refuse_too_many_files(person, at=at, share=2)
        ticket, left_out = open_ticket(mail, contents, folder, requester=person, by=person, at=at)
        return ticket.messages.order_by("pk")[0], left_out
    assert decision.ticket is not None
    ticket = Ticket.objects.get(pk=decision.ticket)
    files, left_out = taken_files(contents, folder, person, at)
    verb = {Deed.JOIN: conversation.follow_up, Deed.ANSWER: conversation.answer, Deed.NOTE: conversation.note}
    with override(person.language):
        # What an agent quotes may be a note; only what they wrote goes out, all of it.
        body = _body(contents) if decision.deed is Deed.JOIN else _own(contents)
    is_plain = contents.is_plain
    key = key_of(mail)
    written = verb[decision.deed](ticket, body=body, by=person, at=at, files=files, key=key, is_plain=is_plain)
    return written, left_out


def _note_bounce(mail: Incoming, contents: Contents, letter: Intent, at: datetime) -> None:
    Bounce.objects.get_or_create(
        incoming=mail,
        defaults={
            "intent": letter,
            "ticket_id": mail.ticket_id,
            "at": at,
            "status": contents.status,
            "said": contents.said or contents.text[:1_000],
        },
    )


def _body(contents: Contents) -> str:
    return _seen(contents.text, contents)


def _own(contents: Contents) -> str:
    return _seen(_written(contents) or contents.text, contents)


def _written(contents: Contents) -> str:
    """Return all that was written, a signature along with it, but for a quote of what the desk knows."""
    if contents.quoted_from >= contents.quoted_to:
        return contents.text
    return "\n".join(contents.text.split("\n")[: contents.quoted_from]).strip("\n")


def _seen(text: str, contents: Contents) -> str:
    """Return a text that can be seen. What is only markup stays below the words that say so."""
    is_seen = is_visible(text) if contents.is_plain else texts.is_seen(text)
    return text if is_seen else "\n\n".join([_("(no text)"), text]).strip()


def _taken_in(file: FoundFile, folder: Path, person: Person, at: datetime) -> str:
    with (folder / Path(file.path).name).open("rb") as source:
        chunks = iter(lambda: source.read(CHUNK), b"")
        return attachments.take_in(file.name, chunks, by=person, at=at).key
