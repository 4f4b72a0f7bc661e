"""How long answers took: told with arrays, and counted one by one with the clock."""

import math
import random
from datetime import timedelta

from puntuale.agreements.reading import agreement_of
from puntuale.reports import responding
from puntuale.reports.measuring import between
from puntuale.reports.responding import Bucket, Measure, Spread, histogram
from puntuale.tickets import conversation
from puntuale.tickets.models import PromiseMade
from tests.reports.test_attainment import asked
from tests.tickets.deeds import FRIDAY

NOTHING = Spread(0, (None, None, None))


def responses(question):
    return {measure: responding.spread(found, measure) for measure, found in responding.responses(question).items()}


def spread(found):
    """The nearest ranks, by the book."""
    ordered = sorted(seconds // 60 for seconds in found)
    return Spread(len(ordered), tuple(ordered[math.ceil(len(ordered) * step / 100) - 1] for step in (50, 90, 99)))


def test_nothing_answered_is_nothing(company):
    company.ticket(company.anna, "1", FRIDAY)
    told = responses(asked())
    assert told == dict.fromkeys(Measure, NOTHING)


def test_a_weekend_counts_on_the_clock_and_not_in_business_time(company):
    ticket = company.ticket(company.paola, "1", FRIDAY)
    conversation.answer(ticket, body="Here.", by=company.ada, at=FRIDAY + timedelta(days=3))
    told = responses(asked())
    assert told[Measure.CLOCK].within == (3 * 1440,) * 3
    # Friday 16:00 to 17:00, Monday 09:00 to 16:00; due on Monday at 11:00.
    assert told[Measure.BUSINESS].within == (8 * 60,) * 3
    assert told[Measure.MARGIN].within == (-5 * 60,) * 3


def test_arrays_say_what_the_clock_says_one_by_one(company):
    luck = random.Random(7)
    for number in range(40):
        who = (company.anna, company.paola, company.bruno)[number % 3]
        sent = FRIDAY + timedelta(seconds=luck.randrange(10 * 86_400))
        ticket = company.ticket(who, str(luck.choice([1, 2, 3])), sent)
        conversation.answer(ticket, body="a", by=company.ada, at=sent + timedelta(seconds=luck.randrange(4 * 86_400)))
    rows = list(PromiseMade.objects.filter(metric="first_response", number=1).select_related("ending"))
    guaranteed = [row for row in rows if row.due_at]
    calendars = {row.hours: agreement_of(row.publication_id).calendar(row.hours) for row in guaranteed}
    told = responses(asked())
    assert 0 < len(guaranteed) < len(rows) == 40
    assert told[Measure.CLOCK] == spread(int((row.ending.at - row.start_at).total_seconds()) for row in rows)
    assert told[Measure.BUSINESS] == spread(
        calendars[row.hours].elapsed(row.start_at, row.ending.at) for row in guaranteed
    )
    margins = sorted(int((row.due_at - row.ending.at).total_seconds()) // 60 for row in guaranteed)
    # What a half, 90 % and 99 % had left at least, counted from the most.
    left = [margins[-math.ceil(len(margins) * step / 100)] for step in (50, 90, 99)]
    assert told[Measure.MARGIN] == Spread(len(margins), tuple(left))


def test_each_answer_lies_in_one_bucket_and_the_bucket_opens_it(company):
    tickets = []
    for minutes in (0, 14, 15, 59, 60, 61, 5000):
        ticket = company.ticket(company.paola, "1", FRIDAY)
        conversation.answer(ticket, body="Here.", by=company.ada, at=FRIDAY + timedelta(minutes=minutes, seconds=59))
        tickets.append(ticket.pk)
    buckets = histogram(responding.responses(asked())[Measure.CLOCK], Measure.CLOCK)
    assert [bucket for bucket in buckets if bucket.count] == [
        Bucket(None, 15, 2), Bucket(15, 30, 1), Bucket(30, 60, 1), Bucket(60, 120, 2), Bucket(4320, None, 1),
    ]  # fmt: skip
    for measure in Measure:
        found = []
        for bucket in histogram(responding.responses(asked())[measure], measure):
            behind = between(asked(), measure, bucket.since, bucket.until)
            assert len(behind) == bucket.count
            found += behind
        assert sorted(found) == tickets


def test_a_margin_is_negative_from_the_first_second_on(company):
    ticket = company.ticket(company.paola, "1", FRIDAY)
    conversation.answer(ticket, body="Here.", by=company.ada, at=ticket.due_at + timedelta(seconds=1))
    assert responses(asked())[Measure.MARGIN].within == (-1, -1, -1)
