"""Whoever tries too often is stopped, and stops nobody else: an attacker's tries, and the owner's meanwhile."""

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client

from puntuale.accounts import devices
from tests.company import PASSWORD
from tests.pages import words

pytestmark = pytest.mark.django_db
SIGN_IN, CODE, FORGOTTEN = "/en/sign-in/", "/en/sign-in/code/", "/en/password/forgotten/"
ANNA = "anna@northwind.test"


def at(address):
    return Client(REMOTE_ADDR=address)


def tries(browser, password="wrong", address=ANNA):
    return browser.post(SIGN_IN, {"username": address, "password": password})


def attack(times, address=ANNA, place="203.0.113.7"):
    return [tries(at(place), f"guess {count}", address) for count in range(times)]


def swarm(networks=40, start=0):
    """Let strangers try from many networks at once."""
    return [tries(at(f"10.0.{network}.1"), f"guess {network}") for network in range(start, start + networks)]


def test_sec_s27_an_attacker_is_stopped_after_five_tries_and_told_when_to_come_back(company, now):
    answers = attack(7)
    assert [one.status_code for one in answers] == [200] * 5 + [429] * 2
    assert all(0 < int(one["Retry-After"]) <= 300 for one in answers[5:])
    # Neither the right password nor another spelling helps, nor what a header says about where it comes from.
    assert tries(at("203.0.113.7"), PASSWORD).status_code == 429
    assert tries(at("203.0.113.7"), PASSWORD, " Anna@NORTHWIND.test").status_code == 429
    forged = at("203.0.113.7").post(
        SIGN_IN, {"username": ANNA, "password": PASSWORD}, headers={"x-forwarded-for": "198.51.100.1"}
    )
    assert forged.status_code == 429


def test_sec_s27_the_owner_comes_in_from_elsewhere_meanwhile(company, now):
    attack(8)
    assert tries(at("198.51.100.1"), PASSWORD).status_code == 302


def test_sec_s27_the_owner_comes_in_from_the_same_place_in_a_browser_that_was_signed_in(company, now):
    """Behind one address of an office, or when strangers from everywhere have used up what all have together."""
    own = at("203.0.113.7")
    assert tries(own, PASSWORD).status_code == 302
    own.post("/en/sign-out/")
    attack(8)
    swarm()
    assert tries(at("198.51.100.1"), PASSWORD).status_code == 429
    assert tries(own, PASSWORD).status_code == 302


def test_sec_s27_a_known_browser_has_limits_too_and_knows_one_account_only(company, now):
    own = at("203.0.113.9")
    tries(own, PASSWORD)
    own.post("/en/sign-out/")
    assert [tries(own).status_code for _ in range(11)] == [200] * 10 + [429]
    assert [tries(own, address="paola@fabrikam.test").status_code for _ in range(6)] == [200] * 5 + [429]


@pytest.mark.parametrize("forged", ["", "x", "a.b:c:d", "\u00e9", ":::", "x" * 5_000])
def test_sec_s22_a_forged_mark_of_a_browser_gives_no_tries(company, now, forged):
    for _try in range(5):
        tries(at("203.0.113.7"))
    browser = at("203.0.113.7")
    browser.cookies[devices.COOKIE] = forged
    assert tries(browser, PASSWORD).status_code == 429


