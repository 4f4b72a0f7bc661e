"""Whatever customers type, into whatever field, is shown to them as they typed it, and does nothing."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from puntuale.guarantee.facts import Phase
from puntuale.tickets import attachments, classification, conversation, drafts
from puntuale.tickets.models import Draft, Grounds, Message, Ticket
from puntuale.tickets.texts import TextRefused
from tests.naughty import EMPTY_MARKUP, NAUGHTY, UNSEEN, WORDLESS, XSS, alive, answered, kept, on_one_line, seen, text
from tests.pages import words

FORM = "/en/tickets/new/"
PAYLOADS = [pytest.param(said, id=name) for name, said in (NAUGHTY | XSS).items()]


def filled(**changes):
    usual = {"environment": "production", "subject": "Calls drop", "priority": "3", "body": "Since this morning."}
    return {"key": str(uuid4())} | usual | changes


def seen_in_message(said):
    """A message of a customer that is taken: an empty block of code is nothing to look at."""
    return answered(said) if said == XSS["code fence"] else seen(said)


def send(client, said, name):
    """Send a ticket whose every field holds the text, and give it."""
    file = attachments.take_in(f"{name}.txt", [b"x"], by=client.person, at=client.at)
    response = client.post(FORM, filled(subject=said, body=f"````\n{said}\n````", files=file.key), follow=True)
    assert response.status_code == 200
    return Ticket.objects.get()


@pytest.fixture
def anna(signed_in, company, now):
    client = signed_in("anna")
    client.person, client.at = company.anna, now.at
    return client


@pytest.mark.parametrize("said", PAYLOADS)
def test_sec_s01_it_is_shown_as_it_was_written_and_does_nothing(anna, company, now, said):
    answer, sent, said = answered(said), seen_in_message(said), seen(said)
    ticket = send(anna, said, said)
    page = f"/en/tickets/{ticket.number}/"
    assert anna.post(f"{page}impact/", {"priority": "2", "text": said}).status_code == 302
    now.at += timedelta(minutes=1)
    change = classification.reclassify(ticket, to="3", because=Grounds.HOW_TO, telling=said, by=company.ada, at=now.at)
    assert anna.post(f"{page}changes/{change.pk}/disagreement/", {"text": said}).status_code == 302
    classification.overrule(change.disagreement, telling=said, by=company.mara, at=now.at)
    conversation.answer(ticket, body=answer, by=company.ada, at=now.at, then=Phase.RESOLVED)
    assert anna.post(f"{page}rating/", {"opinion": "good", "comment": said}).status_code == 302
    assert anna.post(f"{page}messages/", {"body": sent}).status_code == 302
    drafts.keep(company.anna, place=Draft.Place.NEW_TICKET, ticket=None, subject=said, body=said, at=now.at)
    drafts.keep(company.anna, place=Draft.Place.MESSAGE, ticket=ticket, body=said, at=now.at)

    whole, line = kept(said), on_one_line(said)
    shown = anna.get(page).content.decode()
    assert text(shown).count(whole) >= 7, "body, reports, disagreement, answer, comment, draft"
    assert line in text(shown)
    for address in ("/en/tickets/", "/en/tickets/found/?q=" + str(ticket.number)):
        assert line in text(anna.get(address).content.decode())
    for address in ("/en/tickets/", page, f"{page}changes/", FORM):
        assert alive(anna.get(address).content.decode()) == []
    for address in (FORM, "/en/tickets/found/"):
        response = anna.get(address, {"q": said})
        assert response.status_code == 200
        assert alive(response.content.decode()) == []
    assert [message.body for message in Message.objects.order_by("pk")] == [
        kept(f"````\n{said}\n````"),
        kept(answer),
        kept(sent),
    ]


@pytest.mark.parametrize("said", UNSEEN)
def test_what_nobody_can_see_is_refused_and_stands_in_the_form_as_it_was_written(anna, company, now, said):
    ticket = company.ticket(company.anna, "3", now.at)
    for address, fields in {
        FORM: filled(subject=said, body=said),
        f"/en/tickets/{ticket.number}/messages/": {"body": said},
        f"/en/tickets/{ticket.number}/impact/": {"priority": "2", "text": said},
    }.items():
        response = anna.post(address, fields)
        assert response.status_code == 422, address
        assert said in text(response.content.decode()), address
        assert alive(response.content.decode()) == [], address
    assert (Ticket.objects.count(), Message.objects.count()) == (1, 1)


@pytest.mark.parametrize("said", WORDLESS + EMPTY_MARKUP)
def test_what_says_nothing_is_no_answer(company, now, said):
    ticket = company.ticket(company.anna, "3", now.at)
    with pytest.raises(TextRefused):
        conversation.answer(ticket, body=said, by=company.ada, at=now.at)
    assert Message.objects.count() == 1


@pytest.mark.parametrize("said", PAYLOADS)
def test_what_is_refused_stands_in_the_form_as_it_was_written(anna, company, now, said):
    ticket = company.ticket(company.anna, "3", now.at)
    page = f"/en/tickets/{ticket.number}/"
    conversation.answer(ticket, body="Yes.", by=company.ada, at=now.at)
    refused = {
        FORM: filled(subject=said, body=said, environment="staging", priority="1"),
        f"{page}messages/": {"body": said, "files": "no-such-key"},
        f"{page}impact/": {"text": said, "priority": "9"},
        f"{page}rating/": {"comment": said, "opinion": "so so"},
        f"{page}followers/": {"colleagues": said},
    }
    for address, fields in refused.items():
        response = anna.post(address, fields)
        assert response.status_code == 422, address
        assert alive(response.content.decode()) == [], address
        if "colleagues" not in fields:
            assert said in text(response.content.decode()), address
    assert Ticket.objects.count() == 1
    assert ticket.followers.count() == 0


UNSTORABLE = ["a\0b", "\0", "line\n\0\nline", "\0Subject"]


@pytest.mark.parametrize("said", UNSTORABLE)
def test_a_null_character_is_an_error_of_the_field_it_stands_in(anna, company, now, said):
    ticket = company.ticket(company.anna, "3", now.at)
    page = f"/en/tickets/{ticket.number}/"
    conversation.answer(ticket, body="Yes.", by=company.ada, at=now.at)
    for address, fields in {
        FORM: filled(subject=said),
        f"{FORM}?": filled(body=said),
        f"{page}messages/": {"body": said},
        f"{page}impact/": {"priority": "2", "text": said},
        f"{page}rating/": {"opinion": "good", "comment": said},
    }.items():
        answer = anna.post(address, fields)
        assert answer.status_code == 422, address
        assert re.search(r"[Nn]ull character", text(answer.content.decode())), address
    assert (Ticket.objects.count(), Message.objects.count()) == (1, 2)


def test_half_a_surrogate_pair_and_bytes_that_are_no_text_become_signs(anna):
    data = f"key={uuid4()}&environment=production&subject=a%ED%A0%80b&priority=3&body=%FF%FE+and+%C3%28"
    response = anna.post(FORM, data, content_type="application/x-www-form-urlencoded", follow=True)
    assert response.status_code == 200
    assert Ticket.objects.get().subject.startswith("a\N{REPLACEMENT CHARACTER}")


@pytest.mark.parametrize("said", ["", " ", "\t\n", "\u00a0\u2003", "\r\n\r\n"])
def test_nothing_but_space_is_no_text(anna, company, now, said):
    ticket = company.ticket(company.anna, "3", now.at)
    for address, fields in {
        FORM: filled(subject=said),
        f"/en/tickets/{ticket.number}/messages/": {"body": said},
        f"/en/tickets/{ticket.number}/impact/": {"priority": "2", "text": said},
    }.items():
        assert anna.post(address, fields).status_code == 422
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("asked", "most"),
    [
        ("%", 0),
        ("_", 0),
        ("' OR 1=1--", 9),
        ("x" * 10_000, 0),
        ("(" * 500, 0),
        ("NEAR(((", 9),
        ("a & | ! <-> :*", 9),
        ("\0", 0),
        ("#", 0),
        ("#" + "9" * 30, 0),
        ("99999999999999999999", 0),
    ],
)
def test_sec_s18_nothing_that_is_searched_for_breaks_the_search(anna, company, now, asked, most):
    company.ticket(company.anna, "3", now.at)
    response = anna.get("/en/tickets/found/", {"q": asked})
    assert response.status_code == 200
    assert response.content.decode().count('class="subject"') <= most


@pytest.mark.parametrize(
    "number",
    [
        "999999",
        "0",
        "-1",
        "1.5",
        "10000000000000000000",
        "100000000000000000000",
        "1%00",
        "../1",
        "1e3",
        "٣",
        "x",
        "1;2",
    ],
)
def test_odd_numbers_find_nothing_anywhere(anna, company, now, number):
    for address in ("", "changes/"):
        response = anna.get(f"/en/tickets/{number}/{address}")
        assert response.status_code == 404
        assert "There is nothing here" in words(response)
    for deed in ("messages", "closure", "reopening", "rating", "impact", "followers"):
        assert anna.post(f"/en/tickets/{number}/{deed}/", {"body": "x"}).status_code == 404
    ticket = company.ticket(company.anna, "3", now.at)
    for address in (f"changes/{number}/disagreement/", f"followers/{number}/removal/"):
        assert anna.post(f"/en/tickets/{ticket.number}/{address}", {"text": "x"}).status_code == 404
    for page in (f"?after={number}", f"?after={number}~{number}", f"?phase={number}"):
        assert anna.get(f"/en/tickets/{page}").status_code == 200


def test_fields_that_no_form_has_change_nothing(anna, company, now):
    ticket = company.ticket(company.anna, "3", now.at)
    smuggled = {
        "plan": "advanced",
        "org": company.professional.pk,
        "organisation": company.professional.pk,
        "due": "2020-01-01",
        "due_at": "2020-01-01",
        "is_staff": "1",
        "role": "manager",
        "author": company.ada.pk,
        "by": company.ada.pk,
        "at": "2020-01-01",
        "audience": "internal",
        "phase": "resolved",
        "priority": "1",
        "environment": "production",
        "then": "resolved",
        "ticket": "1",
    }
    anna.post(f"/en/tickets/{ticket.number}/messages/", {"body": "hello"} | smuggled)
    ticket.refresh_from_db()
    company.anna.refresh_from_db()
    message = Message.objects.last()
    assert (message.author, message.audience, message.written_at) == (company.anna, "public", now.at)
    assert (ticket.priority, ticket.plan, ticket.phase, ticket.organisation) == (
        "3",
        "advanced",
        "open",
        company.advanced,
    )
    assert (company.anna.role, company.anna.is_staff) == ("customer", False)


def test_a_title_of_256_and_a_body_of_a_million_and_one_are_told_with_limit_and_length(anna):
    response = anna.post(FORM, filled(subject="s" * 256, body="my story"))
    assert response.status_code == 422
    assert "This text has 256 characters; at most 255 characters fit." in text(response.content.decode())
    assert "my story" in text(response.content.decode())
    response = anna.post(FORM, filled(subject="my subject", body="b" * (1024 * 1024 + 1)))
    assert response.status_code == 422
    shown = response.content.decode()
    assert "This text has 1,048,577 characters; at most 200,000 characters fit." in text(shown)
    assert "b" * (1024 * 1024 + 1) in text(shown)
    assert 'value="my subject"' in shown
