"""Absolute addresses lead to PUNTUALE_URL, whatever host a request names."""

import re
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import RequestFactory
from django.urls import reverse

from puntuale.conf.arrival import Arrival

HOSTS = ["help.example.com:6666", "HELP.example.com.", "[::1]:99", "evil.example", "evil.example:443", "localhost:1337"]


@pytest.fixture(params=HOSTS)
def host(request, settings):
    settings.BASE_URL, settings.ALLOWED_HOSTS = "https://help.example.com", ["*"]
    return request.param


def links(letter):
    return re.findall(r"https?://\S+", letter.body)


@pytest.mark.parametrize(
    ("route", "sends"),
    [
        ("account_reset_password", {"email": "anna@northwind.example"}),
        ("account_reset_password", {"email": "nobody@northwind.example"}),
        ("account_request_login_code", {"email": "nobody@northwind.example"}),
        ("account_signup", {"email": "anna@northwind.example"}),
    ],
)
def test_letters_about_accounts_lead_home(client, company, settings, host, route, sends):
    settings.EMAIL_IS_SET = True
    sends = sends | ({"email": company.anna.email} if sends["email"].startswith("anna") else {})
    client.post(reverse(route), sends, headers={"host": host, "x-forwarded-host": "evil.example"})
    assert len(mail.outbox) == 1
    assert links(mail.outbox[0])
    for link in links(mail.outbox[0]):
        assert urlsplit(link)[:2] == ("https", "help.example.com"), link


def test_the_link_for_a_new_password_works(client, company, settings, host):
    settings.EMAIL_IS_SET = True
    client.post(reverse("account_reset_password"), {"email": company.anna.email}, headers={"host": host})
    link = urlsplit(links(mail.outbox[0])[0])
    assert client.get(link.path, follow=True).status_code == 200


def test_the_address_of_a_calendar_leads_home(signed_in, oncall, host):
    page = signed_in("ada").get(reverse("desk_oncall"), headers={"host": host}).content.decode()
    assert "https://help.example.com/en/oncall/" in page
    assert "evil.example" not in page


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        (None, "https://help.example.com/en/guarantee/?a=1"),
        ("/en/x/?b=2", "https://help.example.com/en/x/?b=2"),
        ("versions/", "https://help.example.com/en/guarantee/versions/"),
    ],
)
def test_every_request_tells_absolute_addresses_so(company, host, location, leads_to):
    told = []
    request = RequestFactory().get("/en/guarantee/?a=1", headers={"host": host, "authorization": "Bearer x"})
    Arrival(lambda arrived: told.append(arrived.build_absolute_uri(location)))(request)
    assert told == [leads_to]
