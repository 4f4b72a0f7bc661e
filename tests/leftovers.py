"""The folder of a run of the tests, with its database: gone when the run ends, however it ends.

`python -m tests.leftovers FOLDER FD` waits until the process that holds the other end of a pipe is gone, and cleans up
after it. What even that leaves, as when the machine stops, goes when the next run begins.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from puntuale.conf.postgres import Server

BEGINNING = "puntuale-tests-"
LOCK = "run.lock"
PATIENCE = 60


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
    subprocess.Popen(command, pass_fds=[theirs], start_new_session=True, cwd=Path(__file__).parent.parent, **quiet)
    os.close(theirs)
    os.set_inheritable(ours, False)
    return folder


def remove(folder: Path) -> None:
    """Stop the database of a run and whatever runs in its folder, and remove it."""
    deadline = time.monotonic() + PATIENCE
    while folder.exists() and time.monotonic() < deadline:
        for data in [*folder.glob("*/PG_VERSION"), *folder.glob("*/*/PG_VERSION"), *folder.glob("*/*/*/PG_VERSION")]:
            Server(data.parent.parent).stop()
        with suppress(OSError):
            shutil.rmtree(folder)
            return
        # Processes that were told to stop may still write.
        time.sleep(0.5)


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
