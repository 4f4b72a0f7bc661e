"""Signing in by password or code, forgotten passwords, and how often somebody may try."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.cache import caches
from django.core.management import call_command

from puntuale.people.models import AuditEntry, Person
from tests.company import PASSWORD
from tests.pages import words

SIGN_IN = "/en/sign-in/"
ANOTHER = "another long enough secret"


def tries(client, address="anna@northwind.test", password="wrong"):
    return client.post(SIGN_IN, {"username": address, "password": password})


def link():
    return re.search(r"/en/password/new/\S+", mail.outbox[-1].body).group(0)


def reset(client, link, password=ANOTHER):
    page = client.get(link, follow=True)
    return client.post(page.request["PATH_INFO"], {"password1": password, "password2": password})


def test_sec_s27_after_five_wrong_passwords_even_the_right_one_waits(client, company, now):
    for _try in range(5):
        assert "do not go together" in words(tries(client))
    refused = tries(client, password=PASSWORD)
    assert "Too many tries." in words(refused)
    assert (refused.status_code, 0 < int(refused["Retry-After"]) <= 300) == (429, True)
    assert "Too many tries." in words(tries(client, address=" ANNA@northwind.test ", password=PASSWORD))
    assert tries(client, "paola@fabrikam.test", PASSWORD).status_code == 302
    assert AuditEntry.objects.filter(action="sign_in_failed", about=f"person {company.anna.pk}").count() == 5


def test_sec_s08_an_unknown_address_waits_just_the_same(client, company, now):
    said = [words(tries(client, address="nobody@nowhere.test")) for _try in range(6)]
    assert ["Too many tries." in one for one in said] == [False] * 5 + [True]


def test_tries_are_counted_for_all_processes_alike_in_the_database(client, company, now, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "counted"}}
    call_command("createcachetable", verbosity=0)
    for _try in range(5):
        tries(client)
    assert "Too many tries." in words(tries(client, password=PASSWORD))
    caches["default"].clear()
    assert tries(client, password=PASSWORD).status_code == 302


def test_a_code_by_mail_signs_her_in_and_only_once(client, company, now):
    assert client.post("/en/sign-in/code/", {"email": "Anna@northwind.test"}).url == "/en/sign-in/code/confirmation/"
    code = re.search(r"^ +(\S+)$", mail.outbox[-1].body, re.MULTILINE).group(1)
    assert mail.outbox[-1].to == ["anna@northwind.test"]
    assert (
        client.post("/en/sign-in/code/confirmation/", {"code": code}, follow=True).redirect_chain[-1][0]
        == "/en/tickets/"
    )
    client.post("/en/sign-out/")
    assert client.post("/en/sign-in/code/confirmation/", {"code": code}).url == "/en/sign-in/code/"


def test_sec_s08_codes_and_forgotten_passwords_are_answered_alike_for_everybody(company, now, client):
    for page, there in (
        ("/en/sign-in/code/", "/en/sign-in/code/confirmation/"),
        ("/en/password/forgotten/", "/en/password/forgotten/sent/"),
    ):
        answers = []
        for address in ("anna@northwind.test", "nobody@nowhere.test"):
            browser = type(client)()
            asked = browser.post(page, {"email": address})
            shown = words(browser.get(there)).replace(address, "ADDRESS")
            answers.append((asked.status_code, asked.url, shown))
        assert answers[0] == answers[1]
        assert answers[0][1] == there
    assert "/password/new/" not in mail.outbox[-1].body


def test_a_forgotten_password_is_replaced(client, company, now):
    client.post("/en/password/forgotten/", {"email": "anna@northwind.test"})
    assert reset(client, link()).status_code == 302
    company.anna.refresh_from_db()
    assert company.anna.check_password(ANOTHER)
    assert AuditEntry.objects.filter(action="password_changed", by=company.anna).exists()


def test_sec_s25_a_link_for_a_new_password_works_once_and_for_an_hour(client, company, now):
    client.post("/en/password/forgotten/", {"email": "anna@northwind.test"})
    first = link()
    with time_machine.travel(timedelta(hours=1, seconds=5)):
        assert reset(client, first).status_code == 200
    assert Person.objects.get(pk=company.anna.pk).check_password(PASSWORD)
    assert reset(client, first).status_code == 302
    reset(type(client)(), first, "yet another long secret")
    assert Person.objects.get(pk=company.anna.pk).check_password(ANOTHER)


def test_sec_s25_a_changed_address_ends_the_links_sent_before(client, company, now):
    client.post("/en/password/forgotten/", {"email": "anna@northwind.test"})
    Person.objects.filter(pk=company.anna.pk).update(email="anna@elsewhere.test")
    reset(client, link())
    assert Person.objects.get(pk=company.anna.pk).check_password(PASSWORD)


@pytest.mark.parametrize(
    "written", ["ANNA@northwind.test", "anna@NORTHWIND.test", "\u0430nna@northwind.test", "ann\u0430@northwind.test"]
)
def test_sec_s24_the_letter_goes_to_the_stored_address_or_says_nothing(client, company, now, written):
    client.post("/en/password/forgotten/", {"email": written})
    for letter in mail.outbox:
        assert letter.to == ["anna@northwind.test"] or "/password/new/" not in letter.body


def test_sec_s26_a_new_password_ends_every_other_session(client, company, now):
    elsewhere = type(client)()
    for browser in (client, elsewhere):
        tries(browser, password=PASSWORD)
    changed = {"oldpassword": PASSWORD, "password1": ANOTHER, "password2": ANOTHER}
    assert client.post("/en/password/", changed).status_code == 302
    assert client.get("/en/tickets/").status_code == 200
    assert elsewhere.get("/en/tickets/").status_code == 302


def test_sec_s26_sessions_are_listed_and_all_others_ended(client, company, now):
    elsewhere = type(client)(headers={"user-agent": "Lynx"})
    for browser in (client, elsewhere):
        tries(browser, password=PASSWORD)
    page = words(client.get("/en/security/sessions/"))
    assert "Lynx" in page and "This browser" in page
    assert client.post("/en/security/sessions/").status_code == 302
    assert elsewhere.get("/en/tickets/").status_code == 302
    assert client.get("/en/tickets/").status_code == 200
    assert AuditEntry.objects.filter(action="sessions_ended", by=company.anna).exists()


def test_whoever_left_does_not_come_in(client, company, now):
    Person.objects.filter(pk=company.anna.pk).update(left_at=now.at)
    response = client.post(SIGN_IN, {"username": "anna@northwind.test", "password": PASSWORD}, follow=True)
    assert not response.wsgi_request.user.is_authenticated


def test_signing_in_is_written_down_without_her_address(client, company, now):
    tries(client, password=PASSWORD)
    entry = AuditEntry.objects.get(action="signed_in")
    assert (entry.by, entry.about, entry.address) == (company.anna, f"person {company.anna.pk}", "127.0.0.1")


def test_the_repair_pages_have_no_door_of_their_own(client, company, now):
    assert client.get("/repair/login/?next=/repair/").url.startswith("/en/sign-in/")
    assert client.post("/repair/login/", {"username": "mara@puntuale.test", "password": PASSWORD}).status_code == 302
    assert client.get("/repair/").status_code == 302
