"""`puntuale receive`: a mail from standard input, as a mail server hands it to a program."""

import logging
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from puntuale.cli.asking import Call, Failed

if TYPE_CHECKING:
    from puntuale.mail.models import Incoming

LATER = 75
"""What mail servers take as "not now, keep it and come again" (EX_TEMPFAIL)."""
MAILBOX = "pipe"
CHUNK = 1_000_000
PAGE_AT_MOST = 1_000_000

log = logging.getLogger("puntuale.receive")


@click.command("receive")
@click.pass_obj
def command(call: Call) -> None:
    """Take a mail from standard input: an answer to a page, or a customer's. Exit status 75: it must come again.

    Once this ends with 0 the mail is kept, whatever becomes of it. Where no mail is taken from customers
    (PUNTUALE_MAIL_TO is not set), answers to pages are.
    """
    with call.open_desk():
        from django.conf import settings  # noqa: PLC0415
        from django.db import DatabaseError  # noqa: PLC0415

        try:
            click.echo(_take(call) if settings.MAIL_TO else _acknowledge(call))
        except (DatabaseError, OSError) as problem:
            log.warning("the mail cannot be kept now: %s", str(problem).strip())
            sys.exit(LATER)


def _take(call: Call) -> str:
    """Keep a mail, look into it, and return in words what became of it."""
    from django.db import DatabaseError  # noqa: PLC0415

    from puntuale.mail.incoming import handling, keeping  # noqa: PLC0415

    try:
        mail = keeping.keep(_chunks(), mailbox=MAILBOX, at=call.at)
    except keeping.TooLarge as problem:
        raise Failed(
            "this mail is larger than 50 MB and cannot be taken; please send large files in another way"
        ) from problem
    reader = handling.new_reader()
    try:
        handled = handling.handle(mail.pk, reader, at=call.at)
    except DatabaseError as problem:
        # It is kept, so nobody needs to send it again: the worker looks into it.
        log.warning("mail %d is looked into later: %s", mail.pk, str(problem).strip())
        return f"Mail {mail.pk} is kept."
    finally:
        reader.stop()
    return _told(handled or mail)


def _told(mail: "Incoming") -> str:
    because = f" ({mail.because})" if mail.because else ""
    on = f", ticket {mail.ticket_id}" if mail.ticket_id else ""
    return f"Mail {mail.pk}: {mail.outcome or 'kept'}{because}{on}."


def _chunks() -> Iterator[bytes]:
    return iter(lambda: sys.stdin.buffer.read(CHUNK), b"")


def _acknowledge(call: Call) -> str:
    """Take the answer to a page, and return in words who is on what."""
    from puntuale.oncall import by_mail  # noqa: PLC0415
    from puntuale.oncall.acknowledging import NothingToAcknowledge  # noqa: PLC0415

    raw = sys.stdin.buffer.read(PAGE_AT_MOST)
    while sys.stdin.buffer.read(CHUNK):
        # Whoever writes into the pipe would fail if nobody read on.
        continue
    try:
        done = by_mail.acknowledge(raw, at=call.at)
    except by_mail.WrittenByNobody:
        # Not answered, not even by a bounce, or two machines would write to each other.
        return "An automatic answer acknowledges nothing."
    except NothingToAcknowledge as problem:
        raise Failed("this mail answers no page that still needs somebody") from problem
    return "\n".join(
        f"Person {one.person_id} is on ticket {one.paging.ticket_id} until {one.until:%FT%TZ}." for one in done
    )
