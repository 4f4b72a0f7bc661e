"""Everything that is kept about a person, for her: one JSON document and her files (GDPR, articles 15 and 20)."""

import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from io import RawIOBase
from pathlib import PurePosixPath
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet

from puntuale.mail.models import Incoming
from puntuale.oncall.models import Acknowledgement, Contact, Cover, Page, TimeOff
from puntuale.people import audit
from puntuale.people.models import AuditEntry, Person, Token
from puntuale.reports.models import Subscription
from puntuale.sending.models import Intent
from puntuale.tickets import attachments
from puntuale.tickets.models import (
    Attachment,
    Disagreement,
    Draft,
    Follower,
    ImpactReport,
    Message,
    Rating,
    Reclassification,
    SavedFilter,
    SavedReply,
    Ticket,
)
from puntuale.webhooks.models import PhoneNumber

FORMAT, PIECE = 1, 65_536
Rows = Callable[[Person], QuerySet[Model]]

PARTS: Mapping[str, tuple[Rows, str]] = {
    "tickets_sent": (
        lambda her: Ticket.objects.filter(requester=her),
        "pk subject environment priority plan product__name submitted_at due_at answered_at phase",
    ),
    "messages": (lambda her: Message.objects.filter(author=her), "ticket_id audience body written_at"),
    "files": (lambda her: Attachment.objects.filter(uploaded_by=her), "key name size uploaded_at message__ticket_id"),
    "changes_of_priority": (
        lambda her: Reclassification.objects.filter(by=her), "ticket_id was became grounds text at"
    ),
    "disagreements": (lambda her: Disagreement.objects.filter(by=her), "ticket_id text at answer"),
    "reports_of_impact": (lambda her: ImpactReport.objects.filter(by=her), "ticket_id to text at answer"),
    "ratings": (lambda her: Rating.objects.filter(by=her), "ticket_id good comment at"),
    "reads_along": (lambda her: Follower.objects.filter(person=her), "ticket_id since"),
    "drafts": (lambda her: Draft.objects.filter(person=her), "place ticket_id subject body fields"),
    "saved_filters": (lambda her: SavedFilter.objects.filter(person=her), "name asked"),
    "saved_replies": (lambda her: SavedReply.objects.filter(made_by=her), "title body language"),
    "ways_to_be_reached": (lambda her: Contact.objects.filter(person=her), "channel address"),
    "time_off": (lambda her: TimeOff.objects.filter(person=her), "start_at end_at"),
    "covers": (lambda her: Cover.objects.filter(person=her), "rota__name start_at end_at"),
    "pages": (lambda her: Page.objects.filter(person=her), "paging__ticket_id at"),
    "acknowledgements": (lambda her: Acknowledgement.objects.filter(person=her), "paging__ticket_id at"),
    "letters": (lambda her: Intent.objects.filter(person=her), "kind channel address made_at sent_at"),
    "reports_by_mail": (lambda her: Subscription.objects.filter(person=her), "every since"),
    "telephone_numbers": (lambda her: PhoneNumber.objects.filter(person=her), "number added_at"),
    "tokens": (lambda her: Token.objects.filter(person=her), "name scopes made_at expires_at last_used_at revoked_at"),
    "mails": (
        lambda her: Incoming.objects.filter(person=her), "received_at sender subject text outcome ticket_id size"
    ),
    "deeds": (lambda her: AuditEntry.objects.filter(by=her), "at action about details address"),
    "done_to_her": (lambda her: AuditEntry.objects.filter(about=audit.about(her)), "at action details"),
}  # fmt: skip
"""What is handed out: rows of hers alone, with the columns that say something; nothing others wrote, and no secret."""


def export(person: Person, to: IO[bytes], *, at: datetime) -> None:
    """Write everything about a person into a ZIP file: `about-you.json` and the files she uploaded."""
    to.writelines(_pieces(person, at))


def as_read(person: Person, *, at: datetime) -> "BeingRead":
    """Return the same as a file that is made while it is read, so that it takes neither memory nor disk."""
    return BeingRead(_pieces(person, at))


class BeingRead:
    """What comes in pieces, to be read like a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = b""

    def read(self, size: int) -> bytes:
        """Return the next bytes, so many at most, or none at the end."""
        while not self._left and (piece := next(self._pieces, None)) is not None:
            self._left = piece
        read, self._left = self._left[:size], self._left[size:]
        return read


class _Written(RawIOBase):
    """Where an archive is written, until what was written is taken. It has no place to go back to."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.taken.append(bytes(piece))
        return len(piece)

    def take(self) -> bytes:
        taken, self.taken = b"".join(self.taken), []
        return taken


def _pieces(person: Person, at: datetime) -> Iterator[bytes]:
    """Return the pieces of the archive. The database is asked now, and each file is read when its turn comes."""
    told = json.dumps(everything(person, at=at), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    return _archived(told, list(Attachment.objects.filter(uploaded_by=person)))


def _archived(told: str, files: Iterable[Attachment]) -> Iterator[bytes]:
    written = _Written()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("about-you.json", told, zipfile.ZIP_DEFLATED)
        for one in files:
            with suppress(FileNotFoundError), attachments.path_of(one.digest).open("rb") as source:
                entry = zipfile.ZipInfo(f"files/{one.key}-{_harmless(one.name)}", one.uploaded_at.timetuple()[:6])
                # As it is: most files are packed already, and packing takes the time of everybody else.
                entry.file_size = one.size
                with archive.open(entry, "w") as to:
                    while piece := source.read(PIECE):
                        to.write(piece)
                        yield written.take()
    yield written.take()


def everything(person: Person, *, at: datetime) -> dict[str, object]:
    """Return all that is kept about a person, part by part."""
    parts = {name: list(rows(person).values(*columns.split())) for name, (rows, columns) in PARTS.items()}
    return {"format": FORMAT, "made_at": at, "person": _profile(person), **parts}


def _profile(person: Person) -> dict[str, object]:
    names = [
        "name",
        "email",
        "role",
        "language",
        "zone_name",
        "quiet_from",
        "quiet_until",
        "joined_at",
        "left_at",
        "last_login",
    ]
    organisation = person.organisation.name if person.organisation else None
    return {name: getattr(person, name) for name in names} | {"organisation": organisation}


def _harmless(name: str) -> str:
    """Return a name that no program unpacks anywhere else."""
    return PurePosixPath(name.replace("\\", "/")).name or "file"
