"""Periods are whole days on the clock of the desk."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from puntuale.reports.periods import NAMED, Period, between, named

ROME = ZoneInfo("Europe/Rome")


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("this_month", "2026-01-01", "2026-01-31"),
        ("last_month", "2025-12-01", "2025-12-31"),
        ("this_quarter", "2026-01-01", "2026-03-31"),
        ("last_quarter", "2025-10-01", "2025-12-31"),
        ("this_year", "2026-01-01", "2026-12-31"),
        ("last_year", "2025-01-01", "2025-12-31"),
    ],
)
def test_a_name_is_a_stretch_of_days(name, first, last):
    """Half past eleven of New Year's Eve in London is New Year in Rome."""
    found = named(name, at=datetime(2025, 12, 31, 23, 30, tzinfo=UTC), zone=ROME)
    assert (str(found.first), str(found.last)) == (first, last)
    assert name in NAMED


def test_a_period_begins_and_ends_at_midnight_of_the_desk():
    found = Period(date(2026, 3, 29), date(2026, 3, 29), ROME)
    assert found.since == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert found.until == datetime(2026, 3, 29, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("x", "2026-01-01"),
        ("2026-01-02", "2026-01-01"),
        ("1900-01-01", "2026-01-01"),
        ("9999-12-30", "9999-12-31"),
        ("0001-01-01", "0001-01-02"),
    ],
)
def test_what_is_no_period_is_none(first, last):
    assert between(first, last, zone=ROME) is None
    assert named(first, at=datetime(2026, 1, 1, tzinfo=UTC), zone=ROME) is None


def test_two_days_are_a_period():
    assert between("2026-01-01", "2026-01-02", zone=ROME) == Period(date(2026, 1, 1), date(2026, 1, 2), ROME)
