"""How times, targets and hours are told, in each language."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from puntuale.guarantee import document
from puntuale.guarantee.agreement import NoGuarantee, Reason
from puntuale.guarantee.hours import HoursTable
from puntuale.guarantee.targets import Target
from puntuale.wording import durations, moments, opening
from puntuale.wording.languages import spoken, words
from tests.guarantee.documents import STANDARD, bent
from tests.guarantee.tables import at, every_day, shifts, table, weekdays

ROME = ZoneInfo("Europe/Rome")
NOW = at("2026-11-20T16:00:00+01:00")
AGREEMENT = document.read(STANDARD).sound()


@pytest.mark.parametrize(
    ("moment", "english", "italian"),
    [
        ("2026-11-20T17:05:59+01:00", "today 17:05", "oggi 17:05"),
        ("2026-11-21T09:00:00+01:00", "tomorrow 09:00", "domani 09:00"),
        ("2026-11-19T09:00:00+01:00", "yesterday 09:00", "ieri 09:00"),
        ("2026-11-26T09:00:00+01:00", "Thu 09:00", "gio 09:00"),
        ("2026-11-27T09:00:00+01:00", "Fri 27 Nov 09:00", "ven 27 nov 09:00"),
        ("2026-11-13T09:00:00+01:00", "Fri 13 Nov 09:00", "ven 13 nov 09:00"),
        ("2027-01-04T09:00:00+01:00", "Mon 4 Jan 2027 09:00", "lun 4 gen 2027 09:00"),
    ],
)
def test_an_instant_is_told_as_people_say_it(moment, english, italian):
    assert moments.near_moment(at(moment), "en", ROME, now=NOW) == english
    assert moments.near_moment(at(moment), "it", ROME, now=NOW) == italian


def test_today_is_the_readers_today():
    late = at("2026-11-20T23:30:00+01:00")
    assert moments.near_moment(late, "en", ZoneInfo("Asia/Tokyo"), now=NOW) == "today 07:30"


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ("2026-11-20T17:00:00+01:00", "2026-11-20T20:00:00+01:00", "today 17:00 – 20:00 CET"),
        ("2026-11-20T17:00:00+01:00", "2026-11-21T09:00:00+01:00", "today 17:00 – tomorrow 09:00 CET"),
        ("2026-11-23T17:00:00+01:00", "2026-11-30T09:00:00+01:00", "Mon 17:00 – Mon 30 Nov 09:00 CET"),
        (
            "2027-03-27T17:00:00+01:00",
            "2027-03-28T09:00:00+02:00",
            "Sat 27 Mar 2027 17:00 CET – Sun 28 Mar 2027 09:00 CEST",
        ),
        ("2026-10-25T00:30:00+02:00", "2026-10-25T12:00:00+01:00", "Sun 25 Oct 00:30 CEST – 12:00 CET"),
    ],
)
def test_a_span_is_told_with_its_zone_and_both_where_the_clock_changes(start, end, told):
    assert moments.near_span(at(start), at(end), "en", ROME, now=NOW) == told


@pytest.mark.parametrize(
    ("zone", "letters"),
    [
        ("Europe/Rome", "CET"),
        ("Asia/Kolkata", "IST"),
        ("America/Sao_Paulo", "UTC-3"),
        ("Asia/Kathmandu", "UTC+5:45"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_without_letters_is_told_by_its_offset(zone, letters):
    assert moments.zone_letters(NOW, ZoneInfo(zone)) == letters


def test_the_repeated_hour_is_told_apart():
    first, second = at("2026-10-25T02:30:00+02:00"), at("2026-10-25T02:30:00+01:00")
    assert moments.moment(first, "en", ROME) == "Sun 25 Oct 02:30 CEST"
    assert moments.moment(second, "en", ROME) == "Sun 25 Oct 02:30 CET"


def test_seconds_are_left_off_unless_asked_for():
    instant = at("2026-11-20T16:00:07+01:00")
    assert moments.moment(instant, "en", ROME) == "Fri 20 Nov 16:00 CET"
    assert moments.moment(instant, "en", ROME, to_the_second=True) == "Fri 20 Nov 16:00:07 CET"
    assert moments.exact(instant, "it", ROME) == "venerdì 20 novembre 2026, 16:00:07 CET (+0100)"


@pytest.mark.parametrize(
    ("zone", "english", "italian"),
    [("Europe/Brussels", "Central European Time", "Ora dell’Europa centrale"), ("UTC", "UTC", "UTC")],
)
def test_a_zone_has_a_name(zone, english, italian):
    assert moments.zone_name(ZoneInfo(zone), "en") == english
    assert moments.zone_name(ZoneInfo(zone), "it") == italian


def test_runs_of_days():
    saturday = date(2026, 11, 28)
    assert moments.days(saturday, saturday, "en") == "Sat 28 Nov"
    assert moments.days(saturday, saturday + timedelta(days=1), "en") == "Sat 28, Sun 29 Nov"
    assert moments.days(saturday + timedelta(days=2), saturday + timedelta(days=3), "en") == "Mon 30 Nov - Tue 1 Dec"
    assert moments.days(saturday, saturday + timedelta(days=5), "it") == "sab 28 nov - gio 3 dic"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0:00"), (59, "0:00:59"), (5400, "1:30"), (36_000, "10:00"), (-60, "-0:01"), (360_061, "100:01:01")],
)
def test_durations_on_a_clock(seconds, told):
    assert durations.clock(seconds) == told


@pytest.mark.parametrize(("seconds", "told"), [(7830, "2:10"), (600, "0:10"), (599, "0:09:59"), (0, "0:00:00")])
def test_a_countdown_shows_seconds_in_the_last_ten_minutes(seconds, told):
    assert durations.countdown(seconds) == told


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        (timedelta(seconds=30), "0:00"),
        (timedelta(minutes=42), "0:42"),
        (timedelta(hours=23), "23:00"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=3, hours=5), "3 days"),
    ],
)
def test_how_long_ago(gone, told):
    assert durations.rough(gone, "en") == told


@pytest.mark.parametrize(
    ("written", "hours", "english", "italian"),
    [
        ("3h", "business", "3 business hours", "3 ore lavorative"),
        ("1h", "business", "1 business hour", "1 ora lavorativa"),
        ("1h", "always", "1 hour, day and night", "1 ora, giorno e notte"),
        ("2d", "business", "2 business days", "2 giorni lavorativi"),
        ("30m", "business", "30 business minutes", "30 minuti lavorativi"),
        (
            "1d2h30m",
            "business",
            "1 business day, 2 business hours and 30 business minutes",
            "1 giorno lavorativo, 2 ore lavorative e 30 minuti lavorativi",
        ),
    ],
)
def test_targets_in_words(written, hours, english, italian):
    owed = Target(1, hours, written)
    assert durations.target(owed, AGREEMENT, "en") == english
    assert durations.target(owed, AGREEMENT, "it") == italian


def test_with_two_kinds_of_business_hours_the_target_says_which():
    tokyo = {"name": {"en": "Tokyo", "it": "Tokyo"}, "zone": "Asia/Tokyo", "weekly": {"mon": ["09:00-17:00"]}}
    agreement = document.read(bent({"hours.tokyo": tokyo})).sound()
    assert durations.target(Target(1, "tokyo", "3h"), agreement, "en") == "3 business hours (Tokyo)"
    assert durations.target(Target(1, "always", "3h"), agreement, "en") == "3 hours, day and night"


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("language", ["en", "it"])
def test_every_reason_has_words(reason, language):
    assert len(durations.no_guarantee(NoGuarantee(reason), language)) > 20


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        (table(weekdays("09:00-17:00")), ["Monday to Friday, 09:00-17:00"]),
        (table(weekdays("09:00-13:00", "14:00-17:00")), ["Monday to Friday, 09:00-13:00, 14:00-17:00"]),
        (table(every_day("22:00-06:00")), ["Every day, 22:00-06:00 of the next day"]),
        (
            table((*weekdays("09:00-17:00")[:5], shifts("09:00-12:00"), ())),
            ["Monday to Friday, 09:00-17:00", "Saturday, 09:00-12:00"],
        ),
        (table(((),) * 5 + (shifts("10:00-16:00"),) * 2), ["Saturday and Sunday, 10:00-16:00"]),
        (HoursTable.always(), ["Day and night, every day of the year"]),
    ],
)
def test_weekly_hours_in_words(hours, told):
    assert opening.weekly(hours, "en") == told


def test_languages_fall_back_to_their_base_and_then_to_english():
    assert [spoken(code) for code in ("it", "it-ch", "it_IT", "xx", "")] == ["it", "it", "it", "en", "en"]
    assert words("it-ch").gettext("today") == "oggi"
    assert words("xx").gettext("today") == "today"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 11, 10), date(2026, 11, 12), "10 November 2026 - 12 November 2026"),
        (date(2026, 11, 10), date(2026, 11, 10), "10 November 2026"),
        (date(2028, 2, 1), date(2028, 2, 29), "February 2028"),
        (date(2028, 2, 1), date(2028, 2, 28), "1 February 2028 - 28 February 2028"),
        (date(2025, 11, 1), date(2026, 10, 31), "November 2025 - October 2026"),
    ],
)
def test_the_days_of_a_report_are_told_as_months_where_they_are_whole(first, last, said):
    assert moments.period(first, last, "en") == said
