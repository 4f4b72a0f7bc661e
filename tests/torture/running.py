"""One run, from an empty home to what was found."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Event, Thread

import psycopg

from tests.torture.book import Book
from tests.torture.browser import Browser
from tests.torture.cast import AGENTS, CUSTOMERS, MANAGER, PASSWORD
from tests.torture.clients import Agent, Customer, Errands
from tests.torture.desk import ROOT, Crew, Desk, environment, until
from tests.torture.faults import Fault, Stage
from tests.torture.hook import Hook
from tests.torture.phone import Phone
from tests.torture.post import Post

WARM_UP, QUIET_SECONDS, TELLS_EVERY = 3, 240, 10
LATE_LETTERS = """
    SELECT (SELECT count(*) FROM sending_intent WHERE try_at IS NOT NULL)
         + (SELECT count(*) FROM watch_watched WHERE ring_at < clock_timestamp())
         + (SELECT count(*) FROM oncall_paging WHERE next_at < clock_timestamp())
"""


class Run:
    """A desk, its company, its load and what is done to it."""

    def __init__(self, plan, tell):
        self.plan, self.tell = plan, tell
        self.home = Path(tempfile.mkdtemp(prefix="puntuale-torture-", dir=plan.folder))
        self.home.chmod(0o755)
        self.acks, self.faults, self.letters = (
            Book(self.home / f"{name}.jsonl") for name in ("acks", "faults", "letters")
        )
        self.post = Post(self.letters, plan.chance("post"))
        self.hook = Hook(self.letters, plan.chance("hook"))
        targets = {"PUNTUALE_SMTP": f"smtp://127.0.0.1:{self.post.port}", "PUNTUALE_PRIVATE_TARGETS": "on"}
        self.desk = Desk(self.home, self.faults, **targets)
        self.crew = Crew(self.desk, plan.most_workers)
        self.clients, self.going_home = [], Event()

    def whole(self):
        """Run it, and return the report of the checks."""
        self.post.start()
        self.hook.start()
        try:
            self.desk.start()
            try:
                self._found()
                self._live()
            finally:
                self._close()
        finally:
            self.post.stop()
            self.hook.stop()
        return self._check()

    def remove(self):
        """Leave nothing behind."""
        shutil.rmtree(self.home, ignore_errors=True)

    def _found(self):
        founding = [sys.executable, "-m", "tests.torture.founding", self.hook.address]
        subprocess.run(founding, env=environment(self.home, **self.desk.settings), check=True, cwd=ROOT)
        for _ in range(self.plan.workers):
            self.crew.hire()
        Thread(target=self._look_after, daemon=True).start()
        errands = Errands()
        for email, plan in CUSTOMERS.items():
            self.clients.append(Customer(*self._person(email), self.acks, errands, plan=plan))
        for email in (*AGENTS, MANAGER):
            self.clients.append(Agent(*self._person(email), self.acks, errands))
        self.clients.append(Phone(*self._person("phone"), self.acks, Errands(), letters=self.letters))

    def _person(self, email):
        return Browser(self.desk.port, email, PASSWORD), self.plan.chance(email)

    def _live(self):
        """Let the load run while things go wrong, then a while longer, until all is told that was to be told."""
        for client in self.clients:
            client.start()
        until(lambda: self.acks.count("ticket") >= 3 or self._problems(), 60, "the first tickets")
        stage = Stage(self.desk, self.crew, (self.post, self.hook), self.faults, self.plan.pace)
        faults = [Fault(kind, stage, self.plan.chance(kind), self.plan.times(kind)) for kind in sorted(self.plan.kinds)]
        for fault in faults:
            fault.start()
        self._wait_for(faults)
        stage.over.set()
        for fault in faults:
            fault.join(60)
        self.faults.note("faults are over")
        time.sleep(WARM_UP)
        self._send_clients_home()
        self._raise_problems(faults)
        self._wait_until_told()

    def _wait_for(self, faults):
        told = time.monotonic()
        while any(fault.is_alive() for fault in faults if fault.times is not None):
            time.sleep(0.2)
            self._raise_problems(faults)
            if time.monotonic() - told > TELLS_EVERY:
                told = time.monotonic()
                done = ", ".join(f"{fault.kind} {fault.done}" for fault in faults)
                self.tell(f"{done}; {len(self.acks.lines)} acknowledged, {len(self.letters.lines)} letters")

    def _problems(self, faults=()):
        return [(one.name, one.problem) for one in (*self.clients, *faults) if one.problem is not None]

    def _raise_problems(self, faults):
        if self.desk.process.poll() is not None:
            raise RuntimeError("somebody told the desk to end")
        for name, problem in self._problems(faults):
            raise RuntimeError(f"{name}: {problem!r}") from problem

    def _send_clients_home(self):
        """Let everybody end what she is at. The desk is well by now, so whoever cannot is stuck."""
        for client in self.clients:
            client.leaving.set()
        for client in self.clients:
            client.join(60)
            if client.is_alive():
                raise RuntimeError(f"{client.name} is stuck")
            self.acks.note("left", waited=client.browser.waited)

    def _wait_until_told(self):
        url = f"postgresql://puntuale@/puntuale?host={self.home / 'database'}"
        with psycopg.connect(url, autocommit=True) as connection:
            until(lambda: connection.execute(LATE_LETTERS).fetchone()[0] == 0, QUIET_SECONDS, "the last letters")
        self.faults.note("all is told")

    def _look_after(self):
        while not self.going_home.wait(0.2):
            self.crew.look_after()

    def _close(self):
        self.going_home.set()
        for client in self.clients:
            client.leaving.set()
        self.crew.go_home()
        self.faults.note("desk ended", status=self.desk.stop())

    def _check(self):
        """Hold what the database says against the books, in a program of its own."""
        checking = [sys.executable, "-m", "tests.torture.checking", str(self.home)]
        done = subprocess.run(
            checking,
            env=environment(self.home, **self.desk.settings),
            check=False,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"the checks could not be made; see {self.home}")
        return json.loads(done.stdout)
