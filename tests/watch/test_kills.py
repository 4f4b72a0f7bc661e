"""Workers that are killed, stopped and started again at random moments: no alarm is lost, and none rings in vain.

Real processes on the database of the test, and a mail server that sometimes takes a letter and breaks the connection.
The seed is printed with a failure; PUNTUALE_KILLS and PUNTUALE_SEED choose others.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from socket import create_server
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from puntuale.sending.models import Intent
from puntuale.tickets import conversation
from puntuale.tickets.models import Ticket
from puntuale.tickets.replay import differences
from puntuale.watch import heartbeat
from puntuale.watch.models import Alarm, Watched
from tests.company import made

pytestmark = [pytest.mark.xdist_group("serving"), pytest.mark.django_db(transaction=True)]

KILLS = int(os.environ.get("PUNTUALE_KILLS", "20"))
SEED = int(os.environ.get("PUNTUALE_SEED", "7"))
WIRE = timedelta(seconds=3)
"""How long a letter may still be on the wire when the answer comes."""


class Post:
    """A mail server that writes down what it took, by whose key and when, and drops some connections after taking."""

    def __init__(self, chance):
        self.chance, self.taken, self.dropped = chance, [], 0

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802
        lines = envelope.content.decode().splitlines()
        key = next(line for line in lines if line.startswith("Message-ID")).split("<")[1].split("@")[0]
        self.taken.append((key, envelope.rcpt_tos[0], time.time()))  # noqa: TID251
        if self.chance.random() < 0.05:
            self.dropped += 1
            server.transport.abort()
        return "250 OK"


@pytest.fixture
def chance():
    return random.Random(SEED)


@pytest.fixture
def post(chance):
    handler = Post(chance)
    with closing(create_server(("127.0.0.1", 0))) as free:
        handler.port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


class Worker:
    """`puntuale work`, as it is really run."""

    def __init__(self, url, post, log):
        kept = {
            name: os.environ[name] for name in ("PATH", "HOME", "LANG", "PUNTUALE_SECRET_KEY") if name in os.environ
        }
        self.environment = kept | {
            "DATABASE_URL": url,
            "PUNTUALE_HOME": str(log.parent),
            "PUNTUALE_SMTP": f"smtp://127.0.0.1:{post.port}",
            "PYTHONPATH": str(Path.cwd()),
        }
        self.log = log
        self.start()

    def start(self):
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "puntuale", "work"], env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()


def address_of_the_database():
    """The database of this test, as a worker's process finds it."""
    name = connection.settings_dict["NAME"]
    before, _, options = os.environ["DATABASE_URL"].partition("?")
    return f"{before.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")


def forget_the_jobs_of_other_tests():
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def until(condition, seconds, told):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, told()
        time.sleep(0.2)


def test_no_alarm_is_lost_and_none_rings_in_vain(post, chance, tmp_path):
    forget_the_jobs_of_other_tests()
    company = made()
    began = heartbeat.database_now()
    tickets = [
        # Half of the hour is over at some moment of the next half minute.
        company.ticket(
            company.anna, "1", began + timedelta(seconds=chance.uniform(2, 30)) - timedelta(minutes=30), key=uuid4()
        )
        for _ in range(40)
    ]
    url = address_of_the_database()
    workers = [Worker(url, post, tmp_path / f"worker-{n}.log") for n in range(2)]
    answered = {}
    try:
        for kill in range(KILLS):
            time.sleep(chance.uniform(0.2, 1.6))
            worker = chance.choice(workers)
            if kill % 10 == 5:
                # Stopped past its lease, and going on as if nothing had happened.
                worker.process.send_signal(signal.SIGSTOP)
                time.sleep(11)
                worker.process.send_signal(signal.SIGCONT)
            else:
                worker.kill()
                worker.start()
            if kill % 4 == 0 and kill < len(tickets):
                ticket = tickets[kill]
                conversation.answer(ticket, body="Yes.", by=company.ada, at=heartbeat.database_now())
                answered[ticket.pk] = heartbeat.database_now()
        waiting = Intent.objects.filter(try_at__isnull=False)
        reached = Watched.objects.filter(ring_at__lte=began + timedelta(seconds=31))
        until(
            lambda: not reached.exists() and not waiting.exists(), 90, lambda: f"seed {SEED}: {list(waiting.values())}"
        )
    finally:
        for worker in workers:
            worker.stop()
    logs = "".join(worker.log.read_text() for worker in workers)
    assert "Traceback" not in logs, logs
    check(tickets, answered, post)


def check(tickets, answered, post):
    """Hold what the database says against what the mail server saw."""
    told = f"seed {SEED}, {KILLS} kills"
    by_mail = list(Intent.objects.filter(channel="email").order_by("pk"))
    alarms = {alarm.pk: alarm for alarm in Alarm.objects.all()}
    half = {alarm.ticket_id for alarm in alarms.values() if alarm.level == "50%"}
    assert half >= {ticket.pk for ticket in tickets} - answered.keys(), told
    assert len(by_mail) >= 2 * (len(tickets) - len(answered)), "to two agents each, since nobody has taken them"
    seen = Counter(key for key, _, _ in post.taken)
    sent = {str(intent.digest or intent.key) for intent in by_mail if intent.sent_at}
    assert sent <= seen.keys(), f"{told}: sent, and never arrived"
    known = {str(key) for intent in by_mail for key in (intent.key, intent.digest) if key}
    assert seen.keys() <= known, f"{told}: nobody meant to send this"
    unfinished = [intent for intent in by_mail if not intent.sent_at and intent.cancelled_because != "no_longer_owed"]
    assert unfinished == [], told
    twice = sum(count - 1 for count in seen.values())
    assert twice <= KILLS + post.dropped, f"{told}: {twice} letters came twice"
    by_key = {str(intent.key): alarms[intent.about].ticket_id for intent in by_mail}
    for key, _, at in post.taken:
        if by_key.get(key) in answered:
            assert at <= (answered[by_key[key]] + WIRE).timestamp(), f"{told}: an alarm for an answered ticket"
    assert list(differences(Ticket.objects.all())) == []
