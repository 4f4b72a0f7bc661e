"""`puntuale backup` and `puntuale restore`."""

from pathlib import Path

import click

from puntuale.cli.asking import Call, Failed
from puntuale.conf.backup import restoring, taking
from puntuale.conf.backup.manifest import BackupRefused, Manifest
from puntuale.conf.home import Home, HomeRefused
from puntuale.conf.postgres import NoPostgres, ServerFailed
from puntuale.conf.preparing import migrate, stay_erased

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
            manifest = taking.back_up(
                folder, url=database.url, home=home.path, files=files_of(home), journals=home.journals(), at=call.at
            )
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
@click.option(
    "--erasures",
    "given",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A journal of erasures from elsewhere, such as the home that was lost; may be given more than once.",
)
@click.pass_obj
def restore(call: Call, *, folder: Path, only_look: bool, given: tuple[Path, ...]) -> None:
    """Bring the desk in FOLDER back into an empty home. Whoever was erased since is erased again."""
    home = Home.of_desk()
    known = [file for file in (*home.journals(), *given) if file.exists()]
    try:
        if only_look:
            manifest, back = restoring.check(folder, journals=known)
        else:
            manifest, back = _bring_back(folder, home, given)
    except PROBLEMS as problem:
        raise Failed(str(problem)) from problem
    except OSError as problem:
        raise Failed(f"{problem.filename or folder}: {problem.strerror}") from problem
    _tell(manifest, "would come back as they were." if only_look else "are back.")
    if not only_look:
        _erase_again(call, back)
    elif back:
        click.echo(f"{back} people in it were erased since, and would be erased again.")
    if not known:
        click.echo(
            "There is no journal of erasures here, and none was given with --erasures:"
            " whoever was erased since then comes back.",
            err=True,
        )


def _bring_back(folder: Path, home: Home, given: tuple[Path, ...]) -> restoring.Outcome:
    with home.database() as database:
        return restoring.restore(
            folder,
            url=database.url,
            home=home.path,
            files=files_of(home),
            journals=home.journals(),
            given=given,
        )


def _erase_again(call: Call, back: int) -> None:
    """Erase again who was erased since. For that, and only then, the schema is brought up to date."""
    if back:
        with call.open_desk():
            migrate()
            click.echo(f"{stay_erased(at=call.at)} people in it were erased since, and are erased again.")


def files_of(home: Home) -> Path:
    """Return where a home keeps what people sent."""
    return home.path / "files"


def _tell(manifest: Manifest, what: str) -> None:
    rows, files = sum(manifest.rows.values()), len(manifest.parts)
    click.echo(f"{rows} rows of {len(manifest.rows)} tables and {files} files, as of {manifest.made_at}, {what}")
