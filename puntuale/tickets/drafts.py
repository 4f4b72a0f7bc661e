"""Drafts: what somebody has typed and not sent is kept, and nobody but she reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from puntuale.guarantee.facts import Phase
from puntuale.people.models import Person
from puntuale.tickets import attachments, texts
from puntuale.tickets.attachments import MOST_A_MESSAGE, FilesRefused
from puntuale.tickets.models import Draft, Message, Ticket
from puntuale.tickets.texts import LONGEST_BODY

LASTS = timedelta(days=30)
LONGEST_SUBJECT = 1_000
Place = Draft.Place

TEXTS: dict[Place, tuple[str, ...]] = {
    Place.ANSWER: (),
    Place.NOTE: (),
    Place.MESSAGE: (),
    Place.NEW_TICKET: ("colleagues",),
    Place.PHONE: ("answer",),
}
"""The further texts of each form, by the names of their fields."""
_CHOICES = ("environment", "product", "priority")
FIELDS: dict[Place, tuple[str, ...]] = TEXTS | {
    Place.NEW_TICKET: (*TEXTS[Place.NEW_TICKET], *_CHOICES),
    Place.PHONE: (*TEXTS[Place.PHONE], *_CHOICES),
}
"""All that is kept of a form besides its text, subject and files."""


@dataclass(frozen=True)
class LeftBehind:
    """A draft on a ticket that was merged, and the ticket that remains."""

    draft: Draft
    to: Ticket


@dataclass(frozen=True)
class Written:
    """What a form holds: the text, the subject, other fields by name, the keys of its files, and its own key."""

    body: str
    subject: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[str] = ()
    key: UUID | None = None


class ChangedMeanwhile(ValueError):
    """The draft was changed in another window or on another device. `draft` is what is kept."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft.version)
        self.draft = draft


class SentAlready(ValueError):
    """The form was sent with this key. `says_the_same` tells whether what is to be kept is what was sent."""

    def __init__(self, *, says_the_same: bool) -> None:
        super().__init__(says_the_same)
        self.says_the_same = says_the_same


def keep(
    person: Person,
    *,
    place: Place,
    ticket: Ticket | None,
    body: str,
    at: datetime,
    subject: str = "",
    caller: Person | None = None,
) -> Draft | None:
    """Return the draft of a text as it is kept now, whatever was there, or None when there is nothing left to keep."""
    return save(person, Written(body, subject), place=place, ticket=ticket, caller=caller, at=at)


def save(
    person: Person,
    written: Written,
    *,
    place: Place,
    ticket: Ticket | None,
    at: datetime,
    caller: Person | None = None,
    known: str | None = None,
) -> Draft | None:
    """Return the draft of a form as it is kept now, or None when there is nothing left to keep.

    `known` is the version that the writer saw last, "" for none; None overwrites whatever is there. Raises
    ChangedMeanwhile when another one is kept that says something else, and SentAlready.
    """
    written = _clean(written, place)
    with transaction.atomic():
        _refuse_sent(written, person)
        which: dict[str, Any] = {"person": person, "ticket": ticket, "caller": caller, "place": place}
        before = Draft.objects.select_for_update().filter(**which).first()
        if before is not None and known not in {None, before.version} and not _holds(written, before):
            raise ChangedMeanwhile(before)
        if _is_empty(written, place):
            Draft.objects.filter(**which).delete()
            return None
        values = {"body": written.body, "subject": written.subject, "fields": dict(written.fields) or None}
        draft, _ = Draft.objects.update_or_create(**which, defaults=values | {"key": written.key, "saved_at": at})
        attachments.keep_with(draft, written.files)
        return draft


def kept(person: Person, *, place: Place, ticket: Ticket | None, caller: Person | None = None) -> Draft | None:
    """Return the draft of a person in a box, or None."""
    return Draft.objects.filter(person=person, ticket=ticket, place=place, caller=caller).first()


