"""What the commands share: the instant at which they were called, errors, agreements from files, languages."""

import locale
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import click

from puntuale.guarantee import document
from puntuale.guarantee.agreement import Agreement
from puntuale.wording.languages import LANGUAGES, spoken


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the command line: when it was made, and a way to the database for commands that need one.

    Time is read once, at the door.
    """

    at: datetime
    open_desk: Callable[[], AbstractContextManager[None]]


class Failed(click.ClickException):
    """The command was understood but could not be done. Exit status 1."""

    exit_code = 1


def agreement_from(file: Path | None) -> Agreement:
    """Return the agreement in a file, or the one Puntuale ships with. Tells everything wrong with it, then fails."""
    if file is None:
        return document.read(files("puntuale.agreements").joinpath("standard.toml").read_bytes()).sound()
    reading = read_file(file)
    for finding in reading.findings:
        click.echo(f"{file}: {'warning: ' if finding.is_warning else ''}{finding}", err=True)
    if reading.agreement is None:
        raise Failed(f"{file} is not an agreement that can be used")
    return reading.agreement


def read_file(file: Path) -> document.Reading:
    """Return what a document in a file says. Holidays that are only named are looked up."""
    # The holidays library is slow to load, and most documents do not need it.
    from puntuale.agreements.proposals import propose  # noqa: PLC0415

    return document.read(content_of(file), propose=propose)


def content_of(file: Path) -> bytes:
    """Return what is in a file."""
    try:
        return file.read_bytes()
    except OSError as problem:
        raise Failed(f"{file} cannot be read: {problem.strerror}") from problem


def language_of_terminal() -> str:
    """Return the language of the environment (LANGUAGE, LC_ALL, LC_MESSAGES, LANG), as far as Puntuale speaks it."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            code = locale.normalize(value.split(":", maxsplit=1)[0])
            return spoken(code.split(".", maxsplit=1)[0])
    return "en"


language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(sorted(LANGUAGES)),
    default=language_of_terminal,
    show_default="that of the terminal",
    help="Language of the answer.",
)

agreement_option = click.option(
    "--agreement",
    "agreement_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Agreement to read instead of the one Puntuale ships with.",
)
