"""Batches give, element for element, what the scalar clock gives."""

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from puntuale.guarantee import vectors
from puntuale.guarantee.calendars import EPOCH, BeyondHorizon, Calendar
from puntuale.guarantee.hours import HoursTable, Shift
from tests.guarantee.tables import OFFICE, calendar, every_day, weekdays
from tests.guarantee.test_walk import AWKWARD, engine, random_hours


def instant(second):
    return EPOCH + timedelta(seconds=int(second))


CALENDARS = {
    "office": calendar(OFFICE, closed=["2026-12-25"]),
    "lunch break": calendar(weekdays("09:00-13:00", "14:00-17:00")),
    "night": calendar(every_day("22:00-06:00"), "Australia/Lord_Howe"),
    "always": Calendar(HoursTable.always()),
    "a gap of one minute": calendar(every_day("00:00-12:00", "12:01-24:00")),
    "open for one minute": calendar((((Shift(600, 601),)),) * 7),
    "every other minute of the morning": calendar((tuple(Shift(m, m + 1) for m in range(480, 720, 2)),) * 7),
}


def check(clock, starts, targets):
    due = vectors.deadlines(clock, starts, targets)
    assert [instant(second) for second in due] == [
        clock.deadline(instant(start), int(target)) for start, target in zip(starts, targets, strict=True)
    ]
    assert list(vectors.readings(clock, starts)) == [clock.reading(instant(start)) for start in starts]
    assert list(vectors.elapsed(clock, starts, due)) == list(targets)
    for seconds in (0, 1, 60, 5_400):
        assert [instant(second) for second in vectors.leads(clock, starts, seconds)] == [
            clock.lead(instant(start), seconds) for start in starts
        ]
    assert list(vectors.are_open(clock, starts)) == [clock.is_open(instant(start)) for start in starts]


@pytest.mark.parametrize("name", CALENDARS)
def test_a_batch_agrees_with_the_scalar_clock(name):
    clock = CALENDARS[name]
    pick = np.random.default_rng(7)
    first, last = int(datetime(2018, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2038, 1, 1, tzinfo=UTC).timestamp())
    starts = pick.integers(first, last, 2_000)
    targets = pick.choice(np.array([0, 1, 59, 60, 3600, 3 * 3600, 9 * 3600, 100 * 3600]), 2_000)
    if name == "open for one minute":
        targets = targets % 7_000
    edges = np.array(
        [
            int(span.start.timestamp()) + d
            for span in clock.intervals(instant(first), instant(first + 60 * 86_400))
            for d in (-1, 0, 1)
        ]
    )
    check(clock, starts, targets)
    check(clock, edges, np.full(len(edges), 3600))


@pytest.mark.parametrize("zone", AWKWARD)
def test_a_batch_agrees_on_random_calendars(zone):
    pick = random.Random(f"vectors {zone}")
    middle = datetime.fromisoformat(AWKWARD[zone][0]).replace(tzinfo=UTC)
    clock = engine(zone, *random_hours(pick, middle.date()))
    first = int((middle - timedelta(days=10)).timestamp())
    starts = np.array([first + pick.randrange(20 * 86_400) for _ in range(500)])
    check(clock, starts, np.array([pick.randrange(200_000) for _ in starts]))


def test_one_target_serves_all():
    clock = CALENDARS["office"]
    starts = np.array([1_772_802_000, 1_772_900_000])
    assert list(vectors.deadlines(clock, starts, 3600)) == list(
        vectors.deadlines(clock, starts, np.array([3600, 3600]))
    )


def test_more_than_a_block_is_one_answer():
    clock = CALENDARS["office"]
    starts = np.arange(1_772_802_000, 1_772_802_000 + 3 * vectors.BLOCK + 5, dtype=np.int64)
    due = vectors.deadlines(clock, starts, 3600)
    assert (np.diff(due) >= 0).all()
    assert instant(due[-1]) == clock.deadline(instant(starts[-1]), 3600)


def test_nothing_in_nothing_out():
    empty = np.array([], dtype=np.int64)
    assert vectors.deadlines(CALENDARS["office"], empty, 3600).size == 0
    assert vectors.readings(CALENDARS["office"], empty).size == 0


def test_negative_targets_are_refused():
    with pytest.raises(ValueError, match="negative"):
        vectors.deadlines(CALENDARS["office"], np.array([1_772_802_000]), -1)


def test_beyond_the_horizon_is_refused():
    with pytest.raises(BeyondHorizon):
        vectors.deadlines(CALENDARS["office"], np.array([int(datetime(2199, 12, 30, tzinfo=UTC).timestamp())]), 10**7)
