"""The desk's home: the folder with the embedded database, the secret key and the static files."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from puntuale.conf.postgres import Server
from puntuale.guarantee import zones
from puntuale.privacy import journal


class HomeRefused(RuntimeError):
    """A folder that cannot be the desk's home, and why."""


@dataclass(frozen=True, slots=True)
class Database:
    """Where the database is, and its server, which is None where somebody else runs it."""

    url: str
    server: Server | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """A folder of our own. What the environment does not set, it provides."""

    path: Path

    @classmethod
    def of_desk(cls) -> "Home":
        """Return the home that PUNTUALE_HOME names, else `var/desk` below the present folder."""
        return cls(Path(os.environ.get("PUNTUALE_HOME") or "var/desk").resolve())

    @classmethod
    def of_demo(cls) -> "Home":
        """Return the home that PUNTUALE_HOME names, else `var/demo`, so that a demo never meets a real desk."""
        return cls(Path(os.environ.get("PUNTUALE_HOME") or "var/demo").resolve())

    def journals(self) -> list[Path]:
        """Return where it is written who was erased: in this home, and where PUNTUALE_ERASURES says."""
        return journal.places(self.path, os.environ.get("PUNTUALE_ERASURES", ""))

    def settings(self, database_url: str) -> dict[str, str]:
        """Return the environment in which the desk's processes run, with what was already set left as it is."""
        return {
            "DJANGO_SETTINGS_MODULE": "puntuale.conf.settings",
            "DATABASE_URL": database_url,
            "PUNTUALE_SECRET_KEY": self.secret_key(),
            **os.environ,
            "PUNTUALE_HOME": str(self.path),
        }

    def secret_key(self) -> str:
        """Return the secret of this home, made at random on first use and readable by its owner only."""
        file = self.path / "secret_key"
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return file.read_text().strip()
        with os.fdopen(descriptor, "w") as new:
            new.write(secrets.token_urlsafe(48))
        return file.read_text().strip()

    @contextmanager
    def database(self) -> Iterator[Database]:
        """Give the database for as long as it is used: that of DATABASE_URL, or the embedded one of this home.

        Raises HomeRefused.
        """
        self._make()
        if url := os.environ.get("DATABASE_URL"):
            yield Database(url)
            return
        with Server(self.path) as server:
            yield Database(server.url(), server)

    def _make(self) -> None:
        """Make the folder unless it is there: for its owner alone, whatever the mask of new files is.

        Started by root, the server runs as an account without rights, which has to go through, and finds out no more.
        """
        ours = [folder for folder in (self.path, *self.path.parents) if not folder.exists()]
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            for folder in ours:
                folder.chmod(0o700 if os.geteuid() else 0o711)
        except FileExistsError as problem:
            raise HomeRefused(f"PUNTUALE_HOME {self.path} is a file; it should be a folder.") from problem
        except OSError as problem:
            raise HomeRefused(f"PUNTUALE_HOME {self.path} cannot be made: {problem.strerror}.") from problem
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise HomeRefused(f"PUNTUALE_HOME {self.path} cannot be written to.")


@contextmanager
def open_desk(home: Home) -> Iterator[None]:
    """Make Django ready in this process, with the database running, until the block ends."""
    with home.database() as database:
        os.environ.update(home.settings(database.url))
        zones.use_newest_rules()
        # Django reads the settings when it is first imported, so they have to be there before it is.
        import django  # noqa: PLC0415
        from django.db import connections  # noqa: PLC0415

        django.setup()
        try:
            yield
        finally:
            connections.close_all()
            for connection in connections.all(initialized_only=True):
                close_pool = getattr(connection, "close_pool", None)
                if close_pool:
                    close_pool()
