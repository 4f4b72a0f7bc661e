"""Further words of a customer: where they go, what they do, and that they are never lost."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile

from puntuale.guarantee.facts import Phase
from puntuale.tickets import conversation, drafts, following, merging, resolution
from puntuale.tickets.models import Audience, Draft, Message, Ticket
from tests.pages import words


def post(client, ticket, body="More.", **more):
    return client.post(f"/en/tickets/{ticket.number}/messages/", {"body": body} | more, follow=True)


def test_further_words_are_added_and_the_promise_stays(signed_in, company, now):
    ticket = company.ticket(company.anna, "1", now.at)
    now.at += timedelta(minutes=5)
    response = post(signed_in("anna"), ticket, "Still down.")
    said = words(response)
    assert response.redirect_chain == [(f"/en/tickets/{ticket.number}/", 302)]
    for expected in ("Your message is sent.", "Still down.", "0:55 left", "Our promise stays as it is"):
        assert expected in said


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "Please write something here."),
        ("  \n", "Please write something here."),
        ("b" * 200_001, "This text has 200,001 characters; at most 200,000 characters fit."),
    ],
)
def test_too_little_or_too_much_is_told_and_kept(signed_in, company, now, body, said):
    ticket = company.ticket(company.anna, "1", now.at)
    response = signed_in("anna").post(f"/en/tickets/{ticket.number}/messages/", {"body": body})
    assert response.status_code == 422
    assert said in words(response)
    assert body.strip() in words(response)
    assert Message.objects.count() == 1


def test_files_go_along_and_are_kept_when_the_text_is_refused(signed_in, company, now):
    ticket, client = company.ticket(company.anna, "1", now.at), signed_in("anna")
    response = post(client, ticket, "", file=ContentFile(b"x", name="trace.log"))
    key = re.search(r'name="files" value="([^"]+)" checked> trace.log', response.content.decode())[1]
    response = post(client, ticket, "With the trace.", files=key)
    assert Message.objects.last().attachments.get().name == "trace.log"
    assert "trace.log" in words(response)
    # A second time the file is sent already, which is told; the text stays.
    response = post(client, ticket, "And again.", files=key)
    assert response.status_code == 422
    assert "One of the files is no longer there." in words(response)
    assert "And again." in words(response)


def key_of(response):
    return re.search(r'name="key" value="([^"]+)"', response.content.decode())[1]


def test_a_form_that_arrives_twice_is_one_message_and_the_next_page_brings_a_fresh_key(signed_in, company, now):
    ticket, client = company.ticket(company.anna, "1", now.at), signed_in("anna")
    key = key_of(client.get(f"/en/tickets/{ticket.number}/"))
    first = post(client, ticket, "Still down.", key=key)
    drafts.keep(company.anna, place=Draft.Place.MESSAGE, ticket=ticket, body="The next one", at=now.at)
    now.at += timedelta(seconds=3)
    again = post(client, ticket, "Still down.", key=key)
    assert words(again).count("Still down.") == 1
    assert "Your message is sent." in words(again)
    assert "The next one" in words(again)
    assert len({key, key_of(first), key_of(again)}) == 3
    assert Message.objects.count() == 2


def test_a_form_that_was_refused_keeps_its_key(signed_in, company, now):
    ticket, client = company.ticket(company.anna, "1", now.at), signed_in("anna")
    key = key_of(client.get(f"/en/tickets/{ticket.number}/"))
    assert key_of(post(client, ticket, "", key=key)) == key
    assert key_of(post(client, ticket, "", key="nonsense")) != "nonsense"
    assert key_of(post(client, ticket, "", key="\0")) != "\0"


def test_whoever_goes_back_and_writes_on_loses_nothing(signed_in, company, now):
    ticket, client = company.ticket(company.anna, "1", now.at), signed_in("anna")
    key = key_of(client.get(f"/en/tickets/{ticket.number}/"))
    post(client, ticket, "Still down.", key=key)
    refused = post(client, ticket, "And now all of it.", key=key)
    assert refused.status_code == 422
    assert "This form was used for another message already." in words(refused)
    assert "And now all of it." in words(refused)
    post(client, ticket, "And now all of it.", key=key_of(refused))
    assert Message.objects.count() == 3


def test_the_key_of_somebody_else_gives_away_nothing_of_what_she_wrote(signed_in, company, now):
    hers, other = company.ticket(company.anna, "1", now.at), company.ticket(company.bruno, "1", now.at)
    key = key_of(signed_in("anna").get(f"/en/tickets/{hers.number}/"))
    post(signed_in("anna"), hers, "SECRET", key=key)
    for guess in ("SECRET", "A guess"):
        response = post(signed_in("bruno"), other, guess, key=key)
        assert response.status_code == 422
        assert "This form was used for another message already." in words(response)
        assert "SECRET" not in words(response).replace(guess, "")
    assert Message.objects.count() == 3


def test_an_answer_to_our_question_ends_the_waiting(signed_in, company, now):
    ticket = company.ticket(company.anna, "1", now.at)
    conversation.answer(ticket, body="Which?", by=company.ada, at=now.at, then=Phase.WAITING)
    client = signed_in("anna")
    assert "We asked you something and go on as soon as you write." in words(
        client.get(f"/en/tickets/{ticket.number}/")
    )
    post(client, ticket, "That one.")
    ticket.refresh_from_db()
    assert ticket.phase == Phase.OPEN


def test_within_the_window_it_opens_a_resolved_ticket_again_and_says_so_before(signed_in, company, now):
    ticket = company.ticket(company.anna, "1", now.at)
    conversation.answer(ticket, body="Done.", by=company.ada, at=now.at, then=Phase.RESOLVED)
    now.at += timedelta(days=14)
    client = signed_in("anna")
    said = words(client.get(f"/en/tickets/{ticket.number}/"))
    assert "You can open it again until Fri 4 Dec 16:00 CET" in said
    assert "Your message opens this ticket again." in said
    post(client, ticket)
    ticket.refresh_from_db()
    assert (ticket.phase, Ticket.objects.count()) == (Phase.OPEN, 1)


def test_after_the_window_it_opens_a_new_one_that_points_back(signed_in, company, now):
    ticket = company.ticket(company.anna, "1", now.at)
    conversation.answer(ticket, body="Done.", by=company.ada, at=now.at, then=Phase.RESOLVED)
    now.at += timedelta(days=14, seconds=1)
    client = signed_in("anna")
    said = words(client.get(f"/en/tickets/{ticket.number}/"))
    assert "It could be opened again until Fri 4 Dec 16:00 CET" in said
    assert "This ticket is closed: your message opens a new one that points back to it." in said
    response = post(client, ticket, "It is back.")
    new = Ticket.objects.latest("pk")
    assert response.redirect_chain == [(f"/en/tickets/{new.number}/", 302)]
    said = words(response)
    assert f"Ticket #{ticket.number} is closed, so your message opened ticket #{new.number}." in said
    assert f"goes on from #{ticket.number} Calls drop" in said
    assert f"goes on in #{new.number} Calls drop" in words(client.get(f"/en/tickets/{ticket.number}/"))


def test_a_message_to_a_merged_ticket_lands_where_that_went(signed_in, company, now):
    gone, stays = company.ticket(company.anna, "3", now.at), company.ticket(company.anna, "1", now.at, subject="Stays")
    merging.merge(gone, into=stays, by=company.ada, at=now.at)
    client = signed_in("anna")
    said = words(client.get(f"/en/tickets/{gone.number}/"))
    assert f"It is answered together with another ticket: #{stays.number} Stays" in said
    assert f"Your message goes to ticket #{stays.number}." in said
    response = post(client, gone, "Here too.")
    assert response.redirect_chain == [(f"/en/tickets/{stays.number}/", 302)]
    assert f"Ticket #{gone.number} was merged: your message is on ticket #{stays.number}." in words(response)
    assert Message.objects.last().ticket == stays


def test_somebody_who_may_not_see_where_it_went_is_told_and_stays(signed_in, company, now):
    gone, stays = company.ticket(company.andrea, "3", now.at), company.ticket(company.andrea, "1", now.at)
    following.follow(gone, person=company.anna, by=company.andrea, at=now.at)
    merging.merge(gone, into=stays, by=company.ada, at=now.at)
    response = post(signed_in("anna"), gone, "Here too.")
    assert response.redirect_chain == [(f"/en/tickets/{gone.number}/", 302)]
    assert f"your message is on ticket #{stays.number}." in words(response)


def test_a_colleague_who_reads_along_can_write(signed_in, company, now):
    ticket = company.ticket(company.andrea, "1", now.at)
    following.follow(ticket, person=company.anna, by=company.andrea, at=now.at)
    assert "Anna here." in words(post(signed_in("anna"), ticket, "Anna here."))
    assert Message.objects.last().author == company.anna


@pytest.mark.parametrize("name", ["paola", "bruno", "anna"])
def test_nobody_else_can(signed_in, company, now, name):
    ticket = company.ticket(company.andrea, "1", now.at)
    assert post(signed_in(name), ticket).status_code == 404
    assert Message.objects.count() == 1


def test_what_was_typed_and_not_sent_comes_back_until_it_is_sent(signed_in, company, now):
    ticket, other = company.ticket(company.anna, "1", now.at), company.ticket(company.anna, "1", now.at)
    drafts.keep(company.anna, place=Draft.Place.MESSAGE, ticket=ticket, body="Half a reply", at=now.at)
    client = signed_in("anna")
    assert "Half a reply" in words(client.get(f"/en/tickets/{ticket.number}/"))
    assert "Half a reply" not in words(client.get(f"/en/tickets/{other.number}/"))
    assert "Half a reply" not in words(signed_in("andrea").get(f"/en/tickets/{ticket.number}/"))
    post(signed_in("anna"), ticket, "A whole reply", version=Draft.objects.get().version)
    assert not Draft.objects.exists()


def test_what_is_sent_takes_no_draft_away_that_was_kept_elsewhere_and_says_something_else(signed_in, company, now):
    ticket, client = company.ticket(company.anna, "1", now.at), signed_in("anna")
    for kept, sent in (("Half a reply", "Half a reply, and the rest"), ("Another reply", "A whole reply")):
        drafts.keep(company.anna, place=Draft.Place.MESSAGE, ticket=ticket, body=kept, at=now.at)
        post(client, ticket, sent)
    assert Draft.objects.get().body == "Another reply"


def test_no_byte_of_a_note_or_of_an_agents_draft_reaches_a_customer(signed_in, company, now):
    ticket = company.ticket(company.anna, "1", now.at)
    conversation.note(ticket, body="SECRET NOTE", by=company.ada, at=now.at)
    for place in (Draft.Place.ANSWER, Draft.Place.NOTE):
        drafts.keep(company.ada, place=place, ticket=ticket, body="SECRET DRAFT", at=now.at)
    client = signed_in("andrea")
    for address in ("", "changes/"):
        assert "SECRET" not in client.get(f"/en/tickets/{ticket.number}/{address}").content.decode()
    assert Message.objects.filter(audience=Audience.INTERNAL).count() == 1
    assert resolution.reopens_until(ticket, at=now.at)


def test_going_back_and_sending_the_same_again_is_one_message(signed_in, company, now):
    ticket, anna = company.ticket(at=now.at), signed_in("anna")
    for _ in range(2):
        assert (
            anna.post(f"/en/tickets/{ticket.number}/messages/", {"body": "And now?", "key": uuid4()}).status_code == 302
        )
        now.at += timedelta(minutes=1)
    assert ticket.messages.filter(body="And now?").count() == 1


def test_going_back_after_a_message_that_opened_a_ticket_opens_no_second_one(signed_in, company, now):
    ticket, anna = company.ticket(at=now.at), signed_in("anna")
    conversation.answer(ticket, body="Done.", by=company.ada, at=now.at, then=Phase.RESOLVED)
    now.at += timedelta(days=40)
    for _ in range(2):
        anna.post(f"/en/tickets/{ticket.number}/messages/", {"body": "It is back.", "key": uuid4()})
        now.at += timedelta(minutes=1)
    assert Ticket.objects.count() == 2
    anna.post(f"/en/tickets/{ticket.number}/messages/", {"body": "And worse.", "key": uuid4()})
    assert Ticket.objects.count() == 3
