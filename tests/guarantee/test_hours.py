"""What makes hours, and what is refused when they are made."""

import struct
from datetime import UTC, date, datetime
from importlib.resources import files
from itertools import pairwise
from zoneinfo import available_timezones

import pytest

from puntuale.guarantee.calendars import Calendar
from puntuale.guarantee.hours import PROBE, HoursRefused, HoursTable, Shift, _regimes
from puntuale.guarantee.zones import UnknownZone
from tests.guarantee.tables import OFFICE, at, calendar, every_day, shifts, table, weekdays


@pytest.mark.parametrize(
    ("written", "opens", "closes"),
    [
        ("09:00-17:00", 540, 1020),
        ("9:00 \u2013 17:00", 540, 1020),
        ("22:00-06:00", 1320, 1800),
        ("00:00-24:00", 0, 1440),
    ],
)
def test_a_shift_is_read_as_it_is_written(written, opens, closes):
    assert Shift.parse(written) == Shift(opens, closes)


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("09:00-09:00", "shift.empty"),
        ("09:00", "shift.form"),
        ("nine to five", "shift.form"),
        ("09:00-25:00", "shift.time_of_day"),
        ("09:60-17:00", "shift.time_of_day"),
        ("24:00-25:00", "shift.time_of_day"),
        ("24:00-06:00", "shift.opens_in_day"),
        ("", "shift.form"),
    ],
)
def test_a_shift_that_makes_no_sense_names_its_rule(written, rule):
    with pytest.raises(HoursRefused) as refused:
        Shift.parse(written)
    assert refused.value.rule == rule


def test_a_shift_says_itself_as_it_was_written():
    assert [str(shift) for shift in shifts("09:00-17:00", "22:00-06:00", "00:00-24:00")] == [
        "09:00-17:00",
        "22:00-06:00",
        "00:00-24:00",
    ]


def test_hours_that_never_open_are_refused():
    with pytest.raises(HoursRefused) as refused:
        table(((),) * 7)
    assert refused.value.rule == "hours.never_open"


@pytest.mark.parametrize(
    "weekly",
    [
        weekdays("09:00-13:00", "12:00-17:00"),
        every_day("22:00-06:00", "05:00-09:00"),
        (shifts("00:00-08:00"), (), (), (), (), (), shifts("20:00-04:00")),
    ],
    ids=["same day", "into the next day", "round the end of the week"],
)
def test_shifts_that_overlap_are_refused(weekly):
    with pytest.raises(HoursRefused) as refused:
        table(weekly)
    assert refused.value.rule == "hours.overlap"


def test_shifts_that_touch_are_one_opening():
    clock = calendar(every_day("00:00-08:00", "08:00-24:00"))
    assert clock.next_close(at("2026-03-06T18:00:00+01:00")) is None
    assert clock.hours.is_always_open


@pytest.mark.parametrize(
    "name", ["CET", "EST", "GMT+1", "Central European Time", "Europe/Roma", "", "../etc/passwd", "/etc"]
)
def test_only_iana_names_are_zones(name):
    with pytest.raises(UnknownZone):
        table(OFFICE, name)


def test_a_holiday_removes_the_shift_that_starts_on_it_and_leaves_the_tail_of_the_day_before():
    clock = calendar(every_day("22:00-06:00"), closed=["2026-03-04"])
    assert clock.is_open(at("2026-03-04T05:59:59+01:00"))
    assert not clock.is_open(at("2026-03-04T23:00:00+01:00"))
    assert not clock.is_open(at("2026-03-05T05:00:00+01:00"))
    assert clock.is_open(at("2026-03-05T22:00:00+01:00"))


def test_an_override_beats_a_holiday():
    clock = calendar(OFFICE, closed=["2026-12-24"], special={"2026-12-24": ["09:00-13:00"]})
    assert clock.next_close(at("2026-12-24T10:00:00+01:00")) == at("2026-12-24T13:00:00+01:00")


