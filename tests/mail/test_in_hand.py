"""Nothing is locked while a mail is read, and who reads it is the only one who says what became of it."""

import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from puntuale.mail.incoming import handling, reviewing
from puntuale.mail.models import Incoming, Outcome
from puntuale.tickets.models import Ticket
from tests.mail.post import kept, mail
from tests.tickets.deeds import FRIDAY

pytestmark = pytest.mark.django_db(transaction=True)
LATER = FRIDAY + handling.IN_HAND


class Watched:
    """A reader that does something while it reads."""

    def __init__(self, reader, meanwhile):
        self.reader, self.meanwhile = reader, meanwhile

    @contextmanager
    def read(self, path):
        self.meanwhile()
        with self.reader.read(path) as read:
            yield read

    def stop(self):
        pass


def lock_it(key):
    """Lock a mail by another connection. Raises OperationalError when it is locked already."""
    problems = []

    def alone():
        try:
            with transaction.atomic():
                Incoming.objects.select_for_update(nowait=True).get(pk=key)
        except Exception as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    thread = threading.Thread(target=alone)
    thread.start()
    thread.join()
    assert problems == []


def test_the_worker_reads_without_a_transaction_and_without_a_lock(company, reader):
    one, seen = kept(mail(), FRIDAY), []

    def meanwhile():
        seen.append(connection.in_atomic_block)
        lock_it(one.pk)

    assert handling.handle(one.pk, Watched(reader, meanwhile), at=FRIDAY).outcome == Outcome.OPENED
    assert seen == [False]


@pytest.mark.parametrize("deed", ["open", "join", "attach"])
def test_so_does_a_manager(company, reader, monkeypatch, deed):
    ticket = company.ticket(at=FRIDAY)
    one, seen = kept(mail(List_Id="<x>"), FRIDAY), []
    assert handling.handle(one.pk, reader, at=FRIDAY).outcome == Outcome.REVIEW

    def meanwhile():
        seen.append(connection.in_atomic_block)
        lock_it(one.pk)

    monkeypatch.setattr(handling, "new_reader", lambda: Watched(reader, meanwhile))
    do = {
        "open": lambda: reviewing.open_for(one, company.anna, by=company.mara, at=FRIDAY),
        "join": lambda: reviewing.join(one, ticket, by=company.mara, at=FRIDAY),
        "attach": lambda: reviewing.attach(one, ticket, by=company.mara, at=FRIDAY),
    }
    do[deed]()
    assert seen == [False]
    with pytest.raises(reviewing.Settled):
        do[deed]()


def test_what_one_reads_no_other_takes_in_hand(company, reader):
    one, found = kept(mail(), FRIDAY), []
    handling.handle(
        one.pk, Watched(reader, lambda: found.append(handling.handle(one.pk, reader, at=FRIDAY))), at=FRIDAY
    )
    assert found == [None]
    assert Ticket.objects.count() == 1


def test_who_took_too_long_does_nothing_any_more(company, reader):
    one, others = kept(mail(), FRIDAY), []
    slow = Watched(reader, lambda: others.append(handling.handle(one.pk, reader, at=LATER)))
    assert handling.handle(one.pk, slow, at=FRIDAY) is None
    assert others[0].outcome == Outcome.OPENED
    assert Ticket.objects.count() == 1


def test_who_took_too_long_and_fails_leaves_it_to_the_other(company, reader):
    one = kept(mail(), FRIDAY)

    def meanwhile():
        handling.handle(one.pk, reader, at=LATER)
        raise RuntimeError("boom")

    assert handling.handle(one.pk, Watched(reader, meanwhile), at=FRIDAY) is None
    assert Incoming.objects.get().outcome == Outcome.OPENED


def test_one_whose_reader_was_killed_comes_again_soon(company, reader):
    class Killed(BaseException):
        pass

    def meanwhile():
        raise Killed

    one = kept(mail(), FRIDAY)
    with pytest.raises(Killed):
        handling.handle(one.pk, Watched(reader, meanwhile), at=FRIDAY)
    handling.go_round(LATER - timedelta(seconds=1), reader)
    assert Incoming.objects.get().outcome == ""
    handling.go_round(LATER, reader)
    assert Incoming.objects.get().outcome == Outcome.OPENED
