"""The entry of the command line: finds the command, loads only what it needs, and turns mistakes into exit statuses."""

import difflib
import errno
import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

import puntuale
from puntuale.cli.asking import Call, Failed
from puntuale.conf.clock import now
from puntuale.guarantee import zones

COMMANDS = {
    "quote": ("puntuale.cli.quote", "command", "What would be promised to a ticket. Needs no database."),
    "explain": ("puntuale.cli.explain", "command", "The same, or a ticket's promise, with everything it rests on."),
    "evidence": ("puntuale.cli.evidence", "command", "Write what proves how a ticket's promises were kept."),
    "verify": ("puntuale.cli.verify", "command", "Check such evidence. Needs no database."),
    "agreement": ("puntuale.cli.agreement", "command", "Check a document, or publish it."),
    "what-if": ("puntuale.cli.whatif", "command", "History under another agreement, calendar or rota."),
    "staffing": ("puntuale.cli.staffing", "command", "How many people it takes to keep what is promised."),
    "demo": ("puntuale.conf.serving", "demo", "Run a desk with a believable company in it."),
    "serve": ("puntuale.conf.serving", "serve", "Run the desk: database, web server and worker."),
    "work": ("puntuale.conf.working", "command", "Run one more worker."),
    "privacy": ("puntuale.cli.privacy", "command", "Hand out, erase and forget what is kept about people."),
    "import": ("puntuale.cli.moving", "import_", "Take in tickets from another desk."),
    "export": ("puntuale.cli.moving", "export", "Write everything there is into a folder."),
    "receive": ("puntuale.cli.receive", "command", "Take the answer to a page, as a mail server hands it over."),
    "prepare": ("puntuale.conf.preparing", "command", "Bring the database and the static files up to date."),
    "backup": ("puntuale.conf.backing_up", "backup", "Write the whole desk into a folder, while people work."),
    "restore": ("puntuale.conf.backing_up", "restore", "Bring a backup back, or look whether that would work."),
    "doctor": ("puntuale.cli.doctor", "command", "Look whether all is well with the desk."),
}

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EBADF}


class Commands(click.Group):
    """The commands, each loaded from its module when it is called, so that `quote` need not wait for Django."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names in the order in which people need them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command of a name, or None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, name, _ = COMMANDS[cmd_name]
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was called, or say which one may have been meant."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            close = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f"Did you mean {close[0]}?" if close else f"The commands are {', '.join(COMMANDS)}."
            raise click.UsageError(f"No such command '{args[0]}'. {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands from the table, without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, _, summary) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(puntuale.__version__, prog_name="puntuale")
@click.pass_context
def root(ctx: click.Context) -> None:
    """Puntuale, a support desk that keeps its word."""
    zones.use_newest_rules()
    ctx.obj = Call(at=now(), open_desk=_open_desk)


@contextmanager
def _open_desk() -> Iterator[None]:
    """Make the desk of this home ready. Settings and database that will not do end the command."""
    # Most commands need none of this, and should not wait for it.
    from django.db.utils import DatabaseError  # noqa: PLC0415

    from puntuale.conf.environment import SettingsRefused  # noqa: PLC0415
    from puntuale.conf.home import Home, HomeRefused, open_desk  # noqa: PLC0415
    from puntuale.conf.postgres import NoPostgres, ServerFailed  # noqa: PLC0415

    try:
        with open_desk(Home.of_desk()):
            yield
    except (SettingsRefused, HomeRefused, NoPostgres, ServerFailed) as problem:
        raise Failed(str(problem)) from problem
    except DatabaseError as problem:
        if (said := _why_unusable(problem)) is None:
            raise
        raise Failed(said) from problem


def _why_unusable(problem: Exception) -> str | None:
    """Return what is wrong with a database that cannot be used as it is, or None when the mistake is ours."""
    from psycopg import OperationalError, errors  # noqa: PLC0415

    cause = problem.__cause__
    if isinstance(cause, errors.UndefinedTable | errors.UndefinedColumn):
        return "The database is not prepared for this program; run puntuale prepare."
    if isinstance(cause, OperationalError):
        return f"The database does not answer: {cause}"
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0 done, 1 failed, 2 usage, 130 interrupted."""
    if sys.stdout is None or sys.stderr is None:
        return _nowhere_to_write()
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a letter gets an escape instead of a traceback.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        status = root.main(arguments, prog_name="puntuale", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        _write_no_more()
        return 1
    except OSError as problem:
        if problem.errno not in FULL or problem.filename is not None:
            raise
        _write_no_more()
        click.echo(f"Error: the answer cannot be written: {problem.strerror}", err=True)
        return 1
    return status if isinstance(status, int) else 0


def _nowhere_to_write() -> int:
    """Return the exit status of a program whose standard output or error was closed before it began."""
    if sys.stderr is not None:
        click.echo("Error: standard output is closed, so there is nowhere to answer", err=True)
    return 1


def _write_no_more() -> None:
    """Let go of standard output, which takes nothing any more, so that the interpreter does not complain at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
