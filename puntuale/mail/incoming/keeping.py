"""Keeping a mail as it came, for good, before anybody looks into it. Whoever handed it over may then forget it."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from puntuale.mail.incoming.limits import LARGEST_MAIL, MOST_HEADERS
from puntuale.mail.models import Incoming

ON_THE_WAY = re.compile(
    rb"(?im)^(?:received|return-path|delivered-to|x-original-to|envelope-to|x-envelope-to|authentication-results"
    rb"|arc-[a-z-]+|received-spf|x-received|x-spam-[a-z-]+|x-google-[a-z-]+|x-gm-[a-z-]+|status|x-status|x-uid"
    rb"|>?from )[^\n]*\n(?:[ \t][^\n]*\n)*"
)
SWEPT_AFTER = timedelta(days=1)
TRACE = re.compile(rb"(?im)^received[ \t]*:")
MESSAGE_ID = re.compile(rb"(?im)^message-id[ \t]*:[ \t]*((?:[^\n]|\n[ \t])*)")


class TooLarge(ValueError):
    """A mail over the limit. Whoever hands it over is to tell its sender."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """By what a transport knows a mail, if by anything; `is_recounted` tells that it has new names for old mail too."""

    name: str = ""
    is_recounted: bool = False


UNNAMED = Delivery()


def keep(chunks: Iterable[bytes], *, mailbox: str, at: datetime, delivery: Delivery = UNNAMED) -> Incoming:
    """Return a mail that is on disk and in the database, to be looked into. The same mail again is the one kept before.

    The same is what has the same Message-ID and content, whatever servers on the way wrote on it. Without a Message-ID
    it is what came by the same delivery: with the very same traces of servers, each of which numbers what it hands on,
    or under the same name of the transport, and by its content once that has new names. With neither every mail is one
    of its own, as programs that leave out a Message-ID also say the same every day. Raises TooLarge.
    """
    folder = _folder()
    coming = folder / f"coming-{secrets.token_hex(8)}"
    try:
        written = _Written(coming, chunks)
        place = path_of(written.digest)
        if not place.parent.exists():
            place.parent.mkdir(mode=0o700, exist_ok=True)
            _flush(folder)
        coming.replace(place)
        _flush(place.parent)
    finally:
        coming.unlink(missing_ok=True)
    with transaction.atomic():
        before = Incoming.objects.filter(mailbox=mailbox[:200], content=written.content)
        if delivery.is_recounted and not written.message_id and (known := before.first()):
            return known
        kept, _ = Incoming.objects.get_or_create(
            mailbox=mailbox[:200],
            message_id=written.message_id or _of_delivery(written, delivery.name),
            content=written.content,
            defaults={
                "digest": written.digest,
                "size": written.size,
                "kept_at": at,
                "received_at": at,
                "try_at": at,
            },
        )
    return kept


def path_of(digest: str) -> Path:
    """Return where the mail with this hash is kept."""
    return _folder() / digest[:2] / digest[2:]


def start_of(mail: Incoming, size: int) -> bytes:
    """Return the first bytes of a mail; nothing once it was forgotten."""
    try:
        with path_of(mail.digest).open("rb") as file:
            return file.read(size)
    except FileNotFoundError:
        return b""


def remove(digests: Iterable[str]) -> None:
    """Remove mails from the disk that no row stands for any more, once the caller's transaction is done."""
    wanted = set(digests)

    def drop() -> None:
        left = set(Incoming.objects.filter(digest__in=wanted, forgotten_at=None).values_list("digest", flat=True))
        for digest in wanted - left:
            path_of(digest).unlink(missing_ok=True)

    transaction.on_commit(drop)


def sweep(*, at: datetime) -> int:
    """Return how many files were dropped for which there is no row: of mail that came again, or was never kept.

    Only after a day, as a row may be on its way.
    """
    dropped = 0
    for file in [*_folder().glob("coming-*"), *_folder().glob("??/*")]:
        if file.stat().st_mtime > (at - SWEPT_AFTER).timestamp():
            continue
        digest = f"{file.parent.name}{file.name}"
        if not Incoming.objects.filter(digest=digest, forgotten_at=None).exists():
            file.unlink(missing_ok=True)
            dropped += 1
    return dropped


def _folder() -> Path:
    folder: Path = settings.FILES / "mail"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


class _Written:
    """A mail written to disk: its size and hashes."""

    def __init__(self, to: Path, chunks: Iterable[bytes]) -> None:
        self.size = 0
        whole, content, head, in_head = hashlib.sha256(), hashlib.sha256(), b"", True
        descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            for chunk in chunks:
                self.size += len(chunk)
                if self.size > LARGEST_MAIL:
                    raise TooLarge(self.size)
                whole.update(chunk)
                file.write(chunk)
                if in_head:
                    head += chunk
                    in_head = not _ends(head) and len(head) < MOST_HEADERS
                    if not in_head:
                        content.update(_bare(head))
                else:
                    content.update(chunk)
            if in_head:
                content.update(_bare(head))
            file.flush()
            os.fsync(file.fileno())
        self.digest, self.content = whole.hexdigest(), content.hexdigest()
        found = MESSAGE_ID.search(_bare(head)[: _length(head)])
        said = b"".join(found[1].split()) if found else b""
        self.message_id = hashlib.sha256(said).hexdigest() if said else ""
        self.is_traced = TRACE.search(head[: _length(head)]) is not None


def _of_delivery(written: _Written, name: str) -> str:
    """Return by what a mail without a Message-ID is known when it comes again."""
    name = written.digest if written.is_traced else name or secrets.token_hex(16)
    return hashlib.sha256(f"delivery {name}".encode()).hexdigest()


def _ends(head: bytes) -> bool:
    return b"\n\n" in head or b"\r\n\r\n" in head


def _length(head: bytes) -> int:
    ends = [place for place in (head.find(b"\n\n"), head.find(b"\r\n\r\n")) if place >= 0]
    return min(ends, default=len(head))


def _bare(head: bytes) -> bytes:
    """Return the beginning of a mail without what servers on the way write, with line ends that are all the same."""
    length = _length(head)
    return ON_THE_WAY.sub(b"", head[:length].replace(b"\r\n", b"\n") + b"\n") + head[length:]


def in_chunks(raw: bytes, size: int = 1_000_000) -> Iterator[bytes]:
    """Give bytes in pieces."""
    for start in range(0, len(raw), size):
        yield raw[start : start + size]


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
