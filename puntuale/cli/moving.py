"""`puntuale import` and `puntuale export`: moving in from another desk, and out of this one."""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

import click

from puntuale.cli.asking import Call, Failed

if TYPE_CHECKING:
    from _csv import Writer

    from puntuale.moving.mapping import Mapping
    from puntuale.moving.records import Problem
    from puntuale.moving.rows import Row
    from puntuale.moving.taking_in import Report
    from puntuale.people.models import Person

TOLD_EVERY = 5_000
SHOWN, KINDS_SHOWN = 20, 12
OUTPUT = click.Path(path_type=Path, dir_okay=False)


@click.command("import")
@click.argument("source")
@click.option("--by", "manager", default="", help="Address of the manager who does it, and stands in for agents.")
@click.option("--mapping", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="Which column is which.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["rows", "zendesk", "django-helpdesk", "export"]),
    default="rows",
    show_default=True,
    help="rows: a .csv, .xlsx or .jsonl file; zendesk: a folder with its JSON export; django-helpdesk: its database;"
    " export: a folder that puntuale export wrote, which is recognised by itself.",
)
@click.option("--encoding", default="", help="How the file is written, such as cp1252, when it is not UTF-8.")
@click.option("--zone", "zone_name", default="", help="Zone of times that have none, such as Europe/Rome.")
@click.option("--dates", type=click.Choice(["day-first", "month-first"]), help="How to read 03/04/2026.")
@click.option("--dry-run", "trial", is_flag=True, help="Do everything, and undo it.")
@click.option("--rejected", type=OUTPUT, help="Write what was refused into this file.")
@click.option("--changed", type=OUTPUT, help="Write what is otherwise than it was into this file.")
@click.option("--promises/--no-promises", default=True, help="Promise open tickets what their plans do, from now on.")
@click.pass_obj
def import_(
    call: Call,
    *,
    source: str,
    manager: str,
    mapping: Path | None,
    kind: str,
    encoding: str,
    zone_name: str,
    dates: str | None,
    trial: bool,
    rejected: Path | None,
    changed: Path | None,
    promises: bool,
) -> None:
    """Take in the tickets in SOURCE. What is here already is left as it is, so it can be called again.

    SOURCE may be an export of a whole desk, too. It comes into an empty desk, whole or not at all.
    """
    with call.open_desk():
        from puntuale.agreements.reading import NothingInForce  # noqa: PLC0415
        from puntuale.moving.desk_import import is_export  # noqa: PLC0415
        from puntuale.moving.mapping import MappingRefused  # noqa: PLC0415
        from puntuale.moving.rows import FileRefused  # noqa: PLC0415
        from puntuale.moving.taking_in import Intake  # noqa: PLC0415

        if kind == "export" or (kind == "rows" and is_export(Path(source))):
            _import_desk(Path(source), has_options=bool(manager or mapping or trial or rejected or changed))
            return
        if not manager:
            raise click.UsageError("--by is needed: the address of the manager who imports.")
        try:
            read_as = _mapping(mapping, zone_name, dates)
            found = _tickets(kind, source, read_as, encoding)
            intake = Intake(found.mapping, _manager(manager), call.at, trial)
            told = _Told(rejected, changed)
            with told:
                _go_through(intake.take(found.tickets), told)
            if not trial:
                if promises:
                    intake.promise()
                intake.note(Path(source).name[:100])
        except (FileRefused, MappingRefused, NothingInForce) as problem:
            raise Failed(str(problem)) from problem
        _tell(intake.report, trial=trial, told=told, notes=found.notes)
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


class _Found(NamedTuple):
    """The tickets of a source, how they are read, and what was found out about the file."""

    tickets: "Iterable[list[Row]]"
    mapping: "Mapping"
    notes: list[str]


def _tickets(kind: str, source: str, mapping: "Mapping", encoding: str) -> _Found:
    from puntuale.moving import helpdesk, rows, zendesk  # noqa: PLC0415

    if kind == "zendesk":
        return _Found(([row] for row in zendesk.rows_of(Path(source))), mapping, [])
    if kind == "django-helpdesk":
        return _Found(([row] for row in helpdesk.rows_of(source)), mapping, [])
    file = rows.Source(Path(source), mapping, encoding)
    file.settle_dates()
    return _Found(file.tickets(), file.mapping, file.notes)


