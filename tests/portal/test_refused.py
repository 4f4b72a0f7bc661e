"""A form that comes too late, signed out or with an expired token, loses nothing that was typed."""

import re

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from puntuale.tickets.models import Message
from tests.company import PASSWORD
from tests.naughty import XSS, alive, text
from tests.pages import words


@pytest.fixture
def strict(company, now):
    """A browser whose forms need a good token, as all do outside tests."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(company.anna)
    return client


def token_of(response):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', response.content.decode())[1]


@pytest.mark.parametrize("token", [None, "", "wrong", "x" * 64, "a" * 32])
def test_the_text_stays_and_can_be_sent_again_with_the_token_of_that_page(strict, company, now, token):
    ticket = company.ticket(company.anna, "1", now.at)
    address = f"/en/tickets/{ticket.number}/messages/"
    sent = {"body": "A long\nstory", "files": ["abc", "def"]} | (
        {"csrfmiddlewaretoken": token} if token is not None else {}
    )
    refused = strict.post(address, sent)
    assert refused.status_code == 403
    shown = refused.content.decode()
    assert "This form has expired" in words(refused)
    assert "nothing you wrote is lost" in words(refused)
    assert "A long\nstory</textarea>" in shown
    assert f'action="{address}"' in shown
    assert [value in shown for value in ('name="files" value="abc"', 'name="files" value="def"')] == [True, True]
    again = {"body": "A long\nstory", "csrfmiddlewaretoken": token_of(refused)}
    assert strict.post(address, again).status_code == 302
    assert Message.objects.last().body == "A long\nstory"


def test_somebody_signed_out_meanwhile_signs_in_and_sends_it_again(company, now):
    ticket = company.ticket(company.anna, "1", now.at)
    client = Client(enforce_csrf_checks=True)
    token = token_of(client.get("/en/sign-in/"))
    address = f"/en/tickets/{ticket.number}/messages/"
    refused = client.post(address, {"body": "my story", "csrfmiddlewaretoken": token})
    assert refused.status_code == 403
    assert "You are signed out" in words(refused)
    assert "my story</textarea>" in refused.content.decode()
    sign_in = {"username": "anna@northwind.test", "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert client.post("/en/sign-in/", sign_in).status_code == 302
    # The token changed with signing in: without scripts one more click is needed, and nothing is lost.
    again = client.post(address, {"body": "my story", "csrfmiddlewaretoken": token_of(refused)})
    assert again.status_code == 403
    assert "my story</textarea>" in again.content.decode()
    sent = client.post(address, {"body": "my story", "csrfmiddlewaretoken": token_of(again)})
    assert sent.status_code == 302
    assert Message.objects.last().body == "my story"


def test_files_are_not_shown_again_and_that_is_said(strict, company, now):
    ticket = company.ticket(company.anna, "1", now.at)
    sent = {"body": "my story", "file": ContentFile(b"CONTENT", name="secret.txt")}
    refused = strict.post(f"/en/tickets/{ticket.number}/messages/", sent)
    assert "Files have to be attached again." in words(refused)
    assert "CONTENT" not in refused.content.decode()


def test_a_password_is_never_shown_again(company, now):
    client = Client(enforce_csrf_checks=True)
    refused = client.post("/en/sign-in/", {"username": "anna@northwind.test", "password": "my secret phrase"})
    assert refused.status_code == 403
    assert "my secret phrase" not in refused.content.decode()
    assert "Send it again" not in words(refused)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_what_another_site_made_up_is_not_one_click_away(strict, company, now, headers):
    ticket = company.ticket(company.anna, "1", now.at)
    refused = strict.post(f"/en/tickets/{ticket.number}/closure/", {"body": "x"}, headers=headers)
    assert refused.status_code == 403
    assert "Send it again" not in words(refused)
    assert 'name="csrfmiddlewaretoken"' not in refused.content.decode().split('id="again"')[1]


def test_our_own_origin_is_ours(strict, company, now):
    ticket = company.ticket(company.anna, "1", now.at)
    address = f"/en/tickets/{ticket.number}/messages/"
    refused = strict.post(address, {"body": "x"}, headers={"Origin": "http://testserver"})
    assert "Send it again" in words(refused)


@pytest.mark.parametrize("said", [pytest.param(said, id=name) for name, said in XSS.items()])
def test_what_is_kept_does_nothing(strict, said):
    refused = strict.post("/en/tickets/new/", {"subject": said, "body": said, "other": said, said: said})
    assert alive(refused.content.decode()) == []
    assert text(refused.content.decode()).count(said) >= 2


@pytest.mark.parametrize("address", ["/en/desk/1/notes/", "/en/preferences/", "/it/ticket/nuovo/"])
def test_it_works_at_every_door(company, now, address):
    client = Client(enforce_csrf_checks=True)
    client.force_login(company.ada if "desk" in address else company.anna)
    refused = client.post(address, {"body": "what I wrote"})
    assert refused.status_code == 403
    assert "what I wrote" in words(refused)
