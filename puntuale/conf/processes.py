"""Running the desk's processes: started together, restarted when one dies, stopped together."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from puntuale.conf import tether
from puntuale.conf.postgres import Server, ServerFailed

LOOKS_EVERY = 0.2
STOP_SECONDS = 10
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0

log = logging.getLogger("puntuale.processes")


@dataclass(slots=True)
class Process:
    """One program of the desk, in a process group of its own so that its children stop with it.

    It is tethered to us, so that it stops too when we are killed outright.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    running: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = 1.0
    rests_until: float | None = None

    def start(self) -> None:
        """Start it."""
        self.rests_until = None
        tethered = [sys.executable, "-S", tether.__file__, str(os.getpid()), *self.command]
        self.running = subprocess.Popen(
            tethered, env=dict(self.environment), stdin=subprocess.DEVNULL, start_new_session=True
        )
        self.started_at = time.monotonic()

    def has_died(self) -> bool:
        """Tell whether it ended although nobody stopped it."""
        return self.running is not None and self.running.poll() is not None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it and its children."""
        if self.running is not None:
            try:
                os.killpg(self.running.pid, number)
            except ProcessLookupError:
                return


@dataclass(slots=True)
class Supervisor:
    """Keeps processes running until it is told to stop, and the embedded database they stand on, where there is one."""

    processes: list[Process]
    database: Server | None = None
    stopping: threading.Event = field(default_factory=threading.Event)
    _database_rests_until: float = 0.0

    def start(self) -> None:
        """Start all of them."""
        for process in self.processes:
            process.start()

    def watch(self) -> None:
        """Restart whatever dies, after a pause that grows while it keeps dying, until told to stop.

        While one rests, the others are looked after as ever.
        """
        while not self.stopping.wait(LOOKS_EVERY):
            self._revive_database()
            for process in self.processes:
                if process.rests_until is not None:
                    if time.monotonic() >= process.rests_until:
                        process.start()
                elif process.has_died():
                    self._let_rest(process)

    def stop(self) -> None:
        """Stop all of them: politely first, and outright those that have not gone ten seconds later."""
        for process in self.processes:
            process.signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.processes:
            if process.running is None:
                continue
            try:
                process.running.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("%s did not stop in %s seconds and is killed", process.name, STOP_SECONDS)
            # Also when it has gone: children that outlived it are in its group.
            process.signal(signal.SIGKILL)
            process.running.wait()

    def _revive_database(self) -> None:
        if self.database is None or time.monotonic() < self._database_rests_until or self.database.is_running():
            return
        log.error("the database has died; starting it again")
        try:
            self.database.revive()
        except ServerFailed as problem:
            log.error("%s", problem)  # noqa: TRY400 -- it says what to do; where it was raised helps nobody
            self._database_rests_until = time.monotonic() + LONGEST_PAUSE

    def _let_rest(self, process: Process) -> None:
        """Let a process that has died, and whatever it left behind, be gone for a while before it is started again."""
        assert process.running is not None
        lasted = time.monotonic() - process.started_at
        process.pause = 1.0 if lasted > STEADY_SECONDS else min(process.pause * 2, LONGEST_PAUSE)
        log.error(
            "%s ended with status %s; starting it again in %.0f s",
            process.name,
            process.running.returncode,
            process.pause,
        )
        process.signal(signal.SIGKILL)
        process.rests_until = time.monotonic() + process.pause
