"""The pages on which people make tokens and take them back, and managers see all of them."""

import re

from puntuale.people import tokens
from puntuale.people.models import Token
from tests.company import PASSWORD
from tests.pages import words

NEW = "/en/security/tokens/new/"
SAID = {"name": "Monitoring", "scopes": ["read", "write"], "days": "30"}


def sign_in(client, name):
    return client.post("/en/sign-in/", {"username": name, "password": PASSWORD})


def test_she_makes_a_token_and_sees_its_secret_once(client, company, now):
    sign_in(client, "anna@northwind.test")
    assert "for programs of your own" in words(client.get("/en/security/"))
    page = client.get(NEW)
    assert "manage" not in page.content.decode()
    answer = client.post(NEW, SAID)
    secret = re.search(r'id="secret">(pun_[\w-]{43})<', answer.content.decode())[1]
    token = tokens.shown(secret, at=now.at)
    assert (token.person, token.scopes, token.name) == (company.anna, ["read", "write"], "Monitoring")
    shown = client.get("/en/security/tokens/").content.decode()
    assert "Monitoring" in shown and secret[:10] in shown and secret not in shown
    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    client.post(f"/en/security/tokens/{token.pk}/revocation/")
    assert tokens.shown(secret, at=now.at) is None
    assert "You have no token." in words(client.get("/en/security/tokens/"))


def test_a_session_that_was_left_open_makes_no_token(signed_in):
    client = signed_in("anna")
    assert client.post(NEW, SAID).status_code == 302
    assert not Token.objects.exists()


def test_what_is_not_hers_to_give_is_refused(client, company, now):
    sign_in(client, "anna@northwind.test")
    for said in ({"scopes": ["manage"]}, {"scopes": []}, {"days": "3650"}, {"name": ""}):
        assert client.post(NEW, SAID | said).status_code == 422
    assert not Token.objects.exists()


def test_managers_see_every_token_and_take_it_back(signed_in, company, now):
    token, _ = tokens.issue(company.anna, name="Monitoring", scopes=["read"], lasts=tokens.LONGEST_LIFE, at=now.at)
    client = signed_in("mara")
    assert "Monitoring" in client.get("/en/office/tokens/").content.decode()
    client.post(f"/en/office/tokens/{token.pk}/revocation/")
    token.refresh_from_db()
    assert (token.revoked_at, token.revoked_by) == (now.at, company.mara)
    assert "Nobody has a token." in words(client.get("/en/office/tokens/"))
