"""How tickets go on and end, each by a resource of its own, and what is told when it cannot be."""

import pytest

from puntuale.tickets import conversation
from puntuale.tickets.models import Cancellation, Link, Ticket
from tests.desk.conftest import at
from tests.pages import words


@pytest.fixture
def answered(ticket, company, now):
    conversation.answer(ticket, body="Hello.", by=company.ada, at=now.at)
    return ticket


def phase(ticket):
    return Ticket.objects.get(pk=ticket.pk).phase


def test_waiting_going_on_resolving_and_reopening(ada, answered):
    for deed, expected in (
        ("waiting", "waiting"),
        ("continuation", "open"),
        ("resolution", "resolved"),
        ("reopening", "open"),
    ):
        assert ada.post(at(answered, f"{deed}/?queue=mine")).url == at(answered, "?queue=mine")
        assert phase(answered) == expected


@pytest.mark.parametrize("deed", ["waiting", "resolution"])
def test_what_nobody_has_answered_neither_waits_nor_is_resolved(ada, ticket, deed):
    response = ada.post(at(ticket, f"{deed}/"))
    assert response.status_code == 422
    assert "Nobody has answered the customer yet. Please answer first." in words(response)
    assert phase(ticket) == "open"


def test_cancelling_tells_the_customer_and_can_be_taken_back(signed_in, ticket):
    ada = signed_in("ada")
    ada.post(at(ticket, "cancellation/"), {"because": "withdrawn", "text": "As agreed on the phone."})
    said = words(ada.get(at(ticket)))
    assert "State: cancelled" in said
    assert "As agreed on the phone." in said
    assert "Answer to Anna" not in said
    assert "As agreed on the phone." in words(signed_in("anna").get(f"/en/tickets/{ticket.number}/"))
    ada = signed_in("ada")
    refused = ada.post(at(ticket, "resolution/"))
    assert refused.status_code == 409
    assert "This ticket is cancelled. Bring it back first." in words(refused)
    ada.post(at(ticket, "restoration/"))
    assert phase(ticket) == "open"


def test_spam_needs_no_words_and_anything_else_does(ada, ticket):
    response = ada.post(at(ticket, "cancellation/"), {"because": "other", "text": ""})
    assert response.status_code == 422
    assert "Please write something here." in words(response)
    assert ada.post(at(ticket, "cancellation/"), {"because": "spam"}).status_code == 302
    assert Cancellation.objects.get().because == "spam"


def test_a_duplicate_names_the_other_ticket(ada, ticket, company, now):
    other = company.ticket(company.andrea, "2", now.at)
    strangers = company.ticket(company.paola, "2", now.at)
    for of in ("", "x", "99999", str(ticket.number), str(strangers.number), "9" * 30):
        response = ada.post(at(ticket, "cancellation/"), {"because": "duplicate", "text": "See there.", "of": of})
        assert response.status_code == 422
        assert "Please give the number of another ticket of the same organisation." in words(response)
        assert "See there." in words(response)
    sent = {"because": "duplicate", "text": "See there.", "of": f"#{other.number}"}
    assert ada.post(at(ticket, "cancellation/"), sent).status_code == 302
    assert f"duplicate of #{other.number}" in words(ada.get(at(ticket)))
    assert f"duplicated by #{ticket.number}" in words(ada.get(at(other)))


def test_a_reason_that_is_none_is_not_found(ada, ticket):
    assert ada.post(at(ticket, "cancellation/"), {"because": "nonsense", "text": "x"}).status_code == 404


def test_merging_goes_to_the_ticket_that_remains_and_can_be_undone(ada, ticket, company, now):
    other = company.ticket(company.andrea, "3", now.at, subject="The one that remains")
    assert ada.post(at(ticket, "merge/"), {"into": f" #{other.number} "}).url == at(other)
    said = words(ada.get(at(ticket)))
    assert f"Merged into #{other.number}. Answers go there." in said
    assert "The one that remains" in said
    assert "Answer to Anna" not in said
    assert "Undo the merge" in said
    assert f"merged into #{other.number}" in words(ada.get("/en/desk/queues/all/"))
    assert ada.post(at(ticket, "separation/")).status_code == 302
    assert phase(ticket) == "open"


@pytest.mark.parametrize(
    ("into", "told"),
    [
        ("", "There is no ticket with this number."),
        ("x", "There is no ticket with this number."),
        ("9" * 30, "There is no ticket with this number."),
        ("itself", "A ticket cannot be merged into itself."),
        ("strangers", "Only tickets of the same organisation can be merged."),
        ("cancelled", "Tickets that were merged or cancelled cannot be merged."),
    ],
)
def test_what_cannot_be_merged_is_told(ada, ticket, company, now, into, told):
    cancelled = company.ticket(company.anna, "2", now.at)
    ada.post(at(cancelled, "cancellation/"), {"because": "spam"})
    known = {"itself": ticket, "strangers": company.ticket(company.paola, "2", now.at), "cancelled": cancelled}
    number = str(known[into].number) if into in known else into
    response = ada.post(at(ticket, "merge/"), {"into": number})
    assert response.status_code == 422
    assert told in words(response)


def test_a_form_that_is_no_more_on_the_page_still_tells_why(ada, ticket, company, now):
    other = company.ticket(company.anna, "2", now.at)
    ada.post(at(ticket, "merge/"), {"into": other.number})
    for deed, sent in (("merge/", {"into": other.number}), ("cancellation/", {"because": "other", "text": "So."})):
        response = ada.post(at(ticket, deed), sent)
        assert response.status_code in {409, 422}
        assert 'class="notice error" role="alert"' in response.content.decode()


def test_separating_what_is_not_merged_is_told(ada, ticket):
    response = ada.post(at(ticket, "separation/"))
    assert "This ticket is not merged into another one." in words(response)


def test_a_message_becomes_a_ticket_of_its_own(ada, answered, company, now):
    message = conversation.follow_up(answered, body="Also, the fax is broken.", by=company.anna, at=now.at)
    assert "Make it a ticket of its own" in words(ada.get(at(answered)))
    there = at(answered, f"messages/{message.pk}/split/")
    empty = ada.post(there, {"subject": " "})
    assert empty.status_code == 422
    assert "Please write something here." in words(empty)
    response = ada.post(there, {"subject": "Fax"})
    link = Link.objects.get()
    assert response.url == at(link.ticket)
    assert f"split off from #{answered.number}" in words(ada.get(at(link.ticket)))
    assert f"split off #{link.ticket_id}" in words(ada.get(at(answered)))


def test_only_a_customers_message_of_this_ticket_can_be_split_off(ada, answered, company, now):
    ours = answered.messages.get(author=company.ada)
    response = ada.post(at(answered, f"messages/{ours.pk}/split/"), {"subject": "x"})
    assert response.status_code == 422
    assert "Only what the customer wrote can become a ticket of its own." in words(response)
    other = company.ticket(company.paola, "2", now.at)
    assert ada.post(at(other, f"messages/{ours.pk}/split/"), {"subject": "x"}).status_code == 404
    assert ada.post(at(other, f"messages/{10**25}/split/"), {"subject": "x"}).status_code == 404


@pytest.mark.parametrize("deed", ["waiting", "resolution", "merge", "assignment", "answers", "presence"])
def test_reading_an_address_that_only_does_something_does_nothing(ada, ticket, deed):
    assert ada.get(at(ticket, f"{deed}/")).status_code == 405
