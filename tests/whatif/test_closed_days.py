"""Closed days and further answers in the weeks that staff is found for, against desks whose answer is known."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from puntuale.guarantee.calendars import Calendar
from puntuale.guarantee.hours import HoursTable, Override, Shift
from puntuale.guarantee.texts import UNSAID
from puntuale.guarantee.zones import zone
from puntuale.tickets import conversation, resolution
from puntuale.whatif import own
from puntuale.whatif.calendars import with_calendar
from puntuale.whatif.dated import FIRST_DAY, dated
from puntuale.whatif.further import NONE, of_counts, of_lags
from puntuale.whatif.histories import Question
from puntuale.whatif.serving import served
from puntuale.whatif.staffing import Asked, staffing
from puntuale.whatif.weeks import NOT_OWED, draw, past
from tests.guarantee.test_story import on
from tests.whatif.test_replaying import KNOWN, gathered

HOUR, DAY, WEEK = 3_600, 86_400, 604_800
AT = datetime(2026, 11, 1, tzinfo=UTC)
SINCE = date(2026, 6, 1)
PLACE = zone("Europe/Rome")
URGENT = Question("professional", "1")
HALF_AN_HOUR = np.array([1_800])
CLOSED = with_calendar(KNOWN, "[holidays.target.days.fair]\ndates = [2026-06-10, 2026-07-01, 2026-07-15]\n")


def a_desk(weeks=8, a_day=10, question=URGENT):
    """So many tickets each working day, all of them in the first minutes after opening, in Brussels."""
    opening = datetime(2026, 6, 1, 7, tzinfo=UTC)
    return [
        (question, opening + timedelta(weeks=week, days=day, seconds=90 * number), None)
        for week in range(weeks)
        for day in range(5)
        for number in range(a_day)
    ]


def staff_at(found, day, hour):
    return found.staff[24 * day + hour]


@pytest.mark.parametrize("name", ["Europe/Rome", "Asia/Tokyo", "America/Los_Angeles"])
def test_past_days_are_as_the_calendar_had_them_on_any_wall(name):
    """The spans of a calendar over the past, and of the same weeks drawn in order, second by second."""
    fair = {SINCE + timedelta(days=9): UNSAID, SINCE + timedelta(days=20): UNSAID}
    short = {SINCE + timedelta(days=17): Override(UNSAID, (Shift.parse("10:00-12:00"),))}
    weekly = (((Shift.parse("09:00-17:00"),),) * 4) + ((Shift.parse("22:00-02:00"),), (), ())
    hours = HoursTable("business", name, weekly, holidays=fair, overrides=short)
    table = dated(hours, PLACE, datetime(2026, 6, 15, tzinfo=UTC), first=SINCE, weeks=4)
    simulated = table.along(np.arange(4))
    real = Calendar(hours)
    midnight = datetime(2026, 6, 1, tzinfo=PLACE)
    begin = datetime.combine(FIRST_DAY, datetime.min.time(), UTC)
    for quarter in range(DAY // 900, 4 * WEEK // 900):
        after = timedelta(seconds=900 * quarter)
        assert real.is_open(midnight + after) == simulated.is_open(begin + after), after
    assert table.others


def test_what_comes_on_a_closed_day_is_due_after_it():
    known = past(gathered(a_desk()), CLOSED, at=AT)
    assert known.closed == 3
    drawn = draw(known, np.random.default_rng(1), weeks=60, growth=1.0, handling=HALF_AN_HOUR)
    brussels, walls = CLOSED.calendar("business"), 0
    for sent, due, kind, week in zip(drawn.sent, drawn.due, drawn.kind, drawn.week, strict=True):
        if drawn.week[-1] - week < 2 or kind != 0:
            continue
        origin = datetime(2026, 6, 1, tzinfo=CLOSED.zone) + timedelta(weeks=int(drawn.origins[week]))
        began = origin + timedelta(seconds=int(sent) % WEEK)
        ended = began + timedelta(seconds=int(due - sent))
        if ended < origin + timedelta(days=5):
            assert brussels.deadline(began, 3 * HOUR) == ended
            walls += 1
    assert walls > 1_000
    wednesdays = (drawn.sent % WEEK // DAY == 2) & (drawn.kind == 0)
    waits = (drawn.due - drawn.sent)[wednesdays] > 12 * HOUR
    closed = np.isin(drawn.origins[drawn.week[wednesdays]], [1, 4, 6])
    assert np.array_equal(waits, closed)


def test_the_day_after_a_closed_one_takes_the_people_for_both():
    """Ten tickets of half an hour are due three hours after opening: two people do it, and twenty take four."""
    asked = Asked(1.0, HALF_AN_HOUR)
    usual, fair = (staffing(gathered(a_desk()), one, asked, at=AT) for one in (KNOWN, CLOSED))
    mornings = [[sum(staff_at(one, day, hour) for hour in (9, 10, 11)) for day in range(5)] for one in (usual, fair)]
    # Two for three hours do 6 of the 5 hours there are, so 5 to 7 hours of people; after a closed day 10 to 13.
    assert all(5 <= one <= 7 for one in mornings[0])
    assert 10 <= mornings[1][3] <= 13
    assert all(5 <= one <= 7 for day, one in enumerate(mornings[1]) if day != 3)
    assert (usual.closed, fair.closed) == (0, 3)


def test_on_a_closed_day_there_are_the_people_of_a_sunday():
    known = past(gathered(a_desk()), CLOSED, at=AT)
    drawn = draw(known, np.random.default_rng(2), weeks=10, growth=1.0, handling=HALF_AN_HOUR)
    places = drawn.places.reshape(-1, 7, 24)
    for week, origin in enumerate(drawn.origins):
        wednesday = 6 if origin in {1, 4, 6} else 2
        assert places[week, 2].tolist() == list(range(24 * wednesday, 24 * wednesday + 24))
        assert places[week, 3].tolist() == list(range(72, 96))
    nobody_on_sundays = [5] * 144 + [0] * 24
    which = drawn.kind
    answered = served(
        drawn.sent, drawn.due, drawn.work, nobody_on_sundays, which=which, hours=drawn.hours, places=drawn.places
    )
    days = (answered[drawn.judged] // DAY) % 7
    weeks = answered[drawn.judged] // WEEK
    assert not np.any((days == 2) & np.isin(drawn.origins[weeks], [1, 4, 6]))
    assert np.any(days == 2)


def test_a_desk_that_never_closes_for_a_day_keeps_its_people_and_answers_only_what_is_owed():
    daily = '[hours.business]\nweekly = { mon-sun = ["09:00-17:00"] }\n'
    agreement = with_calendar(CLOSED, daily)
    both = a_desk(question=Question("professional", "3")) + a_desk(a_day=2, question=Question("advanced", "1"))
    drawn = draw(
        past(gathered(both), agreement, at=AT), np.random.default_rng(3), weeks=8, growth=1.0, handling=HALF_AN_HOUR
    )
    assert np.array_equal(drawn.places, np.tile(np.arange(168), 10))
    closed = [168 * week + 58 for week, origin in enumerate(drawn.origins) if origin in {1, 4, 6}]
    assert closed
    assert drawn.hours[:, closed].sum(axis=1).tolist() == [len(closed), 0, 0]


def test_further_answers_come_as_often_and_as_late_as_they_did():
    further = of_lags([[], [DAY], [DAY, 3 * DAY]] * 20)
    assert further.a_ticket == 1
    known = past(gathered(a_desk(a_day=20)), KNOWN, at=AT)
    one, other = (
        draw(known, np.random.default_rng(4), weeks=100, growth=1.0, handling=HALF_AN_HOUR, further=some)
        for some in (NONE, further)
    )
    more = other.kind == len(known.kinds) - 1
    assert one.sent.size == np.count_nonzero(~more) == 102 * 100
    assert np.count_nonzero(more) == pytest.approx(one.sent.size, rel=0.03)
    assert np.all(other.due[more] == NOT_OWED)
    assert np.all(np.diff(other.sent) >= 0)
    assert np.array_equal(other.week, other.sent // WEEK)
    assert int(other.week.max()) < 102
    # A third each of the further answers after one and after three days; and tickets come on working days only.
    by_day = np.bincount(other.sent[more] % WEEK // DAY, minlength=7) / np.count_nonzero(more)
    expected = [2 / 15 * (day in {1, 2, 3, 4, 5}) + 1 / 15 * ((day - 3) % 7 < 5) for day in range(7)]
    assert by_day == pytest.approx(expected, abs=0.01)


def test_further_answers_take_the_people_for_them():
    """40 tickets a day, a quarter of an hour each: 10 hours of people a day; with one more answer each, 20."""
    tickets, quarter = gathered(a_desk(a_day=40, question=Question("professional", "3"))), np.array([900])
    first = staffing(tickets, KNOWN, Asked(0.95, quarter), at=AT)
    both = staffing(tickets, KNOWN, Asked(0.95, quarter, further=of_counts(np.full(50, 2))), at=AT)
    assert (first.further, first.told, both.further, both.told) == (0, 0, 1, 50)
    assert (first.work, both.work) == pytest.approx((50 * HOUR, 100 * HOUR))
    assert 50 <= first.hours <= 60
    # Whole people: two are too few in any hour, and a third one in each makes 120.
    assert 100 <= both.hours <= 125
    assert both.busy <= 1


def test_too_few_tickets_tell_nothing_of_further_answers():
    few = of_counts(np.array([3] * 29 + [0] * 10))
    assert (few.tickets, few.a_ticket) == (29, 0)
    assert few.drawn(np.arange(5), np.random.default_rng(1)).size == 0
    enough = of_counts(np.array([3] * 30))
    assert (enough.a_ticket, enough.lags[:2].tolist()) == (2, [DAY, 2 * DAY])


def test_our_own_further_answers_were_wanted_when_the_customer_wrote(company):
    at = on("fri 10:00")

    def minutes(number):
        return at + timedelta(minutes=number)

    first, second, running = (company.ticket(company.anna, "3", at) for _ in range(3))
    for one in (first, second, running):
        conversation.answer(one, body="Yes.", by=company.ada, at=minutes(10))
    conversation.answer(first, body="And this.", by=company.ada, at=minutes(12))
    conversation.follow_up(first, body="What?", by=company.anna, at=minutes(30))
    conversation.follow_up(first, body="Hello?", by=company.anna, at=minutes(40))
    conversation.answer(first, body="That.", by=company.ada, at=minutes(55))
    for one in (first, second):
        one.refresh_from_db()
        resolution.resolve(one, by=company.ada, at=minutes(60))
    found = own.further(at=minutes(90))
    assert sorted(np.diff(found.bounds).tolist()) == [0, 2]
    assert found.lags.tolist() == [600, 1_800]
    assert own.further(at=minutes(90) + timedelta(weeks=52)).tickets == 0
