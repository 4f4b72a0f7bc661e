"""`puntuale privacy`: hand out, erase and forget what is kept about people."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from puntuale.cli.asking import Call, Failed

if TYPE_CHECKING:
    from puntuale.people.models import Organisation, Person


@click.group("privacy")
def command() -> None:
    """Hand out, erase and forget what is kept about people."""


@command.command("export")
@click.argument("email")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def export(call: Call, *, email: str, file: Path) -> None:
    """Write everything about a person into FILE, a ZIP file."""
    with call.open_desk():
        from puntuale.privacy import exporting  # noqa: PLC0415

        person = _not_erased(email)
        try:
            with open(file, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as to:
                exporting.export(person, to, at=call.at)
        except OSError as problem:
            raise Failed(f"{file} cannot be written: {problem.strerror}") from problem
        click.echo(f"Everything about person {person.pk} is in {file}.")


@command.command("erase")
@click.argument("email")
@click.option("--by", "manager", required=True, help="Address of the manager who decides it.")
@click.option("--yes", is_flag=True, help="Do not ask. There is no way back.")
@click.pass_obj
def erase(call: Call, *, email: str, manager: str, yes: bool) -> None:
    """Erase a person for good. What was promised and kept stays, without her name."""
    with call.open_desk():
        from puntuale.privacy import erasing, journal  # noqa: PLC0415
        from puntuale.tickets.rights import NotAManager  # noqa: PLC0415

        person, by = _not_erased(email), _person(manager)
        if not yes:
            click.confirm(f"Erase {person.name} <{person.email}> for good?", abort=True)
        try:
            erasing.erase(person, by=by, at=call.at)
        except NotAManager as problem:
            raise Failed(f"{manager} is not a manager") from problem
        except erasing.NotHers as problem:
            raise Failed("nobody erases herself, and only an administrator another administrator") from problem
        except journal.NotJournalled as problem:
            raise Failed(f"nothing is erased: {problem}") from problem
        click.echo(f"Person {person.pk} is erased.")


@command.command("retention")
@click.option("--months", type=click.IntRange(1, 1200), help="Forget what was written so long after a ticket ended.")
@click.option("--for-ever", is_flag=True, help="Forget nothing.")
@click.option("--organisation", "name", help="For this organisation only.")
@click.option("--hold", is_flag=True, help="Forget nothing of it until the rule is set anew, whatever its age.")
@click.option("--by", "manager", required=True, help="Address of the manager who decides it.")
@click.pass_obj
def keep(call: Call, *, months: int | None, for_ever: bool, name: str | None, hold: bool, manager: str) -> None:
    """Set for how long what people write is kept."""
    if (months is None) != for_ever:
        raise click.UsageError("Give one of --months and --for-ever.")
    with call.open_desk():
        from puntuale.privacy import retention  # noqa: PLC0415
        from puntuale.tickets.rights import NotAManager  # noqa: PLC0415

        try:
            rule = retention.keep_for(
                months, organisation=_organisation(name), held=hold, by=_person(manager), at=call.at
            )
        except NotAManager as problem:
            raise Failed(f"{manager} is not a manager") from problem
        click.echo(str(rule))


@command.command("forget")
@click.option("--dry-run", is_flag=True, help="Only tell how many tickets it would be.")
@click.pass_obj
def forget(call: Call, *, dry_run: bool) -> None:
    """Forget what was written on tickets that are over age, now. The worker does it every night."""
    with call.open_desk():
        from puntuale.privacy import retention  # noqa: PLC0415

        if dry_run:
            click.echo(f"What was written on {retention.count(at=call.at)} tickets would be forgotten.")
        else:
            click.echo(f"What was written on {retention.forget(at=call.at)} tickets is forgotten.")


def _person(email: str) -> "Person":
    from puntuale.people.email import normalised  # noqa: PLC0415
    from puntuale.people.models import Person  # noqa: PLC0415

    found = Person.objects.filter(email=normalised(email)).first()
    if found is None:
        raise Failed(f"nobody has the address {email}")
    return found


def _not_erased(email: str) -> "Person":
    person = _person(email)
    if person.is_erased:
        raise Failed(f"person {person.pk} was erased; nothing is kept about them")
    return person


def _organisation(name: str | None) -> "Organisation | None":
    from puntuale.people.models import Organisation  # noqa: PLC0415

    if name is None:
        return None
    found = Organisation.objects.filter(name=name).first()
    if found is None:
        raise Failed(f"there is no organisation {name!r}")
    return found
