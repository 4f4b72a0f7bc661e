"""Closing, reopening and rating, from the customers' side."""

from datetime import timedelta

import pytest

from puntuale.guarantee.facts import Phase
from puntuale.tickets import conversation, following, merging
from puntuale.tickets.models import Cancellation, Rating
from tests.pages import words


@pytest.fixture
def ticket(company, now):
    return company.ticket(company.anna, "1", now.at)


@pytest.fixture
def answered(company, ticket, now):
    now.at += timedelta(minutes=10)
    conversation.answer(ticket, body="Done.", by=company.ada, at=now.at)
    return ticket


def page(ticket, deed=""):
    return f"/en/tickets/{ticket.number}/{deed}"


def test_before_an_answer_closing_withdraws_and_says_so_before(signed_in, ticket):
    client = signed_in("anna")
    assert "Withdrawing the ticket ends our promise" in words(client.get(page(ticket)))
    said = words(client.post(page(ticket, "closure/"), follow=True))
    ticket.refresh_from_db()
    assert "You have withdrawn the ticket." in said
    assert (ticket.phase, Cancellation.objects.get().because) == (Phase.CANCELLED, "withdrawn")
    assert "Withdrawing the ticket" not in said
    assert "your message opens a new one" in said


def test_after_an_answer_closing_resolves_and_reopening_takes_it_back(signed_in, answered):
    client = signed_in("anna")
    assert "The ticket is then resolved." in words(client.get(page(answered)))
    said = words(client.post(page(answered, "closure/"), follow=True))
    assert "The ticket is resolved." in said
    assert "You can open it again until Fri 4 Dec 16:10 CET" in said
    said = words(client.post(page(answered, "reopening/"), follow=True))
    answered.refresh_from_db()
    assert "The ticket is open again." in said
    assert answered.phase == Phase.OPEN
    assert "answered in time" in said


def test_closing_twice_is_closing_once(signed_in, answered):
    client = signed_in("anna")
    for _ in range(2):
        assert client.post(page(answered, "closure/")).status_code == 302
    assert answered.events.filter(kind="resolved").count() == 1


def test_too_late_to_reopen_is_told_and_what_to_do_instead(signed_in, answered, now):
    client = signed_in("anna")
    client.post(page(answered, "closure/"))
    now.at += timedelta(days=14, seconds=1)
    assert "Open it again" not in words(client.get(page(answered)))
    response = client.post(page(answered, "reopening/"))
    assert response.status_code == 409
    assert "It is too late to reopen this ticket. Write to us, and a new one is opened." in words(response)


@pytest.mark.parametrize("deed", ["closure/", "reopening/"])
def test_what_was_merged_meanwhile_cannot_be_closed_or_opened(signed_in, company, ticket, now, deed):
    merging.merge(ticket, into=company.ticket(company.anna, "1", now.at), by=company.ada, at=now.at)
    response = signed_in("anna").post(page(ticket, deed))
    assert response.status_code == 409
    assert "This ticket is closed for good." in words(response)


def test_an_answer_is_rated_and_the_opinion_can_change(signed_in, company, answered):
    client = signed_in("anna")
    assert "Was the answer good?" in words(client.get(page(answered)))
    said = words(client.post(page(answered, "rating/"), {"opinion": "not_good", "comment": "Too short."}, follow=True))
    assert "Thank you for telling us." in said
    assert "You found the answer not good" in said
    client.post(page(answered, "rating/"), {"opinion": "good", "comment": ""})
    assert [(one.by, one.good, one.comment) for one in Rating.objects.all()] == [(company.anna, True, "")]
    assert "You found the answer good" in words(client.get(page(answered)))


def test_ratings_are_told_to_nobody_else_of_the_organisation(signed_in, company, answered):
    signed_in("anna").post(page(answered, "rating/"), {"opinion": "not_good", "comment": "BETWEEN US"})
    assert "BETWEEN US" not in signed_in("andrea").get(page(answered)).content.decode()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"comment": "my words"}, "Please say whether the answer was good."),
        ({"comment": "my words", "opinion": "maybe"}, "Please say whether the answer was good."),
        ({"comment": "my words" * 1_000, "opinion": "good"}, "at most 5,000 characters fit."),
    ],
)
def test_what_cannot_be_taken_is_told_and_kept(signed_in, answered, fields, said):
    response = signed_in("anna").post(page(answered, "rating/"), fields)
    assert response.status_code == 422
    assert said in words(response)
    assert fields["comment"] in words(response)
    assert not Rating.objects.exists()


def test_what_nobody_answered_cannot_be_rated(signed_in, ticket):
    client = signed_in("anna")
    assert "Was the answer good?" not in words(client.get(page(ticket)))
    response = client.post(page(ticket, "rating/"), {"opinion": "good"})
    assert response.status_code == 409
    assert "Nobody has answered this ticket yet." in words(response)


@pytest.mark.parametrize("deed", ["closure/", "reopening/", "rating/"])
@pytest.mark.parametrize("name", ["paola", "bruno", "ada"])
def test_nobody_from_elsewhere_ends_it(signed_in, answered, name, deed):
    assert signed_in(name).post(page(answered, deed), {"opinion": "good"}).status_code == 404
    answered.refresh_from_db()
    assert answered.phase == Phase.OPEN


def test_a_colleague_only_when_she_reads_along(signed_in, company, now):
    hers = company.ticket(company.andrea, "1", now.at)
    client = signed_in("anna")
    assert client.get(page(hers)).status_code == 404
    assert client.post(page(hers, "closure/")).status_code == 404
    following.follow(hers, person=company.anna, by=company.andrea, at=now.at)
    assert client.get(page(hers)).status_code == 200
    assert client.post(page(hers, "closure/")).status_code == 302


@pytest.mark.parametrize("deed", ["closure/", "reopening/", "rating/", "impact/", "followers/", "messages/"])
def test_looking_at_the_address_of_a_deed_does_nothing(signed_in, answered, deed):
    assert signed_in("anna").get(page(answered, deed)).status_code == 405
