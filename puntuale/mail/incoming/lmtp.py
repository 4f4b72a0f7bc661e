"""Taking mail by LMTP from a mail server: each is kept before the server is told so, and may then forget it."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from email.utils import parseaddr
from threading import Event

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session
from django.conf import settings
from django.db import DatabaseError, close_old_connections

from puntuale.mail.incoming import keeping
from puntuale.mail.incoming.limits import LARGEST_MAIL

MAILBOX = "lmtp"
TRIES_EVERY = 10.0
MOST_RECIPIENTS = 100

log = logging.getLogger("puntuale.mail")


class Handler:
    """What becomes of what a mail server hands over."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock

    async def handle_RCPT(  # noqa: N802
        self, _server: LMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take mail to the desk's own address, with or without a plus in it, and to no other."""
        local, _, domain = address.lower().rpartition("@")
        if f"{local.partition('+')[0]}@{domain}" != parseaddr(settings.MAIL_TO)[1].lower():
            return "550 5.1.1 no such mailbox here"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 that is us"

    async def handle_DATA(self, _server: LMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a mail. There is one answer for each recipient, as the protocol wants it."""
        try:
            await asyncio.to_thread(self._keep, envelope)
            answer = "250 2.0.0 kept"
        except keeping.TooLarge:
            answer = "552 5.3.4 larger than 50 MB"
        except (DatabaseError, OSError) as problem:
            log.warning("a mail cannot be kept now: %s", str(problem).strip())
            answer = "451 4.3.0 cannot be kept now, come again"
        return "\r\n".join([answer] * len(envelope.rcpt_tos))

    def _keep(self, envelope: Envelope) -> None:
        try:
            keeping.keep(_chunks(envelope), mailbox=MAILBOX, at=self.clock())
        finally:
            close_old_connections()


class Speaking(LMTP):
    """What speaks with one mail server."""

    # Some write whole paragraphs on one line, against the standard.
    line_length_limit = 1_000_000


class Listening(Controller):
    """The server, in a thread of its own."""

    def factory(self) -> LMTP:
        """Return what speaks with one mail server."""
        return Speaking(
            self.handler, loop=self.loop, data_size_limit=LARGEST_MAIL, ident="Puntuale", enable_SMTPUTF8=True
        )


def keep_listening(host: str, port: int, clock: Callable[[], datetime], stopping: Event) -> None:
    """Take mail until told to stop. Where another worker listens already, take its place once it is gone."""
    while not stopping.is_set():
        listening = Listening(Handler(clock), hostname=host, port=port, ready_timeout=5)
        try:
            listening.start()
        except OSError as problem:
            log.warning("mail cannot be listened for at %s:%d: %s", host, port, problem.strerror or problem)
            stopping.wait(TRIES_EVERY)
            continue
        stopping.wait()
        listening.stop()


def _chunks(envelope: Envelope) -> Iterator[bytes]:
    """Give a mail as the last server on its way delivers it: with whom it is from, and to which of our addresses."""
    # What no answer may go to is from `<>`, which the library gives with its brackets.
    path = (envelope.mail_from or "").strip("<> \t").encode("utf-8", "replace")
    yield b"Return-Path: <" + path.replace(b"\r", b"").replace(b"\n", b"") + b">\r\n"
    for address in envelope.rcpt_tos:
        yield b"Delivered-To: " + address.encode("utf-8", "replace") + b"\r\n"
    content = envelope.content or b""
    yield from keeping.in_chunks(content if isinstance(content, bytes) else content.encode("utf-8", "replace"))
