"""Reading from a real standby: a second server that follows the first one's log, late, standing still or gone."""

import os
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, connection, connections
from django.test import Client
from psycopg.conninfo import make_conninfo

from puntuale.conf import replica
from puntuale.conf.postgres import Server
from puntuale.conf.postgres.account import within_reach
from puntuale.conf.postgres.binaries import find
from puntuale.tickets.models import Draft
from puntuale.watch.heartbeat import beat

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("standby")]
SEARCH, REPORT = "/en/desk/search/?q=zanzibar", "/en/office/reports/"
CAUGHT_UP_WITHIN = 20.0


class Standby:
    """A copy of the tests' server that follows it, and how Django asks it."""

    def __init__(self, server):
        self.server = server
        self.asked = []

    def __call__(self, execute, sql, params, many, context):
        self.asked.append(sql)
        return execute(sql, params, many, context)

    def says(self, query):
        with psycopg.connect(self.server.url("postgres"), autocommit=True) as base:
            return base.execute(query).fetchall()[0][0]

    def catches_up(self):
        with connection.cursor() as cursor:
            # Not what is flushed: the tests' server commits before that.
            cursor.execute("SELECT pg_current_wal_insert_lsn()")
            until = cursor.fetchone()[0]
        deadline = time.monotonic() + CAUGHT_UP_WITHIN
        while not self.says(f"SELECT pg_last_wal_replay_lsn() >= '{until}'::pg_lsn"):
            assert time.monotonic() < deadline, "the standby does not follow"
            time.sleep(0.05)

    @property
    def tickets_were_read(self):
        """Whether anything but its freshness was asked of it since this was asked last."""
        asked, self.asked[:] = list(self.asked), []
        return any("tickets_" in sql for sql in asked)


def primary():
    known = connection.get_connection_params()
    return {key: str(known[key]) for key in ("host", "port", "user", "password") if known.get(key)}


@pytest.fixture(scope="module")
def server(django_db_setup):
    """A server that was copied from the tests' own while that one runs, and follows it."""
    with tempfile.TemporaryDirectory(prefix="puntuale-standby-", dir=os.environ["PUNTUALE_TEST_FOLDER"]) as aside:
        Path(aside).chmod(0o711)
        home = Path(aside) / "home"
        home.mkdir(mode=0o711)
        home.chmod(0o711)
        copied = Server(home, options={"fsync": "off"})
        copied.account.own(home)
        programs = within_reach(find(), copied.account)
        copy = [programs.program("pg_basebackup"), "--pgdata", str(copied.data), "--dbname", make_conninfo(**primary())]
        told = copied.account.run(
            [*copy, "--write-recovery-conf", "--checkpoint=fast", "--wal-method=stream", "--no-sync"],
            timeout=120,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert told.returncode == 0, told.stdout
        with copied:
            yield copied


@pytest.fixture
def standby(server, company, now, monkeypatch):
    """The standby as the replica of this test's database: a beat was seen, and its freshness is asked every time."""
    name = connection.settings_dict["NAME"]
    known = connections.settings["default"]
    here = {"HOST": str(server.socket_folder), "PORT": "5432", "USER": "puntuale", "PASSWORD": "", "NAME": name}
    monkeypatch.setitem(connections.settings, replica.ALIAS, {**known, **here})
    monkeypatch.setattr(replica, "ASKED_EVERY", -1)
    monkeypatch.setattr(replica, "GIVEN_UP_FOR", -1)
    found = Standby(server)
    beat("a worker", at=now.at)
    found.catches_up()
    assert found.says("SELECT pg_is_in_recovery()")
    # Connected beforehand: the test runner refuses connections to databases that it does not know.
    connections[replica.ALIAS].connect()
    with connections[replica.ALIAS].execute_wrapper(found):
        yield found
    connections[replica.ALIAS].close()
    del connections[replica.ALIAS]
    if server.is_running():
        found.says("SELECT pg_wal_replay_resume()")


@pytest.fixture
def ada(standby, company):
    browser = Client()
    browser.force_login(company.ada)
    return browser


def finds(browser):
    answer = browser.get(SEARCH)
    assert answer.status_code == 200
    return "Zanzibar is down" in answer.content.decode()


def test_searches_and_reports_are_read_from_it(ada, standby, company, now):
    company.ticket(company.anna, at=now.at, subject="Zanzibar is down")
    standby.catches_up()
    assert finds(ada)
    assert standby.tickets_were_read
    mara = Client()
    mara.force_login(company.mara)
    standby.catches_up()
    assert mara.get(REPORT).status_code == 200
    assert standby.tickets_were_read


def test_one_that_stands_still_is_noticed_and_the_primary_is_asked(ada, standby, company, now):
    """While its last beat is young it is read from, so we see that it is another database that answers."""
    standby.says("SELECT pg_wal_replay_pause()")
    company.ticket(company.anna, at=now.at, subject="Zanzibar is down")
    assert not finds(ada)
    assert standby.tickets_were_read
    now.at += replica.FRESH
    beat("a worker", at=now.at)
    assert finds(ada), "it does not know of the new beat, so the primary tells"
    assert not standby.tickets_were_read
    standby.says("SELECT pg_wal_replay_resume()")
    standby.catches_up()
    assert finds(ada)
    assert standby.tickets_were_read, "it has caught up"


def test_whoever_wrote_reads_what_she_wrote_however_late_it_is(ada, standby, company, now):
    standby.says("SELECT pg_wal_replay_pause()")
    ticket = company.ticket(company.anna, at=now.at, subject="Something else")
    sent = ada.post(f"/en/desk/{ticket.number}/answers/", {"body": "Zanzibar is down", "then": "waiting"})
    assert sent.status_code == 302
    assert f"#{ticket.number}" in ada.get(SEARCH).content.decode()
    assert not standby.tickets_were_read
    del ada.cookies["wrote"]
    assert f"#{ticket.number}" not in ada.get(SEARCH).content.decode(), "half a minute later she reads with the others"
    assert standby.tickets_were_read


def test_one_that_is_gone_leaves_everything_to_the_primary_and_is_read_from_again(ada, standby, company, now):
    company.ticket(company.anna, at=now.at, subject="Zanzibar is down")
    standby.catches_up()
    assert finds(ada) and standby.tickets_were_read
    standby.server.stop()
    assert finds(ada)
    assert not standby.tickets_were_read
    assert standby.server.revive()
    standby.catches_up()
    connections[replica.ALIAS].close()
    connections[replica.ALIAS].connect()
    assert finds(ada)
    assert standby.tickets_were_read


def test_what_writes_never_reaches_it_and_would_fail_there(ada, standby, company, now):
    ticket = company.ticket(company.anna, at=now.at, subject="Zanzibar is down")
    standby.catches_up()
    assert ada.post(f"/en/desk/{ticket.number}/assignment/", {"to": "me"}).status_code in {200, 302}
    assert ada.post(SEARCH).status_code == 405
    assert standby.asked == []
    with replica.reading(), pytest.raises(DatabaseError, match="read-only transaction"):
        Draft.objects.create(person=company.ada, place="note", body="x", saved_at=now.at)
    assert not Draft.objects.exists()
