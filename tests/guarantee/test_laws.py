"""What must hold for any calendar, any instant and any target."""

import itertools
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from puntuale.guarantee.calendars import Calendar
from puntuale.guarantee.hours import HoursTable, Override, Shift
from puntuale.guarantee.texts import Text

ZONES = ["Europe/Brussels", "America/Santiago", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "UTC"]
NAME = Text.of({"en": "off"})
YEARS = (datetime(2023, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC))

instants = st.datetimes(YEARS[0].replace(tzinfo=None), YEARS[1].replace(tzinfo=None)).map(
    lambda naive: naive.replace(tzinfo=UTC)
)
whole_instants = instants.map(lambda instant: instant.replace(microsecond=0))
targets = st.integers(0, 400 * 3600)
days = st.dates(date(2023, 1, 1), date(2028, 12, 31))


@st.composite
def day_shifts(draw):
    edges = sorted(draw(st.lists(st.integers(0, 1440), unique=True, max_size=6)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return tuple(Shift(a, b) for a, b in pairs)


@st.composite
def tables(draw):
    weekly = tuple(draw(day_shifts()) for _ in range(7))
    assume(sum(s.closes - s.opens for shifts in weekly for s in shifts) >= 300)
    return HoursTable(
        "law",
        draw(st.sampled_from(ZONES)),
        weekly,
        holidays=dict.fromkeys(draw(st.sets(days, max_size=8)), NAME),
        overrides={day: Override(NAME, draw(day_shifts())) for day in draw(st.sets(days, max_size=3))},
    )


calendars = st.one_of(tables(), st.just(HoursTable.always())).map(Calendar)


@given(calendars, instants, instants, instants)
def test_elapsed_time_adds_up(calendar, a, b, c):
    assert calendar.elapsed(a, b) + calendar.elapsed(b, c) == calendar.elapsed(a, c)
    assert calendar.elapsed(a, b) == -calendar.elapsed(b, a)


@given(calendars, instants, targets)
def test_a_deadline_leaves_exactly_the_target(calendar, start, target):
    due = calendar.deadline(start, target)
    assert calendar.elapsed(start, due) == target
    assert due >= start.replace(microsecond=0)


@given(calendars, instants, st.integers(1, 400 * 3600))
def test_a_deadline_is_the_earliest_such_instant(calendar, start, target):
    due = calendar.deadline(start, target)
    assert calendar.elapsed(start, due - timedelta(seconds=1)) == target - 1


@given(calendars, instants, targets, targets)
def test_two_targets_after_each_other_are_one(calendar, start, first, second):
    assert calendar.deadline(calendar.deadline(start, first), second) == calendar.deadline(start, first + second)


@given(calendars, instants, instants, targets, targets)
def test_a_later_start_or_a_longer_target_is_never_due_earlier(calendar, a, b, target, more):
    early, late = sorted((a, b))
    assert calendar.deadline(early, target) <= calendar.deadline(late, target)
    assert calendar.deadline(early, target) <= calendar.deadline(early, target + more)


@given(calendars, whole_instants, st.integers(1, 400 * 3600))
def test_a_lead_is_the_latest_instant_that_leaves_that_time(calendar, due, before):
    start = calendar.lead(due, before)
    assert start < due
    assert calendar.elapsed(start, due) == before
    assert calendar.elapsed(start + timedelta(seconds=1), due) == before - 1


@given(calendars, whole_instants)
def test_a_second_counts_exactly_when_it_is_open(calendar, at):
    assert calendar.is_open(at) == (calendar.elapsed(at, at + timedelta(seconds=1)) == 1)


@given(calendars, whole_instants)
def test_the_next_opening_and_closing_are_where_the_answer_changes(calendar, at):
    opening = calendar.next_open(at)
    assert opening >= at
    assert calendar.is_open(opening)
    assert calendar.elapsed(at, opening) == 0
    closing = calendar.next_close(at)
    if closing is None:
        assert calendar.hours.is_always_open
    else:
        assert closing >= at
        assert not calendar.is_open(closing)
        assert calendar.elapsed(at, closing) == (closing - at).total_seconds()


@given(calendars, whole_instants, whole_instants)
def test_the_intervals_are_open_apart_and_sum_to_the_elapsed_time(calendar, a, b):
    since, until = sorted((a, b))
    until = min(until, since + timedelta(days=200))
    spans = calendar.intervals(since, until)
    assert sum(span.seconds for span in spans) == calendar.elapsed(since, until)
    assert all(before.end < after.start for before, after in itertools.pairwise(spans))
    assert all(since <= span.start and span.end <= until for span in spans)


@given(tables(), instants, targets, days)
def test_one_more_holiday_never_hastens(hours, start, target, day):
    assume(day not in hours.overrides)
    closed = HoursTable(
        "law", hours.zone_name, hours.weekly, holidays={**hours.holidays, day: NAME}, overrides=hours.overrides
    )
    assert Calendar(closed).deadline(start, target) >= Calendar(hours).deadline(start, target)


@given(tables(), instants, targets, days)
def test_one_more_opening_never_delays(hours, start, target, day):
    opened = HoursTable(
        "law",
        hours.zone_name,
        hours.weekly,
        holidays=hours.holidays,
        overrides={**hours.overrides, day: Override(NAME, (Shift(0, 1440),))},
    )
    # A whole day open only adds to what was there, unless a shift of that day ran past its midnight.
    assume(all(shift.closes <= 1440 for shift in hours.shifts_on(day)))
    assert Calendar(opened).deadline(start, target) <= Calendar(hours).deadline(start, target)


@given(calendars, instants, targets, st.sampled_from(ZONES))
def test_the_zone_of_whoever_asks_changes_nothing(calendar, start, target, zone):
    assert calendar.deadline(start.astimezone(ZoneInfo(zone)), target) == calendar.deadline(start, target)


@pytest.fixture(params=["Asia/Kolkata", "America/New_York", "Pacific/Apia"])
def process_zone(request, monkeypatch):
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    os.environ.pop("TZ", None)
    time.tzset()


@pytest.mark.usefixtures("process_zone")
def test_the_zone_of_the_process_changes_nothing():
    office = HoursTable("office", "Europe/Brussels", ((Shift(540, 1020),),) * 5 + ((), ()))
    start = datetime.fromisoformat("2026-03-27T16:00:00+01:00")
    assert Calendar(office).deadline(start, 3 * 3600) == datetime.fromisoformat("2026-03-30T09:00:00+00:00")


def test_two_threads_that_extend_at_once_agree():
    office = HoursTable("office", "Europe/Brussels", ((Shift(540, 1020),),) * 5 + ((), ()))
    expected = Calendar(office).elapsed(datetime(1975, 1, 1, tzinfo=UTC), datetime(2150, 1, 1, tzinfo=UTC))
    shared = Calendar(office)
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(
            lambda _: shared.elapsed(datetime(1975, 1, 1, tzinfo=UTC), datetime(2150, 1, 1, tzinfo=UTC)), range(32)
        )
    assert set(answers) == {expected}