def of_calls(person: Person) -> QuerySet[Draft]:
    """Return the tickets that an agent has begun to take by phone and not opened yet, the latest first."""
    begun = Draft.objects.filter(person=person, place=Place.PHONE, caller__left_at=None)
    return begun.select_related("caller__organisation").order_by("-saved_at")


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

    With its files, behind what was there. Raises TextRefused when both are too long together and FilesRefused when
    they have too many files, and leaves them where they are.
    """
    to = _way_of(ticket)[-1]
    with transaction.atomic():
        drafts = Draft.objects.select_for_update().filter(person=person, place=Place.ANSWER)
        draft = drafts.filter(ticket=ticket).first() if to != ticket else None
        if draft is not None:
            both = [one for one in (drafts.filter(ticket=to).first(), draft) if one is not None]
            words = "\n\n".join(one.body.rstrip() for one in both if one.body.strip())
            files = [one.key for each in both for one in attachments.of_draft(each)]
            if len(files) > MOST_A_MESSAGE:
                raise FilesRefused("files.too_many")
            written = Written(texts.body(words) if words else "", files=files)
            save(person, written, place=Place.ANSWER, ticket=to, at=at)
            draft.delete()
    return to


def forget_sent(
    person: Person,
    written: Written,
    *,
    place: Place,
    ticket: Ticket | None,
    caller: Person | None = None,
    known: str = "",
) -> None:
    """Drop the draft of a form that was sent, in the caller's transaction.

    Where another one was kept since the version that the form `known`, which says what the form did not, it stays: it
    was written in another window or on another device, and has a key of its own from now on.
    """
    draft = kept(person, place=place, ticket=ticket, caller=caller)
    if draft is None:
        return
    if draft.version == known:
        draft.delete()
    elif _is_within(draft, _clean(written, place), place):
        # A file that was attached elsewhere and did not go with it stays, without the words that did.
        if attachments.of_draft(draft):
            Draft.objects.filter(pk=draft.pk).update(body="", subject="", fields=None, key=None)
        else:
            draft.delete()
    elif draft.key == written.key:
        Draft.objects.filter(pk=draft.pk).update(key=None)


def _is_within(draft: Draft, written: Written, place: Place) -> bool:
    """Tell whether all the words of a draft are in what was sent."""
    further = ((draft.fields or {}).get(name, "").strip() in written.fields.get(name, "") for name in TEXTS[place])
    is_body_within = texts.uniform(draft.body).strip() in texts.uniform(written.body)
    return is_body_within and draft.subject.strip() in written.subject and all(further)


def forget_old(*, at: datetime) -> int:
    """Return how many drafts were dropped that nobody has touched for a month."""
    dropped, _ = Draft.objects.filter(saved_at__lt=at - LASTS).delete()
    return dropped


def _clean(written: Written, place: Place) -> Written:
    """Return what is written as the database can keep it, with those of its fields that the form has."""
    fields = {name: _storable(written.fields[name], LONGEST_BODY) for name in FIELDS[place] if name in written.fields}
    body, subject = _storable(written.body, LONGEST_BODY), _storable(written.subject, LONGEST_SUBJECT)
    return Written(body, subject, fields, list(dict.fromkeys(written.files))[:MOST_A_MESSAGE], written.key)


def _storable(text: str, longest: int) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:longest]


def _is_empty(written: Written, place: Place) -> bool:
    """Tell whether nothing is worth keeping: a choice alone is not, without a word or a file."""
    texts_of_it = (written.body, written.subject, *(written.fields.get(name, "") for name in TEXTS[place]))
    return not written.files and not any(text.strip() for text in texts_of_it)


def _holds(written: Written, draft: Draft) -> bool:
    """Tell whether what is written says what a draft does, and has all of its files."""
    same = (draft.body, draft.subject, draft.fields or {}) == (written.body, written.subject, dict(written.fields))
    return same and {one.key for one in attachments.of_draft(draft)} <= set(written.files)


def _refuse_sent(written: Written, person: Person) -> None:
    """Raise SentAlready when a form with this key was sent: in another window, or before a page was gone back to."""
    if written.key is None:
        return
    sent = Message.objects.filter(key=written.key, author=person).values_list("body", flat=True).first()
    if sent is None:
        opened = Message.objects.filter(ticket__submission_key=written.key).order_by("pk")
        sent = opened.values_list("body", flat=True).first()
    if sent is not None:
        raise SentAlready(says_the_same=texts.uniform(written.body) == sent)


def _way_of(ticket: Ticket) -> list[Ticket]:
    """Return a ticket, where it was merged into, and so on to the one that remains."""
    way = [ticket]
    while way[-1].merged_into is not None:
        way.append(way[-1].merged_into)
    return way
