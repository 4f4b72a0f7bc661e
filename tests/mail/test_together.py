"""Several intakes at once, and what the process that reads may not do."""

import resource
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from django.db import close_old_connections, connection, connections

from puntuale.mail.incoming import child, handling, keeping
from puntuale.mail.incoming.limits import LARGEST_MAIL
from puntuale.mail.models import Incoming, Outcome
from puntuale.tickets.models import Ticket
from tests.mail.post import mail
from tests.tickets.deeds import FRIDAY

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work, *, of=4):
    def alone(number):
        try:
            return work(number)
        finally:
            close_old_connections()
            connections.close_all()

    with ThreadPoolExecutor(of) as pool:
        return list(pool.map(alone, range(of)))


def test_the_same_mail_kept_by_four_at_once_is_one(company):
    raw = mail()
    keys = at_once(lambda _: keeping.keep([raw], mailbox="pipe", at=FRIDAY).pk)
    assert len(set(keys)) == Incoming.objects.count() == 1


def test_four_who_look_into_it_at_once_make_one_ticket_of_it(company):
    raw = mail()
    keys = [keeping.keep([raw], mailbox=box, at=FRIDAY).pk for box in ("pipe", "lmtp")]
    readers = [handling.new_reader() for _ in range(4)]
    at_once(lambda number: handling.handle(keys[number % 2], readers[number], at=FRIDAY))
    for one in readers:
        handling.go_round(FRIDAY, one)
        one.stop()
    assert Ticket.objects.count() == 1
    assert sorted(Incoming.objects.values_list("outcome", "because")) == [("ignored", "came_before"), ("opened", "")]


def test_the_process_that_reads_has_its_limits(company):
    one = handling.new_reader()
    raw = keeping.keep([mail()], mailbox="pipe", at=FRIDAY)
    handling.handle(raw.pk, one, at=FRIDAY)
    process = psutil.Process(one._child.pid)
    assert process.rlimit(resource.RLIMIT_AS) == (child.MEMORY, child.MEMORY)
    assert process.rlimit(resource.RLIMIT_FSIZE) == (LARGEST_MAIL, LARGEST_MAIL)
    assert process.rlimit(resource.RLIMIT_CPU)[0] <= child.CPU_SECONDS + 5
    assert process.rlimit(resource.RLIMIT_CORE) == (0, 0)
    one.stop()
    assert not process.is_running()


def test_a_mail_whose_transaction_lost_is_looked_into_at_once_again(company, reader, monkeypatch):
    decide, lost = handling.decide, iter([True])

    def loses_once(facts):
        if next(lost, False):
            with connection.cursor() as cursor:
                cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40P01'; END $$")
        return decide(facts)

    monkeypatch.setattr(handling, "decide", loses_once)
    kept = keeping.keep([mail()], mailbox="pipe", at=FRIDAY)
    found = handling.handle(kept.pk, reader, at=FRIDAY)
    assert (found.outcome, found.attempts) == (Outcome.OPENED, 1)
