"""`puntuale receive`: a mail from standard input, as a mail server hands it to a program."""

import logging
import sys

import click

from puntuale.cli.asking import Call, Failed

LATER = 75
"""What mail servers take as "not now, keep it and come again" (EX_TEMPFAIL)."""
LARGEST = 50_000_000

log = logging.getLogger("puntuale.receive")


@click.command("receive")
@click.pass_obj
def command(call: Call) -> None:
    """Take the answer to a page from standard input: whoever got it is on it. Exit status 75: it must come again."""
    raw = sys.stdin.buffer.read(LARGEST)
    with call.open_desk():
        from django.db import DatabaseError  # noqa: PLC0415

        from puntuale.oncall import by_mail  # noqa: PLC0415
        from puntuale.oncall.acknowledging import NothingToAcknowledge  # noqa: PLC0415

        try:
            done = by_mail.acknowledge(raw, at=call.at)
        except by_mail.WrittenByNobody:
            # Not answered, not even by a bounce, or two machines would write to each other.
            click.echo("An automatic answer acknowledges nothing.")
        except NothingToAcknowledge as problem:
            raise Failed("this mail answers no page that still needs somebody") from problem
        except DatabaseError as problem:
            log.warning("the database does not answer: %s", str(problem).strip())
            sys.exit(LATER)
        else:
            for one in done:
                click.echo(f"Person {one.person_id} is on ticket {one.paging.ticket_id} until {one.until:%FT%TZ}.")
