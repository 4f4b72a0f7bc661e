"""`puntuale import` and `puntuale export`: moving in from another desk, and out of this one."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from puntuale.cli.asking import Call, Failed

if TYPE_CHECKING:
    from puntuale.moving.mapping import Mapping
    from puntuale.moving.rows import Row
    from puntuale.moving.taking_in import Report
    from puntuale.people.models import Person

TOLD_EVERY = 5_000
SHOWN = 20


@click.command("import")
@click.argument("source")
@click.option("--by", "manager", required=True, help="Address of the manager who does it, and stands in for agents.")
@click.option("--mapping", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="Which column is which.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["rows", "zendesk", "django-helpdesk"]),
    default="rows",
    show_default=True,
    help="rows: a .csv or .jsonl file; zendesk: a folder with its JSON export; django-helpdesk: its database.",
)
@click.option("--dry-run", "trial", is_flag=True, help="Do everything, and undo it.")
@click.option(
    "--rejected", type=click.Path(path_type=Path, dir_okay=False), help="Write what was refused into this file."
)
@click.option("--promises/--no-promises", default=True, help="Promise open tickets what their plans do, from now on.")
@click.pass_obj
def import_(
    call: Call,
    *,
    source: str,
    manager: str,
    mapping: Path | None,
    kind: str,
    trial: bool,
    rejected: Path | None,
    promises: bool,
) -> None:
    """Take in the tickets in SOURCE. What is here already is left as it is, so it can be called again."""
    with call.open_desk():
        from puntuale.agreements.reading import NothingInForce  # noqa: PLC0415
        from puntuale.moving.mapping import MappingRefused, read_mapping  # noqa: PLC0415
        from puntuale.moving.rows import FileRefused  # noqa: PLC0415
        from puntuale.moving.taking_in import Intake  # noqa: PLC0415

        try:
            read_as = read_mapping(mapping)
            intake = Intake(read_as, _manager(manager), call.at, trial)
            _go_through(intake.take(_tickets(kind, source, read_as)))
            if not trial:
                if promises:
                    intake.promise()
                intake.note(Path(source).name[:100])
        except (FileRefused, MappingRefused, NothingInForce) as problem:
            raise Failed(str(problem)) from problem
        _tell(intake.report, trial=trial, rejected=rejected)
    if intake.report.refused:
        raise Failed(f"{intake.report.refused} tickets were refused")


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.pass_obj
def export(call: Call, *, folder: Path) -> None:
    """Write everything there is, but secrets, into FOLDER: a file of JSON Lines for each table, and all files."""
    with call.open_desk():
        from puntuale.moving import exporting  # noqa: PLC0415

        try:
            manifest = exporting.export(folder, at=call.at)
        except OSError as problem:
            raise Failed(f"{folder} cannot be written: {problem.strerror}") from problem
        click.echo(f"{manifest.rows} rows of {manifest.tables} tables and {manifest.files} files are in {folder}.")
        for name in manifest.missing:
            click.echo(f"the file {name} is missing", err=True)
    if manifest.missing:
        raise Failed(f"{len(manifest.missing)} files are missing")


def _tickets(kind: str, source: str, mapping: "Mapping") -> "Iterable[Sequence[Row]]":
    from puntuale.moving import helpdesk, rows, zendesk  # noqa: PLC0415

    if kind == "zendesk":
        return ([row] for row in zendesk.rows_of(Path(source)))
    if kind == "django-helpdesk":
        return ([row] for row in helpdesk.rows_of(source))
    return rows.together(rows.rows_of(Path(source)), mapping)


def _go_through(reports: "Iterable[Report]") -> None:
    told = 0
    for report in reports:
        done = report.taken + report.known + report.refused
        if done - told >= TOLD_EVERY:
            told = done
            click.echo(f"{done} tickets ...", err=True)


def _tell(report: "Report", *, trial: bool, rejected: Path | None) -> None:
    would = "would be taken in" if trial else "taken in"
    click.echo(f"{report.taken} {would}, {report.known} here already, {report.refused} refused.")
    if report.made:
        click.echo("New: " + ", ".join(f"{count} {kind}" for kind, count in sorted(report.made.items())) + ".")
    if report.promised:
        click.echo(f"{report.promised} open tickets have a promise from now on.")
    for problem in report.problems[:SHOWN]:
        click.echo(f"line {problem.line}: {problem.field} {problem.value!r}: {problem.rule}", err=True)
    if len(report.problems) > SHOWN:
        click.echo(f"... and {len(report.problems) - SHOWN} more; --rejected FILE has them all", err=True)
    if rejected is not None:
        with rejected.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["line", "field", "value", "rule"])
            writer.writerows([problem.line, problem.field, problem.value, problem.rule] for problem in report.problems)


def _manager(email: str) -> "Person":
    from puntuale.people.email import normalised  # noqa: PLC0415
    from puntuale.people.models import MANAGING_ROLES, Person  # noqa: PLC0415

    found = Person.objects.filter(email=normalised(email), role__in=MANAGING_ROLES, left_at=None).first()
    if found is None:
        raise Failed(f"no manager has the address {email}")
    return found
