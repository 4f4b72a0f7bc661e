"""The folder of a run of the tests, with its database: gone when the run ends, however it ends.

`python -m tests.leftovers FOLDER FD` waits until the process that holds the other end of a pipe is gone, and cleans up
after it. What even that leaves, as when the machine stops, goes when the next run begins.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

BEGINNING = "puntuale-tests-"
LOCK = "run.lock"
PATIENCE = 20
_watchers: list[subprocess.Popen[bytes]] = []
"""Held, since Python warns of processes that nobody waits for. Ours outlives this one on purpose."""


def new_folder() -> Path:
    """Return a folder for this run, and let another process look after it."""
    folder = Path(tempfile.mkdtemp(prefix=BEGINNING, dir="/tmp"))
    folder.chmod(0o755)
    # Held until this process is gone, so that no other run takes the folder for one that was left.
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    theirs, ours = os.pipe()
    command = [sys.executable, "-m", "tests.leftovers", str(folder), str(theirs)]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    # The other end stays open for as long as this process lives: nobody closes it but the kernel.
    top = Path(__file__).parent.parent
    _watchers.append(subprocess.Popen(command, pass_fds=[theirs], start_new_session=True, cwd=top, **quiet))
    os.close(theirs)
    os.set_inheritable(ours, False)
    return folder


def remove(folder: Path) -> None:
    """Stop the databases and desks that run in a folder, and remove it. What does not stop in time is killed."""
    deadline = time.monotonic() + PATIENCE
    while folder.exists():
        for process in _running_in(folder):
            with suppress(psutil.Error):
                # To PostgreSQL as well this says: stop, without waiting for who is connected.
                process.send_signal(signal.SIGINT if time.monotonic() < deadline else signal.SIGKILL)
        psutil.wait_procs(_running_in(folder), timeout=5)
        with suppress(OSError):
            shutil.rmtree(folder)


def _running_in(folder: Path) -> list[psutil.Process]:
    """Return the processes of a folder: servers by their data, desks by their home. Their children stop with them."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            named = [*process.cmdline(), process.environ().get("PUNTUALE_HOME", "")]
            if process.pid != os.getpid() and any(word.startswith(f"{folder}/") for word in named):
                found.append(process)
    return found


def sweep() -> None:
    """Remove the folders of runs that are over."""
    for lock in Path("/tmp").glob(f"{BEGINNING}*/{LOCK}"):
        with suppress(OSError):
            held = os.open(lock, os.O_RDWR)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove(lock.parent)
            finally:
                os.close(held)


if __name__ == "__main__":
    os.read(int(sys.argv[2]), 1)
    remove(Path(sys.argv[1]))
