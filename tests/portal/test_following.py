"""A customer's own pages: her tickets and their promises; nothing of anybody else's."""

from datetime import timedelta

import pytest

from puntuale.tickets import conversation
from puntuale.tickets.models import Message
from tests.pages import words


def test_the_list_shows_each_ticket_with_its_promise(signed_in, company, now):
    running = company.ticket(company.anna, "2", now.at, subject="Running")
    company.ticket(company.anna, "1", now.at - timedelta(hours=3), subject="Missed")
    done = company.ticket(company.anna, "1", now.at - timedelta(hours=2), subject="Done")
    conversation.answer(done, body="Yes.", by=company.ada, at=now.at - timedelta(hours=1, minutes=30))
    late = company.ticket(company.anna, "1", now.at - timedelta(hours=2), subject="Late")
    conversation.answer(late, body="Yes.", by=company.ada, at=now.at - timedelta(minutes=40))
    company.ticket(company.anna, "1", now.at, subject="Beta", product=company.transcripts)
    company.ticket(company.paola, "1", now.at, subject="Somebody else's")
    said = words(signed_in("anna").get("/en/tickets/"))
    assert "no guarantee No guaranteed time for a product at this stage Beta" in said
    assert "answered 0:20 late Fri 20 Nov 15:20 CET Late" in said
    assert "answered in time Fri 20 Nov 14:30 CET Done" in said
    assert "missed 2:00 ago due today 14:00 CET Missed" in said
    assert f"3:00 left due Mon 11:00 CET Running #{running.number}" in said
    assert "Somebody else's" not in said


def test_an_empty_list_leads_to_the_form(signed_in):
    response = signed_in("anna").get("/en/tickets/")
    assert "You have not sent a ticket yet." in words(response)
    assert "/en/tickets/new/" in response.content.decode()


def test_outside_hours_the_page_says_from_when_it_counts(signed_in, company, now):
    ticket = company.ticket(company.anna, "2", now.at)
    now.is_("2026-11-21T12:00:00+01:00")
    said = words(signed_in("anna").get(f"/en/tickets/{ticket.number}/"))
    assert "2:00 left answer by Mon 11:00 CET counts from Mon 09:00 3 business hours" in said


def test_a_missed_promise_says_so_to_the_customer_too(signed_in, company, now):
    ticket = company.ticket(company.anna, "1", now.at)
    now.at += timedelta(hours=1, minutes=42)
    assert "missed 0:42 ago was due today 17:00 CET" in words(signed_in("anna").get(f"/en/tickets/{ticket.number}/"))


def test_an_answer_is_seen_with_the_state_of_the_promise(signed_in, company, now):
    ticket = company.ticket(company.anna, "1", now.at)
    conversation.answer(ticket, body="We are on it.", by=company.ada, at=now.at + timedelta(minutes=10))
    conversation.note(ticket, body="INTERNAL", by=company.ada, at=now.at + timedelta(minutes=11))
    said = words(signed_in("anna").get(f"/en/tickets/{ticket.number}/"))
    assert "answered in time answered Fri 20 Nov 16:10 CET" in said
    assert "Ada Byron Fri 20 Nov 16:10 CET We are on it." in said
    assert "INTERNAL" not in said


def test_the_sum_in_the_desks_zone_is_marked_for_a_reader_elsewhere(signed_in, company, now):
    company.anna.zone_name = "America/New_York"
    company.anna.save()
    ticket = company.ticket(company.anna, "2", now.at)
    said = words(signed_in("anna").get(f"/en/tickets/{ticket.number}/"))
    assert "answer by Mon 05:00 EST" in said
    assert "Mon 23 Nov 09:00-11:00 2:00" in said
    assert "Counted in the desk's time zone, Europe/Brussels." in said


@pytest.mark.parametrize("number", ["own+1", "1", "0", "99999999999999999999", "100000000000"])
def test_what_is_not_hers_does_not_exist(signed_in, company, now, number):
    own = company.ticket(company.paola, "1", now.at)
    number = own.number if number == "own+1" else number
    client = signed_in("anna")
    pages = [client.get(f"/en/tickets/{number}/"), client.post(f"/en/tickets/{number}/messages/", {"body": "hello"})]
    assert [page.status_code for page in pages] == [404, 404]
    assert words(pages[0]) == words(client.get("/en/tickets/4242424242/"))
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    "address", ["/en/tickets/x/", "/en/tickets/1.5/", "/en/tickets/-1/", "/en/tickets/1%00/", "/en/tickets/%D9%A3/"]
)
def test_nonsense_for_a_number_is_not_found(signed_in, address):
    assert signed_in("anna").get(address).status_code == 404
