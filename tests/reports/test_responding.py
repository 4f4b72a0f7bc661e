"""How long answers took: told with arrays, and counted one by one with the clock."""

import math
import random
from datetime import timedelta

from puntuale.agreements.reading import agreement_of
from puntuale.reports.responding import Spread, responses
from puntuale.tickets import conversation
from puntuale.tickets.models import PromiseMade
from tests.reports.test_attainment import asked
from tests.tickets.deeds import FRIDAY

NOTHING = Spread(0, (None, None, None))


def spread(found):
    """The nearest ranks, by the book."""
    ordered = sorted(found)
    return Spread(len(ordered), tuple(ordered[math.ceil(len(ordered) * step / 100) - 1] for step in (50, 90, 99)))


def test_nothing_answered_is_nothing(company):
    company.ticket(company.anna, "1", FRIDAY)
    told = responses(asked())
    assert (told.clock, told.business, told.margin) == (NOTHING, NOTHING, NOTHING)


def test_a_weekend_counts_on_the_clock_and_not_in_business_time(company):
    ticket = company.ticket(company.paola, "1", FRIDAY)
    conversation.answer(ticket, body="Here.", by=company.ada, at=FRIDAY + timedelta(days=3))
    told = responses(asked())
    assert told.clock.within == (3 * 86_400,) * 3
    # Friday 16:00 to 17:00, Monday 09:00 to 16:00; due on Monday at 11:00.
    assert told.business.within == (8 * 3600,) * 3
    assert told.margin.within == (-5 * 3600,) * 3


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
    assert told.clock == spread(int((row.ending.at - row.start_at).total_seconds()) for row in rows)
    assert told.business == spread(calendars[row.hours].elapsed(row.start_at, row.ending.at) for row in guaranteed)
    late = spread(int((row.ending.at - row.due_at).total_seconds()) for row in guaranteed)
    assert told.margin == Spread(late.count, tuple(-one for one in late.within))
