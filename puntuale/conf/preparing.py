"""`puntuale prepare`: bring database and files up to date, publish a first agreement, invite a first manager."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from time import sleep

import click

from puntuale.cli.asking import Call, Failed

log = logging.getLogger("puntuale.prepare")

# Any number, as long as every version of the program uses the same.
PREPARING_LOCK = 7_082_026
ASKED_AGAIN_AFTER = 0.2


@click.command("prepare")
@click.option("--demo", is_flag=True, help="Fill an empty desk with a believable company.")
@click.pass_obj
def command(call: Call, *, demo: bool) -> None:
    """Bring the database and the static files up to date. `serve` and `demo` do it at every start."""
    with call.open_desk():
        for line in prepare(at=call.at, demo=demo):
            click.echo(line)


def prepare(*, at: datetime, demo: bool) -> list[str]:
    """Do it, one process at a time, and return what a person should be told: where to come in first, or the logins."""
    from django.core.management import call_command  # noqa: PLC0415

    from puntuale.cli.pooling import refuse_shared_sessions  # noqa: PLC0415 -- most commands need no database

    refuse_shared_sessions()
    with _in_turn():
        migrate()
        try:
            stay_erased(at=at)
        except Failed as problem:
            # Until it is put right nobody is erased, and the doctor says so; customers need not wait for that.
            log.error("%s", problem)  # noqa: TRY400 -- it says what to do; where it was raised helps nobody
        # Two at a time take each other's files away where they share a home.
        call_command("collectstatic", interactive=False, verbosity=0)
        return _fill_demo(at) if demo else _first_steps(at)


def migrate() -> None:
    """Bring the schema up to date, one process at a time. Raises Failed when it is newer than this program."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415

    with _in_turn():
        loader = MigrationLoader(connection)
        ours = {app for app, _ in loader.disk_migrations}
        newer = sorted(
            f"{a}.{n}" for a, n in loader.applied_migrations if a in ours and (a, n) not in loader.disk_migrations
        )
        if newer:
            raise Failed(f"The database is newer than this program: it has {', '.join(newer)}. Start a newer Puntuale.")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)


def stay_erased(*, at: datetime) -> int:
    """Erase again who is back although she was erased, complete the journal, and return how many were back.

    Raises Failed when the journal cannot be read or written.
    """
    from puntuale.privacy import journal, staying_erased  # noqa: PLC0415

    try:
        again = staying_erased.erase_again(at=at)
        staying_erased.complete_journal()
    except (journal.JournalDamaged, journal.NotJournalled) as problem:
        raise Failed(str(problem)) from problem
    except OSError as problem:
        raise Failed(f"{problem.filename}: {problem.strerror}") from problem
    return again


@contextmanager
def _in_turn() -> Iterator[None]:
    """Wait until no other process prepares this database, and let none begin meanwhile. Whoever has it may ask again.

    Asked for again and again: an index that is made while others write waits for every statement that runs, so one that
    stood here waiting would hold up what it waits for.
    """
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [PREPARING_LOCK])
            if cursor.fetchone()[0]:
                break
            sleep(ASKED_AGAIN_AFTER)
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARING_LOCK])


def _first_steps(at: datetime) -> list[str]:
    """Publish the agreement Puntuale ships with when there is none, and invite the first manager when there is none."""
    from importlib.resources import files  # noqa: PLC0415

    from puntuale.agreements.models import Publication  # noqa: PLC0415
    from puntuale.agreements.publication import publish  # noqa: PLC0415
    from puntuale.people.joining import invite_first_manager  # noqa: PLC0415

    if not Publication.objects.exists():
        standard = files("puntuale.agreements").joinpath("standard.toml").read_text(encoding="utf-8")
        publish(standard, effective_from=at, at=at)
    secret = invite_first_manager(at=at)
    return [f"welcome /en/office/welcome/{secret}/"] if secret else []


def _fill_demo(at: datetime) -> list[str]:
    from puntuale.demo.company import FIRST_LOGIN, PASSWORD, founded  # noqa: PLC0415
    from puntuale.demo.history import tell  # noqa: PLC0415
    from puntuale.people.models import Person  # noqa: PLC0415

    if not Person.objects.exists():
        tell(founded(at=at), at=at)
    people = Person.objects.select_related("organisation").order_by("pk")
    if not people.filter(email=FIRST_LOGIN).exists():
        raise Failed(
            "There is a desk in this database already. The demo wants an empty one: choose another PUNTUALE_HOME."
        )
    return [
        f"login {person.email} {PASSWORD} {person.name}, {person.organisation or person.get_role_display().lower()}"
        for person in people
    ]
