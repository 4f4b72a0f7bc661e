"""Times of other programs: each has one reading, is refused, or is told with what had to be assumed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from puntuale.whatif.instants import DAY_FIRST, MONTH_FIRST, NotAnInstant, order_in, order_of, read

BERLIN = ZoneInfo("Europe/Berlin")
WINTER = datetime(2026, 12, 25, 12, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-12-25T12:05:00Z", "2026-12-25 13:05", "2026-12-25T13:05:00+01:00", "2026-12-25 12:05:00 UTC",
        "2026-12-25 13:05:00 +0100", "12/25/2026 1:05 PM", "25/12/2026 13:05", "25.12.2026 13:05", "25.12.26, 13:05",
        "25-12-2026 13:05:00", "2026/12/25 13:05", "25 Dec 2026 13:05", "25-Dec-26 1:05 pm", "Dec 25, 2026 1:05 p.m.",
        "December 25, 2026 at 1:05 PM", "Fri, 25 Dec 2026 13:05:00 +0100", "Friday, December 25, 2026 1:05 PM",
        "25. Dezember 2026 um 13:05", "25 dicembre 2026 alle 13:05", "25 décembre 2026 à 13h05",
        "25 de diciembre de 2026 13:05", "25/Dec/26 1:05 PM", "2026-12-25 13:05:00.000", "2026-12-25T13.05",
    ],
)  # fmt: skip
def test_each_usual_way_to_write_a_time_is_read(written):
    found = read(written, zone=BERLIN)
    assert (found.at.astimezone(UTC), found.assumed) == (WINTER, "")


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("yesterday", "write 2026-03-02T10:00:00Z"), ("46000.5", "write"), ("31/31/2026 1:00", "month must be"),
        ("29/02/2026 10:00", "day is out of range"), ("2026-03-02 25:00", "hour must be"), ("2026-12-25 13:05 PM", "no time of day"),
        ("2026-12-25 0:05 PM", "no time of day"), ("2026-12-25 13:05 CET", "no time of day"), ("25 Foo 2026 13:05", "'Foo' is no month"),
        ("1/2/3", "write"), ("0001-01-01 00:00", "too far away"), ("12/25/2026 1", "no time of day"),
        ("2026-13-01 00:00", "month must be"),
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_why(written, why):
    with pytest.raises(NotAnInstant, match=why):
        read(written, zone=BERLIN)


def test_a_time_without_a_zone_needs_one():
    with pytest.raises(NotAnInstant, match="it lacks a zone"):
        read("2026-12-25 13:05")


@pytest.mark.parametrize("written", ["03/04/2026 10:00", "3-4-2026 10:00", "3/4/26 10:00"])
def test_day_and_month_that_could_change_places_are_never_guessed(written):
    with pytest.raises(NotAnInstant, match="3 and 4 could be day and month"):
        read(written, zone=BERLIN)
    assert read(written, zone=BERLIN, order=DAY_FIRST).at.month == 4
    assert read(written, zone=BERLIN, order=MONTH_FIRST).at.month == 3
    assert read("25/12/2026 10:00", zone=BERLIN).at.day == 25
    with pytest.raises(NotAnInstant, match="it is not month-first"):
        read("25/12/2026 10:00", zone=BERLIN, order=MONTH_FIRST)
    assert read("05/05/2026 10:00", zone=BERLIN).at.month == 5
    assert read("3.4.2026 10:00", zone=BERLIN, order=MONTH_FIRST).at.month == 4


def test_a_file_shows_its_order_when_all_that_show_one_agree():
    assert order_in(["03/04/2026 1:00", "25/12/2026 1:00", "", "x"]) == DAY_FIRST
    assert order_in(["03/04/2026 1:00", "12/25/26"]) == MONTH_FIRST
    assert order_in(["12/25/2026", "25/12/2026"]) == ""
    assert order_in(["03/04/2026", "25.12.2026", "2026-12-25"]) == ""
    assert order_of(["%d-%m-%Y %H:%M", "%Y-%m-%d"]) == DAY_FIRST
    assert order_of(["%m/%d/%Y"]) == MONTH_FIRST
    assert order_of(["%d/%m/%Y", "%m/%d/%Y"]) == ""


@pytest.mark.parametrize(
    ("written", "at", "assumed"),
    [
        ("2026-03-29 02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "the clocks of Europe/Berlin skipped this time: read as 03:30"),
        ("2026-10-25 02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "the clocks of Europe/Berlin showed this time twice: read as the first, 02:30 +0200"),
        ("2026-10-25 02:30 +0100", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), ""),
        ("2026-03-29 03:00", datetime(2026, 3, 29, 1, 0, tzinfo=UTC), ""),
        ("2026-12-25", datetime(2026, 12, 24, 23, 0, tzinfo=UTC), "no time of day: read as 00:00"),
        ("25/12/2026", datetime(2026, 12, 24, 23, 0, tzinfo=UTC), "no time of day: read as 00:00"),
    ],
)  # fmt: skip
def test_what_had_to_be_assumed_is_told(written, at, assumed):
    found = read(written, zone=BERLIN)
    assert (found.at.astimezone(UTC), found.assumed) == (at, assumed)


def test_formats_that_are_named_go_first_and_others_are_still_read():
    formats = ("%d-%m-%Y %H:%M", "%Y%m%d%H%M")
    assert read("25-12-2026 13:05", formats=formats, zone=BERLIN).at == WINTER
    assert read("202612251305", formats=formats, zone=BERLIN).at == WINTER
    assert read("2026-12-25T12:05:00Z", formats=formats, zone=BERLIN).at == WINTER
