"""`puntuale agreement`: check a document, or publish it."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from puntuale.cli.asking import Call, Failed, content_of, read_file
from puntuale.cli.instants import InstantType
from puntuale.guarantee.document import DocumentRefused

if TYPE_CHECKING:
    from puntuale.people.models import Person

file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group("agreement")
def command() -> None:
    """Check a document, or publish it."""


@command.command("check")
@file_argument
def check(file: Path) -> None:
    """Tell everything that is wrong with a document. Changes nothing."""
    reading = read_file(file)
    for finding in reading.findings:
        click.echo(f"{'warning' if finding.is_warning else 'error'}: {finding}")
    if reading.agreement is None:
        raise Failed(f"{file} has {len(reading.errors)} errors and cannot be published.")
    cells = len(reading.agreement.cells)
    click.echo(f"{file} can be published: version {reading.agreement.version}, {cells} cells.")


@command.command("publish")
@file_argument
@click.option(
    "--from", "effective_from", type=InstantType(), help="When it takes effect, with its zone. Left out: now."
)
@click.option("--allow-warnings", is_flag=True, help="Publish although something in it is probably a slip.")
@click.option(
    "--answering",
    metavar="EMAIL",
    help="A manager who answers for promises day and night that nobody is on call for at times.",
)
@click.pass_obj
def publish(
    call: Call, *, file: Path, effective_from: datetime | None, allow_warnings: bool, answering: str | None
) -> None:
    """Publish a new version. It applies to tickets sent from the instant at which it takes effect."""
    with call.open_desk():
        from puntuale.agreements import publication  # noqa: PLC0415

        try:
            made = publication.publish(
                content_of(file),
                effective_from=effective_from or call.at,
                at=call.at,
                allowing_warnings=allow_warnings,
                answering=_manager(answering),
            )
        except DocumentRefused as problem:
            for finding in problem.findings:
                click.echo(f"{'warning' if finding.is_warning else 'error'}: {finding}", err=True)
            hint = (
                " Publish it all the same with --allow-warnings." if all(f.is_warning for f in problem.findings) else ""
            )
            raise Failed(f"{file} was not published, and nothing has changed.{hint}") from problem
        except publication.PublicationRefused as problem:
            raise Failed(f"{file} was not published: {problem}") from problem
        click.echo(f"Version {made.version} is published and takes effect on {made.effective_from.isoformat()}.")
        for planned in publication.replaced_by(made):
            click.echo(f"Version {planned.version}, planned for {planned.effective_from.isoformat()}, never will.")


def _manager(email: str | None) -> "Person | None":
    """Return the manager with an address. Raises Failed for anybody else."""
    from puntuale.people.email import normalised  # noqa: PLC0415
    from puntuale.people.models import Person  # noqa: PLC0415

    if email is None:
        return None
    person = Person.objects.filter(email=normalised(email), left_at=None).first()
    if person is None or not person.manages:
        raise Failed(f"{email} is no manager here, so nobody answers for it. Nothing has changed.")
    return person
