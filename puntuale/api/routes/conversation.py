"""What is written on tickets, and what happened to them."""

from collections import defaultdict
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from puntuale.api import finding, idempotency, pages
from puntuale.api.calls import Call
from puntuale.api.door import does, reads
from puntuale.api.pages import Page, PageAsked
from puntuale.api.problems import of_field
from puntuale.api.routes.tickets import FileKeys
from puntuale.api.told.conversation import EventTold, MessageTold
from puntuale.api.values import Asked, GivenNumber, Number
from puntuale.guarantee.facts import Phase
from puntuale.tickets import conversation, texts, timeline
from puntuale.tickets.keys import is_key
from puntuale.tickets.models import Attachment, Message
from puntuale.tickets.reading import messages_for

router = Router(tags=["Conversation"])


class Then(StrEnum):
    """Where an answer leaves its ticket."""

    OPEN = "open"
    WAITING = "waiting"
    RESOLVED = "resolved"


class NewMessage(Asked):
    """A message that is to be sent."""

    body: str = Field(max_length=texts.LONGEST_BODY)
    files: FileKeys = Field(default=[], description="The keys of files that were uploaded.")
    then: Then | None = Field(
        None, description="Where an answer leaves the ticket; without it, where it was. Customers do not say that."
    )
    seen: GivenNumber | None = Field(
        None, description="The last message you have read: if others wrote since, nothing is sent. For answers only."
    )


class NewNote(Asked):
    """A note that is to be written."""

    body: str = Field(max_length=texts.LONGEST_BODY)
    files: FileKeys = Field(default=[], description="The keys of files that were uploaded.")


@reads(router, "/tickets/{number}/messages", gives=Page[MessageTold])
def list_messages(request: Call, number: Number, asked: Query[PageAsked]) -> Page[MessageTold]:
    """List what was written on a ticket, in order. Notes are for those who work for the vendor."""
    found = messages_for(request.person, finding.ticket(request, number))
    ended = pages.place(request, asked.cursor)
    if is_key(ended):
        last = Message.objects.get(pk=int(ended))
        found = found.filter(Q(written_at__gt=last.written_at) | Q(written_at=last.written_at, pk__gt=last.pk))
    rows = list(found[: asked.limit + 1])
    following = str(rows[asked.limit - 1].pk) if len(rows) > asked.limit else ""
    return Page(items=_told(rows[: asked.limit]), next=pages.cursor(request, following))


@reads(router, "/tickets/{number}/events", gives=Page[EventTold])
def list_events(request: Call, number: Number, asked: Query[PageAsked]) -> Page[EventTold]:
    """List what happened to a ticket, in order, as far as you are told."""
    entries = timeline.tell(finding.ticket(request, number), to=request.person).entries
    begins = int(pages.place(request, asked.cursor) or 0)
    ends = begins + asked.limit
    following = str(ends) if len(entries) > ends else ""
    return Page(items=[EventTold.of(entry) for entry in entries[begins:ends]], next=pages.cursor(request, following))


@does(router, "/tickets/{number}/messages", gives=MessageTold, status=201)
def write_message(request: Call, number: Number, message: NewMessage) -> MessageTold:
    """Write on a ticket: the customer a further message, whoever works for the vendor an answer.

    The first answer keeps the promise. A message on a ticket that is over opens a new one: `ticket` tells which.
    """
    found = finding.ticket_to_change(request, number)
    what: dict[str, Any] = {
        "body": message.body,
        "by": request.person,
        "at": request.at,
        "files": message.files,
        "key": idempotency.key_for_rows(request),
    }
    if request.person.works_for_vendor:
        then = Phase(message.then.value) if message.then else None
        return _told([conversation.answer(found, then=then, seen=message.seen, **what)])[0]
    for field, said in (("then", message.then), ("seen", message.seen)):
        if said is not None:
            raise of_field(f"body.{field}", "answers_only", _("Only people who work for the vendor do that."))
    return _told([conversation.follow_up(found, **what)])[0]


@does(router, "/tickets/{number}/notes", gives=MessageTold, status=201)
def write_note(request: Call, number: Number, note: NewNote) -> MessageTold:
    """Write a note for colleagues, which customers never see and which keeps no promise."""
    found = finding.ticket_to_change(request, number)
    key = idempotency.key_for_rows(request)
    written = conversation.note(found, body=note.body, by=request.person, at=request.at, files=note.files, key=key)
    return _told([written])[0]


def _told(messages: list[Message]) -> list[MessageTold]:
    files: dict[int, list[Attachment]] = defaultdict(list)
    for file in Attachment.objects.filter(message__in=messages).order_by("pk"):
        files[file.message_id or 0].append(file)
    return [MessageTold.of(message, files[message.pk]) for message in messages]
