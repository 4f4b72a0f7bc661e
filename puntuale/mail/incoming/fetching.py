"""Fetching mail from a mailbox by IMAP: told at once where the server can (IDLE), looked up every minute where not.

A mail is kept here before it is marked on the server, and nothing is ever deleted there. What was fetched is known by
its number on the server, so that whoever reads the mailbox beside us takes nothing away. Large ones come in pieces.
"""

import imaplib
import logging
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

from django.db import close_old_connections
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from puntuale.mail.incoming import keeping, refusing
from puntuale.mail.incoming.limits import LARGEST_MAIL
from puntuale.mail.models import Mailbox

PIECE = 1_000_000
ANSWERS_WITHIN = 8.0
IDLES_FOR = 240.0
LOOKS_EVERY = 60.0
RESTS = (5.0, 15.0, 60.0, 300.0)
UNREAD_SINCE = timedelta(days=1)
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
WENT_WRONG = (OSError, imaplib.IMAP4.error, ImapToolsError)
MISREAD = (ValueError, LookupError, TypeError)
"""Where the libraries stumble over an answer that is no IMAP."""

log = logging.getLogger("puntuale.mail")


@dataclass(frozen=True, slots=True)
class Source:
    """A mailbox: how to get there, who we are there, and which folder it is."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    security: str = "ssl"

    @property
    def name(self) -> str:
        """Return what it is called, without the secret."""
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"[:200]


def problem_of(source: Source) -> str:
    """Return nothing when a mailbox can be opened, else why not, in the server's words. Takes at most ten seconds."""
    try:
        with _opened(source):
            return ""
    except (*WENT_WRONG, *MISREAD) as problem:
        return told(problem, source)


def told(problem: Exception, source: Source) -> str:
    """Return what is wrong with a connection so that somebody can mend it."""
    where = f"{source.host}:{source.port}"
    if isinstance(problem, socket.gaierror):
        return f"{source.host} is not known as a host: {problem.strerror or problem}"
    if isinstance(problem, ConnectionRefusedError):
        return f"nothing listens at {where}: {problem.strerror or problem}"
    if isinstance(problem, TimeoutError):
        return f"{where} does not answer"
    if isinstance(problem, ssl.SSLError):
        return f"{where} does not speak TLS as asked, or its certificate is not valid: {problem}"
    words = getattr(problem, "command_result", None)
    if words:
        return " ".join(one.decode("utf-8", "replace") for one in words[1] if isinstance(one, bytes)) or str(problem)
    return f"{where}: {problem}"


def keep_fetching(source: Source, clock: Callable[[], datetime], stopping: Event) -> None:
    """Fetch what comes, until told to stop. A connection that breaks is made anew, after a rest that grows."""
    failures = 0
    while not stopping.is_set():
        try:
            with _opened(source) as box:
                failures = 0
                _fetch_and_wait(source, box, clock, stopping)
        except WENT_WRONG as problem:
            said = told(problem, source)
            log.warning("mail cannot be fetched: %s", said)
            with suppress(Exception):
                _note_problem(source, said, clock())
        except Exception:
            # The database may be away. What was not kept is fetched again.
            log.exception("fetching mail stumbled, and goes on")
        finally:
            close_old_connections()
        stopping.wait(RESTS[min(failures, len(RESTS) - 1)])
        failures += 1


def fetch(source: Source, box: BaseMailBox, clock: Callable[[], datetime]) -> int:
    """Keep what is new in an opened mailbox, and return how many mails that were."""
    state, _ = Mailbox.objects.get_or_create(name=source.name)
    validity = _validity(box)
    if state.uid_validity is None:
        asked = f"UNSEEN SINCE {(clock() - UNREAD_SINCE):%d-%b-%Y}"
    elif state.uid_validity != validity:
        # The server counts anew. What we have is known by what it says.
        asked = "ALL"
    else:
        asked = f"UID {state.uid + 1}:*"
    is_recounted = state.uid_validity not in {None, validity}
    known = state.uid if state.uid_validity == validity else 0
    uids = sorted(int(one) for one in box.uids(asked) if int(one) > known)
    for uid in uids:
        _keep(source, box, uid, keeping.Delivery(f"{validity} {uid}", is_recounted), clock())
        _remember(state, validity, uid)
    highest = max([known, *uids, *([_highest(box)] if state.uid_validity is None else [])])
    Mailbox.objects.filter(pk=state.pk).update(
        uid_validity=validity, uid=highest, looked_at=clock(), problem="", problem_at=None
    )
    return len(uids)


