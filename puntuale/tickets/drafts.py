"""Drafts: what somebody has typed and not sent is kept, and nobody but she reads it."""

from datetime import datetime, timedelta

from puntuale.people.models import Person
from puntuale.tickets.models import Draft, Ticket
from puntuale.tickets.texts import LONGEST_BODY

LASTS = timedelta(days=30)
Place = Draft.Place


def keep(
    person: Person, *, place: Place, ticket: Ticket | None, body: str, at: datetime, subject: str = ""
) -> Draft | None:
    """Return the draft as it is kept now, or None when there is nothing left to keep."""
    clean_body = body.replace("\0", "").encode("utf-8", "replace").decode()[:LONGEST_BODY]
    clean_subject = subject.replace("\0", "").encode("utf-8", "replace").decode()[:1000]
    if not clean_body.strip() and not clean_subject.strip():
        forget(person, place=place, ticket=ticket)
        return None
    draft, _ = Draft.objects.update_or_create(
        person=person,
        ticket=ticket,
        place=place,
        defaults={"body": clean_body, "subject": clean_subject, "saved_at": at},
    )
    return draft


def kept(person: Person, *, place: Place, ticket: Ticket | None) -> Draft | None:
    """Return the draft of a person in a box, or None."""
    return Draft.objects.filter(person=person, ticket=ticket, place=place).first()


def forget(person: Person, *, place: Place, ticket: Ticket | None) -> None:
    """Drop a draft, because it was sent or emptied."""
    Draft.objects.filter(person=person, ticket=ticket, place=place).delete()


def forget_old(*, at: datetime) -> int:
    """Return how many drafts were dropped that nobody has touched for a month."""
    dropped, _ = Draft.objects.filter(saved_at__lt=at - LASTS).delete()
    return dropped
