"""What was summed up says what the tickets say: after any story, at any time, and while others write."""

import threading
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puntuale.reports import summed
from puntuale.reports.arriving import arrivals
from puntuale.reports.attainment import attainment
from puntuale.reports.counting import Asked, Grouping
from puntuale.reports.models import Summed, Touched
from puntuale.reports.responding import responses
from puntuale.reports.summing import sum_up
from puntuale.tickets import assignment, classification, conversation, merging, resolution
from puntuale.tickets.models import Grounds
from tests.company import made
from tests.tickets.deeds import FRIDAY
from tests.tickets.test_replay import DEEDS, do

ROME = ZoneInfo("Europe/Rome")
BEGIN = FRIDAY - timedelta(days=60)
DAY = timedelta(days=1)


def asked(at, since=BEGIN, until=None):
    return Asked(since=since, until=until or at + DAY, at=at, zone=ROME)


def told(question):
    """Everything a report says."""
    reports = [attainment(question, by=by) for by in (None, *Grouping)]
    lines = [(one.key, one.readings, one.left_out) for report in reports for one in (report.total, *report.lines)]
    return lines, reports[0].moved, arrivals(question), responses(question)


def counted(question):
    """The same, without what was summed up."""
    return question.only([(question.since, question.until)])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    deeds=DEEDS,
    rounds=st.lists(st.integers(0, 9 * 86_400), min_size=1, max_size=4),
    after=st.integers(0, 9 * 86_400),
    shift=st.integers(-30, 30),
)
def test_any_story_with_rounds_in_between_is_told_as_the_tickets_tell_it(company, deeds, rounds, after, shift):
    """Around the end of a month, so that whole months are summed up too."""
    start = FRIDAY + timedelta(days=shift)
    sent = [start - timedelta(days=days) for days in (40, 12, 1, 0)]
    customers = [company.anna, company.paola, company.bruno, company.anna]
    tickets = [company.ticket(who, "1", when) for who, when in zip(customers, sent, strict=True)]
    ticket, other = tickets[0], tickets[2]
    steps = [(seconds, "deed", deed) for deed, seconds in deeds] + [(seconds, "round", None) for seconds in rounds]
    for seconds, kind, deed in sorted(steps, key=lambda step: step[:2]):
        at = start + timedelta(seconds=seconds)
        if kind == "round":
            sum_up(at=at, zone=ROME)
        else:
            do(deed, company, ticket, other, company.anna, at)
    at = start + timedelta(seconds=max([after, *(step[0] for step in steps)]))
    for since, until in ((BEGIN - 60 * DAY, at + DAY), (start - 30 * DAY, at - 3 * DAY), (start - 45 * DAY, start)):
        question = asked(at, since, until)
        assert told(question) == told(counted(question))


def test_what_is_over_is_taken_as_it_was_summed_up(company):
    for days in (70, 40, 2, 0):
        ticket = company.ticket(company.anna, "1", FRIDAY - days * DAY)
        conversation.answer(ticket, body="Here.", by=company.ada, at=FRIDAY - days * DAY + timedelta(minutes=5))
    assert sum_up(at=FRIDAY, zone=ROME) == 30 + 31 + 19
    assert sum_up(at=FRIDAY, zone=ROME) == 0
    assert Touched.objects.count() == 0
    parts = summed.parts(asked(FRIDAY, FRIDAY - 100 * DAY))
    assert parts.months == [date(2026, 9, 1), date(2026, 10, 1)]
    assert parts.days == [date(2026, 11, 1) + number * DAY for number in range(19)]
    assert len(parts.rest.stretches) == 2
    assert attainment(asked(FRIDAY, FRIDAY - 100 * DAY)).total["promised"].kept == 4


def test_an_event_makes_its_day_stale_at_once_and_the_next_round_takes_it_in(company):
    ticket = company.ticket(company.anna, "1", FRIDAY)
    later = FRIDAY + 5 * DAY
    sum_up(at=later, zone=ROME)
    conversation.answer(ticket, body="Here.", by=company.ada, at=later)
    question = asked(later, FRIDAY - DAY)
    assert date(2026, 11, 20) not in summed.parts(question).days
    assert attainment(question).total["promised"].counts == {"late": 1}
    assert sum_up(at=later, zone=ROME) == 1
    assert date(2026, 11, 20) in summed.parts(question).days
    assert attainment(question).total["promised"].counts == {"late": 1}


