"""What stands on other pages and in calendars: the badge, business hours, due times, a link that begins a ticket."""

import re
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from icalendar import Calendar

from puntuale.people import calendar_links, roles
from puntuale.portal import feeds
from puntuale.tickets import assignment, conversation
from tests.guarantee.test_story import on

AT = on("fri 16:00")


def events(written):
    return Calendar.from_ical(written).walk("VEVENT")


@pytest.mark.parametrize(
    ("at", "language", "said"),
    [
        ("2026-11-20T16:00:00+01:00", "en", "open now"),
        ("2026-11-20T17:00:00+01:00", "en", "opens Mon 09:00 CET"),
        ("2026-11-20T16:00:00+01:00", "it", "aperto ora"),
    ],
)
def test_the_badge_says_whether_we_are_open(company, client, now, at, language, said):
    now.is_(at)
    answer = client.get(f"/{language}/guarantee/badge.svg")
    drawn = ET.fromstring(answer.content)
    assert [one.text for one in drawn.iter("{http://www.w3.org/2000/svg}text")][1] == said
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_business_hours_and_closed_days_are_a_calendar(company, client, now):
    found = events(client.get("/en/guarantee/hours.ics").content)
    closed = {one["dtstart"].dt.isoformat(): str(one["summary"]) for one in found if "Closed" in one["summary"]}
    assert closed["2026-12-25"].startswith("Closed: Christmas")
    opened = [one for one in found if "Closed" not in one["summary"]]
    assert opened[1]["dtstart"].dt == on("mon 09:00")
    assert opened[1]["dtend"].dt == on("mon 17:00")
    assert not any(one["dtstart"].dt.date().isoformat() == "2026-12-25" for one in opened)


def test_due_times_are_a_calendar_behind_a_secret_address(company, client, now):
    ticket = company.ticket(company.anna, "2", AT)
    other = company.ticket(company.paola, "2", AT)
    (due,) = events(client.get(f"/en/promises/{calendar_links.token_of(company.anna)}.ics").content)
    assert due["dtend"].dt == on("mon 11:00")
    assert str(due["summary"]) == f"Answer to #{ticket.number} due: Calls drop"
    assert events(feeds.promises_of(company.ada, at=AT)) == []
    assignment.assign(other, to=company.ada, by=company.ada, at=AT)
    assert len(events(feeds.promises_of(company.ada, at=AT))) == 1
    conversation.answer(ticket, body="Done.", by=company.ada, at=AT)
    assert events(feeds.promises_of(company.anna, at=AT)) == []


def test_sec_s25_an_address_ends_with_the_password_and_with_leaving(company, client, now):
    first = calendar_links.token_of(company.anna)
    assert client.get(f"/en/promises/{first}.ics").status_code == 200
    company.anna.set_password("quite another secret indeed")
    company.anna.save()
    assert client.get(f"/en/promises/{first}.ics").status_code == 404
    company.anna.refresh_from_db()
    second = calendar_links.token_of(company.anna)
    roles.leave(company.anna, by=company.mara, at=AT)
    for token in (second, "1.abc:def", "x", second[:-1]):
        assert client.get(f"/en/promises/{token}.ics").status_code == 404


@pytest.mark.parametrize("name", ["anna", "andrea", "ada", "mara"])
def test_everybody_finds_the_address_of_their_calendar_and_can_replace_it(name, company, signed_in, now):
    def address(page):
        return re.search(r'value="http://[^/"]+(/en/promises/[^"]+\.ics)" readonly', page.content.decode()).group(1)

    client = signed_in(name)
    person = getattr(company, name)
    first = address(client.get("/en/preferences/"))
    assert Client().get(first)["Content-Type"] == "text/calendar; charset=utf-8"
    page = client.post("/en/calendar/", follow=True)
    assert "The old one no longer works." in page.content.decode()
    second = address(page)
    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)
    assert calendar_links.person_of(second.rpartition("/")[2].removesuffix(".ics")) == person
    assert client.get("/en/calendar/").status_code == 405
    assert address(client.get("/en/preferences/")) == second


def test_a_link_begins_a_ticket(company, signed_in, now):
    client = signed_in("anna")
    page = client.get(
        "/en/tickets/new/?product=telephony&subject=From+the+app&body=%3Cscript%3E&environment=staging&priority=1"
    )
    said = page.content.decode()
    assert 'value="From the app"' in said
    assert "&lt;script&gt;" in said
    assert f'value="{company.telephony.pk}" selected' in said
    assert 'value="staging" checked' in said
