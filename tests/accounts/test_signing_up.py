"""Signing up through the door: what the form says, and what it never says."""

import re

import pytest
from django.core import mail

from puntuale.people import company_email
from puntuale.people.company_email import Unchecked, Why
from puntuale.people.models import JoinRequest, OrganisationDomain, Person, SignUp
from tests.company import PASSWORD
from tests.pages import words

SIGN_UP, CHECK, CODE, PERSON = "/en/sign-up/", "/en/sign-up/address/", "/en/sign-up/code/", "/en/sign-up/person/"
HERSELF = {"name": "Nora Blu", "organisation": "Acme", "password": PASSWORD, "zone_name": "Europe/Rome"}


def code():
    return re.search(r"^ +(\d{6})$", mail.outbox[-1].body, re.MULTILINE).group(1)


@pytest.fixture
def unreadable(monkeypatch):
    monkeypatch.setattr(company_email, "judge", lambda text: Unchecked(company_email.read(text), Why.LISTS))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nora@acme.test", "This address is fine."),
        ("nora@gmail.com", "Only company e-mail addresses can sign up."),
        ("nora@mailinator.com", "Only company e-mail addresses can sign up."),
        ("no ra@acme.test", "This is not an e-mail address."),
        ("nora", "Only company e-mail addresses: not those that anybody can get."),
    ],
)
def test_while_she_types_the_form_says_what_it_thinks_of_the_address(client, company, now, address, said):
    assert said in words(client.post(CHECK, {"email": address}))
    assert not SignUp.objects.exists()


def test_what_cannot_be_checked_is_told_as_such_and_lets_her_go_on(client, company, now, unreadable):
    assert "We could not check this address just now." in words(client.post(CHECK, {"email": "nora@acme.test"}))
    assert client.post(SIGN_UP, {"email": "nora@acme.test"}).url == CODE
    assert client.post(CODE, {"code": code()}).url == PERSON
    assert client.post(PERSON, HERSELF).status_code == 302
    manager = type(client)()
    manager.force_login(company.mara)
    assert "Nora Blu · nora@acme.test" in words(manager.get("/en/office/joining/"))
    manager.post(f"/en/office/joining/{SignUp.objects.get().pk}/review/")
    assert "All addresses could be checked." in words(manager.get("/en/office/joining/"))


def test_the_check_has_a_limit_and_says_that_it_could_not_look(client, company, now, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"check_address": "1/m/ip"}
    client.post(CHECK, {"email": "nora@gmail.com"})
    assert "We could not check this address just now." in words(client.post(CHECK, {"email": "nora@gmail.com"}))
    response = client.post(SIGN_UP, {"email": "nora@gmail.com"})
    assert response.status_code == 422, "what is sent is looked at all the same"


def test_from_an_address_to_a_company_with_a_plan(client, company, now):
    client.get(SIGN_UP)
    assert client.post(SIGN_UP, {"email": "Nora@Acme.test"}).url == CODE
    assert "nora@acme.test" in words(client.get(CODE))
    assert "That is not the code" in words(client.post(CODE, {"code": "nonsense"}))
    assert client.get(PERSON).url == SIGN_UP, "not before the address is proven"
    assert client.post(CODE, {"code": code()}).url == PERSON
    assert "at least 10 characters" in words(client.post(PERSON, HERSELF | {"password": "short"}))
    response = client.post(PERSON, HERSELF, follow=True)
    assert response.redirect_chain[-1][0] == "/en/tickets/"
    assert "Your company has an account now." in words(response)
    assert response.wsgi_request.user == Person.objects.get(email="nora@acme.test")
    assert client.get(SIGN_UP).status_code == 302


def test_a_known_company_is_asked(client, company, now):
    OrganisationDomain.objects.create(domain="northwind.test", organisation=company.advanced, known_since=now.at)
    client.post(SIGN_UP, {"email": "nora@northwind.test"})
    client.post(CODE, {"code": code()})
    assert "one of Northwind Telephony" in words(client.get(PERSON))
    response = client.post(PERSON, HERSELF)
    assert "has been asked" in words(response)
    assert not response.wsgi_request.user.is_authenticated
    assert JoinRequest.objects.get().organisation == company.advanced


def test_a_private_address_is_refused_in_plain_words(client, company, now):
    response = client.post(SIGN_UP, {"email": "nora@gmail.com"})
    assert response.status_code == 422
    assert "Only company e-mail addresses can sign up." in words(response)
    assert mail.outbox == []


def test_without_a_mail_server_nothing_happens_and_the_page_says_so(client, company, now, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    response = client.post(SIGN_UP, {"email": "nora@acme.test"})
    assert response.status_code == 503
    assert "We cannot send mail just now." in words(response)


def test_sec_s08_sign_up_answers_the_same_for_a_known_address_and_a_new_one(company, now, client):
    answers = []
    for address in ("anna@northwind.test", "nora@northwind.test"):
        browser = type(client)()
        asked = browser.post(SIGN_UP, {"email": address})
        page = words(browser.get(CODE)).replace(address, "ADDRESS")
        tried = browser.post(CODE, {"code": "000000x"})
        answers.append(
            (asked.status_code, asked.url, page, tried.status_code, words(tried).replace(address, "ADDRESS"))
        )
        assert "This address is fine." in words(browser.post(CHECK, {"email": address}))
    assert answers[0] == answers[1]
    assert [letter.to for letter in mail.outbox] == [["anna@northwind.test"], ["nora@northwind.test"]]


def test_sec_s25_codes_are_few_an_hour_for_one_address(client, company, now):
    statuses = [client.post(SIGN_UP, {"email": f" {name}@acme.test"}).status_code for name in ["nora", "NORA"] * 3]
    assert statuses == [302] * 5 + [429]
    assert len(mail.outbox) == 5


def test_sec_s26_whoever_signs_up_gets_a_new_session(client, company, now):
    client.post(SIGN_UP, {"email": "nora@acme.test"})
    before = client.session.session_key
    client.post(CODE, {"code": code()})
    client.post(PERSON, HERSELF)
    assert client.session.session_key != before


def test_sec_s21_whoever_signs_up_is_never_more_than_a_customer(client, company, now):
    client.post(SIGN_UP, {"email": "nora@acme.test"})
    client.post(CODE, {"code": code()})
    client.post(PERSON, HERSELF | {"role": "manager", "is_staff": "on", "plan": "advanced"})
    assert Person.objects.get(email="nora@acme.test").role == "organisation_admin"
