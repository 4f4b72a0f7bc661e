"""What is done to the desk: each kind in a thread of its own, at moments from the seed."""

import os
import signal
from contextlib import suppress
from threading import Event, Thread
from time import monotonic

import psutil

from tests.torture.book import now
from tests.torture.desk import until
from tests.torture.post import any_way

BACK_SECONDS = 90
RESTED_AFTER = 65
"""The desk starts at once what has run for a minute, and lets what dies sooner rest for ever longer."""
PAST_THE_LEASE = (11, 25)
LIVED = (0, 5, 5, 5)
"""Most workers have come to work before they are killed, and some are killed while they start."""
CLOCKS = (3600, -3600, 86400, -86400, 90, -90)


class Stage:
    """Everything that faults are done to."""

    def __init__(self, desk, crew, targets, book, pace):
        self.desk, self.crew, self.targets, self.book, self.pace = desk, crew, targets, book, pace
        self.over, self.rested, self.began = Event(), {}, monotonic()

    def wait(self, chance, least, most):
        """Let things be for a while."""
        self.over.wait(chance.uniform(least, most) * self.pace)

    def may_rest(self, what):
        """Tell whether the desk would start something at once again, and if so count it as killed now."""
        if monotonic() - self.rested.get(what, self.began) < RESTED_AFTER:
            return False
        self.rested[what] = monotonic()
        return True


class Fault(Thread):
    """One kind of fault, `times` times or until the stage is cleared."""

    def __init__(self, kind, stage, chance, times):
        super().__init__(name=kind, daemon=True)
        self.kind, self.stage, self.chance, self.times = kind, stage, chance, times
        self.done, self.problem = 0, None

    def run(self):
        """Do it again and again."""
        happens = _KINDS[self.kind]
        try:
            while (self.times is None or self.done < self.times) and not self.stage.over.is_set():
                happens(self.stage, self.chance)
                self.done += 1
        except Exception as problem:
            self.problem = problem


def _web(stage, chance):
    """Kill one web process; where the desk would start all of the web server at once, now and then all of it."""
    stage.wait(chance, 0.5, 3)
    desk, server = stage.desk, stage.desk.web_server()
    if server is not None and chance.random() < 0.3 and stage.may_rest("web server"):
        victims = [server, *(server.children() if chance.random() < 0.5 else ())]
        what = "web server killed"
    else:
        victims = [chance.choice(until(desk.web_workers, BACK_SECONDS, "a web process"))]
        what = "web process killed"
    at = now()
    _kill(victims)
    until(desk.has_page, BACK_SECONDS, "the web server")
    stage.book.note(what, since=at, until=now())


def _worker(stage, chance):
    """Kill a worker: one of the crew, or the desk's own; now and then let one more come, or one go."""
    stage.wait(chance, 1, 5)
    own = stage.desk.own_worker()
    if own is not None and chance.random() < 0.15 and stage.may_rest("own worker"):
        _kill([own])
        stage.book.note("worker killed", since=now(), own=True)
        return
    lived = chance.choice(LIVED)
    worker = until(lambda: stage.crew.take(chance, leaving=0, lived=lived), BACK_SECONDS, "a worker")
    worker.process.kill()
    worker.process.wait()
    stage.book.note("worker killed", since=now())
    worker.start()
    stage.crew.give_back(worker)
    _hire_or_dismiss(stage, chance)


def _hire_or_dismiss(stage, chance):
    what = chance.random()
    if what < 0.08:
        stage.crew.hire()
    elif what < 0.16 and (worker := stage.crew.take(chance, leaving=1)):
        stage.crew.dismiss(worker)


def _database(stage, chance):
    """Kill the database, alone or with all its children, and wait until pages that need it come again."""
    stage.wait(chance, 0.3, 2.5)
    server = until(stage.desk.postmaster, BACK_SECONDS, "the database")
    children = server.children() if chance.random() < 0.5 else []
    at = now()
    _kill([server, *children])
    until(lambda: (again := stage.desk.postmaster()) and again.pid != server.pid, BACK_SECONDS, "the database")
    until(stage.desk.has_database, BACK_SECONDS, "a page from the database")
    stage.book.note("database killed", since=at, until=now())


def _stop(stage, chance):
    """Stop a worker past its lease, and let it go on as if nothing had happened."""
    stage.wait(chance, 0.5, 3)
    worker, at = until(lambda: stage.crew.take(chance), BACK_SECONDS, "a worker"), now()
    with suppress(ProcessLookupError):
        worker.process.send_signal(signal.SIGSTOP)
    stage.over.wait(chance.uniform(*PAST_THE_LEASE))
    with suppress(ProcessLookupError):
        worker.process.send_signal(signal.SIGCONT)
    stage.book.note("worker stopped", since=at, until=now())
    stage.crew.give_back(worker)


def _targets(stage, chance):
    """Let the mail server or the webhook receiver go wrong in some way, for a while."""
    stage.over.wait(chance.uniform(2, 7))
    target, way, at = chance.choice(stage.targets), any_way(chance), now()
    target.way = way
    stage.over.wait(chance.uniform(0.5, 4))
    target.way = "well"
    stage.book.note("target went wrong", since=at, until=now(), way=way)


def _clock(stage, chance):
    """Set the clock of a worker wrong, or right again."""
    stage.over.wait(chance.uniform(2, 8))
    workers = list(stage.crew.workers)
    if workers:
        worker, wrong = chance.choice(workers), chance.choice((*CLOCKS, 0))
        worker.clock.write_text(str(wrong))
        stage.book.note("clock set", wrong=wrong)


def _kill(processes):
    for process in processes:
        with suppress(psutil.Error, ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)


_KINDS = {
    "web": _web, "worker": _worker, "database": _database, "stop": _stop, "targets": _targets, "clock": _clock,
}  # fmt: skip
