"""The desk as it is really run: one command, its own database, web server and worker, and nothing left behind."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import psutil
import psycopg
import pytest

from puntuale.conf import serving

pytestmark = pytest.mark.xdist_group("serving")


def free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(home):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"PUNTUALE_HOME": str(home), "PYTHONPATH": str(Path.cwd())}


class Desk:
    """A desk served by the real program."""

    def __init__(self, home, *more, command="serve", **settings):
        self.home, self.port = home, free_port()
        self.log = home / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "puntuale", command, "--port", str(self.port), *more],
                env=environment(home) | settings,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait(self, seconds=60):
        deadline = time.monotonic() + seconds
        while "Ctrl-C" not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)
        return self

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as response:
            return response.read().decode()

    def answers(self):
        try:
            return self.get("/en/guarantee.json")
        except OSError:
            return None

    def family(self):
        return psutil.Process(self.process.pid).children(recursive=True)

    def those(self, *words):
        """The processes of the desk whose command line has all these words."""
        found = []
        for process in self.family():
            try:
                line = process.cmdline()
            except psutil.Error:
                continue
            if all(any(word in part for part in line) for word in words):
                found.append(process)
        return found

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(40)


@pytest.fixture(scope="module")
def home():
    folder = Path(tempfile.mkdtemp(prefix="puntuale-serve-", dir=os.environ["PUNTUALE_TEST_FOLDER"]))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def desk(home):
    served = Desk(home).wait()
    yield served
    if served.process.poll() is None:
        served.stop()


@pytest.fixture
def another_home():
    folder = Path(tempfile.mkdtemp(prefix="puntuale-another-", dir=os.environ["PUNTUALE_TEST_FOLDER"]))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def wait_until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def test_the_first_start_publishes_the_guarantee_and_prints_a_link_for_the_first_manager(desk):
    assert json.loads(desk.get("/en/guarantee.json"))["version"] == 1
    link = re.search(r"http://localhost:\d+(/en/office/welcome/\S+/)", desk.log.read_text())[1]
    assert "You are the first manager of this desk." in desk.get(link)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        desk.get(link[:-2] + "/")


def test_files_are_served_compressed_under_names_that_never_change_meaning(desk):
    page = desk.get("/en/guarantee/")
    sheet = re.search(r'href="(/static/looks/puntuale\.[0-9a-f]{12}\.css)"', page)[1]
    request = urllib.request.Request(f"http://127.0.0.1:{desk.port}{sheet}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=10) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert "immutable" in response.headers["Cache-Control"]


def test_the_port_being_taken_is_told(desk, home):
    second = subprocess.run(
        [sys.executable, "-m", "puntuale", "serve", "--port", str(desk.port)],
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert (
        f"127.0.0.1:{desk.port} cannot be listened on: Address already in use. Choose another with --port."
        in second.stderr
    )
    assert desk.answers()


def test_a_desk_known_by_another_name_starts_and_greets_by_it(another_home):
    served = Desk(another_home, PUNTUALE_HOSTS="help.example.com").wait()
    try:
        told = served.log.read_text()
        assert f"Puntuale is served at http://help.example.com:{served.port}/" in told
        assert "DisallowedHost" not in told
    finally:
        assert served.stop() == 0


@pytest.mark.parametrize(
    ("settings", "host", "address"),
    [
        ({}, "127.0.0.1", "http://localhost:8000"),
        ({}, "::1", "http://[::1]:8000"),
        ({"PUNTUALE_HOSTS": "*"}, "10.0.0.7", "http://10.0.0.7:8000"),
        ({"PUNTUALE_HOSTS": ".example.com"}, "127.0.0.1", "http://example.com:8000"),
        ({"PUNTUALE_HOSTS": "help.example.com", "PUNTUALE_HTTPS": "on"}, "127.0.0.1", "https://help.example.com"),
    ],
)
def test_the_address_that_is_printed_is_one_that_the_desk_answers_to(settings, host, address):
    assert serving._address(settings, host, 8000) == address


@pytest.mark.skipif(not Path("/proc/net/if_inet6").exists(), reason="there is no address of version 6 here")
def test_a_desk_listening_on_an_address_of_version_6_starts(another_home):
    served = Desk(another_home, "--host", "::1").wait()
    try:
        told = served.log.read_text()
        assert f"Puntuale is served at http://[::1]:{served.port}/" in told
        assert "DisallowedHost" not in told
    finally:
        assert served.stop() == 0


@pytest.mark.parametrize("port", ["0", "70000", "abc"])
def test_a_port_that_is_none_is_a_mistake_in_usage(home, port):
    done = subprocess.run(
        [sys.executable, "-m", "puntuale", "serve", "--port", port],
        env=environment(home),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert b"Invalid value for '--port'" in done.stderr


def test_other_commands_join_the_running_database_and_leave_it_running(desk, home):
    done = subprocess.run(
        [sys.executable, "-m", "puntuale", "doctor"], env=environment(home), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "agreement version 1 is in force" in done.stdout
    assert desk.answers()


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("doctor",), "migrations; run puntuale prepare"),
        (("explain", "1001"), "Error: The database is not prepared for this program; run puntuale prepare."),
    ],
    ids=["doctor", "explain"],
)
def test_a_command_without_a_running_desk_starts_the_database_and_stops_it_again(another_home, command, said):
    done = subprocess.run(
        [sys.executable, "-m", "puntuale", *command],
        env=environment(another_home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert not (another_home / "database" / "postmaster.pid").exists()


def test_a_killed_web_server_and_a_killed_worker_are_started_again(desk):
    for words in (("granian",), ("puntuale", "work")):
        victim = desk.those(*words)[0]
        victim.kill()
        wait_until(lambda words=words, pid=victim.pid: {process.pid for process in desk.those(*words)} - {pid})
    wait_until(desk.answers)


def does_a_job(desk):
    """Defer a job and wait until the worker has done it."""
    url = f"postgresql://puntuale@/puntuale?host={desk.home / 'database'}"
    left = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'forget_old_sessions'"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', 'forget_old_sessions', 0, NULL, NULL,"
            " '{\"timestamp\": 0}'::jsonb, NULL)::procrastinate_job_to_defer_v1])"
        )
        wait_until(lambda: connection.execute(left).fetchone()[0] == 0)
    return True


def postmaster(desk):
    """The process of the embedded database, or None while there is none."""
    try:
        return psutil.Process(int((desk.home / "database" / "postmaster.pid").read_text().splitlines()[0]))
    except (OSError, ValueError, psutil.Error):
        return None


def is_gone(process):
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_the_worker_takes_jobs(desk):
    assert does_a_job(desk)


def test_a_killed_database_is_started_again_and_web_and_worker_go_on(desk):
    victim = postmaster(desk)
    victim.kill()
    wait_until(lambda: (again := postmaster(desk)) and again.pid != victim.pid and desk.answers(), seconds=15)
    assert does_a_job(desk)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has died")
def test_when_the_desk_is_killed_outright_all_of_it_ends_and_a_new_start_works(another_home):
    killed = Desk(another_home).wait()
    left = [*killed.family(), postmaster(killed)]
    killed.process.kill()
    killed.process.wait()
    wait_until(lambda: all(is_gone(process) for process in left))
    again = Desk(another_home).wait()
    try:
        assert again.answers()
    finally:
        assert again.stop() == 0


def test_stopping_leaves_nothing_behind_and_a_second_start_finds_everything(desk, home):
    family = desk.family()
    assert desk.stop() == 0
    _, alive = psutil.wait_procs(family, timeout=10)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []
    assert not (home / "database" / "postmaster.pid").exists()
    again = Desk(home).wait()
    try:
        assert json.loads(again.get("/it/garanzia.json"))["title"] == "Quando rispondiamo"
    finally:
        assert again.stop() == 0
