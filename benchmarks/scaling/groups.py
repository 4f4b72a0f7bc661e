"""The desk as it is run: groups of web processes, each on a port of its own, and workers, all on one PostgreSQL."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import IO

import psutil

from puntuale.conf.serving import WEB_SERVER

STARTS_WITHIN, ENDS_WITHIN = 90.0, 20.0


@dataclass(slots=True)
class Groups:
    """What was started: the programs by name, and the ports on which the web groups listen."""

    ports: Sequence[int]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def memory(self) -> dict[str, float]:
        """Return the proportional memory of each program with its children, in MB."""
        return {name: sum(map(_pss, _family(one.pid))) / 1e6 for name, one in self.running.items()}

    def seconds(self) -> float:
        """Return the processor time that all programs have taken."""
        times = [one.cpu_times() for program in self.running.values() for one in _family(program.pid)]
        return sum(one.user + one.system for one in times)

    def died(self) -> list[str]:
        """Return the names of the programs that ended by themselves."""
        return [name for name, one in self.running.items() if one.poll() is not None]


@contextmanager
def groups(environment: Mapping[str, str], *, webs: int, processes: int, workers: int, log: Path) -> Iterator[Groups]:
    """Run so many web groups of so many processes each, and so many workers, until the block ends.

    Raises RuntimeError when one of them does not serve in time.
    """
    found = Groups([free_port() for _ in range(webs)])
    with log.open("ab") as out:
        try:
            for number, port in enumerate(found.ports):
                web = [*WEB_SERVER, "--host", "127.0.0.1", "--port", str(port), "--workers", str(processes)]
                found.running[f"web {number + 1}"] = _started(web, environment, out)
            for number in range(workers):
                worker = [sys.executable, "-m", "puntuale", "work"]
                found.running[f"worker {number + 1}"] = _started(worker, environment, out)
            for port in found.ports:
                _wait_until_served(port, found)
            yield found
        finally:
            _end(found)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def database_memory(folder: Path) -> float:
    """Return the proportional memory in MB of the database server whose files are in a folder, with its children."""
    return sum(_pss(one) for server in database_processes(folder) for one in _family(server.pid)) / 1e6


def database_processes(folder: Path) -> list[psutil.Process]:
    """Return the database server whose files are in a folder, without its children."""
    return [one for one in psutil.process_iter(["name", "cmdline"]) if _serves(one, folder)]


def _serves(one: psutil.Process, folder: Path) -> bool:
    return one.info["name"] == "postgres" and str(folder) in " ".join(one.info["cmdline"] or ())


def _started(command: Sequence[str], environment: Mapping[str, str], out: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, env=dict(environment), stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
    )


def _wait_until_served(port: int, found: Groups) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and not found.died():
        with (
            contextlib.suppress(OSError, HTTPException),
            closing(HTTPConnection("127.0.0.1", port, timeout=5)) as asked,
        ):
            asked.request("GET", "/en/guarantee.json", headers={"Host": "localhost"})
            if asked.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"nothing is served on port {port}; ended: {found.died()}")


def _end(found: Groups) -> None:
    """End the programs with their children, each by its own process group; outright those that do not end in time."""
    for number, wait in ((signal.SIGTERM, ENDS_WITHIN), (signal.SIGKILL, ENDS_WITHIN)):
        for one in found.running.values():
            if one.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(one.pid, number)
        deadline = time.monotonic() + wait
        for one in found.running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                one.wait(max(0.1, deadline - time.monotonic()))


def _family(pid: int) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    return []


def _pss(one: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error):
        return int(one.memory_full_info().pss)
    return 0