def test_sec_s22_the_mark_lets_nobody_in_and_names_nobody(client, company, now):
    response = tries(client, PASSWORD)
    cookie = response.cookies[devices.COOKIE]
    assert "anna" not in cookie.value and (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    other = Client()
    other.cookies[devices.COOKIE] = cookie.value
    assert other.get("/en/preferences/").status_code == 302


@pytest.mark.parametrize("owner", ["198.51.100.1", "2001:db8:9::1"])
@pytest.mark.parametrize(
    "places",
    [[f"192.0.2.{place}" for place in range(7)], [f"2001:db8:1:{place:x}::1" for place in range(9)]],
    ids=["seven addresses", "many networks of one customer"],
)
def test_sec_s27_a_handful_of_places_keeps_no_new_browser_of_the_owner_out(company, now, places, owner):
    for place in places:
        attack(6, place=place)
    assert tries(at(places[0]), PASSWORD).status_code == 429
    assert [tries(at(owner), "mistyped").status_code, tries(at(owner), PASSWORD).status_code] == [200, 302]


def test_sec_s27_one_network_of_ipv6_is_one_client(company, now):
    answers = [tries(at(f"2001:db8::{place:x}")) for place in range(1, 8)]
    assert [one.status_code for one in answers] == [200] * 5 + [429] * 2


def test_sec_s27_a_swarm_is_slowed_and_shuts_for_minutes_at_most(company, now):
    answers = swarm(60)
    # Thirty together, then a handful a minute.
    assert [one.status_code for one in answers].count(200) == 35
    assert all(0 < int(one["Retry-After"]) <= 60 for one in answers if one.status_code == 429)
    assert int(attack(1, place="10.0.1.9")[0]["Retry-After"]) <= 60


@pytest.mark.parametrize("page", [CODE, FORGOTTEN])
def test_sec_s27_a_handful_of_places_keeps_no_owner_from_mail(company, now, page):
    for place in range(6):
        for _ in range(6):
            at(f"192.0.2.{place}").post(page, {"email": ANNA})
    assert at("192.0.2.9").post(page, {"email": ANNA}).status_code == 429
    other = FORGOTTEN if page == CODE else CODE
    assert at("198.51.100.1").post(other, {"email": ANNA}).status_code == 302, "each is counted by itself"


def test_sec_s27_whoever_asks_for_mail_from_many_networks_shuts_it_for_two_minutes(company, now):
    answers = [at(f"10.0.{network}.1").post(CODE, {"email": ANNA}) for network in range(20)]
    assert [one.status_code for one in answers] == [302] * 9 + [429] * 11
    assert all(0 < int(one["Retry-After"]) <= 120 for one in answers[9:])
    assert len(mail.outbox) == 9


def test_sec_s27_signing_up_uses_up_no_codes_for_signing_in(company, now):
    for network in range(20):
        at(f"10.0.{network}.1").post("/en/sign-up/", {"email": ANNA})
    assert at("198.51.100.1").post(CODE, {"email": ANNA}).status_code == 302


def test_sec_s27_the_owner_comes_in_by_a_code_meanwhile(company, now):
    swarm()
    assert tries(at("198.51.100.1"), PASSWORD).status_code == 429
    own = at("198.51.100.1")
    own.post(CODE, {"email": ANNA})
    code = re.search(r"^ +(\S+)$", mail.outbox[-1].body, re.MULTILINE).group(1)
    assert own.post("/en/sign-in/code/confirmation/", {"code": code}).status_code == 302
    assert own.get("/en/tickets/").status_code == 200


@pytest.mark.parametrize(("page", "most"), [(CODE, 5), (FORGOTTEN, 5)])
def test_sec_s27_asking_for_mail_too_often_keeps_no_owner_from_it(company, now, page, most):
    asked = [at("203.0.113.7").post(page, {"email": ANNA}) for _ in range(most + 1)]
    assert [one.status_code for one in asked] == [302] * most + [429]
    assert int(asked[-1]["Retry-After"]) > 0
    assert at("198.51.100.1").post(page, {"email": ANNA}).status_code == 302


@pytest.mark.parametrize("page", [CODE, FORGOTTEN])
def test_sec_s08_limits_tell_nobody_which_accounts_there_are(company, now, page):
    seen = [
        [at(place).post(page, {"email": address}).status_code for _ in range(7)]
        for place, address in (("203.0.113.7", ANNA), ("203.0.113.8", "nobody@nowhere.test"))
    ]
    assert seen[0] == seen[1]


def test_sec_s27_a_new_password_by_link_ends_the_wait(company, now):
    own = at("203.0.113.7")
    attack(6)
    own.post(FORGOTTEN, {"email": ANNA})
    page = own.get(re.search(r"/en/password/new/\S+", mail.outbox[-1].body).group(0), follow=True)
    another = "another long enough secret"
    own.post(page.request["PATH_INFO"], {"password1": another, "password2": another})
    assert tries(at("203.0.113.7"), another).status_code == 302


def test_sec_s27_a_second_factor_and_sign_up_answer_alike(company, now):
    TOTP.activate(company.anna, generate_totp_secret())
    browser = at("203.0.113.7")
    tries(browser, PASSWORD)
    answers = [browser.post("/en/sign-in/second-factor/", {"code": "000000"}) for _ in range(6)]
    assert (answers[0].status_code, answers[-1].status_code) == (200, 429)
    assert int(answers[-1]["Retry-After"]) > 0
    signing_up = [at("203.0.113.9").post("/en/sign-up/", {"email": "new@acme.test"}) for _ in range(6)]
    assert [one.status_code for one in signing_up] == [302] * 5 + [429]
    assert int(signing_up[-1]["Retry-After"]) > 0
    assert "Too many tries" in words(signing_up[-1])


def test_sec_s27_pages_that_the_library_refuses_say_when_to_come_back(company, now, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "2/m/ip", "reset_password": "2/m/ip"}
    for page, sent in ((SIGN_IN, {"username": ANNA, "password": "x"}), (FORGOTTEN, {"email": "x@y.test"})):
        answers = [at("203.0.113.7").post(page, sent) for _ in range(3)]
        assert answers[-1].status_code == 429 and int(answers[-1]["Retry-After"]) > 0
