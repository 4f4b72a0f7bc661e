"""The edges of the clock: what it refuses, where it ends, and how it grows."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from puntuale.guarantee.calendars import BeyondHorizon, Calendar, NaiveInstant
from puntuale.guarantee.hours import HoursTable, Shift
from puntuale.guarantee.spans import Span, merged
from tests.guarantee.tables import OFFICE, at, calendar


def test_an_instant_without_a_zone_is_refused():
    naive = datetime(2026, 3, 6, 14, 0)  # noqa: DTZ001
    clock = calendar(OFFICE)
    for ask in (clock.reading, clock.is_open, clock.next_open, clock.next_close, lambda when: clock.deadline(when, 0)):
        with pytest.raises(NaiveInstant):
            ask(naive)


def test_negative_targets_and_leads_are_refused():
    clock = calendar(OFFICE)
    with pytest.raises(ValueError, match="negative"):
        clock.deadline(at("2026-03-06T14:00:00+01:00"), -1)
    with pytest.raises(ValueError, match="negative"):
        clock.lead(at("2026-03-06T14:00:00+01:00"), -1)


def test_a_fraction_of_a_second_never_makes_a_deadline_later():
    clock = calendar(OFFICE)
    assert clock.deadline(at("2026-03-06T14:00:00.999999+01:00"), 3 * 3600) == at("2026-03-06T17:00:00+01:00")


def test_answers_come_in_utc():
    due = calendar(OFFICE).deadline(at("2026-03-06T14:00:00+01:00"), 3600)
    assert due.utcoffset() == timedelta(0)
    assert due.tzinfo is UTC


def test_a_reading_counts_from_2020_and_is_negative_before():
    clock = calendar(OFFICE)
    assert clock.reading(at("2020-01-01T00:00:00+00:00")) == 0
    assert clock.reading(at("2020-01-02T09:00:00+01:00")) == 8 * 3600
    assert clock.reading(at("2019-12-31T09:00:00+01:00")) == -8 * 3600


def test_the_reading_stays_what_it_was_when_the_table_grows():
    clock = calendar(OFFICE)
    moments = [datetime(year, 5, 4, 11, tzinfo=UTC) for year in (2025, 1980, 2010, 2150, 2025)]
    grown = [clock.reading(moment) for moment in moments]
    assert grown == [calendar(OFFICE).reading(moment) for moment in moments]


@pytest.mark.parametrize("year", [1971, 2001, 2019, 2035, 2036, 2051, 2099, 2198])
def test_any_year_from_1970_to_2199_is_known(year):
    clock = calendar(OFFICE, "Europe/Brussels")
    start = datetime(year, 12, 28, 12, tzinfo=UTC)
    due = clock.deadline(start, 40 * 3600)
    assert clock.elapsed(start, due) == 40 * 3600
    assert clock.lead(due, 40 * 3600) <= clock.next_open(start)


@pytest.mark.parametrize("year", [1969, 2200, 9999, 1])
def test_other_years_are_beyond_the_horizon(year):
    with pytest.raises(BeyondHorizon, match="1970 to 2199"):
        calendar(OFFICE).deadline(datetime(year, 6, 1, tzinfo=UTC), 3600)


def test_a_search_that_cannot_end_is_refused_at_once():
    one_minute_a_week = calendar(((Shift(0, 1),),) + ((),) * 6)
    began = time.perf_counter()
    with pytest.raises(BeyondHorizon):
        one_minute_a_week.deadline(at("2026-03-06T14:00:00+01:00"), 9_999 * 3600)
    assert time.perf_counter() - began < 5  # bounded, not fast: a loop over 10,000 years would take minutes


def test_a_target_that_only_just_cannot_be_reached_is_refused_too():
    clock = calendar(OFFICE)
    with pytest.raises(BeyondHorizon):
        clock.deadline(datetime(2199, 12, 1, tzinfo=UTC), 400 * 3600)


def test_day_and_night_has_no_closing_and_no_horizon_of_its_own():
    clock = Calendar(HoursTable.always())
    assert clock.next_close(datetime(2026, 1, 1, tzinfo=UTC)) is None
    first, last = datetime(1970, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC)
    assert clock.elapsed(first, last) == (last - first).total_seconds()


def test_the_last_opening_is_found_and_none_after_it():
    clock = calendar(OFFICE)
    with pytest.raises(BeyondHorizon):
        clock.next_open(datetime(2199, 12, 31, 20, tzinfo=UTC))


def test_an_interval_that_ends_before_it_starts_has_no_spans():
    moment = at("2026-03-06T14:00:00+01:00")
    assert calendar(OFFICE).intervals(moment, moment) == []
    assert calendar(OFFICE).intervals(moment, moment - timedelta(hours=1)) == []


def test_an_empty_span_is_refused():
    moment = at("2026-03-06T14:00:00+01:00")
    with pytest.raises(ValueError, match="must end after"):
        Span(moment, moment)


def test_spans_join():
    assert merged([(5, 6), (1, 3), (3, 4), (2, 3), (9, 9)]) == [(1, 4), (5, 6)]
