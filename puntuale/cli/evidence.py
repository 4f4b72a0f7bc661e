"""`puntuale evidence`: a ticket's evidence as a file, for somebody who checks it elsewhere."""

from pathlib import Path

import click

from puntuale.cli.asking import Call, Failed
from puntuale.guarantee import evidence


@click.command("evidence")
@click.argument("number", type=click.IntRange(min=1))
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Left out: standard output."
)
@click.pass_obj
def command(call: Call, *, number: int, output: Path | None) -> None:
    """Write what proves how the promises of the ticket with this NUMBER were kept; puntuale verify checks it."""
    with call.open_desk():
        from puntuale.tickets.evidence import bundle_of  # noqa: PLC0415
        from puntuale.tickets.models import Ticket  # noqa: PLC0415

        ticket = Ticket.objects.filter(pk=number).first()
        if ticket is None:
            raise Failed(f"There is no ticket {number}.")
        text = evidence.written(bundle_of(ticket, at=call.at))
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise Failed(f"{output} cannot be written: {problem.strerror}") from problem
