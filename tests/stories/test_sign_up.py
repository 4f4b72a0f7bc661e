"""Signing up in a browser: what the form says while one types, the code, the first ticket; and passkeys after that."""

import re

import pytest
from django.core import mail

from puntuale.people import company_email
from puntuale.people.company_email import Unchecked, Why
from tests.company import PASSWORD

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


def code():
    return re.search(r"^ +(\d{6})$", mail.outbox[-1].body, re.MULTILINE).group(1)


def signs_up(nora, address):
    nora.page.fill("#id_email", address)
    nora.page.click("text=Send me the code")
    nora.sees("We have sent a letter to")
    nora.is_content()
    nora.page.fill("#id_code", code())
    nora.page.click("main button:has-text('Go on')")
    nora.sees("Who are you?").is_content()
    nora.page.fill("#id_name", "Nora Blu")
    nora.page.fill("#id_password", PASSWORD)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_from_the_published_guarantee_to_a_first_ticket(visitor, company, now, width, scheme):
    nora = visitor(width=width, scheme=scheme).opens("/en/guarantee/")
    nora.page.click("nav >> text=Sign up")
    nora.is_content()
    for address, said in (
        ("nora@gmail.com", "Only company e-mail addresses can sign up."),
        ("nora@acme.test", "This address is fine."),
    ):
        nora.page.fill("#id_email", "")
        nora.page.type("#id_email", address)
        nora.sees(said).is_content()
    signs_up(nora, "nora@acme.test")
    nora.page.fill("#id_organisation", "Acme")
    nora.page.click("main button:has-text('Begin')")
    nora.sees("Welcome. Your company has an account now.", "You have not sent a ticket yet.").is_content()
    nora.page.click("text=New ticket >> nth=0")
    nora.sees("New ticket").is_content()


def test_what_cannot_be_checked_does_not_stop_her(visitor, company, now, monkeypatch):
    monkeypatch.setattr(company_email, "judge", lambda text: Unchecked(company_email.read(text), Why.LISTS))
    nora = visitor().opens("/en/sign-up/")
    nora.page.type("#id_email", "nora@acme.test")
    nora.sees("We could not check this address just now. You can go on").is_content()
    signs_up(nora, "nora@acme.test")
    nora.page.click("main button:has-text('Begin')")
    nora.sees("This field is required.")
    # The browser notes on its console that the form was refused.
    nora.complaints.clear()
    nora.is_content()


def test_without_scripts_the_form_says_it_when_it_is_sent(visitor, company, now):
    nora = visitor(scripts=False).opens("/en/sign-up/")
    nora.page.fill("#id_email", "nora@gmail.com")
    nora.page.click("text=Send me the code")
    nora.sees("Only company e-mail addresses can sign up.")
    nora.complaints.clear()
    signs_up(nora, "nora@acme.test")


def test_a_passkey_signs_her_in_without_a_password(visitor, company, now):
    anna = visitor().signs_in("anna@northwind.test")
    devices = anna.context.new_cdp_session(anna.page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    anna.opens("/en/preferences/")
    anna.page.click("text=Security: password")
    anna.sees("Passkeys").is_content()
    anna.page.click("a[href$='passkeys/new/']")
    anna.sees("Add a passkey", "Name").is_content()
    assert anna.page.input_value("#id_name") == "Chrome on Linux"
    anna.page.click("#mfa_webauthn_add")
    anna.sees("Recovery codes", "10 of 10 codes left", "Passkey added.").is_content()
    codes = anna.page.locator("#recovery-codes code").all_inner_texts()
    anna.context.grant_permissions(["clipboard-read", "clipboard-write"])
    anna.page.click("#copy-codes")
    anna.sees("Codes copied.")
    assert anna.page.evaluate("navigator.clipboard.readText()").split() == codes and len(codes) == 10
    anna.page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }")
    anna.page.click("#copy-codes")
    anna.sees("The codes are selected.")
    assert anna.page.evaluate("String(getSelection())").split() == codes
    anna.page.click("main >> text=Done")
    anna.sees("are left").is_content()
    anna.opens("/en/security/passkeys/").sees("Chrome on Linux", "Rename").is_content()
    anna.page.click("button[title='Sign out']")
    anna.opens("/en/sign-in/").is_content().page.click("#passkey_login")
    anna.sees("You have not sent a ticket yet.").is_content()


@pytest.mark.parametrize(
    ("device", "told"),
    [({}, "No passkey was used"), ({"isUserVerified": False}, "No passkey was used"), (None, "cannot use passkeys")],
)
def test_a_passkey_that_does_not_come_is_never_met_with_silence(visitor, company, now, device, told):
    anna = visitor(width=390)
    if device is None:
        anna.page.add_init_script("delete window.PublicKeyCredential; navigator.credentials.get = undefined")
    else:
        devices = anna.context.new_cdp_session(anna.page)
        devices.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": options | device})
    anna.opens("/en/sign-in/").page.click("#passkey_login")
    anna.sees(told).is_content()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light")])
def test_every_page_of_security_is_content(visitor, company, now, width, scheme):
    anna = visitor(width=width, scheme=scheme)
    for page in ("sign-in/", "sign-in/code/", "sign-in/company/", "password/forgotten/", "password/forgotten/sent/"):
        anna.opens(f"/en/{page}").is_content()
    anna.signs_in("anna@northwind.test")
    for page in (
        "security/",
        "security/app/",
        "security/passkeys/new/",
        "security/sessions/",
        "password/",
        "security/again/",
    ):
        anna.opens(f"/en/{page}").is_content()
