"""What was written on a ticket, and what happened to it."""

from pydantic import Field

from puntuale.api.told.people import PersonNamed
from puntuale.api.values import Instant, Told
from puntuale.tickets.models import Attachment, Audience, Cancellation, Grounds, Kind, Message, Reclassification
from puntuale.tickets.timeline import Entry


class FileTold(Told):
    """A file."""

    key: str
    name: str
    size: int

    @classmethod
    def of(cls, file: Attachment) -> "FileTold":
        """Return it as it is told."""
        return cls(key=file.key, name=file.name, size=file.size)


class MessageTold(Told):
    """A message. One that is internal is a note, which customers never see."""

    id: int
    ticket: int = Field(description="The ticket it is on: another one than it was sent to, if that led there.")
    audience: Audience
    author: PersonNamed
    body: str
    is_plain: bool = Field(description="Whether the body is plain text, as mail programs send it; else it is Markdown.")
    written_at: Instant
    files: list[FileTold]

    @classmethod
    def of(cls, message: Message, files: list[Attachment]) -> "MessageTold":
        """Return it as it is told."""
        return cls(
            id=message.pk,
            ticket=message.ticket_id,
            audience=Audience(message.audience),
            author=PersonNamed.of(message.author),
            body=message.body,
            is_plain=message.is_plain,
            written_at=message.written_at,
            files=[FileTold.of(file) for file in files],
        )


class ChangeTold(Told):
    """A change of priority."""

    id: int = Field(description="By this a customer names the change that she disagrees with.")
    was: str
    became: str
    reason: Grounds
    text: str = Field(description="What the customer was told.")

    @classmethod
    def of(cls, change: Reclassification) -> "ChangeTold":
        """Return it as it is told."""
        return cls(id=change.pk, was=change.was, became=change.became, reason=Grounds(change.grounds), text=change.text)


class CancellationTold(Told):
    """Why a ticket was cancelled."""

    because: Cancellation.Because
    text: str

    @classmethod
    def of(cls, cancellation: Cancellation) -> "CancellationTold":
        """Return it as it is told."""
        return cls(because=Cancellation.Because(cancellation.because), text=cancellation.text)


class EventTold(Told):
    """Something that happened to a ticket."""

    kind: Kind
    at: Instant
    by: PersonNamed | None = Field(description="Who did it; null for what came by itself.")
    message: int | None = Field(description="The message that came with it.")
    words: str = Field(description="What somebody wrote along with it, other than a message.")
    change: ChangeTold | None
    cancellation: CancellationTold | None

    @classmethod
    def of(cls, entry: Entry) -> "EventTold":
        """Return it as it is told."""
        return cls(
            kind=Kind(entry.kind),
            at=entry.at,
            by=PersonNamed.of(entry.by) if entry.by else None,
            message=entry.message.pk if entry.message else None,
            words=entry.words,
            change=ChangeTold.of(entry.change) if entry.change else None,
            cancellation=CancellationTold.of(entry.cancellation) if entry.cancellation else None,
        )
