"""Forgetting mail: with a person, with a ticket, and in time what came to nothing. That it came stays known."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from puntuale.mail.incoming import keeping
from puntuale.mail.models import Bounce, Incoming, MailedMessage, Outcome
from puntuale.people.models import Person

CAME_TO_NOTHING = (Outcome.IGNORED, Outcome.DISMISSED, Outcome.TAKEN, Outcome.BOUNCED)
LASTS = timedelta(days=90)


def forget_person(person: Person, *, tickets: Collection[int], at: datetime) -> None:
    """Forget what a person sent by mail, and the mails themselves on tickets that may name her."""
    _forget(Incoming.objects.filter(Q(person=person) | Q(sender=person.email)), at)
    forget_tickets(tickets, at=at)
    Bounce.objects.filter(intent__person=person).update(said="")


def forget_tickets(tickets: Collection[int], *, at: datetime) -> None:
    """Forget the mails of some tickets; what their messages say is forgotten where messages are."""
    _forget(Incoming.objects.filter(ticket__in=tickets), at)


def forget_old(*, at: datetime) -> int:
    """Return how many mails were forgotten that came to nothing ninety days ago."""
    return _forget(Incoming.objects.filter(outcome__in=CAME_TO_NOTHING, settled_at__lt=at - LASTS), at)


def _forget(mails: QuerySet[Incoming], at: datetime) -> int:
    with transaction.atomic():
        found = dict(mails.filter(forgotten_at=None).values_list("pk", "digest"))
        MailedMessage.objects.filter(incoming__in=found).update(left_out=[], reference="")
        Bounce.objects.filter(incoming__in=found).update(said="")
        Incoming.objects.filter(pk__in=found).update(sender="", subject="", text="", problem="", forgotten_at=at)
        keeping.remove(found.values())
    return len(found)