def test_an_override_can_open_a_sunday():
    clock = calendar(OFFICE, special={"2026-03-08": ["10:00-12:00"]})
    assert clock.next_open(at("2026-03-07T10:00:00+01:00")) == at("2026-03-08T10:00:00+01:00")


def test_a_window_in_the_skipped_hour_does_not_open_that_day():
    clock = calendar(every_day("02:15-02:45"))
    assert clock.next_open(at("2026-03-29T00:00:00+01:00")) == at("2026-03-30T02:15:00+02:00")


def test_a_window_in_the_repeated_hour_opens_twice():
    clock = calendar(every_day("02:00-03:00"))
    spans = clock.intervals(at("2026-10-25T00:00:00+02:00"), at("2026-10-26T00:00:00+01:00"))
    assert [(span.start, span.end) for span in spans] == [
        (at("2026-10-25T02:00:00+02:00"), at("2026-10-25T03:00:00+01:00"))
    ]
    half = calendar(every_day("02:00-02:30")).intervals(
        at("2026-10-25T00:00:00+02:00"), at("2026-10-26T00:00:00+01:00")
    )
    assert [span.seconds for span in half] == [1800, 1800]


def test_holidays_are_days_of_the_local_date():
    clock = calendar(every_day("00:00-24:00"), "Pacific/Auckland", closed=["2026-06-10"])
    assert clock.next_close(at("2026-06-09T00:00:00+00:00")) == at("2026-06-10T00:00:00+12:00")


def test_the_shifts_of_a_date_follow_override_holiday_and_week():
    hours = table(OFFICE, closed=["2026-12-25", "2026-12-24"], special={"2026-12-24": ["09:00-13:00"]})
    assert hours.shifts_on(date(2026, 12, 23)) == shifts("09:00-17:00")
    assert hours.shifts_on(date(2026, 12, 24)) == shifts("09:00-13:00")
    assert hours.shifts_on(date(2026, 12, 25)) == ()
    assert hours.shifts_on(date(2026, 12, 26)) == ()


def transitions(name):
    """The instants at which a zone's offset changes, read from its TZif file (RFC 9636) rather than asked for."""
    content = files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()
    header = struct.Struct(">4s c 15x 6I")
    _, _, isut, isstd, leap, count, types, letters = header.unpack_from(content)
    # The first block holds 32-bit times; the second, with the same shape, 64-bit ones.
    second = header.size + count * 5 + types * 6 + letters + leap * 8 + isstd + isut
    _, _, _, _, _, count, types, _ = header.unpack_from(content, second)
    times = struct.unpack_from(f">{count}q", content, second + header.size)
    kinds = struct.unpack_from(f">{count}B", content, second + header.size + count * 8)
    offsets = [
        struct.unpack_from(">i", content, second + header.size + count * 9 + kind * 6)[0] for kind in range(types)
    ]
    changed, last = [], offsets[0]
    for instant, kind in zip(times, kinds, strict=True):
        if offsets[kind] != last:
            changed.append(instant)
            last = offsets[kind]
    return changed


def test_no_zone_changes_its_offset_twice_between_two_probes():
    checked = 0
    for name in sorted(name for name in available_timezones() if "/" in name):
        changes = [instant for instant in transitions(name) if instant >= 0]
        assert all(later - earlier > PROBE for earlier, later in pairwise(changes)), name
        checked += len(changes)
    assert checked > 5_000


@pytest.mark.parametrize("name", ["Africa/Casablanca", "Africa/Cairo", "Asia/Gaza", "America/Caracas", "Asia/Tehran"])
def test_every_change_of_offset_is_found_to_the_second(name):
    first, last = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (1970, 2020))
    expected = [instant for instant in transitions(name) if first < instant < last]
    assert [since for since, _, _ in _regimes(name, first, last)][1:] == expected


def test_a_calendar_is_made_once_and_asked_often():
    clock = Calendar(HoursTable.always())
    start = at("2026-03-29T01:30:00+01:00")
    assert clock.deadline(start, 3600) == at("2026-03-29T03:30:00+02:00")
    assert clock.is_open(start)
    assert clock.next_open(start) == start
