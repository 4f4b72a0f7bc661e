"""The agents' door: the queue in the order of what falls due, and the answer that keeps the promise."""

from datetime import timedelta

import pytest

from puntuale.tickets import conversation
from puntuale.tickets.models import Message, PromiseEnding
from tests.pages import words


@pytest.fixture
def waiting(company, now):
    now.is_("2026-11-23T12:00:00+01:00")
    friday = now.at - timedelta(days=3)
    return {
        "none": company.ticket(company.bruno, "1", friday, subject="On the basic plan"),
        "beta": company.ticket(company.anna, "1", friday, subject="About the beta", product=company.transcripts),
        "later": company.ticket(company.paola, "3", now.at, subject="Due later"),
        "missed": company.ticket(company.anna, "1", now.at - timedelta(minutes=102), subject="Missed"),
        "soon": company.ticket(company.anna, "1", now.at - timedelta(minutes=46), subject="Due soon"),
    }


def test_the_queue_stands_in_the_order_in_which_promises_fall_due_missed_first(signed_in, waiting):
    said = words(signed_in("ada").get("/en/desk/"))
    told = [
        "missed 0:42 ago due today 11:18 CET P1 Missed",
        "0:14 left due today 12:14 CET P1 Due soon",
        "9:00 left due tomorrow 13:00 CET P3 Due later",
        "no guarantee No guaranteed time on this plan P1 On the basic plan",
        "no guarantee No guaranteed time for a product at this stage P1 About the beta",
    ]
    places = [said.index(expected) for expected in told]
    assert places == sorted(places)
    assert "1 missed · 1 due within the hour · 5 waiting" in said
    assert "Northwind Telephony · Advanced" in said


def test_outside_hours_business_time_stands_still_and_day_and_night_does_not(signed_in, waiting, now, company):
    now.is_("2026-11-23T23:30:00+01:00")
    company.ticket(company.anna, "1", now.at, subject="At night")
    said = words(signed_in("ada").get("/en/desk/"))
    assert "4:00 left due tomorrow 13:00 CET counts from tomorrow 09:00 P3 Due later" in said
    assert "1:00 left due tomorrow 00:30 CET P1 At night" in said


def test_an_agent_elsewhere_reads_the_queue_in_her_own_zone(signed_in, waiting):
    said = words(signed_in("grace").get("/en/desk/"))
    assert "due today 06:14 EST" in said


def test_a_public_answer_keeps_the_promise_and_both_see_it(signed_in, waiting, company, now):
    ticket = waiting["soon"]
    response = signed_in("ada").post(f"/en/desk/{ticket.number}/answers/", {"body": "We are on it."}, follow=True)
    said = words(response)
    assert "Answered: the promise is kept." in said
    assert "answered in time" in said
    assert PromiseEnding.objects.get().verdict == "met"
    assert f"#{ticket.number}" not in words(signed_in("ada").get("/en/desk/"))
    assert f"#{ticket.number}" in words(signed_in("ada").get("/en/desk/answered/"))
    assert "answered in time" in words(signed_in("anna").get(f"/en/tickets/{ticket.number}/"))


def test_an_answer_after_it_was_due_is_called_late(signed_in, waiting):
    ticket = waiting["missed"]
    page = words(signed_in("ada").get(f"/en/desk/{ticket.number}/"))
    assert "public · ends the promise, late" in page
    said = words(signed_in("ada").post(f"/en/desk/{ticket.number}/answers/", {"body": "Sorry."}, follow=True))
    assert "Answered, after it was due." in said
    assert "answered 0:42 late" in said


def test_the_page_of_a_running_promise_says_that_an_answer_keeps_it(signed_in, waiting):
    said = words(signed_in("ada").get(f"/en/desk/{waiting['soon'].number}/"))
    assert "Answer to Anna public · keeps the promise" in said
    assert "Plan Advanced Customer Anna Conti Product Telephony Agent – Agreement version 1" in said


def test_a_note_is_marked_and_keeps_nothing(signed_in, waiting):
    ticket = waiting["soon"]
    said = words(signed_in("ada").post(f"/en/desk/{ticket.number}/notes/", {"body": "Ask Jonas."}, follow=True))
    assert "Internal note · Ada Byron" in said
    assert "customers never see this Ask Jonas." in said
    assert "0:14 left" in said
    assert "Ask Jonas." not in words(signed_in("anna").get(f"/en/tickets/{ticket.number}/"))


def test_taking_and_giving_back(signed_in, waiting):
    ticket = waiting["soon"]
    client = signed_in("ada")
    said = words(client.post(f"/en/desk/{ticket.number}/assignment/", {"to": "me"}, follow=True))
    assert "Agent Ada Byron" in said
    assert "Give back" in said
    said = words(client.post(f"/en/desk/{ticket.number}/assignment/", {"to": "nobody"}, follow=True))
    assert "Agent –" in said


@pytest.mark.parametrize("body", ["", " \n", "b" * 200_001])
def test_an_empty_or_endless_answer_is_told_and_keeps_nothing(signed_in, waiting, body):
    response = signed_in("ada").post(f"/en/desk/{waiting['soon'].number}/answers/", {"body": body})
    assert response.status_code == 422
    assert "Answered" not in words(response).split("Conversation")[0].replace("Due next Answered Guarantee", "")
    assert PromiseEnding.objects.count() == 0
    assert Message.objects.filter(author__role="agent").count() == 0


def test_a_later_answer_makes_no_second_verdict(signed_in, waiting, company, now):
    ticket = waiting["soon"]
    conversation.answer(ticket, body="First.", by=company.grace, at=now.at)
    said = words(signed_in("ada").post(f"/en/desk/{ticket.number}/answers/", {"body": "Second."}, follow=True))
    assert "First." in said
    assert "Second." in said
    assert "the promise is kept" not in said
    assert PromiseEnding.objects.count() == 1


def test_a_long_queue_comes_in_pages(signed_in, company, now):
    for number in range(53):
        company.ticket(company.anna, "2", now.at + timedelta(minutes=number), subject=f"Ticket {number:02}")
    client = signed_in("ada")
    first, second = (words(client.get(f"/en/desk/{more}")) for more in ("", "?from=50"))
    assert ("Ticket 49" in first, "Ticket 50" in first) == (True, False)
    assert ("Ticket 49" in second, "Ticket 52" in second) == (False, True)
    for nonsense in ("?from=-1", "?from=x", "?from=99999999999999999999", "?from=%D9%A3"):
        assert "Ticket 00" in words(client.get(f"/en/desk/{nonsense}"))


@pytest.mark.parametrize("number", ["1", "99999999999999999999"])
def test_a_ticket_that_is_not_there_is_not_found(signed_in, number):
    client = signed_in("ada")
    assert client.get(f"/en/desk/{number}/").status_code == 404
    for action in ("answers", "notes", "assignment"):
        assert client.post(f"/en/desk/{number}/{action}/", {"body": "x"}).status_code == 404


def test_the_queue_asks_the_database_as_often_for_fifty_tickets_as_for_five(
    signed_in, company, now, django_assert_max_num_queries
):
    def tickets(count):
        for _ in range(count):
            company.ticket(company.anna, "2", now.at)

    client = signed_in("ada")
    tickets(5)
    client.get("/en/desk/")
    with django_assert_max_num_queries(9) as few:
        client.get("/en/desk/")
    tickets(45)
    with django_assert_max_num_queries(len(few)):
        client.get("/en/desk/")
