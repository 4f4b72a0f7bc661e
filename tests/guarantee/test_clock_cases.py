"""The edge cases of the field, each drawn from a bug somewhere else, with the answer two engines agreed on."""

import json
from pathlib import Path

import pytest

from puntuale.guarantee.calendars import Calendar
from puntuale.guarantee.hours import HoursTable
from tests.guarantee.tables import OFFICE, at, calendar, every_day, shifts, weekdays

CASES = json.loads((Path(__file__).parent / "data" / "clock_cases.json").read_text())["vectors"]

ITALY = [
    f"{year}-{day}"
    for year in (2026, 2027)
    for day in ("01-01", "01-06", "04-25", "05-01", "06-02", "08-15", "10-04", "11-01", "12-08", "12-25", "12-26")
] + ["2026-04-06", "2027-03-29"]
GERMANY = ["2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-10-03", "2026-12-25", "2026-12-26"]

CALENDARS = {
    "STD": calendar(OFFICE, closed=ITALY),
    "STD without 4 Oct (old holiday data: WRONG answer)": calendar(
        OFFICE, closed=[day for day in ITALY if not day.endswith("10-04")]
    ),
    "STD + override 2026-12-24 09-13": calendar(OFFICE, closed=ITALY, special={"2026-12-24": ["09:00-13:00"]}),
    "24/7": Calendar(HoursTable.always()),
    "Mon-Fri 09-17 Europe/Berlin + DE holidays": calendar(OFFICE, "Europe/Berlin", closed=GERMANY),
    "Mon-Fri 09-13,14-17 Europe/Rome": calendar(weekdays("09:00-13:00", "14:00-17:00")),
    "Mon-Fri 22:00-06:00 Europe/Rome": calendar(weekdays("22:00-06:00")),
    "every day 00-24 Europe/Rome": calendar(every_day("00:00-24:00")),
    "Mon-Fri 00-24 Europe/Rome": calendar(weekdays("00:00-24:00")),
    "every day 00-10 Europe/Amsterdam": calendar(every_day("00:00-10:00"), "Europe/Amsterdam"),
    "every day 00-24 America/Santiago": calendar(every_day("00:00-24:00"), "America/Santiago"),
    "Sat,Sun,Tue 02-17 America/New_York": calendar(
        ((), shifts("02:00-17:00"), (), (), (), shifts("02:00-17:00"), shifts("02:00-17:00")), "America/New_York"
    ),
}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_deadline_is_the_one_the_field_got_wrong(case):
    clock = CALENDARS[case["calendar"]]
    due = clock.deadline(at(case["start"]), case["budget_h"] * 3600)
    assert due == at(case["due"]) == at(case["due_utc"])
    assert clock.elapsed(at(case["start"]), due) == case["budget_h"] * 3600


@pytest.mark.parametrize(
    ("hours_before", "expected"),
    [(1, "2026-03-10T09:00:00+01:00"), (2, "2026-03-09T16:00:00+01:00")],
)
def test_a_warning_before_ten_on_tuesday_counts_back_in_business_time(hours_before, expected):
    due = at("2026-03-10T10:00:00+01:00")
    assert CALENDARS["STD"].lead(due, hours_before * 3600) == at(expected)


def test_friday_evening_to_monday_evening_is_eight_hours():
    clock = CALENDARS["STD"]
    assert clock.elapsed(at("2026-03-06T18:00:00+01:00"), at("2026-03-09T18:00:00+01:00")) == 8 * 3600


def test_a_target_of_ten_thousand_hours_is_answered():
    clock = CALENDARS["STD"]
    start = at("2026-03-06T18:00:00+01:00")
    assert clock.elapsed(start, clock.deadline(start, 9_999 * 3600)) == 9_999 * 3600


ROME = calendar(OFFICE, closed=["2026-12-08", "2026-12-25", "2027-01-01"])


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-20T16:00:00+01:00", 3, "2026-11-23T11:00:00+01:00"),
        ("2026-11-23T14:00:00+01:00", 3, "2026-11-23T17:00:00+01:00"),
        ("2026-11-23T14:00:01+01:00", 3, "2026-11-24T09:00:01+01:00"),
        ("2026-11-23T10:00:00+01:00", 9, "2026-11-24T11:00:00+01:00"),
        ("2026-11-23T17:00:00+01:00", 9, "2026-11-25T10:00:00+01:00"),
        ("2026-12-04T16:30:00+01:00", 3, "2026-12-07T11:30:00+01:00"),
        ("2026-12-07T15:00:00+01:00", 6, "2026-12-09T13:00:00+01:00"),
        ("2027-03-26T15:00:00+01:00", 6, "2027-03-29T13:00:00+02:00"),
    ],
)
def test_the_vectors_of_the_study(start, hours, due):
    assert ROME.deadline(at(start), hours * 3600) == at(due)
