"""Files: taken in, kept outside the web root under the hash of their content, handed out to whoever may see them."""

import hashlib
import os
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from puntuale.guarantee.visible import is_visible
from puntuale.people.models import Person
from puntuale.tickets import limits
from puntuale.tickets.models import Attachment, Audience, Draft, Message
from puntuale.tickets.reading import visible_to

LARGEST = 25 * 1024 * 1024
MOST_A_MESSAGE = 10
LONGEST_NAME = 200
UNSENT_LASTS = timedelta(days=1)

REFUSED_ENDINGS = frozenset(
    (
        "bat", "cmd", "com", "cpl", "exe", "hta", "htaccess", "jar", "js", "jse", "lnk", "msi", "msp", "phar", "pif",
        "ps1", "scr", "sh", "vb", "vbe", "vbs", "wsf", "wsh",
    )
)  # fmt: skip
"""Endings of files that run when somebody opens them. Sent in an archive they are the receiver's decision."""


class FileRefused(ValueError):
    """A file that cannot be taken: its name, the rule, and the numbers of the case."""

    def __init__(self, name: str, rule: str, **details: int) -> None:
        super().__init__(name, rule, details)
        self.name = name
        self.rule = rule
        self.details = details


class FilesRefused(ValueError):
    """Files that cannot go with a message: too many, or none that the sender uploaded and has not sent yet."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def take_in(name: str, chunks: Iterable[bytes], *, by: Person, at: datetime) -> Attachment:
    """Return a file that was uploaded, on disk before anybody is told so. It waits to be sent with a message.

    Raises FileRefused for a file that is empty, too large, of a kind that runs, or one too many within the hour.
    """
    shown = shown_name(name)
    try:
        limits.refuse_too_many_files(by, at=at)
    except limits.TooMany as problem:
        raise FileRefused(shown, "file.too_many", limit=problem.limit, seconds=problem.seconds) from problem
    if shown.rpartition(".")[2].lower() in REFUSED_ENDINGS:
        raise FileRefused(shown, "file.kind")
    folder = settings.FILES
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    coming = folder / f"coming-{secrets.token_hex(8)}"
    try:
        digest, size = _written(coming, chunks, shown)
        # Whoever dies here leaves a row that is forgotten after a day. A file without a row would lie there for ever.
        taken = Attachment.objects.create(name=shown, digest=digest, size=size, uploaded_by=by, uploaded_at=at)
        place = path_of(digest)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        coming.replace(place)
        _flush_folder(place.parent)
    finally:
        coming.unlink(missing_ok=True)
    return taken


def send_along(keys: Sequence[str], message: Message, *, by: Person | None = None) -> None:
    """Give uploaded files to the message they are sent with, in the caller's transaction. Raises FilesRefused.

    `by` uploaded them: the author, unless an agent writes down what a customer says.
    """
    wanted = list(dict.fromkeys(keys))
    if len(wanted) > MOST_A_MESSAGE:
        raise FilesRefused("files.too_many")
    if not wanted:
        return
    waiting = _with(wanted).filter(message=None, uploaded_by=by.pk if by else message.author_id)
    if waiting.update(message=message, draft=None) != len(wanted):
        raise FilesRefused("files.gone")


def keep_with(draft: Draft, keys: Sequence[str]) -> None:
    """Let the files of a draft be these, in the caller's transaction: they last as long as it does.

    A file that was attached before and is not named any more waits to be dropped; one that is not its author's to send
    is left alone.
    """
    mine = Attachment.objects.filter(message=None, uploaded_by=draft.person_id)
    mine.filter(draft=draft).exclude(key__in=keys).update(draft=None)
    mine.filter(key__in=[key for key in keys if "\0" not in key]).exclude(draft=draft).update(draft=draft)


def of_draft(draft: Draft | None) -> Sequence[Attachment]:
    """Return the files of a draft in the order in which they were uploaded; none without a draft."""
    return list(draft.attachments.filter(message=None).order_by("pk")) if draft else []


def copy(message: Message, to: Message) -> None:
    """Give a message the files of another one. Their content is kept once."""
    Attachment.objects.bulk_create(
        Attachment(
            name=one.name,
            digest=one.digest,
            size=one.size,
            uploaded_by_id=one.uploaded_by_id,
            uploaded_at=one.uploaded_at,
            message=to,
        )
        for one in Attachment.objects.filter(message=message)
    )


def visible(person: Person, key: str) -> Attachment | None:
    """Return the file with this key if the person may have it, else None: the same for not hers and not there.

    She may when she may read its message, or uploaded it and has not sent it yet.
    """
    found = _with([key]).select_related("message").first()
    if found is None:
        return None
    if found.message is None:
        return found if found.uploaded_by_id == person.pk else None
    if found.message.audience == Audience.INTERNAL and not person.works_for_vendor:
        return None
    ticket = found.message.ticket
    seen = visible_to(person).filter(pk__in=[ticket.pk, ticket.merged_into_id or ticket.pk])
    return found if seen.exists() else None


def unsent(person: Person, keys: Sequence[str]) -> QuerySet[Attachment]:
    """Return the files among these that somebody uploaded and has not sent, for a form that is shown again."""
    return _with(keys).filter(message=None, uploaded_by=person).order_by("pk")


def contents(keys: Sequence[str]) -> set[str]:
    """Return the digests of the files with these keys, whether they were sent or not."""
    return set(_with(keys).values_list("digest", flat=True))


def contents_of(message: Message) -> set[str]:
    """Return the digests of the files of a message."""
    return set(message.attachments.values_list("digest", flat=True))


def path_of(digest: str) -> Path:
    """Return where content with this SHA-256 is kept."""
    folder: Path = settings.FILES
    return folder / digest[:2] / digest[2:]


def forget_unsent(*, at: datetime) -> int:
    """Return how many files were dropped that were uploaded more than a day ago, never sent, and are in no draft."""
    dropped = 0
    for one in Attachment.objects.filter(message=None, draft=None, uploaded_at__lt=at - UNSENT_LASTS):
        # Only while it is still unsent: somebody may be sending it right now.
        gone, _ = Attachment.objects.filter(pk=one.pk, message=None, draft=None).delete()
        dropped += gone
        if gone and not Attachment.objects.filter(digest=one.digest).exists():
            path_of(one.digest).unlink(missing_ok=True)
    for left in settings.FILES.glob("coming-*"):
        if left.stat().st_mtime < (at - UNSENT_LASTS).timestamp():
            left.unlink(missing_ok=True)
    return dropped


def remove(files: QuerySet[Attachment]) -> int:
    """Return how many files were removed for good. Content that another file has too stays."""
    digests = set(files.values_list("digest", flat=True))
    removed, _ = files.delete()

    def drop() -> None:
        for digest in digests:
            if not Attachment.objects.filter(digest=digest).exists():
                path_of(digest).unlink(missing_ok=True)

    transaction.on_commit(drop)
    return removed


def shown_name(name: str) -> str:
    """Return a file's name as it may be shown and offered: no path, nothing invisible, not too long. Never a path."""
    last = name.replace("\\", "/").rpartition("/")[2]
    composed = unicodedata.normalize("NFC", last.encode("utf-8", "replace").decode())
    kept = "".join(letter for letter in composed if unicodedata.category(letter)[0] != "C").strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if len(kept) > LONGEST_NAME and dot and len(ending) <= 10:
        return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return kept[:LONGEST_NAME] if is_visible(kept) else "file"


def _with(keys: Iterable[str]) -> QuerySet[Attachment]:
    """Return the files with these keys. The database cannot even be asked for a NUL, which no key has."""
    return Attachment.objects.filter(key__in=[key for key in keys if "\0" not in key])


def _written(coming: Path, chunks: Iterable[bytes], name: str) -> tuple[str, int]:
    """Write a file to disk for good, and return its SHA-256 and size."""
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(coming, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > LARGEST:
                raise FileRefused(name, "file.too_large", limit=LARGEST)
            digest.update(chunk)
            file.write(chunk)
        if not size:
            raise FileRefused(name, "file.empty")
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
