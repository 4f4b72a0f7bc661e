"""The intake is killed at every step: no mail that was taken over is lost, and none becomes two."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from puntuale.mail.incoming import handling, keeping
from puntuale.mail.models import Incoming, MailedMessage, Outcome
from puntuale.tickets.models import Attachment, Event, Ticket
from tests.mail.post import mail
from tests.tickets.deeds import FRIDAY, MONDAY, all_is_consistent

BODY = '--b\n\nSee the file.\n--b\nContent-Type: text/csv; name="data.csv"\n\na;b\n--b--'
MOST_POINTS = 60


@pytest.fixture
def intake(settings, tmp_path):
    """Run an intake that dies at a point, and return what it could still say."""
    settings.FILES = tmp_path
    parts = connection.get_connection_params()
    url = f"postgresql:///{parts['dbname']}?host={parts['host']}&user={parts['user']}" + (
        f"&port={parts['port']}" if parts.get("port") else ""
    )
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}

    def run(raw, point):
        command = [sys.executable, "-m", "tests.mail.intake", str(tmp_path), FRIDAY.isoformat(), str(point)]
        done = subprocess.run(command, input=raw, env=environment, capture_output=True, timeout=60, check=False)
        assert done.returncode in {0, -9}, done.stderr.decode()
        return done.stdout.decode().split(), done.returncode

    return run


@pytest.mark.django_db(transaction=True)
def test_killed_at_every_step_it_loses_nothing_and_doubles_nothing(company, intake, reader):
    """One mail after the other, each by a process that dies one step later than the one before."""
    point = sent = 0
    status = -9
    while status == -9:
        assert point < MOST_POINTS
        sender = ("anna", "andrea")[point % 2] + "@northwind.test"
        raw = mail(sender, BODY, Subject=f"Point {point}", Content_Type="multipart/mixed; boundary=b")
        said, status = intake(raw, point)
        if "kept" in said:
            assert Incoming.objects.filter(digest=keeping.keep([raw], mailbox="pipe", at=FRIDAY).digest).count() == 1
        else:
            # The mail server was not told that it is kept, and comes again.
            keeping.keep([raw], mailbox="pipe", at=FRIDAY)
        sent, point = sent + 1, point + 1
    assert point > 15
    handling.go_round(MONDAY, reader)
    handling.go_round(MONDAY, reader)
    assert Incoming.objects.count() == sent
    assert set(Incoming.objects.values_list("outcome", flat=True)) == {Outcome.OPENED}
    assert Ticket.objects.count() == MailedMessage.objects.count() == Event.objects.count() == sent
    for one in Incoming.objects.all():
        assert list(Attachment.objects.filter(message=one.mailed.message).values_list("name", flat=True)) == [
            "data.csv"
        ]
    assert all_is_consistent()
