"""A worker outlives its database: it goes on when that comes back, and ends only when it is told to."""

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
import psycopg
import pytest

from puntuale.conf.postgres import Server
from tests.conf.test_serving import environment, wait_until

pytestmark = pytest.mark.xdist_group("serving")

DEFER = (
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', 'forget_old_sessions', 0, NULL, NULL,"
    " '{\"timestamp\": 0}'::jsonb, NULL)::procrastinate_job_to_defer_v1])"
)


@pytest.fixture(scope="module")
def server():
    """A database that nobody looks after, with the desk's tables in it."""
    home = Path(tempfile.mkdtemp(prefix="puntuale-working-", dir=os.environ["PUNTUALE_TEST_FOLDER"]))
    home.chmod(0o755)
    with Server(home) as running:
        subprocess.run([sys.executable, "-m", "puntuale", "prepare"], env=environment(home), check=True)
        yield running
    shutil.rmtree(home)


@pytest.fixture
def options():
    """What the worker is told to do: everything."""
    return []


@pytest.fixture
def begun(server, options):
    """Begin another worker on it, which has been told where it is and does not look after it either."""
    secret, processes = (server.home / "secret_key").read_text(), []
    settings = {"DATABASE_URL": server.url(), "PUNTUALE_SECRET_KEY": secret}

    def begin():
        with (server.home / "log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "puntuale", "work", *options],
                env=environment(server.home) | settings,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        processes.append(process)
        return process

    yield begin
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture
def worker(begun):
    """A worker on it."""
    return begun()


ASK_WHAT_IF = """
import io, django
from datetime import UTC
django.setup()
from puntuale.conf import clock
from puntuale.people.models import Role
from puntuale.whatif import logs, trials
from tests.company import add_person
at = clock.now()
rows = (f"2026-{1 + day // 28:02}-{1 + day % 28:02}T{9 + n % 8:02}:{n % 60:02}:00Z,advanced,{1 + n % 3}," for day in range(280) for n in range(99))
log = logs.gathered(io.BytesIO("\\n".join(["submitted_at,plan,priority,answered_at", *rows]).encode()), at=at, zone=UTC)
mara = add_person(name="Mara", email="mara@working.test", password=None, role=Role.MANAGER, organisation=None, at=at)
nothing = logs.np.array([], dtype="int64")
told = logs.Told(log.histories(), nothing, nothing)
print(trials.ask(by=mara, at=at, target=0.99, growth=5.0, handling=900, log=told, log_name="x").pk)
"""


def ask(server, question):
    with psycopg.connect(server.url(), autocommit=True) as connection:
        return connection.execute(question).fetchone()[0]


def beat(server):
    return ask(server, "SELECT max(beat_at) FROM watch_heartbeat")


def does_a_job(server, queue="default"):
    todo = f"SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND queue_name = '{queue}'"
    ask(server, DEFER.replace("ROW('default'", f"ROW('{queue}'"))
    wait_until(lambda: ask(server, todo) == 0)
    return True


def test_a_worker_goes_on_when_its_database_comes_back(server, worker):
    wait_until(lambda: beat(server))
    assert does_a_job(server)
    for away in (0.5, 3):
        psutil.Process(int((server.data / "postmaster.pid").read_text().splitlines()[0])).kill()
        time.sleep(away)
        assert server.revive()
        before = ask(server, "SELECT clock_timestamp()")
        wait_until(lambda before=before: beat(server) > before)
        assert does_a_job(server)
    assert worker.poll() is None


def test_a_trial_over_which_a_worker_was_killed_is_begun_anew_by_the_next(server, begun):
    first = begun()
    secret = (server.home / "secret_key").read_text()
    settings = {"DATABASE_URL": server.url(), "PUNTUALE_SECRET_KEY": secret}
    settings["DJANGO_SETTINGS_MODULE"] = "puntuale.conf.settings"
    command, found = [sys.executable, "-c", ASK_WHAT_IF], environment(server.home) | settings
    trial = int(subprocess.run(command, env=found, check=True, capture_output=True).stdout)

    def told(column):
        return ask(server, f"SELECT {column} FROM whatif_trial WHERE id = {trial}")

    wait_until(lambda: told("progress") > 0)
    first.kill()
    first.wait()
    assert told("tries") == 1
    assert told("ended_at IS NULL AND failed_at IS NULL")
    # As if half a minute had gone by, after which a worker that says nothing is taken for dead.
    ask(server, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour' RETURNING 1")
    second = begun()
    wait_until(lambda: told("tries") == 2 and told("progress") > 0)
    assert told("failed_at IS NULL")
    ask(server, f"UPDATE whatif_trial SET cancelled_at = now() WHERE id = {trial} RETURNING 1")
    wait_until(lambda: ask(server, "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'run_trial'") == 0)
    assert second.poll() is None


@pytest.mark.parametrize("options", [["--queues", "default"]])
def test_a_worker_of_one_queue_leaves_the_others_and_the_watch_alone(server, worker):
    ask(server, DEFER.replace("ROW('default'", "ROW('letters'"))
    assert does_a_job(server, "default")
    assert ask(server, "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND queue_name = 'letters'") == 1
    assert worker.poll() is None
    ask(server, "DELETE FROM procrastinate_jobs WHERE queue_name = 'letters' RETURNING 1")


@pytest.mark.parametrize("options", [["--queues", "watch"]])
def test_a_worker_that_only_watches_does_no_jobs(server, worker):
    before = ask(server, "SELECT clock_timestamp()")
    ask(server, DEFER)
    wait_until(lambda: beat(server) and beat(server) > before)
    time.sleep(1)
    assert ask(server, "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND queue_name = 'default'") == 1
    ask(server, "DELETE FROM procrastinate_jobs WHERE queue_name = 'default' RETURNING 1")


@pytest.mark.parametrize("options", [["--queues", "letters,post"]])
def test_a_queue_that_there_is_not_is_refused(worker):
    assert worker.wait(15) == 2


@pytest.mark.parametrize("away", [0, 2])
def test_a_worker_that_is_told_to_ends_soon_though_its_database_is_away(server, worker, away):
    wait_until(lambda: beat(server))
    assert does_a_job(server)
    server.stop()
    time.sleep(away)
    assert worker.poll() is None
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(15) == 0
    assert server.revive()


@pytest.fixture
def database_that_hangs(server):
    """The database as it is when its disk is: it neither answers nor hangs up."""
    first = psutil.Process(int((server.data / "postmaster.pid").read_text().splitlines()[0]))
    hanging = [first, *first.children(recursive=True)]
    yield lambda: [process.suspend() for process in hanging]
    for process in hanging:
        with suppress(psutil.NoSuchProcess):
            process.resume()


@pytest.mark.parametrize("hung", [0, 2])
def test_a_worker_that_is_told_to_ends_soon_though_its_database_hangs(server, worker, database_that_hangs, hung):
    wait_until(lambda: beat(server))
    assert does_a_job(server)
    database_that_hangs()
    time.sleep(hung)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(15) == 0
