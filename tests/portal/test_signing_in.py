"""Signing in with an e-mail address and a password, and where it leads."""

import pytest
from django.test import Client

from tests.company import PASSWORD
from tests.pages import words

SIGN_IN = "/en/sign-in/"


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("anna@northwind.test", "/en/tickets/"),
        ("ANNA@Northwind.test ", "/en/tickets/"),
        ("paola@fabrikam.test", "/it/ticket/"),
        ("ada@puntuale.test", "/en/desk/"),
        ("mara@puntuale.test", "/it/desk/"),
    ],
)
def test_everybody_comes_to_her_own_door_in_her_language(client, company, now, address, leads_to):
    response = client.post(SIGN_IN, {"username": address, "password": PASSWORD}, follow=True)
    assert response.redirect_chain[-1][0] == leads_to
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("address", "password"),
    [
        ("anna@northwind.test", "wrong"),
        ("nobody@nowhere.test", PASSWORD),
        ("", ""),
        ("anna@northwind.test", "x" * 100_000),
    ],
)
def test_what_does_not_go_together_is_told_in_the_same_words(client, company, now, address, password):
    response = client.post(SIGN_IN, {"username": address, "password": password})
    assert "That address and password do not go together." in words(response)
    assert not response.wsgi_request.user.is_authenticated


@pytest.mark.parametrize(
    "where", ["//evil.test", "https://evil.test/", "javascript:alert(1)", "\\\\evil.test", "https:evil.test"]
)
def test_signing_in_never_leads_elsewhere(client, company, now, where):
    response = client.post(
        f"{SIGN_IN}?next={where}", {"username": "anna@northwind.test", "password": PASSWORD, "next": where}
    )
    assert response.status_code == 302
    assert response.url == "/"


@pytest.mark.parametrize(
    "address", ["/en/tickets/", "/en/tickets/new/", "/en/tickets/1001/", "/en/desk/", "/en/desk/1001/"]
)
def test_pages_behind_the_door_ask_to_sign_in_and_come_back(client, company, now, address):
    response = client.get(address)
    assert response.status_code == 302
    assert response.url == f"/en/sign-in/?next={address}"


def test_the_session_is_a_new_one_after_signing_in(client, company, now):
    client.get(SIGN_IN)
    client.session.save()
    before = client.session.session_key
    client.post(SIGN_IN, {"username": "anna@northwind.test", "password": PASSWORD})
    assert client.session.session_key != before


def test_signing_out_takes_a_button_and_not_a_link(signed_in):
    client = signed_in("anna")
    assert client.get("/en/sign-out/").status_code == 405
    assert client.post("/en/sign-out/").status_code == 302
    assert client.get("/en/tickets/").status_code == 302


def test_customers_and_agents_do_not_find_each_others_pages(signed_in, company, now):
    ticket = company.ticket()
    customer = signed_in("anna")
    for address in ("/en/desk/", "/en/desk/answered/", f"/en/desk/{ticket.number}/"):
        assert customer.get(address).status_code == 404
    for address in ("answers", "notes", "assignment"):
        assert customer.post(f"/en/desk/{ticket.number}/{address}/", {"body": "x", "to": "me"}).status_code == 404
    agent = signed_in("ada")
    for address in ("/en/tickets/", "/en/tickets/new/", "/en/tickets/new/priorities/", f"/en/tickets/{ticket.number}/"):
        assert agent.get(address).status_code == 404
    assert ticket.events.count() == 1


def test_a_form_from_elsewhere_is_refused_with_a_page_that_helps(company, now):
    client = Client(enforce_csrf_checks=True)
    client.force_login(company.anna)
    response = client.post("/en/tickets/new/", {"subject": "x"})
    assert response.status_code == 403
    assert "This form has expired" in words(response)


def test_sec_s03_every_page_allows_only_our_own_files(client, company, now):
    response = client.get("/en/guarantee/")
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    markup = response.content.decode()
    assert "style=" not in markup
    assert "onclick" not in markup
    assert "<style" not in markup
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_pages_behind_the_door_are_never_kept_by_caches(signed_in):
    assert "no-store" in signed_in("anna").get("/en/tickets/").headers["Cache-Control"]