def test_the_day_of_a_merged_ticket_is_stale_when_what_it_went_into_is_answered_or_cancelled(company):
    first = company.ticket(company.anna, "1", FRIDAY - 9 * DAY)
    second, third = company.ticket(company.anna, "2", FRIDAY - 5 * DAY), company.ticket(company.anna, "3", FRIDAY)
    merging.merge(first, into=second, by=company.ada, at=FRIDAY)
    merging.merge(second, into=third, by=company.ada, at=FRIDAY)
    later = FRIDAY + 5 * DAY
    for change in (
        lambda: resolution.cancel(third, because=resolution.Because.SPAM, telling="", by=company.ada, at=later),
        lambda: resolution.restore(third, by=company.ada, at=later),
        lambda: conversation.answer(third, body="Here.", by=company.ada, at=later),
        lambda: merging.unmerge(second, by=company.ada, at=later),
    ):
        sum_up(at=later, zone=ROME)
        change()
        question = asked(later, FRIDAY - 20 * DAY)
        assert not {date(2026, 11, 11), date(2026, 11, 15), date(2026, 11, 20)} & set(summed.parts(question).days)
        assert told(question) == told(counted(question))
    assert attainment(question).total["promised"].counts == {"late": 3}


def test_a_promise_that_falls_due_makes_its_day_stale_though_nothing_happened(company):
    company.ticket(company.paola, "3", FRIDAY)
    due = company.ticket(company.paola, "3", FRIDAY).due_at
    sum_up(at=due - timedelta(minutes=1), zone=ROME)
    assert attainment(asked(due)).total["promised"].counts == {"running": 2}
    assert attainment(asked(due + timedelta(microseconds=1))).total["promised"].counts == {"missed": 2}


def test_another_zone_counts_anew(company):
    company.ticket(company.anna, "1", FRIDAY)
    sum_up(at=FRIDAY + 3 * DAY, zone=ROME)
    honolulu = ZoneInfo("Pacific/Honolulu")
    question = Asked(since=BEGIN, until=FRIDAY + 4 * DAY, at=FRIDAY + 3 * DAY, zone=honolulu)
    assert summed.parts(question).days == []
    assert sum_up(at=FRIDAY + 3 * DAY, zone=honolulu) > 0
    assert set(Summed.objects.values_list("zone", flat=True)) == {"Pacific/Honolulu"}
    assert told(question) == told(counted(question))


def test_without_tickets_there_is_nothing_to_sum_up(company):
    assert sum_up(at=FRIDAY, zone=ROME) == 0


@pytest.mark.django_db(transaction=True)
def test_what_is_written_during_a_round_is_not_lost_on_the_report():
    """The answer is written before the round and committed after it."""
    company = made()
    ticket = company.ticket(company.anna, "1", FRIDAY)
    later = FRIDAY + 5 * DAY
    written, summed_up = threading.Event(), threading.Event()

    def answer():
        try:
            with transaction.atomic():
                conversation.answer(ticket, body="Here.", by=company.ada, at=later)
                written.set()
                assert summed_up.wait(10)
        finally:
            connection.close()

    other = threading.Thread(target=answer)
    other.start()
    try:
        assert written.wait(10)
        sum_up(at=later, zone=ROME)
        assert attainment(asked(later)).total["promised"].counts == {"missed": 1}
    finally:
        summed_up.set()
        other.join()
    assert attainment(asked(later)).total["promised"].counts == {"late": 1}
    question = asked(later)
    assert told(question) == told(counted(question))


def test_a_lowered_and_disputed_ticket_of_a_day_long_over_is_counted_anew(company):
    ticket = company.ticket(company.anna, "1", FRIDAY)
    change = classification.reclassify(
        ticket, to="3", because=Grounds.HOW_TO, telling="It is a question.", by=company.ada, at=FRIDAY
    )
    later = FRIDAY + 40 * DAY
    sum_up(at=later, zone=ROME)
    assert attainment(asked(later)).total.left_out == 1
    classification.disagree(change, text="It is not.", by=company.anna, at=later)
    assert attainment(asked(later)).total.left_out == 0


def test_words_on_an_old_ticket_leave_its_day_as_it_was_summed_up(company):
    ticket = company.ticket(company.anna, "1", FRIDAY - 40 * DAY)
    conversation.answer(ticket, body="Here.", by=company.ada, at=FRIDAY - 40 * DAY + timedelta(minutes=5))
    sum_up(at=FRIDAY, zone=ROME)
    conversation.note(ticket, body="Among us.", by=company.ada, at=FRIDAY)
    conversation.follow_up(ticket, body="Thanks.", by=company.anna, at=FRIDAY)
    assert Touched.objects.count() == 0
    assignment.assign(ticket, to=company.grace, by=company.ada, at=FRIDAY)
    assert set(Touched.objects.values_list("ticket", flat=True)) == {ticket.pk}
