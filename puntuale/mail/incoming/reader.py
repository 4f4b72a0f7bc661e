"""Having mail read by a process of its own, which is replaced when it dies, hangs, or has read enough."""

import json
import logging
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from time import monotonic

from puntuale.mail.incoming.contents import Contents

SECONDS = 30.0
READS_AT_MOST = 500
PASSED_ON = ("PATH", "PYTHONPATH", "PYTHONSAFEPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "TMPDIR")
ANSWER_AT_MOST = 60_000_000

log = logging.getLogger("puntuale.mail")


class Unreadable(RuntimeError):
    """The process that reads mail died over one, or took too long."""


@dataclass(slots=True)
class Reader:
    """Reads one mail at a time. Stop it in the end, or its process ends with ours."""

    host: str = ""
    domain: str = ""
    carriers: tuple[str, ...] = ()
    _child: subprocess.Popen[bytes] | None = None
    _reads: int = 0
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def read(self, path: Path) -> Iterator[tuple[Contents, Path]]:
        """Give what a mail says and the folder with its files, which is gone afterwards. Raises Unreadable.

        A mail over which the process dies is read once more in the simplest way: its text as it stands.
        """
        with tempfile.TemporaryDirectory(prefix="puntuale-mail-") as name:
            folder = Path(name)
            with self._lock:
                try:
                    contents = self._ask(path, folder, simply=False)
                except Unreadable:
                    contents = self._ask(path, folder, simply=True)
            yield contents, folder

    def stop(self) -> None:
        """End the process."""
        child, self._child, self._reads = self._child, None, 0
        if child is None:
            return
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                # What was still to be written goes nowhere.
                with suppress(OSError):
                    stream.close()

    def _ask(self, path: Path, folder: Path, *, simply: bool) -> Contents:
        asked = {
            "path": str(path), "folder": str(folder), "host": self.host, "domain": self.domain, "simply": simply,
            "carriers": self.carriers,
        }  # fmt: skip
        child = self._running()
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            child.stdin.write(json.dumps(asked).encode() + b"\n")
            child.stdin.flush()
            answer = _line(child.stdout.fileno(), monotonic() + SECONDS)
        except (OSError, Unreadable) as problem:
            self.stop()
            log.warning("the process that reads mail ended over one: %s", problem)
            raise Unreadable(str(problem)) from problem
        self._reads += 1
        return Contents.of_json(answer.decode())

    def _running(self) -> subprocess.Popen[bytes]:
        if self._reads >= READS_AT_MOST or (self._child is not None and self._child.poll() is not None):
            self.stop()
        if self._child is None:
            environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
            command = [sys.executable, "-m", "puntuale.mail.incoming.child"]
            self._child = subprocess.Popen(  # noqa: S603 -- our own program
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, start_new_session=True
            )
        return self._child


def _line(descriptor: int, deadline: float) -> bytes:
    """Return one line from a pipe. Raises Unreadable when none comes in time, or it ends."""
    kept: list[bytes] = []
    size = 0
    while size < ANSWER_AT_MOST:
        ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - monotonic()))
        if not ready:
            raise Unreadable("it took too long")
        chunk = os.read(descriptor, 1_000_000)
        if not chunk:
            raise Unreadable("it ended")
        kept.append(chunk)
        size += len(chunk)
        if chunk.endswith(b"\n"):
            return b"".join(kept)
    raise Unreadable("it said too much")