def _fetch_and_wait(source: Source, box: BaseMailBox, clock: Callable[[], datetime], stopping: Event) -> None:
    idles = "IDLE" in box.client.capabilities
    while not stopping.is_set():
        fetch(source, box, clock)
        close_old_connections()
        if not idles:
            stopping.wait(LOOKS_EVERY)
            continue
        box.idle.start()  # type: ignore[no-untyped-call]
        waited = 0.0
        while not stopping.is_set() and waited < IDLES_FOR and not box.idle.poll(timeout=1):
            waited += 1
        box.idle.stop()  # type: ignore[no-untyped-call]


@contextmanager
def _opened(source: Source) -> Iterator[BaseMailBox]:
    box: BaseMailBox
    if source.security == "ssl":
        box = MailBox(source.host, source.port, timeout=ANSWERS_WITHIN, ssl_context=ssl.create_default_context())
    elif source.security == "starttls":
        box = MailBoxStartTls(
            source.host, source.port, timeout=ANSWERS_WITHIN, ssl_context=ssl.create_default_context()
        )
    else:
        box = MailBoxUnencrypted(source.host, source.port, timeout=ANSWERS_WITHIN)
    try:
        # The command LOGIN holds what is printed in ASCII, and nothing else.
        plain = all(said.isascii() and said.isprintable() for said in (source.user, source.password))
        (box.login if plain else box.login_utf8)(source.user, source.password, source.folder)
        yield box
        with suppress(*WENT_WRONG):
            box.logout()
    finally:
        with suppress(OSError):
            box.client.shutdown()


def _keep(source: Source, box: BaseMailBox, uid: int, delivery: keeping.Delivery, at: datetime) -> None:
    size = _size(box, uid)
    if size > LARGEST_MAIL:
        header = _part(box, uid, "HEADER")
        refusing.note_too_large(header, size=size, mailbox=source.name, at=at, delivery=delivery)
    else:
        keeping.keep(_pieces(box, uid), mailbox=source.name, at=at, delivery=delivery)
    # Only for whoever reads the mailbox beside us.
    with suppress(ImapToolsError):
        box.flag(str(uid), "\\Seen", value=True)


def _pieces(box: BaseMailBox, uid: int) -> Iterator[bytes]:
    start = 0
    while piece := _part(box, uid, "", f"<{start}.{PIECE}>"):
        yield piece
        start += len(piece)
        if len(piece) < PIECE:
            return


def _part(box: BaseMailBox, uid: int, which: str, span: str = "") -> bytes:
    status, found = box.client.uid("FETCH", str(uid), f"(BODY.PEEK[{which}]{span})")
    if status != "OK":
        raise imaplib.IMAP4.error(f"mail {uid} cannot be fetched: {found}")
    return b"".join(one[1] for one in found if isinstance(one, tuple))


def _size(box: BaseMailBox, uid: int) -> int:
    _, found = box.client.uid("FETCH", str(uid), "(RFC822.SIZE)")
    said = b" ".join(one if isinstance(one, bytes) else one[0] for one in found if one)
    number = SIZE.search(said)
    return int(number[1]) if number else 0


def _validity(box: BaseMailBox) -> int:
    _, found = box.client.response("UIDVALIDITY")
    return int(found[-1]) if found and found[-1] else 0


def _highest(box: BaseMailBox) -> int:
    return max((int(one) for one in box.uids("UID *")), default=0)


def _remember(state: Mailbox, validity: int, uid: int) -> None:
    """Write down how far we are, once the mail itself is kept. At the first look that is told at its end."""
    if state.uid_validity is not None:
        Mailbox.objects.filter(pk=state.pk).update(uid_validity=validity, uid=uid)


def _note_problem(source: Source, problem: str, at: datetime) -> None:
    Mailbox.objects.update_or_create(name=source.name, defaults={"problem": problem[:2_000], "problem_at": at})
