"""PostgreSQL's own programs for copying a database out and in."""

import os
import subprocess
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from puntuale.conf.backup.manifest import BackupRefused
from puntuale.conf.postgres import NoPostgres
from puntuale.conf.postgres.binaries import find

JOBS_OF_OTHERS = ("--no-owner", "--no-privileges")


def dump(url: str, to: Path, *, snapshot: str) -> None:
    """Write a database as it is in a snapshot into a file of PostgreSQL's custom format. Raises BackupRefused."""
    _run("pg_dump", url, "--format=custom", f"--snapshot={snapshot}", f"--file={to}", *JOBS_OF_OTHERS)


def restore(url: str, dumped: Path) -> None:
    """Bring a dump into an empty database, whole or not at all. Raises BackupRefused."""
    _run("pg_restore", url, "--exit-on-error", "--single-transaction", *JOBS_OF_OTHERS, after=[str(dumped)])


def _run(name: str, url: str, *arguments: str, after: list[str] | None = None) -> None:
    """Run a program against a database. Its password goes by the environment, where others cannot read it."""
    try:
        program = find().program(name)
    except NoPostgres as problem:
        raise BackupRefused(str(problem)) from problem
    told = conninfo_to_dict(url)
    password = told.pop("password", None)
    known = {key: str(value) for key, value in told.items() if value is not None}
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
    if password:
        environment["PGPASSWORD"] = str(password)
    command = [program, f"--dbname={make_conninfo(**known)}", *arguments, *(after or [])]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupRefused(f"{name} failed: {' '.join(done.stderr.split())[:1000]}")
