"""The embedded server: made on first use, started, found running, stopped by whoever leaves last.

Several processes may use one server at once. Each holds a shared lock on a file for as long as it does; the kernel lets
go of it when the process dies, however it dies. Whoever leaves and finds nobody else stops the server.
"""

import fcntl
import hashlib
import os
import shlex
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import STDOUT, TimeoutExpired
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psutil

from puntuale.conf.postgres import binaries
from puntuale.conf.postgres.account import SYSTEM_HOME, server_account, within_reach

SUPERUSER = "puntuale"
DATABASE = "puntuale"
PORT = 5432
LONGEST_SOCKET_PATH = 100
START_SECONDS = 60
STOP_SECONDS = 30

OPTIONS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "160",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    # Statements and what they complain of carry what people wrote, which has no place in a log.
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "jit": "off",
}


class ServerFailed(RuntimeError):
    """The server could not be made, started or stopped. The message says why and what to do."""


class Server:
    """A PostgreSQL server on one data directory, reachable through a Unix socket by its own account and root only."""

    def __init__(self, home: Path, *, options: dict[str, str] | None = None) -> None:
        self.home = home.resolve()
        self.home.mkdir(parents=True, exist_ok=True)
        self.data = self._place_for_data()
        self.account = server_account(self.data)
        self.log = self.data.with_name(f"{self.data.name}.log")
        self.options = OPTIONS | (options or {})
        self._users: int | None = None

    def __enter__(self) -> Self:
        self.join()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    def join(self) -> bool:
        """Use the server: make and start it if need be. Return whether it had to be started. Raises ServerFailed."""
        with self._only_one():
            self._refuse_foreign_data()
            started = not self._answers_soon()
            if started:
                self._make_data()
                self._start()
            self._users = os.open(self.home / "database.users", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._users, fcntl.LOCK_SH)
            return started

    def revive(self) -> bool:
        """Start the server again if it has died while we use it. Return whether it had. Raises ServerFailed."""
        if self.is_running():
            return False
        with self._only_one():
            # Somebody else who uses it may have been faster.
            died = not self._answers_soon()
            if died:
                self._start()
            return died

    def leave(self) -> bool:
        """Use the server no more. Return whether we were the last, so that it was stopped."""
        with self._only_one():
            users, self._users = self._users, None
            if users is None:
                return False
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            finally:
                os.close(users)
            self.stop()
            return True

    def url(self, database: str = DATABASE) -> str:
        """Return the connection URL, to be used while the server runs."""
        return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(self.socket_folder), safe='')}&port={PORT}"

    @property
    def socket_folder(self) -> Path:
        """Return where the socket lies: in the data directory, or in a short place when that path is too long."""
        if len(str(self.data / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH:
            return self.data
        name = hashlib.sha256(str(self.data).encode()).hexdigest()[:16]
        return Path("/tmp") / f"puntuale-{self.account.uid}-{name}"  # noqa: S108 -- made below with owner and mode checked

    def is_running(self) -> bool:
        """Tell whether a server runs on the data directory. A stale postmaster.pid is no proof, so its process is."""
        return self._process() is not None

    def stop(self) -> None:
        """Stop the server if it runs. Raises ServerFailed when it does not stop."""
        process = self._process()
        if process is None:
            return
        self._pg_ctl("stop", "-m", "fast", "-w", "-t", str(STOP_SECONDS))
        try:
            process.wait(STOP_SECONDS)
        except psutil.TimeoutExpired as problem:
            raise ServerFailed(f"The database in {self.data} did not stop in {STOP_SECONDS} seconds.") from problem

    @contextmanager
    def _only_one(self) -> Iterator[None]:
        """Let one process at a time look, start and stop."""
        lock = os.open(self.home / "database.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _place_for_data(self) -> Path:
        """Return where the data go: into the home; or for root, whose home others cannot enter, under /var/lib."""
        data = self.home / "database"
        if os.geteuid() != 0 or data.exists():
            return data
        if server_account(data).reaches(self.home):
            return data
        name = hashlib.sha256(str(self.home.resolve()).encode()).hexdigest()[:12]
        return SYSTEM_HOME / f"{self.home.name}-{name}" / "database"

    def _refuse_foreign_data(self) -> None:
        if not self.data.exists():
            return
        owner = self.data.stat().st_uid
        if owner != self.account.uid:
            raise ServerFailed(
                f"{self.data} belongs to another user (uid {owner}), and PostgreSQL uses only what is its own."
                f" Run puntuale as that user, or choose another place with PUNTUALE_HOME."
            )
        if not self.account.reaches(self.data.parent):
            raise ServerFailed(
                f"The account {self.account.name} cannot enter {self.data.parent}."
                " Choose another place with PUNTUALE_HOME."
            )
        if any(self.data.iterdir()) and not (self.data / "PG_VERSION").is_file():
            raise ServerFailed(f"{self.data} is not empty and is no database. Move it away, or set PUNTUALE_HOME.")

    def _make_data(self) -> None:
        """Make the data directory, all or nothing: it gets its name only when it is complete."""
        programs = self._programs()
        version_file = self.data / "PG_VERSION"
        if version_file.is_file():
            made_by = version_file.read_text().strip()
            if made_by != str(programs.major):
                raise ServerFailed(
                    f"{self.data} was made by PostgreSQL {made_by}, and the programs here are {programs.version}."
                    f" Set PUNTUALE_POSTGRES to the programs of version {made_by}, or move the data with pg_upgrade."
                )
            return
        fresh = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        if not fresh.parent.exists():
            fresh.parent.mkdir(parents=True)
            fresh.parent.chmod(0o711)
        fresh.mkdir(mode=0o700)
        self.account.own(fresh)
        locale = ["--locale-provider=builtin", "--locale=C.UTF-8"] if programs.major >= 17 else ["--locale=C"]
        command = [programs.program("initdb"), "-D", str(fresh), "-U", SUPERUSER, "--auth=trust", "-E", "UTF8", *locale]
        if self.options.get("fsync") == "off":
            command.append("--no-sync")
        answer = self.account.run(command, timeout=START_SECONDS, capture_output=True)
        if answer.returncode:
            shutil.rmtree(fresh, ignore_errors=True)
            raise ServerFailed(f"The database in {self.data} could not be made: {answer.stderr.strip()}")
        if self.data.exists():
            self.data.rmdir()
        fresh.rename(self.data)

    def _start(self) -> None:
        self._forget_reused_pid()
        self._make_socket_folder()
        settings = self.options | {"unix_socket_directories": str(self.socket_folder)}
        options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
        deadline = time.monotonic() + START_SECONDS
        while True:
            answer = self._pg_ctl("start", "-w", "-t", str(START_SECONDS), "-l", str(self.log), "-o", options)
            if answer == 0:
                break
            # After a crash the old server's children may hold its shared memory for a moment.
            if "shared memory block" not in self._last_words() or time.monotonic() > deadline:
                raise ServerFailed(f"The database in {self.data} did not start.\n{self._last_words()}")
            time.sleep(0.3)
        self._make_database()

    def _make_database(self) -> None:
        """Make our database in the server, unless it is there."""
        psql = self._programs().program("psql")
        ask = [psql, "-X", "-h", str(self.socket_folder), "-p", str(PORT), "-U", SUPERUSER, "-d", "postgres", "-tAc"]
        there = self.account.run(
            [*ask, f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"],  # noqa: S608 -- a constant of ours
            timeout=START_SECONDS,
            capture_output=True,
        )
        if there.returncode == 0 and not there.stdout.strip():
            there = self.account.run(
                [*ask, f'CREATE DATABASE "{DATABASE}"'], timeout=START_SECONDS, capture_output=True
            )
        if there.returncode:
            raise ServerFailed(f"The database in {self.data} does not answer: {there.stderr.strip()}")

    def _make_socket_folder(self) -> None:
        folder = self.socket_folder
        if folder == self.data:
            return
        folder.mkdir(mode=0o700, exist_ok=True)
        about = folder.lstat()
        if about.st_uid not in {os.geteuid(), self.account.uid} or folder.is_symlink():
            raise ServerFailed(
                f"{folder} belongs to another user (uid {about.st_uid}); remove it, or set PUNTUALE_HOME."
            )
        folder.chmod(0o700)
        self.account.own(folder)

    def _pg_ctl(self, action: str, *arguments: str) -> int:
        """Run pg_ctl on the data directory and return its exit status."""
        command = [self._programs().program("pg_ctl"), "-D", str(self.data), action, *arguments]
        self.log.touch(mode=0o600)
        self.account.own(self.log)
        with self.log.open("a") as log:
            try:
                answer = self.account.run(command, timeout=START_SECONDS + 10, stdout=log, stderr=STDOUT)
            except TimeoutExpired as problem:
                raise ServerFailed(f"The database in {self.data} did not {action} in time.") from problem
        return answer.returncode

    def _answers_soon(self) -> bool:
        """Tell whether a server runs here and takes connections, waiting for one that is starting or stopping."""
        deadline = time.monotonic() + START_SECONDS
        ask = [self._programs().program("pg_isready"), "-q", "-h", str(self.socket_folder), "-p", str(PORT)]
        while self.is_running():
            if self.account.run(ask, timeout=START_SECONDS).returncode == 0:
                return True
            if time.monotonic() > deadline:
                raise ServerFailed(f"The database in {self.data} runs but does not answer.\n{self._last_words()}")
            time.sleep(0.2)
        return False

    def _forget_reused_pid(self) -> None:
        """Remove lock files whose number now belongs to another program, or to a dead one that nobody has buried.

        PostgreSQL would take either for a running server; the second is usual in containers without an init. A file
        whose process is gone stays: PostgreSQL knows by it whether the old server's children are still about.
        """
        for file in (self.data / "postmaster.pid", self.socket_folder / f".s.PGSQL.{PORT}.lock"):
            with suppress(OSError, ValueError, IndexError):
                if psutil.pid_exists(int(file.read_text().splitlines()[0])):
                    file.unlink()

    def _process(self) -> psutil.Process | None:
        """Return the server process on our data directory, by the pid it wrote down and by what that process is."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            process = psutil.Process(pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return None
            return process if str(self.data) in process.cmdline() else None
        except (OSError, ValueError, IndexError, psutil.Error):
            return None

    def _programs(self) -> binaries.Binaries:
        return within_reach(binaries.find(), self.account)

    def _last_words(self) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
        except OSError:
            return ""
