"""Every due date can be told as a sum whose parts add up to the target exactly."""

import dataclasses
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntuale.guarantee import document
from puntuale.guarantee.calendars import Calendar
from puntuale.guarantee.reckoning import Closed, Counted, reckon, utc_text
from puntuale.guarantee.targets import Target
from tests.guarantee.documents import STANDARD, bent
from tests.guarantee.tables import at
from tests.guarantee.test_laws import calendars, instants

AGREEMENT = document.read(STANDARD).sound()


def told(agreement, start, target, language="en"):
    clock = agreement.calendar(target.hours)
    reckoning = reckon(clock, start=start, due=clock.deadline(start, target.seconds), target=target)
    lines = []
    for line in reckoning.lines:
        if isinstance(line, Counted):
            local = [moment.astimezone(reckoning.zone) for moment in (line.span.start, line.span.end)]
            lines.append(f"{local[0]:%a %d %b %H:%M}-{local[1]:%H:%M} {line.span.seconds // 60}")
        else:
            lines.append(f"{line.first:%a %d}-{line.last:%a %d} {line.name.in_language(language) or 'closed'}")
    return lines


def test_christmas_is_skipped_by_name_and_sunday_without_one():
    three_hours = Target(3 * 3600, "business", "3h")
    assert told(AGREEMENT, at("2026-12-24T16:30:00+01:00"), three_hours) == [
        "Thu 24 Dec 16:30-17:00 30",
        "Fri 25-Fri 25 Christmas Day",
        "Sat 26-Sat 26 26 December",
        "Sun 27-Sun 27 closed",
        "Mon 28 Dec 09:00-11:30 150",
    ]
    assert told(AGREEMENT, at("2026-12-24T16:30:00+01:00"), three_hours, "it")[1:3] == [
        "Fri 25-Fri 25 Natale",
        "Sat 26-Sat 26 Santo Stefano",
    ]


def test_a_weekend_is_one_line_and_a_start_in_it_is_told():
    assert told(AGREEMENT, at("2026-11-21T10:00:00+01:00"), Target(3600, "business", "1h")) == [
        "Sat 21-Sun 22 closed",
        "Mon 23 Nov 09:00-10:00 60",
    ]


def test_the_evening_after_an_ordinary_day_needs_no_line():
    assert told(AGREEMENT, at("2026-11-23T18:00:00+01:00"), Target(3600, "business", "1h")) == [
        "Tue 24 Nov 09:00-10:00 60"
    ]


def test_day_and_night_is_one_interval():
    assert told(AGREEMENT, at("2026-12-25T10:00:00+01:00"), Target(3600, "always", "1h")) == [
        "Fri 25 Dec 09:00-10:00 60"
    ]


def test_a_special_day_says_its_name():
    eve = {"2026-12-24": {"open": ["09:00-13:00"], "name": {"en": "Christmas Eve", "it": "Vigilia"}}}
    agreement = document.read(bent({"hours.business.overrides": eve})).sound()
    clock = agreement.calendar("business")
    target = Target(3 * 3600, "business", "3h")
    start = at("2026-12-24T12:00:00+01:00")
    reckoning = reckon(clock, start=start, due=clock.deadline(start, target.seconds), target=target)
    assert reckoning.lines[0].name.in_language("it") == "Vigilia"
    assert reckoning.as_facts("en")[0] == {
        "from": "2026-12-24T11:00:00Z",
        "to": "2026-12-24T12:00:00Z",
        "seconds": 3600,
        "special": "Christmas Eve",
    }


def test_programs_get_the_same_sum():
    clock = AGREEMENT.calendar("business")
    target = Target(3 * 3600, "business", "3h")
    start = at("2026-12-24T16:30:00+01:00")
    facts = reckon(clock, start=start, due=clock.deadline(start, target.seconds), target=target).as_facts("en")
    assert facts == [
        {"from": "2026-12-24T15:30:00Z", "to": "2026-12-24T16:00:00Z", "seconds": 1800},
        {"date": "2026-12-25", "holiday": "Christmas Day"},
        {"date": "2026-12-26", "holiday": "26 December"},
        {"from": "2026-12-28T08:00:00Z", "to": "2026-12-28T10:30:00Z", "seconds": 9000},
    ]
    assert sum(line.get("seconds", 0) for line in facts) == target.seconds


def test_a_sum_that_does_not_come_out_is_refused():
    clock = AGREEMENT.calendar("business")
    start = at("2026-12-24T16:30:00+01:00")
    with pytest.raises(ValueError, match="were counted"):
        reckon(clock, start=start, due=start + timedelta(hours=1), target=Target(3600, "business", "1h"))


@given(calendars, instants, st.integers(1, 100 * 3600))
def test_the_parts_add_up_and_every_day_between_is_open_or_told_closed(calendar, start, seconds):
    start = start.replace(microsecond=0)
    due = calendar.deadline(start, seconds)
    reckoning = reckon(calendar, start=start, due=due, target=Target(seconds, "law", "1m"))
    assert reckoning.seconds == seconds
    # A holiday takes the shifts that start on it, and may have counted until one from the day before was over.
    closed = [line for line in reckoning.lines if isinstance(line, Closed) and not line.name]
    assert all(line.first <= line.last for line in closed)
    told_closed = {line.first + timedelta(days=n) for line in closed for n in range((line.last - line.first).days + 1)}
    opened = {
        line.span.start.astimezone(reckoning.zone).date() for line in reckoning.lines if isinstance(line, Counted)
    }
    assert not told_closed & opened


def test_a_holiday_that_took_the_shift_of_its_night_is_named_although_the_night_before_ran_into_it():
    nights = {"hours.business.weekly": {"mon-sun": ["22:00-06:00"]}}
    agreement = document.read(bent(nights)).sound()
    assert told(agreement, at("2026-12-24T21:00:00+01:00"), Target(9 * 3600, "business", "9h")) == [
        "Thu 24 Dec 22:00-06:00 480",
        "Fri 25-Fri 25 Christmas Day",
        "Sat 26-Sat 26 26 December",
        "Sun 27 Dec 22:00-23:00 60",
    ]


def test_instants_for_programs_end_in_z():
    assert utc_text(at("2026-12-24T16:30:00+01:00")) == "2026-12-24T15:30:00Z"


def test_values_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Closed(date(2026, 1, 1), date(2026, 1, 1)).first = date(2026, 1, 2)


def test_long_targets_have_long_sums():
    clock = Calendar(AGREEMENT.hours["business"])
    start = at("2026-01-05T09:00:00+01:00")
    target = Target(1000 * 3600, "business", "1000h")
    assert len(reckon(clock, start=start, due=clock.deadline(start, target.seconds), target=target).lines) > 125
