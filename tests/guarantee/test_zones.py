"""Zones by the newest rules, and advice for names that are none."""

import zoneinfo
from datetime import datetime, timedelta

import pytest
import tzdata

from puntuale.guarantee import zones


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("CET", "Europe/Brussels"),
        ("Central European Time", "Europe/Brussels"),
        ("ora dell'Europa centrale", "Europe/Brussels"),
        ("EST", "America/New_York"),
        ("Europe/Roma", "Europe/Rome"),
        ("GMT+1", "Etc/GMT-1"),
        ("utc-5", "Etc/GMT+5"),
        ("Mars/Olympus", None),
    ],
)
def test_a_name_that_is_none_gets_advice(written, meant):
    assert zones.advice(written) == meant


@pytest.fixture
def restored_tzpath():
    before = zoneinfo.TZPATH
    yield
    zoneinfo.reset_tzpath(to=before)
    zoneinfo.ZoneInfo.clear_cache()
    zones.zone.cache_clear()


@pytest.mark.usefixtures("restored_tzpath")
def test_the_package_wins_over_an_older_system(tmp_path):
    (tmp_path / "tzdata.zi").write_text("# version 2019a\nZ Etc/UTC 0 - UTC\n")
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    assert zones.use_newest_rules() == tzdata.IANA_VERSION
    assert zoneinfo.TZPATH == ()
    assert zones.zone("Europe/Rome").key == "Europe/Rome"


@pytest.mark.usefixtures("restored_tzpath")
def test_a_newer_system_wins_over_the_package(tmp_path):
    (tmp_path / "+VERSION").write_text("2099z\n")
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    assert zones.use_newest_rules() == "2099z"
    assert str(tmp_path) in zoneinfo.TZPATH


@pytest.mark.parametrize(
    ("abbreviation", "name", "hours"),
    [
        ("CET", "Etc/GMT-1", 1),
        ("CEST", "Etc/GMT-2", 2),
        ("EST", "Etc/GMT+5", -5),
        ("pdt", "Etc/GMT+7", -7),
        ("GMT", "Etc/GMT", 0),
        ("IST", "Asia/Kolkata", 5.5),
    ],
)
def test_the_fixed_offset_that_is_advised_is_the_one_that_was_meant(abbreviation, name, hours):
    assert zones.fixed(abbreviation) == name
    for month in (1, 7):
        assert datetime(2026, month, 1, tzinfo=zones.zone(name)).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize("name", ["Europe/Rome", "EUROPE", "", "X"])
def test_what_is_no_abbreviation_has_no_offset(name):
    assert zones.fixed(name) is None
