"""What an event is called in a chat: one line in the desk's language, and where it leads."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from puntuale.agreements import desk
from puntuale.guarantee import zones
from puntuale.looks.happenings import happening
from puntuale.sending.letters import Letter
from puntuale.tickets import timeline
from puntuale.tickets.models import Event, PromiseMade, Ticket
from puntuale.webhooks.catalogue import MISSED
from puntuale.webhooks.models import Delivery
from puntuale.wording import moments


def letter_of(delivery: Delivery, at: datetime) -> Letter:
    """Return what a chat is told. Its people work for the vendor, but need not see what was written."""
    language = desk.settings().language
    with translation.override(language):
        if delivery.event is not None:
            ticket, said = delivery.event.ticket, _what_happened(delivery.event)
        elif delivery.promise is not None:
            ticket, said = delivery.promise.ticket, _alarm(delivery, delivery.promise, language, at)
        else:
            return Letter(_("Puntuale tells this chat what happens from now on."), "", settings.BASE_URL)
        return Letter(_headline(ticket, said), "", settings.BASE_URL + reverse("desk_ticket", args=[ticket.number]))


def _headline(ticket: Ticket, said: str) -> str:
    told = {"number": ticket.number, "priority": ticket.priority, "said": said, "subject": ticket.subject}
    return _("#%(number)s P%(priority)s %(subject)s - %(said)s") % told


def _what_happened(event: Event) -> str:
    told = timeline.entries_of([event])
    return happening(told[0]).text


def _alarm(delivery: Delivery, promise: PromiseMade, language: str, at: datetime) -> str:
    if delivery.type == MISSED or promise.due_at is None:
        return _("the promise was missed")
    due = moments.near(promise.due_at, language, zones.zone(desk.settings().zone_name), now=at)
    return _("due %(due)s") % {"due": due}
