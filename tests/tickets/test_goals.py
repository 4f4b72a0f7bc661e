"""Goals on other metrics, when the agreement has them: they stand still while the customer is waited for."""

from datetime import timedelta

import pytest

from puntuale.guarantee.facts import Phase
from puntuale.tickets import classification, conversation, resolution, waiting
from puntuale.tickets.models import Grounds
from tests.guarantee.tables import at
from tests.tickets.deeds import FRIDAY, all_is_consistent, due, endings, fresh, publish_goals, standing

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def ticket(company):
    publish_goals(at("2026-06-01T00:00:00Z"))
    return company.ticket(at=FRIDAY)


def goal(ticket, metric, when):
    return next(one for one in standing(ticket, when).goals if one.metric == metric)


def test_a_resolution_goal_starts_with_the_ticket_and_the_queue_knows_what_is_due_first(company, ticket):
    assert due(ticket) == FRIDAY + HOUR
    assert fresh(ticket).due_metric == "first_response"
    conversation.answer(ticket, body="Yes.", by=company.ada, at=FRIDAY + 10 * MINUTE)
    assert (due(ticket), fresh(ticket).due_metric) == (FRIDAY + 10 * MINUTE + 4 * HOUR, "periodic_update")
    assert all_is_consistent()


def test_a_further_question_starts_the_next_response_and_more_of_them_do_not_move_it(company, ticket):
    conversation.answer(ticket, body="Yes.", by=company.ada, at=FRIDAY + 10 * MINUTE)
    conversation.follow_up(ticket, body="And?", by=company.anna, at=FRIDAY + 20 * MINUTE)
    conversation.follow_up(ticket, body="Hello?", by=company.anna, at=FRIDAY + 50 * MINUTE)
    assert (due(ticket), fresh(ticket).due_metric) == (FRIDAY + 80 * MINUTE, "next_response")
    conversation.answer(ticket, body="Now.", by=company.ada, at=FRIDAY + 90 * MINUTE)
    assert endings(ticket, "next_response") == ["met_late"]
    assert endings(ticket) == ["met"]


def test_waiting_stops_the_clock_and_the_sum_shows_it(company, ticket):
    conversation.answer(ticket, body="Which one?", by=company.ada, at=FRIDAY + HOUR, then=Phase.WAITING)
    assert due(ticket) is None
    paused = goal(ticket, "resolution", FRIDAY + 9 * HOUR)
    assert (paused.state.value, paused.remaining) == ("paused", 7 * 3600)
    conversation.follow_up(ticket, body="This one.", by=company.anna, at=FRIDAY + 21 * HOUR)
    running = goal(ticket, "resolution", FRIDAY + 21 * HOUR)
    assert running.promise.due_at == FRIDAY + 28 * HOUR
    assert running.reckoning.seconds == 8 * 3600
    assert all_is_consistent()


def test_resolved_straight_out_of_waiting_only_the_time_before_counts(company, ticket):
    conversation.answer(ticket, body="Which one?", by=company.ada, at=FRIDAY + HOUR, then=Phase.WAITING)
    resolution.resolve(ticket, by=company.ada, at=FRIDAY + timedelta(days=42))
    assert endings(ticket, "resolution")[-1] == "met"


def test_a_goal_missed_before_waiting_stays_missed(company, ticket):
    conversation.answer(ticket, body="Yes.", by=company.ada, at=FRIDAY + HOUR)
    late = FRIDAY + 9 * HOUR
    waiting.wait(ticket, by=company.ada, at=late)
    assert goal(ticket, "resolution", late + HOUR).state.value == "missed"
    resolution.resolve(ticket, by=company.ada, at=late + 2 * HOUR)
    assert endings(ticket, "resolution") == ["met_late"]


def test_reopened_it_goes_on_with_the_time_that_was_left(company, ticket):
    conversation.answer(ticket, body="Yes.", by=company.ada, at=FRIDAY + HOUR, then=Phase.RESOLVED)
    conversation.follow_up(ticket, body="No.", by=company.anna, at=FRIDAY + 25 * HOUR)
    assert goal(ticket, "resolution", FRIDAY + 25 * HOUR).promise.due_at == FRIDAY + 32 * HOUR
    assert endings(ticket) == ["met"]
    assert all_is_consistent()


def test_lowering_moves_goals_by_the_same_rule(company, ticket):
    conversation.answer(ticket, body="Yes.", by=company.ada, at=FRIDAY + HOUR)
    classification.reclassify(
        ticket, to="2", because=Grounds.WORKAROUND, telling="There is a way.", by=company.ada, at=FRIDAY + 2 * HOUR
    )
    assert goal(ticket, "resolution", FRIDAY + 2 * HOUR).promise.due_at == at("2026-11-24T16:00:00+01:00")
    assert all_is_consistent()


def test_without_goals_in_the_agreement_there_are_none(company):
    ticket = company.ticket(at=FRIDAY)
    conversation.answer(ticket, body="Yes.", by=company.ada, at=FRIDAY)
    conversation.follow_up(ticket, body="And?", by=company.anna, at=FRIDAY)
    assert standing(ticket, FRIDAY).goals == ()
    assert due(ticket) is None
