"""A run of the tests leaves no server and no folder behind, however it ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests import leftovers

STORY = """
import os, subprocess, sys, time
from pathlib import Path
sys.path.insert(0, os.getcwd())
from tests import database
home = Path(os.environ["PUNTUALE_TEST_FOLDER"]) / "another"
home.mkdir()
subprocess.Popen(["sleep", "300"], env=os.environ | {"PUNTUALE_HOME": str(home)}, start_new_session=True)
print(database.folder, flush=True)
time.sleep(float(sys.argv[1]))
"""


def a_run(seconds):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    run = subprocess.Popen([sys.executable, "-c", STORY, str(seconds)], env=kept, stdout=subprocess.PIPE, text=True)
    with run.stdout as told:
        return run, Path(told.readline().strip())


def wait_until_gone(folder):
    deadline = time.monotonic() + 60
    while folder.exists():
        assert time.monotonic() < deadline, list(folder.iterdir())
        time.sleep(0.1)
    assert leftovers._running_in(folder) == []


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT, signal.SIGHUP])
def test_a_run_that_is_ended_leaves_nothing(end):
    run, folder = a_run(300)
    assert (folder / "desk" / "database" / "postmaster.pid").exists()
    assert len(leftovers._running_in(folder)) >= 2
    run.send_signal(end)
    run.wait(60)
    wait_until_gone(folder)


def test_a_run_that_ends_by_itself_leaves_nothing():
    run, folder = a_run(0)
    assert run.wait(60) == 0
    assert not folder.exists()


def test_what_even_that_left_goes_with_the_next_run_and_what_is_used_stays():
    run, folder = a_run(300)
    (watcher,) = (p for p in psutil.process_iter(["cmdline"]) if (p.info["cmdline"] or [])[-2:-1] == [str(folder)])
    leftovers.sweep()
    assert folder.exists()
    watcher.kill()
    run.kill()
    run.wait()
    assert folder.exists()
    leftovers.sweep()
    wait_until_gone(folder)
    assert Path(os.environ["PUNTUALE_TEST_FOLDER"]).exists()
