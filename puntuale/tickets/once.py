"""A form that arrives twice, by a double click or a lost connection, says what it says once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from puntuale.people.models import Person
from puntuale.tickets import attachments, texts
from puntuale.tickets.models import Audience, Link, Message, Ticket

AGAIN_WITHIN = timedelta(hours=1)


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


def sent_just_now(
    ticket: Ticket, *, body: str, by: Person, audience: Audience, files: Sequence[str], at: datetime
) -> Message | None:
    """Return the latest message on a ticket, when a person sends just that once more; None for anything else.

    Whoever goes back in their browser finds what they sent in the box, and it may come with the key of a newer page.
    """
    lately = Message.objects.filter(author=by, audience=audience, written_at__gt=at - AGAIN_WITHIN)
    latest = lately.select_related("ticket").order_by("-pk").first()
    if latest is None or not _led_to(ticket, latest) or _is_old(latest, ticket):
        return None
    same = latest.body == texts.uniform(body) and attachments.contents(files) == attachments.contents_of(latest)
    return latest if same else None


def _is_old(message: Message, ticket: Ticket) -> bool:
    """Tell whether something was written after a message, or a ticket began with it: then it is meant once more."""
    beside = Message.objects.filter(ticket=message.ticket_id)
    return beside.filter(audience=message.audience, pk__gt=message.pk).exists() or (
        message.ticket_id == ticket.pk and not beside.filter(pk__lt=message.pk).exists()
    )


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
