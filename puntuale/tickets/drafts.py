"""Drafts: what somebody has typed and not sent is kept, and nobody but she reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from puntuale.guarantee.facts import Phase
from puntuale.people.models import Person
from puntuale.tickets import texts
from puntuale.tickets.models import Draft, Ticket
from puntuale.tickets.texts import LONGEST_BODY

LASTS = timedelta(days=30)
Place = Draft.Place


@dataclass(frozen=True)
class LeftBehind:
    """A draft on a ticket that was merged, and the ticket that remains."""

    draft: Draft
    to: Ticket


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


@dataclass(frozen=True)
class AtHand:
    """What somebody was writing on a ticket, by the box it is in, and the answers that have no box any more.

    Those are on a merged ticket, which takes no answer: on this one, or on what was merged into it.
    """

    kept: Mapping[Place, Draft]
    left_behind: Sequence[LeftBehind]


def at_hand(person: Person, ticket: Ticket) -> AtHand:
    """Return what somebody was writing on a ticket, with one query unless answers were left behind."""
    left = Q(place=Place.ANSWER, ticket__phase=Phase.MERGED)
    found = Draft.objects.filter(Q(ticket=ticket) | left, person=person).select_related("ticket").order_by("ticket")
    drafts = [(draft, draft.ticket) for draft in found if draft.ticket]
    ways = [(draft, _way_of(on)) for draft, on in drafts if draft.place == Place.ANSWER and on.phase == Phase.MERGED]
    return AtHand(
        {Place(draft.place): draft for draft, on in drafts if on == ticket},
        [LeftBehind(draft, way[-1]) for draft, way in ways if ticket in way],
    )


def carry_over(person: Person, *, ticket: Ticket, at: datetime) -> Ticket:
    """Return the ticket that remains of a merged one; the answer that somebody was writing is in its box now.

    It stands behind what was there. Raises TextRefused when both are too long together, and leaves them where they are.
    """
    to = _way_of(ticket)[-1]
    with transaction.atomic():
        drafts = Draft.objects.select_for_update().filter(person=person, place=Place.ANSWER)
        draft = drafts.filter(ticket=ticket).first() if to != ticket else None
        if draft is not None:
            there = drafts.filter(ticket=to).first()
            body = texts.body(f"{there.body.rstrip()}\n\n{draft.body}" if there else draft.body)
            keep(person, place=Place.ANSWER, ticket=to, body=body, at=at)
            draft.delete()
    return to


def forget(person: Person, *, place: Place, ticket: Ticket | None) -> None:
    """Drop a draft, because it was sent or emptied."""
    Draft.objects.filter(person=person, ticket=ticket, place=place).delete()


def forget_old(*, at: datetime) -> int:
    """Return how many drafts were dropped that nobody has touched for a month."""
    dropped, _ = Draft.objects.filter(saved_at__lt=at - LASTS).delete()
    return dropped


def _way_of(ticket: Ticket) -> list[Ticket]:
    """Return a ticket, where it was merged into, and so on to the one that remains."""
    way = [ticket]
    while way[-1].merged_into is not None:
        way.append(way[-1].merged_into)
    return way
