"""`puntuale backup` and `puntuale restore`."""

from pathlib import Path

import click

from puntuale.cli.asking import Call, Failed
from puntuale.conf.backup import restoring, taking
from puntuale.conf.backup.manifest import BackupRefused, Manifest
from puntuale.conf.home import Home, HomeRefused
from puntuale.conf.postgres import NoPostgres, ServerFailed

PROBLEMS = (BackupRefused, HomeRefused, NoPostgres, ServerFailed)
folder_argument = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))


@click.command("backup")
@folder_argument
@click.pass_obj
def backup(call: Call, *, folder: Path) -> None:
    """Write the whole desk into a new FOLDER, database and files together, while people go on working."""
    home = Home.of_desk()
    try:
        with home.database() as database:
            manifest = taking.back_up(folder, url=database.url, home=home.path, files=files_of(home), at=call.at)
    except PROBLEMS as problem:
        raise Failed(str(problem)) from problem
    except OSError as problem:
        raise Failed(f"{problem.filename or folder}: {problem.strerror}") from problem
    _tell(manifest, f"are in {folder}.")
    for place in manifest.missing:
        click.echo(f"missing: {place}", err=True)
    if manifest.missing:
        raise Failed(f"{len(manifest.missing)} files are missing; the backup holds everything else")


@click.command("restore")
@folder_argument
@click.option("--check", "only_look", is_flag=True, help="Only look whether it would work; change nothing.")
def restore(*, folder: Path, only_look: bool) -> None:
    """Bring the desk in FOLDER back into an empty home."""
    home = Home.of_desk()
    try:
        if only_look:
            _tell(restoring.check(folder), "would come back as they were.")
            return
        with home.database() as database:
            manifest = restoring.restore(folder, url=database.url, home=home.path, files=files_of(home))
    except PROBLEMS as problem:
        raise Failed(str(problem)) from problem
    except OSError as problem:
        raise Failed(f"{problem.filename or folder}: {problem.strerror}") from problem
    _tell(manifest, "are back.")


def files_of(home: Home) -> Path:
    """Return where a home keeps what people sent."""
    return home.path / "files"


def _tell(manifest: Manifest, what: str) -> None:
    rows, files = sum(manifest.rows.values()), len(manifest.parts)
    click.echo(f"{rows} rows of {len(manifest.rows)} tables and {files} files, as of {manifest.made_at}, {what}")
