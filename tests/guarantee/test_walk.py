"""The engine against the minute-by-minute walker, on random calendars in zones known for their surprises."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from puntuale.guarantee.calendars import Calendar
from puntuale.guarantee.hours import HoursTable, Override, Shift
from puntuale.guarantee.texts import Text
from tests.guarantee.walker import Walker

# zone, and days on or near which its wall clock did something odd
AWKWARD = {
    "Australia/Lord_Howe": ["2026-04-05", "2026-10-04"],  # half-hour daylight saving
    "Africa/Casablanca": ["2026-02-15", "2026-03-22"],  # summer time suspended for Ramadan
    "Pacific/Apia": ["2011-12-30", "2021-04-04"],  # a day that never was
    "Antarctica/Troll": ["2026-03-29", "2026-10-25"],  # two hours at once
    "Asia/Gaza": ["2023-04-29", "2026-03-28"],
    "America/Santiago": ["2026-04-05", "2026-09-06"],  # midnight does not exist
    "America/New_York": ["2026-03-08", "2026-11-01"],
    "Europe/London": ["2026-03-29", "2026-10-25"],
    "Europe/Brussels": ["2026-03-29", "2026-10-25"],
    "Europe/Dublin": ["2026-03-29", "2026-10-25"],  # winter time is the exception
    "Asia/Kathmandu": ["1986-01-01", "2026-06-01"],  # +05:45 since 1986
    "Pacific/Chatham": ["2026-04-05", "2026-09-27"],
    "America/St_Johns": ["2006-04-02", "2011-11-06"],  # changed one minute after midnight
    "Africa/Cairo": ["2010-08-11", "2014-05-16"],  # four changes in one year
    "Asia/Tehran": ["2022-03-22", "2022-09-22"],
    "America/Havana": ["2026-03-08", "2026-11-01"],
    "Asia/Pyongyang": ["2015-08-15", "2018-05-05"],
    "America/Caracas": ["2007-12-09", "2016-05-01"],
    "Pacific/Kiritimati": ["1995-01-01", "2026-01-01"],  # crossed the date line
    "Pacific/Kwajalein": ["1993-08-21", "2026-01-01"],  # skipped a day
    "Antarctica/Casey": ["2010-03-05", "2020-10-04"],
    "Europe/Volgograd": ["2018-10-28", "2020-12-27"],
}
NAME = Text.of({"en": "a day off"})


def random_shifts(pick, *, overnight):
    """Up to three shifts of one day, on quarters of an hour, apart from each other."""
    edges = sorted(pick.sample(range(0, 1441, 15), 2 * pick.choice((1, 1, 2, 3))))
    shifts = list(zip(edges[::2], edges[1::2], strict=True))
    if overnight and pick.random() < 0.5:
        shifts = [*shifts[:-1], (shifts[-1][0], shifts[-1][1] + pick.randrange(15, 300, 15))]
        shifts = [(a, min(b, a + 1440)) for a, b in shifts]
    return shifts


def random_hours(pick, middle):
    kind = pick.choice(("random", "random", "office", "always", "night", "odd hour"))
    if kind == "office":
        weekly = [[(540, 1020)]] * 5 + [[], []]
    elif kind == "always":
        weekly = [[(0, 1440)]] * 7
    elif kind == "night":
        weekly = [[(1320, 1800)]] * 7
    elif kind == "odd hour":
        weekly = [[(pick.choice((0, 60, 105, 120, 150)), pick.choice((165, 180, 210)))]] * 7
    else:
        weekly = [random_shifts(pick, overnight=False) if pick.random() < 0.8 else [] for _ in range(7)]
        if not any(weekly):
            weekly[pick.randrange(7)] = [(540, 1020)]
    days = [(middle + timedelta(days=offset)).isoformat() for offset in range(-8, 9)]
    closed = set(pick.sample(days, pick.randrange(4)))
    special = {
        day: random_shifts(pick, overnight=True) if pick.random() < 0.7 else []
        for day in pick.sample(days, pick.randrange(3))
    }
    return weekly, closed, special


def engine(zone, weekly, closed, special):
    return Calendar(
        HoursTable(
            "random",
            zone,
            tuple(tuple(Shift(a, b) for a, b in day) for day in weekly),
            holidays={date.fromisoformat(day): NAME for day in closed},
            overrides={
                date.fromisoformat(day): Override(NAME, tuple(Shift(a, b) for a, b in hours))
                for day, hours in special.items()
            },
        )
    )


@pytest.mark.parametrize("zone", AWKWARD)
@pytest.mark.parametrize("round_", range(3))
def test_the_engine_agrees_with_the_walker(zone, round_):
    pick = random.Random(f"{zone} {round_}")
    for written in AWKWARD[zone]:
        middle = date.fromisoformat(written)
        weekly, closed, special = random_hours(pick, middle)
        noon = datetime(middle.year, middle.month, middle.day, 12, tzinfo=UTC)
        since, until = noon - timedelta(days=11), noon + timedelta(days=24)
        walker = Walker(zone, weekly, closed, special, since=since, until=until)
        calendar = engine(zone, weekly, closed, special)
        story = f"{zone} {weekly} closed {closed} special {special}"
        near = [since + timedelta(seconds=pick.randrange(22 * 86400)) for _ in range(60)]
        around = [noon + timedelta(seconds=pick.randrange(-86400, 86400)) for _ in range(60)]
        edges = [span.start + timedelta(seconds=d) for span in calendar.intervals(since, noon) for d in (-1, 0, 1)]
        moments = sorted(moment for moment in near + around + edges if since <= moment < until)
        for moment in moments:
            assert calendar.is_open(moment) == walker.is_open(moment), f"open at {moment}? {story}"
            hours = pick.choice((0, 1, 59, 60, 900, 3600, 3 * 3600, 9 * 3600, pick.randrange(100_000)))
            expected = walker.deadline(moment, hours)
            if expected is not None:
                assert calendar.deadline(moment, hours) == expected, f"{hours} s from {moment}, {story}"
            earliest = walker.lead(moment, hours)
            if earliest is not None:
                assert calendar.lead(moment, hours) == earliest, f"{hours} s before {moment}, {story}"
            other = pick.choice(moments)
            assert calendar.elapsed(moment, other) == walker.elapsed(moment, other), f"{moment} to {other}, {story}"


@pytest.mark.parametrize(
    "zone", ["Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "Asia/Gaza", "Africa/Cairo"]
)
@pytest.mark.parametrize("year", [2010, 2014, 2026])
def test_every_minute_of_a_year_is_open_exactly_when_the_walker_says_so(zone, year):
    weekly = [[(0, 150), (540, 1020), (1380, 1500 - 60)]] * 7
    since, until = datetime(year, 1, 3, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    walker = Walker(zone, weekly, since=since, until=until)
    open_minutes = [False] * len(walker.open_minutes)
    for span in engine(zone, weekly, (), {}).intervals(since, until):
        first = int(span.start.timestamp()) // 60 - walker.start
        open_minutes[first : first + span.seconds // 60] = [True] * (span.seconds // 60)
    assert open_minutes == walker.open_minutes
