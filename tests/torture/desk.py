"""The process tree: a desk as `puntuale serve` runs it, and workers beside it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from threading import Lock

import psutil

from tests.torture.book import now
from tests.torture.browser import Browser, Unanswered

ROOT = Path(__file__).parent.parent.parent
WRONG_CLOCK = Path(__file__).parent / "wrong_clock"
START_SECONDS = 90
GRANIAN_CALLS_IT_A_LOOP = 7
"""A web process that dies sooner than so many seconds after its start takes the whole web server along."""


def environment(home, **more):
    """The environment of the desk's programs: nothing of ours but what they need."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    kept |= {"PUNTUALE_TICKETS_AN_HOUR": "off", "PUNTUALE_URGENT_TICKETS_AN_HOUR": "off"}
    return kept | {"PUNTUALE_HOME": str(home), "PYTHONPATH": str(ROOT)} | more


def until(condition, seconds, told):
    """Wait until something is so. Fails when it takes too long."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds} s in vain for {told}")
        time.sleep(0.1)
    return found


class Desk:
    """`puntuale serve` on a home of its own: the web server, one worker and the database, kept running by it."""

    def __init__(self, home, book, **settings):
        self.home, self.book, self.settings = home, book, settings
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = home / "serve.log"

    def start(self):
        """Start it and wait until it says that it serves."""
        command = [sys.executable, "-m", "puntuale", "serve", "--port", str(self.port)]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                command, env=environment(self.home, **self.settings), stdout=log, stderr=subprocess.STDOUT
            )
        until(lambda: self.process.poll() is not None or "Ctrl-C" in self.log.read_text(), START_SECONDS, "the desk")
        if self.process.poll() is not None:
            raise RuntimeError(self.log.read_text())

    def stop(self):
        """Stop it and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def web_server(self):
        """The process of the web server that keeps the others, or None."""
        return self._child("granian")

    def web_workers(self):
        """The web processes that may die without the web server taking that for a loop."""
        server = self.web_server()
        found = []
        with suppress(psutil.Error):
            for child in server.children() if server else ():
                with suppress(psutil.Error):
                    is_helper = any("resource_tracker" in part for part in child.cmdline())
                    if not is_helper and now() - child.create_time() > GRANIAN_CALLS_IT_A_LOOP:
                        found.append(child)
        return found

    def own_worker(self):
        """The worker that the desk itself keeps, or None."""
        return self._child("work")

    def postmaster(self):
        """The process of the database, or None."""
        with suppress(OSError, ValueError, IndexError, psutil.Error):
            process = psutil.Process(int((self.home / "database" / "postmaster.pid").read_text().splitlines()[0]))
            return process if str(self.home) in " ".join(process.cmdline()) else None
        return None

    def has_page(self):
        """Tell whether the web server answers at all."""
        return bool(self._look("/healthz"))

    def has_database(self):
        """Tell whether a page that needs the database is served."""
        said = self._look("/readyz")
        return said.startswith("{") and json.loads(said).get("database", False)

    def _look(self, path):
        try:
            return Browser(self.port, "", "").look(path).text
        except Unanswered:
            return ""

    def _child(self, word):
        with suppress(psutil.Error):
            for child in psutil.Process(self.process.pid).children():
                with suppress(psutil.Error):
                    if word in child.cmdline() and "tether" not in " ".join(child.cmdline()):
                        return child
        return None


class Worker:
    """`puntuale work`, beside the desk's own, kept running by the crew."""

    def __init__(self, desk, number):
        self.desk, self.number, self.is_busy = desk, number, False
        self.log = desk.home / f"worker-{number}.log"
        self.clock = desk.home / f"clock-{number}"
        self.start()

    def start(self):
        """Start it, or start it anew."""
        paths = os.pathsep.join((str(WRONG_CLOCK), str(ROOT)))
        settings = self.desk.settings | {"PYTHONPATH": paths, "WRONG_CLOCK": str(self.clock)}
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "puntuale", "work"],
                env=environment(self.desk.home, **settings),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.started = time.monotonic()
        self.desk.book.note("worker started", pid=self.process.pid)


class Crew:
    """The workers beside the desk's own one. Whoever does something to one of them takes it first."""

    def __init__(self, desk, most):
        self.desk, self.most, self.workers, self._lock, self._hired = desk, most, [], Lock(), 0

    def hire(self):
        """One more worker, unless there are enough."""
        with self._lock:
            if len(self.workers) < self.most:
                self._hired += 1
                self.workers.append(Worker(self.desk, self._hired))

    def dismiss(self, worker):
        """Let a taken worker end politely."""
        worker.process.send_signal(signal.SIGTERM)
        try:
            worker.process.wait(30)
        except subprocess.TimeoutExpired:
            self.desk.book.note("does not end", log=worker.log.name)
            worker.process.kill()
            worker.process.wait()
        with self._lock:
            self.workers.remove(worker)

    def take(self, chance, leaving=1, lived=0):
        """A worker that nobody else does something to, taken; None when fewer than `leaving` others would be left alone.

        `lived` is for how many seconds it has run, at least.
        """
        with self._lock:
            free = [worker for worker in self.workers if not worker.is_busy]
            old = [worker for worker in free if time.monotonic() - worker.started >= lived]
            if len(free) <= leaving or not old:
                return None
            chosen = chance.choice(old)
            chosen.is_busy = True
            return chosen

    def give_back(self, worker):
        """Leave a worker alone again."""
        worker.is_busy = False

    def look_after(self):
        """Start anew whoever ended by himself."""
        with self._lock:
            for worker in self.workers:
                if not worker.is_busy and worker.process.poll() is not None:
                    self.desk.book.note("ended by itself", log=worker.log.name, status=worker.process.returncode)
                    worker.start()

    def go_home(self):
        """Let all of them end."""
        for worker in list(self.workers):
            with suppress(ProcessLookupError):
                worker.process.send_signal(signal.SIGCONT)
            self.dismiss(worker)
