"""What pages tell of mail: how much of a message is folded, how sure we are of its sender, what stands beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from puntuale.mail.models import Bounce, Incoming, MailedMessage, Outcome
from puntuale.mail.telling import TICKET
from puntuale.sending.models import Intent
from puntuale.tickets.models import Ticket
from puntuale.tickets.timeline import Story

MOST_BESIDE = 50


@dataclass(frozen=True, slots=True)
class Beside:
    """What belongs to a ticket and is no message of it.

    A mail that no person wrote, a letter of ours that came back, or one that no server would take at all.
    """

    at: datetime
    mail: Incoming | None = None
    bounce: Bounce | None = None
    refused: Intent | None = None


def mailed(story: Story) -> dict[int, MailedMessage]:
    """Return, by the keys of its messages, which of a story came by mail, with one query."""
    keys = [entry.message.pk for entry in story.entries if entry.message]
    found = MailedMessage.objects.filter(message__in=keys).select_related("incoming")
    return {one.message_id: one for one in found.defer("incoming__text", "incoming__problem")}


def folded(story: Story, mails: Mapping[int, MailedMessage]) -> Story:
    """Return a story in which what a mail quotes is told from its writer's own words."""
    entries = [
        replace(entry, own_lines=mails[entry.message.pk].own_lines)
        if entry.message and entry.message.pk in mails
        else entry
        for entry in story.entries
    ]
    return replace(story, entries=entries)


def beside(ticket: Ticket, story: Story) -> dict[int, list[Beside]]:
    """Return what stands beside a story, by the key of the event after which it came, for whoever works for the vendor.

    At most the fifty latest; the first event of a story has what came before it as well.
    """
    shown = Incoming.objects.filter(ticket=ticket, outcome__in=(Outcome.IGNORED, Outcome.BOUNCED))
    mails = list(shown.select_related("bounce__intent").order_by("-received_at")[:MOST_BESIDE])
    found: dict[int, list[Beside]] = {}
    for mail in reversed(mails):
        key = _event_before(mail.received_at, story)
        found.setdefault(key, []).append(Beside(mail.received_at, mail, getattr(mail, "bounce", None)))
    for letter in _refused(story):
        found.setdefault(letter.about, []).append(Beside(letter.given_up_at or letter.made_at, refused=letter))
    return found


def _refused(story: Story) -> list[Intent]:
    """Return the letters about a story that could not be delivered, the latest."""
    about = [entry.event.pk for entry in story.entries]
    given_up = Intent.objects.filter(kind=TICKET, about__in=about, given_up_at__isnull=False)
    return list(given_up.order_by("-pk")[:MOST_BESIDE])


def _event_before(at: datetime, story: Story) -> int:
    earlier = [entry.event.pk for entry in story.entries if entry.at <= at]
    return earlier[-1] if earlier else story.entries[0].event.pk if story.entries else 0
