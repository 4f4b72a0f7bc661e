"""Nobody waits for somebody who waits for them; and where the database has to end one of two, it is done again."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event, Thread
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client

from puntuale.people import tokens
from puntuale.tickets import conversation, merging
from puntuale.tickets.assignment import assign_all
from puntuale.tickets.conflicts import retrying
from puntuale.tickets.events import locked, locked_together
from puntuale.tickets.models import Message, Ticket
from puntuale.tickets.replay import differences
from puntuale.watch.rounds import Rounds
from tests.company import made
from tests.guarantee.tables import at

pytestmark = pytest.mark.django_db(transaction=True)
FRIDAY = at("2026-11-20T16:00:00+01:00")
LATER = FRIDAY + timedelta(minutes=5)


@pytest.fixture
def company(transactional_db):
    return made()


@pytest.fixture
def chain(company):
    """Three tickets, the highest of which was merged into the middle one, and that into the lowest."""
    low, middle, high = (company.ticket(at=FRIDAY) for _ in range(3))
    merging.merge(high, into=middle, by=company.ada, at=FRIDAY)
    merging.merge(middle, into=low, by=company.ada, at=FRIDAY)
    return low, middle, high


def is_waiting():
    """Tell whether somebody waits for a row that is locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


def beside(work):
    """Begin work in a thread of its own; call what comes back to have its result, or what it raised."""
    came = []

    def run():
        try:
            came.append(work())
        except Exception as problem:
            came.append(problem)
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()

    def ended():
        thread.join(timeout=20)
        return came[0]

    return ended


VERBS = {
    "write on a merged one": lambda x: conversation.follow_up(
        x.high, body="Still?", by=x.company.anna, at=LATER
    ),
    "write on one merged once": lambda x: conversation.follow_up(
        x.middle, body="Still?", by=x.company.anna, at=LATER
    ),
    "take the last merge back": lambda x: merging.unmerge(x.middle, by=x.company.ada, at=LATER),
    "take the first merge back": lambda x: merging.unmerge(x.high, by=x.company.ada, at=LATER),
    "give all to somebody": lambda x: assign_all([x.high, x.low, x.middle], to=x.company.ada, by=x.company.ada, at=LATER),
    "lock two": lambda x: transaction.atomic(locked_together)(x.high, x.low),
}  # fmt: skip


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS.keys())
def test_who_waits_for_a_lower_ticket_holds_no_higher_one(company, chain, verb):
    low, middle, high = chain
    with transaction.atomic():
        for number, held in enumerate((low, middle, high)):
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '3s'")
            locked(held)
            if number == 0:
                ended = beside(lambda: verb(SimpleNamespace(company=company, low=low, middle=middle, high=high)))
                # Whoever needs none of the three lower ones goes on at once.
                for _ in range(20):
                    if is_waiting():
                        break
                    time.sleep(0.05)
    assert not isinstance(ended(), Exception), ended()
    assert list(differences(Ticket.objects.all())) == []


@pytest.mark.parametrize("round_", range(3))
def test_writing_on_merged_tickets_while_they_are_taken_apart_ends_well(company, chain, round_):
    low, middle, high = chain
    start = Barrier(4)

    def run(work):
        start.wait()
        try:
            return work()
        finally:
            connection.close()

    works = [
        lambda: conversation.follow_up(high, body="f1", by=company.anna, at=LATER),
        lambda: conversation.follow_up(middle, body="f2", by=company.anna, at=LATER),
        lambda: merging.unmerge(high, by=company.ada, at=LATER),
        lambda: merging.unmerge(middle, by=company.grace, at=LATER),
    ]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, works))
    assert Message.objects.filter(body__in=["f1", "f2"]).count() == 2
    for one in Message.objects.filter(body__in=["f1", "f2"]).select_related("ticket"):
        assert one.ticket_id in {low.pk, middle.pk, high.pk}
    assert list(differences(Ticket.objects.all())) == []


def test_two_who_wait_for_each_other_are_both_done_in_the_end(company):
    one, other = company.ticket(at=FRIDAY), company.ticket(at=FRIDAY)
    meeting, tries = Barrier(2), []

    def work(first, second):
        @retrying
        @transaction.atomic
        def locks():
            tries.append(first.pk)
            locked(first)
            if tries.count(first.pk) == 1:
                meeting.wait(timeout=10)
            locked(second)
            return "done"

        return locks

    ended = beside(work(one, other))
    assert work(other, one)() == "done"
    assert ended() == "done"
    assert len(tries) == 3


def lost(*, times, state="40P01"):
    """Return a way to let a function lose its transaction so many times before it works."""
    left = [times]

    def loses(work):
        def tried(*what, **how):
            if left[0]:
                left[0] -= 1
                with connection.cursor() as cursor:
                    cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '{state}'; END $$")
            return work(*what, **how)

        return tried

    return loses


@pytest.fixture
def loses(monkeypatch):
    """Let the verb that writes down an event lose so many times."""

    def lose(**how):
        monkeypatch.setattr(conversation, "record", lost(**how)(conversation.record))

    return lose


@pytest.mark.parametrize("state", ["40P01", "40001"])
def test_a_form_at_the_desk_is_answered_once_more(company, now, loses, state):
    ticket, ada = company.ticket(at=FRIDAY), Client()
    ada.force_login(company.ada)
    loses(times=1, state=state)
    page = ada.post(f"/en/desk/{ticket.number}/answers/", {"body": "Yes."})
    assert page.status_code == 302
    assert Message.objects.filter(body="Yes.").count() == 1
    assert list(differences(Ticket.objects.all())) == []


def test_a_form_of_the_portal_is_answered_once_more(company, now, loses):
    ticket, anna = company.ticket(at=FRIDAY), Client()
    anna.force_login(company.anna)
    loses(times=1)
    assert anna.post(f"/en/tickets/{ticket.number}/messages/", {"body": "And?"}).status_code == 302
    assert Message.objects.filter(body="And?").count() == 1


def test_a_request_of_a_program_is_answered_once_more(company, now, loses):
    ticket = company.ticket(at=FRIDAY)
    _, secret = tokens.issue(company.ada, name="x", scopes=["read", "write"], lasts=timedelta(days=3), at=FRIDAY)
    loses(times=1)
    answer = Client().post(
        f"/api/v1/tickets/{ticket.number}/messages", '{"body": "Yes."}', content_type="application/json",
        headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "k"},
    )  # fmt: skip
    assert answer.status_code == 201
    assert Message.objects.filter(body="Yes.").count() == 1


def test_who_loses_twice_and_what_is_no_conflict_is_not_tried_again(company, now, loses):
    ticket, ada = company.ticket(at=FRIDAY), Client(raise_request_exception=False)
    ada.force_login(company.ada)
    loses(times=2)
    assert ada.post(f"/en/desk/{ticket.number}/answers/", {"body": "Yes."}).status_code == 500
    loses(times=1, state="57014")
    assert ada.post(f"/en/desk/{ticket.number}/answers/", {"body": "Yes."}).status_code == 500
    assert ticket.messages.count() == 1


def test_what_runs_beside_the_requests_goes_on_at_once(company):
    rounds, done = Rounds(), Event()

    def work():
        if done.is_set():
            rounds.stopping.set()
        return 0.0

    def loses_once():
        done.set()
        raise OperationalError from _Lost()

    calls = iter([loses_once, work])

    def going():
        return next(calls)()

    rounds._keep_on(going)
    assert done.is_set()


class _Lost(Exception):
    sqlstate = "40001"