def _mapping(file: Path | None, zone_name: str, dates: str | None) -> "Mapping":
    """Return how rows are read: as the mapping says, and the options, which go before it."""
    from puntuale.guarantee.zones import UnknownZone, zone  # noqa: PLC0415
    from puntuale.moving.mapping import read_mapping  # noqa: PLC0415

    read_as = read_mapping(file)
    try:
        named = zone(zone_name) if zone_name else read_as.zone
    except UnknownZone as problem:
        raise click.UsageError(f"--zone {zone_name!r} is not a zone such as Europe/Rome.") from problem
    return replace(read_as, zone=named, order=dates or read_as.order)


def _import_desk(folder: Path, *, has_options: bool) -> None:
    from puntuale.moving.desk_import import ExportRefused, import_desk  # noqa: PLC0415

    if has_options:
        raise click.UsageError("An export of a desk comes in whole: it takes no other options.")
    try:
        done = import_desk(folder)
    except ExportRefused as problem:
        raise Failed(str(problem)) from problem
    except OSError as problem:
        raise Failed(f"{problem.filename or folder}: {problem.strerror}") from problem
    click.echo(f"{done.rows} rows of {done.tables} tables and {done.files} files are here.")
    click.echo("Passwords, tokens and other secrets stayed behind: people sign in with a code. See puntuale doctor.")
    for name in done.missing:
        click.echo(f"the file {name} was missing already when the export was made", err=True)


class _Told:
    """Writes what was refused and changed into files as it comes, shows the first, and counts the rest by kinds."""

    def __init__(self, rejected: Path | None, changed: Path | None) -> None:
        self.kinds: Counter[tuple[str, str]] = Counter()
        self.refused: list[Problem] = []
        self.refused_count = 0
        self._places = rejected, changed
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._rejected, self._changed = (self._writer(place) for place in self._places)
        return self

    def __exit__(self, *raised: object) -> None:
        self._open.close()

    def take_from(self, report: "Report") -> None:
        """Take out of a report what stands in it."""
        self.refused += report.problems[: SHOWN - len(self.refused)]
        self.refused_count += len(report.problems)
        self.kinds.update((one.field, one.rule) for one in report.changes)
        for writer, problems in ((self._rejected, report.problems), (self._changed, report.changes)):
            if writer is not None:
                writer.writerows([one.line, one.field, one.value, one.rule] for one in problems)
            problems.clear()

    def _writer(self, place: Path | None) -> "Writer | None":
        if place is None:
            return None
        try:
            file = self._open.enter_context(place.open("w", encoding="utf-8", newline=""))
        except OSError as problem:
            raise Failed(f"{place} cannot be written: {problem.strerror}") from problem
        writer = csv.writer(file)
        writer.writerow(["line", "field", "value", "rule"])
        return writer


def _go_through(reports: "Iterable[Report]", told: _Told) -> None:
    shown = 0
    for report in reports:
        told.take_from(report)
        done = report.taken + report.known + report.refused
        if done - shown >= TOLD_EVERY:
            shown = done
            click.echo(f"{done} tickets ...", err=True)


def _tell(report: "Report", *, trial: bool, told: _Told, notes: Sequence[str]) -> None:
    would = "would be taken in" if trial else "taken in"
    click.echo(f"{report.taken} {would}, {report.known} here already, {report.refused} refused.")
    if report.made:
        click.echo("New: " + ", ".join(f"{count} {kind}" for kind, count in sorted(report.made.items())) + ".")
    if report.promised:
        click.echo(f"{report.promised} open tickets have a promise from now on.")
    for note in notes:
        click.echo(f"Note: {note}.")
    if told.kinds:
        click.echo("Changed (--changed FILE has each line):")
    for (name, rule), count in told.kinds.most_common(KINDS_SHOWN):
        click.echo(f"  {count} x {name}: {rule}")
    for problem in told.refused:
        click.echo(f"line {problem.line}: {problem.field} {problem.value!r}: {problem.rule}", err=True)
    if told.refused_count > len(told.refused):
        more = told.refused_count - len(told.refused)
        click.echo(f"... and {more} more; --rejected FILE has them all", err=True)


def _manager(email: str) -> "Person":
    from puntuale.people.email import normalised  # noqa: PLC0415
    from puntuale.people.models import MANAGING_ROLES, Person  # noqa: PLC0415

    found = Person.objects.filter(email=normalised(email), role__in=MANAGING_ROLES, left_at=None).first()
    if found is None:
        raise Failed(f"no manager has the address {email}")
    return found
