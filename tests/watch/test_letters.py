"""Alarms in words: for one person, in her language and zone."""

from datetime import timedelta
from uuid import uuid4

import pytest

from puntuale.sending.models import Intent
from puntuale.tickets import assignment
from puntuale.watch import letters, ringing
from tests.guarantee.test_story import on

AT = on("fri 16:00")
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def address(settings):
    settings.BASE_URL = "https://desk.example"


def letter(person, *, at, level=None):
    told = Intent.objects.filter(person=person, channel="desk").order_by("pk")
    return letters.write(list(told if level is None else told.filter(about__in=alarms(level))), at)


def alarms(level):
    return letters.Alarm.objects.filter(level=level).values("pk")


def test_an_alarm_says_what_is_owed_until_when_and_where(company):
    ticket = company.ticket(company.anna, "1", AT)
    assignment.assign(ticket, to=company.ada, by=company.ada, at=AT)
    ringing.go_round(at=AT + 45 * MINUTE)
    said = letter(company.ada, at=AT + 45 * MINUTE, level="75%")
    assert said.subject == f"#{ticket.number} P1 0:15 left, due today 17:00 CET: Calls drop"
    assert said.text == (
        f"Ticket #{ticket.number}: Calls drop\n"
        "Northwind Telephony · P1 · Ada Byron\n"
        "\n"
        "first response: 0:15 left, due today 17:00 CET (75 % of the time has passed)\n"
        "\n"
        f"https://desk.example/en/desk/{ticket.number}/\n"
    )


def test_in_french_a_space_that_does_not_break_stands_before_each_colon(company):
    company.ada.language = "fr"
    company.ada.save()
    company.ticket(company.anna, "1", AT)
    ringing.go_round(at=AT + 45 * MINUTE)
    said = letter(company.ada, at=AT + 45 * MINUTE, level="75%")
    assert said.subject.endswith("\N{NO-BREAK SPACE}: Calls drop")
    assert "première réponse\N{NO-BREAK SPACE}: reste 0:15" in said.text


def test_it_is_told_in_the_readers_zone(company):
    company.ticket(company.anna, "1", AT)
    ringing.go_round(at=AT + 45 * MINUTE)
    assert "due today 11:00 EST" in letter(company.grace, at=AT + 45 * MINUTE).subject


@pytest.mark.parametrize(
    ("minutes", "person", "told"),
    [
        (54, "mara", "0:06:00"),
        (60, "mara", "0:00:00"),
        (90, "mara", "0:30"),
    ],
)
def test_each_level_tells_how_it_stands(company, minutes, person, told):
    company.ticket(company.anna, "1", AT)
    for minute in (30, 45, 54, 60, 90):
        if minute <= minutes:
            ringing.go_round(at=AT + minute * MINUTE)
    reader = getattr(company, person)
    last = Intent.objects.filter(person=reader).order_by("-pk").first()
    assert told in letters.write([last], AT + minutes * MINUTE).subject


def test_a_late_alarm_says_how_late(company):
    company.ticket(company.anna, "1", AT)
    late = AT + timedelta(hours=3)
    ringing.go_round(at=late)
    said = letter(company.ada, at=late, level="90%")
    assert "missed 2:00 ago, was due today 17:00 CET" in said.subject
    assert "This alarm is 2:06 late: the watch had stood still." in said.text


def test_a_storm_is_a_list_with_the_most_urgent_first(company):
    for n in range(3):
        company.ticket(company.anna, "3", on("mon 09:00"), key=uuid4(), subject=f"General {n}")
    company.ticket(company.anna, "1", on("mon 12:15"), key=uuid4(), subject="Urgent")
    at = on("mon 12:45")
    ringing.go_round(at=at)
    said = letter(company.ada, at=at)
    assert said.subject == "4 promises need an answer"
    lines = said.text.splitlines()
    assert "P1 0:30 left, due today 13:15 CET: Urgent" in lines[2]
    assert sum("General" in line for line in lines) == 3
    assert lines[-1] == "https://desk.example/en/desk/"


def test_a_subject_of_several_lines_is_one_line_in_a_letter(company):
    ticket = company.ticket(company.anna, "1", AT)
    type(ticket).objects.filter(pk=ticket.pk).update(subject="Calls\r\nBcc: everybody@example.com")
    ringing.go_round(at=AT + 30 * MINUTE)
    assert "Bcc" in letter(company.ada, at=AT + 30 * MINUTE).subject
