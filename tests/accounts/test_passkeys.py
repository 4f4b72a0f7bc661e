"""Passkeys: one added as offered signs in, and one that is not accepted says so."""

import pytest
from allauth.mfa.models import Authenticator

from tests.accounts import passkeys
from tests.accounts.passkeys import SoftPasskey
from tests.company import PASSWORD
from tests.pages import words

RECOVERY = "/en/security/codes/"
AGAIN = "/en/security/again/"


@pytest.fixture
def ada(client, company, now):
    """Ada, just signed in."""
    client.post("/en/sign-in/", {"username": "ada@puntuale.test", "password": PASSWORD})
    return client


def test_a_passkey_added_as_offered_signs_in(ada, client, company):
    passkey, browser = SoftPasskey(), type(client)()
    page = ada.get("/en/security/passkeys/new/")
    asked = page.context["js_data"]["creation_options"]["publicKey"]["authenticatorSelection"]
    assert (asked["residentKey"], asked["userVerification"]) == ("required", "required")
    assert "Passwordless" not in words(page)
    assert passkeys.add(ada, passkey).url == RECOVERY
    assert passkeys.sign_in(browser, passkey).redirect_chain[-1][0] == "/en/desk/"


def test_every_further_one_signs_in_too_and_leads_back_to_security(ada, client):
    for number in range(3):
        passkey = SoftPasskey(f"key {number}".encode())
        assert passkeys.add(ada, passkey, f"Key {number}").url == (RECOVERY if number == 0 else "/en/security/")
        assert passkeys.sign_in(type(client)(), passkey).redirect_chain[-1][0] == "/en/desk/"


def test_a_device_that_does_not_ask_who_is_there_is_refused_with_a_word(ada):
    page = passkeys.add(ada, SoftPasskey(verifies=False))
    assert "This passkey could not be added." in words(page)
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("how", ["removed", "unknown", "unverified", "garbage"])
def test_a_passkey_that_is_not_accepted_says_so(ada, client, how):
    passkey, browser = SoftPasskey(), type(client)()
    passkeys.add(ada, passkey)
    if how == "removed":
        Authenticator.objects.filter(type="webauthn").delete()
    elif how == "unknown":
        passkey.name = b"another"
    elif how == "unverified":
        passkey.verifies = False
    if how == "garbage":
        page = browser.post("/en/sign-in/passkey/", {"credential": "{}"}, follow=True)
    else:
        page = passkeys.sign_in(browser, passkey)
    assert "This passkey isn't accepted. Use another passkey or another method." in words(page)
    assert page.redirect_chain[-1][0] == "/en/sign-in/"


def test_the_list_tells_days_as_the_reader_writes_them_and_each_step_leads_on(ada):
    passkeys.add(ada, SoftPasskey(), "Work laptop")
    page = words(ada.get("/en/security/passkeys/"))
    assert "Work laptop" in page and "added" in page and "never used" in page and "/2026" not in page
    one = Authenticator.objects.get(type="webauthn")
    assert ada.post(f"/en/security/passkeys/{one.pk}/", {"name": "Phone"}).url == "/en/security/passkeys/"
    assert "Phone" in words(ada.get("/en/security/passkeys/"))
    assert "You can no longer sign in with Phone" in words(ada.get(f"/en/security/passkeys/{one.pk}/removal/"))
    assert "Passkey removed." in words(ada.post(f"/en/security/passkeys/{one.pk}/removal/", follow=True))


def test_one_from_before_that_only_follows_a_password_is_marked(ada):
    passkeys.add(ada, SoftPasskey())
    one = Authenticator.objects.get(type="webauthn")
    assert "Only as second step" not in words(ada.get("/en/security/passkeys/"))
    one.data["credential"]["clientExtensionResults"]["credProps"]["rk"] = False
    one.save()
    assert "Only as second step after your password" in words(ada.get("/en/security/passkeys/"))


def test_how_to_show_that_it_is_still_you_is_named_as_on_the_sign_in_page(ada):
    passkeys.add(ada, SoftPasskey())
    assert "Use a passkey" in words(ada.get(AGAIN))
    page = ada.post(f"{AGAIN}passkey/", {"credential": "{}"}, follow=True)
    assert page.redirect_chain[-1][0] == f"{AGAIN}passkey/"
    assert "This passkey isn't accepted." in words(page)
