"""A ticket that an agent opens for a customer on the phone."""

from uuid import uuid4

import pytest

from puntuale.tickets.models import Message, Ticket
from tests.desk.conftest import at
from tests.pages import words


def call(**more):
    usual = {"environment": "production", "subject": "Calls drop", "priority": "1", "body": "All phones."}
    return {"key": str(uuid4())} | usual | more


def there(person):
    return f"/en/desk/new/{person.pk}/"


@pytest.mark.parametrize("asked", ["anna", "ANNA conti", "anna@northwind.test", "northwind anna"])
def test_callers_are_found_by_name_address_and_organisation(ada, company, asked):
    said = words(ada.get("/en/desk/new/", {"who": asked}))
    assert "Anna Conti Northwind Telephony · anna@northwind.test" in said
    assert "Paola" not in said


@pytest.mark.parametrize("asked", ["Ada Byron", "nobody", "%", "\0", "'" * 300])
def test_nobody_found_is_told_and_colleagues_are_no_customers(ada, asked):
    said = words(ada.get("/en/desk/new/", {"who": asked}))
    assert "Ada Byron · " not in said
    assert "Anna" not in said


def test_it_has_a_promise_like_any_other(ada, company):
    said = words(ada.get(there(company.anna)))
    assert "today 17:00 CET 1 hour, day and night" in said
    response = ada.post(there(company.anna), call())
    ticket = Ticket.objects.get()
    assert response.url == at(ticket)
    assert (ticket.requester, ticket.answered_at) == (company.anna, None)
    assert "0:59" in words(ada.get(at(ticket))) or "1:00 left" in words(ada.get(at(ticket)))


def test_a_first_answer_that_comes_with_it_keeps_the_promise_at_once(ada, company):
    said = words(ada.post(there(company.anna), call(answer="We are on it."), follow=True))
    assert "answered in time" in said
    assert "We are on it." in said


def test_sending_it_twice_makes_one_ticket_with_one_answer(ada, company):
    sent = call(answer="We are on it.")
    first, second = (ada.post(there(company.anna), sent) for _ in range(2))
    assert first.url == second.url
    assert Ticket.objects.count() == 1
    assert Message.objects.count() == 2


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"subject": ""}, "This field is required."),
        ({"subject": "s" * 256}, "256 characters"),
        ({"body": ""}, "This field is required."),
        ({"body": "b" * 200_001}, "200,001 characters"),
        ({"answer": "a" * 200_001}, "200,001 characters"),
        ({"environment": "staging"}, "Priority 1 is not available for Staging. Possible: 3."),
        ({"priority": "9"}, "Please choose one of these."),
        ({"environment": "mars"}, "mars"),
        ({"product": "9"}, "Select a valid choice"),
        ({"key": "x"}, "Enter a valid UUID."),
    ],
)
def test_what_cannot_be_taken_is_told_and_the_words_stay(ada, company, sent, told):
    response = ada.post(there(company.anna), call(**{"answer": "Hello there."} | sent))
    assert response.status_code == 422
    assert told in words(response)
    if "answer" not in sent:
        assert "Hello there." in words(response)
    assert not Ticket.objects.exists()


def test_the_times_are_told_for_what_is_chosen(ada, company):
    page = words(ada.post(there(company.paola), call(environment="staging", refresh="1", body="Not lost.")))
    assert "1 · Business critical" in page
    assert "not here" in page
    assert "Not lost." in page
    assert not Ticket.objects.exists()


def test_nothing_is_opened_for_colleagues_or_for_nobody(ada, company):
    for key in (company.grace.pk, 0, 10**25):
        assert ada.get(f"/en/desk/new/{key}/").status_code == 404
        assert ada.post(f"/en/desk/new/{key}/", call()).status_code == 404
