"""A form that arrives twice, by a double click or a lost connection, says what it says once."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from puntuale.tickets import attachments
from puntuale.tickets.models import Link, Message, Ticket


class KeySpent(ValueError):
    """The key of a form belongs to another message: somebody else's, on another ticket, or with another text."""


def sent_before(message: Message, files: Sequence[str]) -> Message | None:
    """Return the message that was sent with the key of this one, or None. `message.ticket` is locked by the caller.

    Raises KeySpent when that says something else: going back and writing on must not lose what was written.
    """
    before = Message.objects.filter(key=message.key).first() if message.key else None
    if before is not None and not _is_the_same(before, message, files):
        raise KeySpent(message.key)
    return before


def keep(message: Message) -> None:
    """Store a message in the caller's transaction. Raises KeySpent when its key was taken a moment ago elsewhere."""
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError:
        if message.key and Message.objects.filter(key=message.key).exclude(pk=message.pk).exists():
            raise KeySpent(message.key) from None
        raise


def _is_the_same(before: Message, message: Message, files: Sequence[str]) -> bool:
    said = (message.author_id, message.audience, message.body)
    return (
        (before.author_id, before.audience, before.body) == said
        and _led_to(message.ticket, before)
        and attachments.contents(files) == attachments.contents_of(before)
    )


def _led_to(ticket: Ticket, message: Message) -> bool:
    """Tell whether a message is on a ticket, or where that led: merged into another, or closed and gone on anew."""
    while ticket.pk != message.ticket_id and ticket.merged_into is not None:
        ticket = ticket.merged_into
    opened = Link.objects.filter(ticket=message.ticket_id, origin=ticket, kind=Link.Kind.FOLLOWS)
    return ticket.pk == message.ticket_id or opened.exists()
