"""Recovery codes: all of them on their page, to be read, copied, kept and printed; new ones only when that is meant."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from tests.company import PASSWORD
from tests.pages import words

RECOVERY = "/en/security/codes/"


@pytest.fixture
def ada(client, company, now):
    """Ada, just signed in."""
    client.post("/en/sign-in/", {"username": "ada@puntuale.test", "password": PASSWORD})
    return client


def codes_on(page):
    return re.findall(r"<li><code>(\w+)</code></li>", page.content.decode())


def test_all_ten_codes_stand_on_their_page_and_in_the_file(ada, company):
    codes = RecoveryCodes.activate(company.ada).get_unused_codes()
    page = ada.get(RECOVERY)
    assert codes_on(page) == codes and len(codes) == 10
    assert "10 of 10 codes left" in words(page)
    assert ada.get("/en/security/codes/file/").content.decode().split() == codes
    for way in ("Copy", "Download", "Print"):
        assert way in words(page)


@pytest.mark.parametrize("used", [1, 4, 9])
def test_used_codes_are_not_on_the_page_any_more(ada, company, used):
    codes = RecoveryCodes.activate(company.ada)
    spent = codes.get_unused_codes()[:used]
    for code in spent:
        assert codes.validate_code(code)
    page = ada.get(RECOVERY)
    assert len(codes_on(page)) == 10 - used and not set(spent) & set(codes_on(page))
    assert f"{10 - used} of 10 codes left" in words(page)


def test_when_all_are_used_the_page_says_what_to_do(ada, company):
    TOTP.activate(company.ada, generate_totp_secret())
    codes = RecoveryCodes.activate(company.ada)
    for code in codes.get_unused_codes():
        codes.validate_code(code)
    page = ada.get(RECOVERY)
    assert "You have used all your recovery codes." in words(page) and codes_on(page) == []
    assert ada.post(f"{RECOVERY}new/", follow=True).redirect_chain[-1][0] == RECOVERY
    assert len(codes_on(ada.get(RECOVERY))) == 10


def test_new_codes_are_made_only_after_a_page_that_says_what_ends(ada, company):
    TOTP.activate(company.ada, generate_totp_secret())
    codes = RecoveryCodes.activate(company.ada).get_unused_codes()
    assert "The 10 codes you have left will stop working." in words(ada.get(f"{RECOVERY}new/"))
    assert codes_on(ada.get(RECOVERY)) == codes
    page = ada.post(f"{RECOVERY}new/", follow=True)
    assert len(codes_on(page)) == 10 and not set(codes) & set(codes_on(page))


def test_without_a_second_factor_there_are_no_codes_to_make(ada):
    page = ada.post(f"{RECOVERY}new/")
    assert "notice error" in page.content.decode()
    assert not Authenticator.objects.exists()
    assert ada.get(RECOVERY).status_code == 404
