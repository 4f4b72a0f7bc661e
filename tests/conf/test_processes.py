"""Processes are started together, restarted when they die, and stopped together, children included."""

import os
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest

from puntuale.conf import processes
from puntuale.conf.postgres import ServerFailed
from puntuale.conf.processes import Process, Supervisor


def python(script, name="test"):
    return Process(name, [sys.executable, "-c", script], os.environ)


def wait_until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def watched():
    """Start processes and watch them, until the test is over."""
    started = []

    def watch(*some, database=None):
        supervisor = Supervisor(list(some), database)
        supervisor.start()
        thread = threading.Thread(target=supervisor.watch)
        thread.start()
        started.append((supervisor, thread))
        return supervisor

    yield watch
    for supervisor, thread in started:
        supervisor.stopping.set()
        thread.join()
        supervisor.stop()


def test_what_dies_is_started_again(watched, monkeypatch):
    process = python("import time; time.sleep(60)")
    watched(process)
    first = process.running.pid
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: process.running.pid != first)
    assert process.running.poll() is None


def test_what_keeps_dying_is_given_ever_longer_pauses():
    process = python("raise SystemExit(3)")
    supervisor, pauses = Supervisor([process]), []
    for _ in range(6):
        process.start()
        process.running.wait()
        supervisor._let_rest(process)
        pauses.append(round(process.rests_until - time.monotonic()))
    assert pauses == [2, 4, 8, 16, 30, 30]


def test_while_one_rests_the_others_are_looked_after(watched):
    dying, database = python("raise SystemExit(3)"), Database()
    dying.pause = 30
    other = python("import time; time.sleep(60)")
    watched(dying, other, database=database)
    first = other.running.pid
    wait_until(lambda: dying.rests_until is not None)
    database.alive = False
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: database.alive)
    wait_until(lambda: other.running.pid != first)
    assert dying.rests_until is not None


def test_stopping_takes_the_children_along(watched):
    script = (
        "import subprocess, sys, time;"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); time.sleep(60)"
    )
    process = python(script)
    supervisor = watched(process)
    wait_until(lambda: psutil.Process(process.running.pid).children())
    (child,) = psutil.Process(process.running.pid).children()
    supervisor.stopping.set()
    supervisor.stop()
    wait_until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_what_does_not_stop_is_killed(watched, monkeypatch):
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.5)
    process = python(
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    supervisor = watched(process)
    time.sleep(0.5)
    supervisor.stopping.set()
    supervisor.stop()
    assert process.running.returncode == -signal.SIGKILL


def test_stopping_what_never_started_is_no_mistake():
    Supervisor([python("pass")]).stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has died")
def test_what_was_started_ends_with_us_when_we_are_killed():
    script = (
        "import os, sys, time; from puntuale.conf.processes import Process;"
        "one = Process('one', [sys.executable, '-c', 'import time; print(1, flush=True); time.sleep(60)'], os.environ);"
        "one.start(); print(one.running.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        child = psutil.Process(max(int(parent.stdout.readline()) for _ in range(2)))
        parent.kill()
    wait_until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


class Database:
    """A database that can die, and may not come back at once."""

    def __init__(self, failures=0):
        self.alive, self.failures, self.revived = True, failures, 0

    def is_running(self):
        return self.alive

    def revive(self):
        if self.failures:
            self.failures -= 1
            raise ServerFailed("no space left on device")
        self.alive, self.revived = True, self.revived + 1


@pytest.mark.parametrize("failures", [0, 2])
def test_a_database_that_has_died_is_revived_and_tried_again_when_that_fails(watched, monkeypatch, failures):
    monkeypatch.setattr(processes, "LONGEST_PAUSE", 0.01)
    database = Database(failures)
    watched(database=database)
    assert database.revived == 0
    database.alive = False
    wait_until(lambda: database.alive)
    assert (database.revived, database.failures) == (1, 0)
