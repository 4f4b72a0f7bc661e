"""Who may see which tickets, in what order they stand, and how many queries that takes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from puntuale.guarantee.facts import Phase
from puntuale.guarantee.promise import State
from puntuale.tickets import conversation
from puntuale.tickets.queues import View, counts, page
from puntuale.tickets.reading import standings, visible_to
from tests.guarantee.tables import at

FRIDAY = at("2026-11-20T16:00:00+01:00")


def test_a_customer_sees_her_own_an_administrator_the_organisations_an_agent_all(company):
    hers, colleagues, others = (company.ticket(person) for person in (company.anna, company.andrea, company.paola))
    assert set(visible_to(company.anna)) == {hers}
    assert set(visible_to(company.andrea)) == {hers, colleagues}
    assert set(visible_to(company.paola)) == {others}
    assert set(visible_to(company.bruno)) == set()
    assert set(visible_to(company.ada)) == set(visible_to(company.mara)) == {hers, colleagues, others}


def test_whoever_left_sees_nothing(company):
    company.ticket(company.anna)
    company.anna.left_at = FRIDAY
    company.ada.left_at = FRIDAY
    assert not visible_to(company.anna).exists()
    assert not visible_to(company.ada).exists()


def test_the_queue_stands_in_the_order_in_which_promises_fall_due(company):
    now = at("2026-11-23T12:00:00+01:00")
    no_guarantee = company.ticket(company.bruno, at=FRIDAY, subject="no guarantee")
    later = company.ticket(company.paola, "3", at=now, subject="later")
    missed = company.ticket(company.anna, "1", at=FRIDAY, subject="missed")
    soon = company.ticket(company.anna, "1", at=now, subject="soon")
    done = company.ticket(company.anna, "1", at=FRIDAY, subject="answered")
    conversation.answer(done, body="Yes.", by=company.ada, at=now, then=Phase.RESOLVED)

    def stand(view):
        return page(visible_to(company.ada), view, by=company.ada, at=now).tickets

    waiting = stand(View.DUE)
    assert waiting == [missed, soon, later, no_guarantee]
    assert [standing.state for standing in standings(waiting, at=now)] == [
        State.MISSED,
        State.RUNNING,
        State.RUNNING,
        State.NO_GUARANTEE,
    ]
    assert stand(View.RESOLVED) == [done]
    found = counts(by=company.ada, at=now)
    assert (found.missed, found.within_the_hour, found.no_guarantee, found.due) == (1, 0, 1, 4)
    assert counts(by=company.ada, at=now + timedelta(minutes=1)).within_the_hour == 1


def test_reading_fifty_promises_takes_as_many_queries_as_reading_one(company):
    tickets = [company.ticket(person, "1", at=FRIDAY) for person in (company.anna, company.paola) for _ in range(25)]

    def queries(some):
        with CaptureQueriesContext(connection) as context:
            for standing in standings(some, at=FRIDAY):
                assert standing.state and standing.remaining and standing.reckoning
        return len(context)

    queries(tickets[:1])
    assert queries(tickets) == queries(tickets[:1]) == 1


@pytest.mark.parametrize(("minutes", "remaining"), [(0, 3600), (30, 1800), (60, 0), (90, 0)])
def test_what_remains_is_counted_in_open_time(company, minutes, remaining):
    ticket = company.ticket(at=FRIDAY)
    assert standings([ticket], at=FRIDAY + timedelta(minutes=minutes))[0].remaining == remaining


def test_nothing_remains_to_count_once_answered_or_without_a_guarantee(company):
    done, free = company.ticket(at=FRIDAY), company.ticket(company.bruno, at=FRIDAY)
    conversation.answer(done, body="Yes.", by=company.ada, at=FRIDAY)
    for standing in standings([done, free], at=FRIDAY):
        assert standing.remaining == 0
    assert standings([free], at=FRIDAY)[0].reckoning is None
    assert standings([free], at=FRIDAY)[0].reason.value == "plan"
