"""Quiet hours: alarms wait until they are over, pages do not."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from puntuale.oncall import paging
from puntuale.people.models import Person
from puntuale.people.preferences import QuietHoursRefused, prefer
from puntuale.people.quiet import heard_at
from puntuale.sending.models import Intent
from puntuale.watch import ringing
from tests.guarantee.tables import at
from tests.guarantee.test_story import on

MINUTE = timedelta(minutes=1)
NIGHT = (22 * 60, 7 * 60)


def somebody(quiet=NIGHT, zone_name="Europe/Rome"):
    return Person(name="Ada", zone_name=zone_name, quiet_from=quiet[0], quiet_until=quiet[1])


@pytest.mark.parametrize(
    ("now", "heard"),
    [
        ("2026-11-20T21:59:59+01:00", "2026-11-20T21:59:59+01:00"),
        ("2026-11-20T22:00:00+01:00", "2026-11-21T07:00:00+01:00"),
        ("2026-11-21T00:00:00+01:00", "2026-11-21T07:00:00+01:00"),
        ("2026-11-21T06:59:59+01:00", "2026-11-21T07:00:00+01:00"),
        ("2026-11-21T07:00:00+01:00", "2026-11-21T07:00:00+01:00"),
        ("2027-03-27T23:00:00+01:00", "2027-03-28T07:00:00+02:00"),
        ("2026-10-24T23:00:00+02:00", "2026-10-25T07:00:00+01:00"),
    ],
)
def test_at_night_it_waits_until_the_morning(now, heard):
    assert heard_at(somebody(), at(now)) == at(heard)


@pytest.mark.parametrize(
    ("quiet", "now", "heard"),
    [
        ((13 * 60, 14 * 60), "2026-11-20T13:30:00+01:00", "2026-11-20T14:00:00+01:00"),
        ((13 * 60, 14 * 60), "2026-11-20T14:00:00+01:00", "2026-11-20T14:00:00+01:00"),
        # They end at half past two, which the clock skips: they end with the jump.
        ((22 * 60, 150), "2027-03-28T01:00:00+01:00", "2027-03-28T03:00:00+02:00"),
        # They end at half past two, which comes twice: the first time counts.
        ((22 * 60, 150), "2026-10-25T01:00:00+02:00", "2026-10-25T02:30:00+02:00"),
        ((22 * 60, 150), "2026-10-25T02:10:00+01:00", "2026-10-25T02:10:00+01:00"),
    ],
)
def test_hours_within_a_day_and_at_the_change_of_the_clock(quiet, now, heard):
    assert heard_at(somebody(quiet), at(now)) == at(heard)


def test_nobody_without_them_and_no_zone_that_is_no_more_waits():
    now = at("2026-11-20T23:00:00+01:00")
    assert heard_at(somebody((None, None)), now) == now
    assert heard_at(somebody(zone_name="Mars/Base"), now) == now


@given(
    st.sampled_from(["Europe/Rome", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]),
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.integers(0, 2 * 366 * 1_440).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + minutes * MINUTE),
)
def test_whoever_walks_through_the_minutes_comes_to_the_same_end(zone_name, begins, ends, now):
    """A second, slow answer: walk on until the wall clock is out of the quiet hours, or has been at their end before."""
    if begins == ends:
        return
    zone = ZoneInfo(zone_name)

    def is_quiet(instant):
        minute = instant.astimezone(zone).hour * 60 + instant.astimezone(zone).minute
        return begins <= minute < ends if begins < ends else minute >= begins or minute < ends

    walked = now
    while is_quiet(walked):
        walked += MINUTE
    found = heard_at(somebody((begins, ends), zone_name), now)
    # Where an hour comes twice, the end may have come the first time.
    repeated = {(now + hours * timedelta(hours=1)).astimezone(zone).utcoffset() for hours in range(-3, 28)}
    assert found == walked or (len(repeated) > 1 and now <= found <= walked)


def test_alarms_wait_for_the_morning_and_pages_do_not(company, oncall):
    for person in (company.ada, company.grace, company.mara):
        rome = {"language": "en", "zone_name": "Europe/Rome", "uses_keys": True}
        prefer(person, **rome, quiet=(time(22), time(7)))
    friday = on("fri 22:30")
    company.ticket(company.anna, "1", friday)
    ringing.go_round(at=friday + 31 * MINUTE)
    paging.go_round(friday)
    mails = Intent.objects.filter(channel="email")
    assert {intent.try_at for intent in mails.filter(kind="alarm")} == {on("sat 07:00")}
    desk = Intent.objects.filter(kind="alarm", channel="desk")
    assert {intent.sent_at for intent in desk} == {friday + 31 * MINUTE}, "it stands on the desk at once"
    assert {intent.try_at for intent in mails.filter(kind="page")} == {friday}


def test_quiet_hours_need_both_ends(company):
    said = {"language": "en", "zone_name": "Europe/Rome", "uses_keys": True}
    for quiet in ((time(22), None), (None, time(7)), (time(7), time(7))):
        with pytest.raises(QuietHoursRefused):
            prefer(company.ada, **said, quiet=quiet)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=company.ada.pk).update(quiet_from=5)


def test_an_agent_sets_them_and_drops_them_again(signed_in, company):
    browser = signed_in("ada")
    said = {"language": "en", "zone_name": "Europe/Rome", "uses_keys": "on"}
    assert browser.post("/en/preferences/", said | {"quiet_from": "22:00", "quiet_until": "07:30"}).status_code == 302
    company.ada.refresh_from_db()
    assert (company.ada.quiet_from, company.ada.quiet_until) == (22 * 60, 7 * 60 + 30)
    assert 'name="quiet_until" value="07:30"' in browser.get("/en/preferences/").content.decode()
    half = browser.post("/en/preferences/", said | {"quiet_from": "22:00"})
    assert half.status_code == 422 and "Quiet hours need a beginning" in half.content.decode()
    assert browser.post("/en/preferences/", said | {"quiet_from": "soon", "quiet_until": "7"}).status_code == 422
    assert browser.post("/en/preferences/", said).status_code == 302
    company.ada.refresh_from_db()
    assert company.ada.quiet_from is None
