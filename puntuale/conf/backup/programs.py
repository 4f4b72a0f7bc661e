"""PostgreSQL's own programs for copying a database out and in."""

import os
import subprocess
import tempfile
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from puntuale.conf.backup.manifest import BackupRefused
from puntuale.conf.postgres import NoPostgres
from puntuale.conf.postgres.binaries import find

JOBS_OF_OTHERS = ("--no-owner", "--no-privileges")
STOP_AT_ERRORS = "--set=ON_ERROR_STOP=1"
KNOWS_ITS_OWN_SETTINGS = 17
"""The first version that knows every setting with which today's `pg_restore` begins, whatever server it talks to."""
UNKNOWN_SETTING, LONGEST_HEAD = b"SET transaction_timeout = 0;", 4_000


def dump(url: str, to: Path, *, snapshot: str) -> None:
    """Write a database as it is in a snapshot into a file of PostgreSQL's custom format. Raises BackupRefused."""
    _run("pg_dump", url, "--format=custom", f"--snapshot={snapshot}", f"--file={to}", *JOBS_OF_OTHERS)


def restore(url: str, dumped: Path) -> None:
    """Bring a dump into an empty database, whole or not at all. Raises BackupRefused."""
    if _version(url) >= KNOWS_ITS_OWN_SETTINGS:
        _run("pg_restore", url, "--exit-on-error", "--single-transaction", *JOBS_OF_OTHERS, after=[str(dumped)])
        return
    with tempfile.TemporaryDirectory(prefix="puntuale-restore-") as aside:
        # Written down as a whole before anything is done: a script that breaks off would be taken for a complete one.
        script = Path(aside) / "script.sql"
        _run("pg_restore", None, f"--file={script}", *JOBS_OF_OTHERS, after=[str(dumped)])
        _leave_out(UNKNOWN_SETTING, script)
        _run("psql", url, "--no-psqlrc", "--quiet", "--single-transaction", STOP_AT_ERRORS, f"--file={script}")


def _leave_out(setting: bytes, script: Path) -> None:
    """Make a comment of a setting at the head of a script."""
    with script.open("r+b") as file:
        place = file.read(LONGEST_HEAD).find(setting)
        if place >= 0:
            file.seek(place)
            file.write(b"-- ")


def _version(url: str) -> int:
    with psycopg.connect(url) as base:
        return base.info.server_version // 10_000


def _run(name: str, url: str | None, *arguments: str, after: list[str] | None = None) -> None:
    """Run a program against a database. Its password goes by the environment, where others cannot read it."""
    try:
        program = find().program(name)
    except NoPostgres as problem:
        raise BackupRefused(str(problem)) from problem
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
    reached = []
    if url is not None:
        told = conninfo_to_dict(url)
        if password := told.pop("password", None):
            environment["PGPASSWORD"] = str(password)
        known = {key: str(value) for key, value in told.items() if value is not None}
        reached = [f"--dbname={make_conninfo(**known)}"]
    command = [program, *reached, *arguments, *(after or [])]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupRefused(f"{name} failed: {' '.join(done.stderr.split())[:1000]}")
