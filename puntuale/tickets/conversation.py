"""What is said on a ticket after it was sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from puntuale.agreements.reading import agreement_in_force
from puntuale.guarantee.facts import Phase
from puntuale.people.models import Person
from puntuale.tickets import attachments, limits, mentioning, once, searching, texts
from puntuale.tickets.events import locked, locked_together, record
from puntuale.tickets.models import Audience, Kind, Link, Message, Ticket
from puntuale.tickets.rights import agents_only, customers_only, still_alive
from puntuale.tickets.submission import submit

AFTERWARDS = (Phase.OPEN, Phase.WAITING, Phase.RESOLVED)
_MOVES = {Phase.WAITING: Kind.WAITED, Phase.RESOLVED: Kind.RESOLVED}


class NewerMessages(ValueError):
    """Somebody wrote in public meanwhile. `messages` are those the sender had not seen."""

    def __init__(self, messages: Sequence[Message]) -> None:
        super().__init__(len(messages))
        self.messages = messages


def answer(
    ticket: Ticket,
    *,
    body: str,
    by: Person,
    at: datetime,
    then: Phase | None = None,
    files: Sequence[str] = (),
    seen: int | None = None,
    key: UUID | None = None,
    is_plain: bool = False,
) -> Message:
    """Return a public answer. The first one keeps the promise, or ends it late, in the same transaction (rule 7).

    `then` leaves the ticket open, waiting for the customer, or resolved, by the same act: an event of its own, where
    that is a change. Without it the ticket stays as it was. `files` are keys of attachments
    that the sender uploaded. `seen` is the last message that stood before the sender; when somebody else has written in
    public since, nothing is sent. `key` names this form: sent again it gives the message it made the first time, and
    changes nothing. `is_plain` tells that the text is no Markdown. Raises TextRefused, NotAnAgent, ClosedForGood,
    NewerMessages, FilesRefused, KeySpent.
    """
    agents_only(by)
    said = texts.answer(body)
    with transaction.atomic():
        ticket = locked(ticket)
        message = Message(
            ticket=ticket, author=by, audience=Audience.PUBLIC, body=said, written_at=at, key=key, is_plain=is_plain
        )
        if before := once.sent_before(message, files):
            return before
        still_alive(ticket)
        _refuse_unseen(ticket, seen, by)
        _write(message, files)
        facts = {"message": message.pk} | ({"then": then.value} if then in AFTERWARDS else {})
        was = ticket.phase
        record(ticket, Kind.ANSWERED, at=at, by=by, facts=facts)
        _record_move(ticket, was, message)
        return message


def note(
    ticket: Ticket,
    *,
    body: str,
    by: Person,
    at: datetime,
    files: Sequence[str] = (),
    key: UUID | None = None,
    is_plain: bool = False,
) -> Message:
    """Return a note for colleagues, which customers never see and which keeps no promise.

    Colleagues named in it (`@ada`) find it among their mentions. `key` and `is_plain` as in `answer`.
    Raises TextRefused, NotAnAgent, FilesRefused, KeySpent.
    """
    agents_only(by)
    said = texts.body(body, is_plain=is_plain)
    with transaction.atomic():
        ticket = locked(ticket)
        message = Message(
            ticket=ticket, author=by, audience=Audience.INTERNAL, body=said, written_at=at, key=key, is_plain=is_plain
        )
        if before := once.sent_before(message, files):
            return before
        _write(message, files)
        mentioning.mention(message, at=at)
        record(ticket, Kind.NOTED, at=at, by=by, facts={"message": message.pk})
        return message


def follow_up(
    ticket: Ticket,
    *,
    body: str,
    by: Person,
    at: datetime,
    files: Sequence[str] = (),
    key: UUID | None = None,
    is_plain: bool = False,
) -> Message:
    """Return a further message of the customer. It never moves the due time of the first response (rule 7).

    It ends waiting, and reopens a resolved ticket within the agreement's window; later, and on a cancelled ticket, it
    opens a new one that points back. On a merged ticket it goes where that went. `message.ticket` tells where it is.
    `key` and `is_plain` as in `answer`. Raises TextRefused, NotTheCustomer, FilesRefused, KeySpent, TooMany.
    """
    customers_only(by, ticket)
    said = texts.body(body, is_plain=is_plain)
    with transaction.atomic():
        rows = locked_together(ticket)
        ticket = rows[ticket.pk]
        message = Message(
            ticket=ticket, author=by, audience=Audience.PUBLIC, body=said, written_at=at, key=key, is_plain=is_plain
        )
        if before := once.sent_before(message, files):
            return before
        limits.refuse_too_many_messages(by, at=at)
        ticket = message.ticket = _surviving(ticket, rows)
        if _is_over(ticket, at):
            return _anew(message, files)
        _write(message, files)
        facts: dict[str, object] = {"message": message.pk}
        if ticket.phase == Phase.RESOLVED:
            facts["reopens"] = True
        record(ticket, Kind.CUSTOMER_WROTE, at=at, by=by, facts=facts)
        return message


def unseen(ticket: Ticket, *, seen: int, by: Person) -> list[Message]:
    """Return the public messages that others wrote after the last one somebody has seen, in order."""
    newer = ticket.messages.filter(audience=Audience.PUBLIC, pk__gt=seen).exclude(author=by)
    return list(newer.select_related("author").order_by("pk"))


def _refuse_unseen(ticket: Ticket, seen: int | None, by: Person) -> None:
    if seen is not None and (newer := unseen(ticket, seen=seen, by=by)):
        raise NewerMessages(newer)


def _record_move(ticket: Ticket, was: str, message: Message) -> None:
    """Record where an answer left its ticket, if that is not where it was; the promises know it by the answer."""
    if ticket.phase != was:
        back = Kind.REOPENED if was == Phase.RESOLVED else Kind.RESUMED
        kind = _MOVES.get(Phase(ticket.phase), back)
        record(ticket, kind, at=message.written_at, by=message.author, facts={"message": message.pk})


def _write(message: Message, files: Sequence[str]) -> None:
    once.keep(message)
    attachments.send_along(files, message)
    searching.remember(message.ticket, message.body, audience=Audience(message.audience))


def _surviving(ticket: Ticket, rows: Mapping[int, Ticket]) -> Ticket:
    """Return the ticket that a merged one went into, however often it was merged on. `rows` are all of them, locked."""
    while ticket.merged_into_id is not None:
        ticket = rows[ticket.merged_into_id]
    return ticket


def _is_over(ticket: Ticket, at: datetime) -> bool:
    """Tell whether a further message comes too late to reopen the ticket."""
    if ticket.phase == Phase.RESOLVED:
        return at > ticket.phase_since + timedelta(seconds=agreement_in_force(at).reopen_within)
    return ticket.phase == Phase.CANCELLED


def _anew(message: Message, files: Sequence[str]) -> Message:
    """Return the message as the first one of a new ticket, which points back to the one it was written on."""
    origin, by, at = message.ticket, message.author, message.written_at
    new = submit(
        requester=by,
        subject=origin.subject,
        body=message.body,
        environment=origin.environment,
        product=origin.product,
        priority=None,
        key=uuid4(),
        at=at,
        files=files,
        is_plain=message.is_plain,
    )
    Link.objects.create(ticket=new, origin=origin, kind=Link.Kind.FOLLOWS, at=at, by=by)
    first = new.messages.get()
    first.key = message.key
    once.keep(first)
    return first
